"""From the state to what a page says, without drawing it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.cards.desk_model import Desk, Phase, Presentation
from kiosk.cards.model import Answer, Event, Finding, Tickets, Use
from kiosk.cards.trust import TrustLevel
from kiosk.screen import words
from kiosk.screen.board import BoardState
from kiosk.screen.translations import Translator

LISTED_USES = 4
MOST_TICKETS = 99


@dataclass(frozen=True, slots=True)
class Stepper:
    """A count of tickets with its two buttons; None: there is nothing to step to."""

    label: str
    count: int
    less: Tickets | None
    more: Tickets | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the desk says about the card on it."""

    look: str
    """`accept`, `ask` or `refuse`: colour and sign."""
    word: str
    card: str
    """Kind and masked number; empty for what is not a card."""
    sentences: tuple[str, ...]
    presentation: str
    tickets: Tickets
    steppers: tuple[Stepper, ...]
    confirmable: bool


@dataclass(frozen=True, slots=True)
class UseLine:
    """A recorded use in the list."""

    id: str
    time: str
    card: str
    tickets: str


@dataclass(frozen=True, slots=True)
class EventButton:
    """An event that the desk can serve."""

    value: str
    """Its id, `automatic` or `general`."""
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class StaffView:
    """All texts of the staff page's changing part."""

    phase: str
    venue: str
    event: str
    quota: str
    link: str
    online: bool
    queue: str
    needs_look: str
    trust: str
    trust_level: str
    notice: str
    failing: str
    out_of_service: str
    verdict: Verdict | None
    recorded: str
    uses: tuple[UseLine, ...]
    tray: tuple[tuple[str, str], ...]
    events: tuple[EventButton, ...]
    lamps: tuple[tuple[str, bool], ...] | None
    spoken: str
    """What a screen reader says, once for each verdict."""


def staff_view(state: BoardState, t: Translator) -> StaffView:
    """The staff page for `state`, in the language of `t`."""
    desk = state.desk
    shown = desk.presented if desk.phase in (Phase.PRESENTED, Phase.RECORDING) else None
    verdict = None if shown is None else _verdict(shown, t)
    recorded = _tickets(desk.recorded.tickets, t) if desk.phase is Phase.RECORDED and desk.recorded else ""
    return StaffView(
        phase=desk.phase.value,
        venue="" if state.venue is None else t.name(state.venue),
        event=t.gettext("General admission") if state.chosen is None else t.name(state.chosen.name),
        quota=""
        if state.quota_left is None
        else t.ngettext("%(count)d place left for cards", "%(count)d places left for cards", state.quota_left),
        link=t.gettext("Online") if state.online else t.gettext("Offline"),
        online=state.online,
        queue=""
        if state.waiting == 0
        else t.ngettext("%(count)d record waits to be sent", "%(count)d records wait to be sent", state.waiting),
        needs_look=""
        if state.needs_look == 0
        else t.ngettext("%(count)d record needs a look", "%(count)d records need a look", state.needs_look),
        trust=words.trust(t, state.trust),
        trust_level=state.trust.value if state.trust is not TrustLevel.OK else "",
        notice="" if desk.notice is None else words.notice(t, desk.notice),
        failing=""
        if not state.failing
        else t.ngettext(
            "%(count)d part does not work: tell the technician",
            "%(count)d parts do not work: tell the technician",
            len(state.failing),
        ),
        out_of_service=words.out_of_service(t, desk.out_of_service_why) if desk.phase is Phase.OUT_OF_SERVICE else "",
        verdict=verdict,
        recorded=recorded,
        uses=tuple(_use_line(use, t) for use in desk.undoable[:LISTED_USES]),
        tray=tuple((card.id, _masked(card, t)) for card in desk.tray),
        events=_event_buttons(state, t),
        lamps=None if state.lamps is None else tuple((name, name in state.lamps) for name in _LAMP_ORDER),
        spoken=_spoken(desk, verdict, recorded, t),
    )


_LAMP_ORDER = ("heard", "green", "amber", "red", "buzzer")


def visitor_sign(desk: Desk) -> str:
    """Which sign the visitor sees: `welcome`, `working`, `accepted`, `staff` or `thanks`; never a reason."""
    match desk.phase:
        case Phase.READY:
            return "welcome"
        case Phase.READING:
            return "working"
        case Phase.PRESENTED | Phase.RECORDING if desk.presented is not None:
            # Asked and refused look the same from outside: nobody else in the queue learns which it is.
            return "accepted" if desk.presented.answer is Answer.ACCEPT else "staff"
        case Phase.RECORDED:
            return "thanks"
        case _:
            return "staff"


def _verdict(shown: Presentation, t: Translator) -> Verdict:
    findings = _worst_first((*shown.decision.findings, *shown.warnings))
    sentences = tuple(dict.fromkeys(words.sentence(t, finding) for finding in findings))
    if shown.unreadable is not None:
        sentences = (words.unreadable(t, shown.unreadable),)
    look = {
        Answer.ACCEPT: t.gettext("Accepted"),
        Answer.ASK: t.gettext("You decide"),
        Answer.REFUSE: t.gettext("Not accepted"),
    }
    if shown.unreadable is not None:
        word = t.gettext("Not read")
    elif shown.answer is Answer.REFUSE and shown.decision.answer is not Answer.REFUSE:
        word = t.gettext("Check the tickets")
    else:
        word = look[shown.answer]
    return Verdict(
        look=shown.answer.value,
        word=word,
        card=_masked(shown, t) if shown.identity is not None else "",
        sentences=sentences,
        presentation=shown.id,
        tickets=shown.tickets,
        steppers=_steppers(shown, t) if shown.decision.answer is not Answer.REFUSE else (),
        confirmable=shown.confirmable,
    )


def _worst_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    order = list(reversed(Answer))
    return tuple(sorted(findings, key=lambda finding: order.index(finding.answer)))


def _steppers(shown: Presentation, t: Translator) -> tuple[Stepper, ...]:
    offer, tickets = shown.decision.offer, shown.tickets
    offered = (
        ("own", offer.own, t.gettext("Own ticket"), 1),
        ("children", offer.children, t.gettext("Own children"), MOST_TICKETS),
        ("clients", offer.clients, t.gettext("Clients under 16"), MOST_TICKETS),
        ("assistants", offer.assistants, t.gettext("Assistants"), MOST_TICKETS),
    )
    return tuple(_stepper(name, label, most, tickets) for name, given, label, most in offered if given)


def _stepper(name: str, label: str, most: int, tickets: Tickets) -> Stepper:
    count: int = getattr(tickets, name)
    return Stepper(
        label=label,
        count=count,
        less=replace(tickets, **{name: count - 1}) if count > 0 else None,
        more=replace(tickets, **{name: count + 1}) if count < most else None,
    )


def _masked(shown: Presentation, t: Translator) -> str:
    card = None if shown.facts is None else shown.facts.card
    tail = "" if shown.identity is None else shown.identity.tail
    return f"•• {tail}" if card is None else f"{words.card_kind(t, card.kind)} •• {tail}"


def _use_line(use: Use, t: Translator) -> UseLine:
    tail = use.card.tail
    return UseLine(use.id, t.time(use.decided.at), f"•• {tail}" if tail else "••", _tickets(use.tickets, t))


def _tickets(tickets: Tickets, t: Translator) -> str:
    parts = []
    if tickets.own:
        parts.append(t.gettext("own ticket"))
    if tickets.children:
        parts.append(t.ngettext("%(count)d child", "%(count)d children", tickets.children))
    if tickets.clients:
        parts.append(t.ngettext("%(count)d client", "%(count)d clients", tickets.clients))
    if tickets.assistants:
        parts.append(t.ngettext("%(count)d assistant", "%(count)d assistants", tickets.assistants))
    return ", ".join(parts)


def _event_buttons(state: BoardState, t: Translator) -> tuple[EventButton, ...]:
    choice = state.desk.choice
    return (
        EventButton("automatic", t.gettext("By the time"), choice.automatic),
        *(EventButton(event.id, _event_label(event, t), _is_chosen(event, state)) for event in state.events),
        EventButton("general", t.gettext("General admission"), not choice.automatic and state.chosen is None),
    )


def _is_chosen(event: Event, state: BoardState) -> bool:
    return not state.desk.choice.automatic and state.chosen is not None and state.chosen.id == event.id


def _event_label(event: Event, t: Translator) -> str:
    return f"{t.time(event.starts_at)} {t.name(event.name)}"


def _spoken(desk: Desk, verdict: Verdict | None, recorded: str, t: Translator) -> str:
    if verdict is not None:
        return " ".join((f"{verdict.word}.", *verdict.sentences))
    if desk.phase is Phase.RECORDED:
        return f"{t.gettext('Recorded')}: {recorded}."
    return ""
