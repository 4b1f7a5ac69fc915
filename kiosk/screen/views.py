"""From the state to what a page says, without drawing it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.cards.desk_modes import CLOSED_BY_STAFF, add_child_to
from kiosk.cards.desk_state import Desk, Notice, Phase
from kiosk.cards.model import Answer, Event, Use, UseKind
from kiosk.cards.trust import TrustLevel
from kiosk.screen import words
from kiosk.screen.board import BoardState
from kiosk.screen.translations import Translator
from kiosk.screen.verdicts import Verdict, tail, verdict_of

LISTED_USES = 4
LONG_LABEL = 90
"""Letters; what staff type by hand is shorter."""
LAMP_ORDER = ("heard", "green", "amber", "red", "buzzer")


@dataclass(frozen=True, slots=True)
class UseLine:
    """A recorded use in the list."""

    id: str
    time: str
    card: str
    tickets: str


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A card in the tray."""

    presentation: str
    card: str
    """Its masked number."""


@dataclass(frozen=True, slots=True)
class EventButton:
    """An event that the desk can serve."""

    value: str
    """Its id, `automatic` or `general`."""
    label: str
    about: str
    """What staff should know before a card is shown: a course, or sold out; mostly empty."""
    chosen: bool

    @property
    def long(self) -> bool:
        """Whether the label would make a column of its button."""
        return len(self.label) > LONG_LABEL


@dataclass(frozen=True, slots=True)
class StaffView:
    """All texts of the staff page's changing part; an empty text: there is nothing to say."""

    phase: str
    venue: str
    event: str
    quota: str
    """Places left for cards; of a sold-out event none are told, since nobody gets them."""
    course: bool
    """Whether the event is a course, which has a limit of its own for each card."""
    sold_out: bool
    link: str
    online: bool
    queue: str
    needs_look: str
    failing: str
    notice: str
    """A word about what just happened, or else how urgently the register is needed."""
    out_of_service: str
    closed: bool
    """Whether staff closed the desk, and can open it."""
    verdict: Verdict | None
    recorded: str
    """The tickets just recorded."""
    add_child_to: str
    """The use that a visitor may add a child to, in self-service; empty: none."""
    locked: bool
    pin: str
    """A dot for each digit of the PIN that was entered by code or button, and a ring for one that is being counted."""
    pin_opens: str
    """That it opens the venue's pages; empty: the lock alone."""
    practice: bool
    self_service: bool
    uses: tuple[UseLine, ...]
    tray: tuple[WaitingCard, ...]
    events: tuple[EventButton, ...]
    lamps: tuple[tuple[str, bool], ...] | None
    spoken: str
    """What a screen reader says, once for each verdict."""


def staff_view(state: BoardState, t: Translator) -> StaffView:
    """The staff page for `state`, in the language of `t`."""
    desk = state.desk
    lies_there = desk.phase in (Phase.PRESENTED, Phase.RECORDING) and not desk.mode.locked
    shown = desk.presented if lies_there else None
    verdict = None if shown is None else verdict_of(shown, t)
    recorded = words.tickets(t, desk.recorded.tickets) if desk.phase is Phase.RECORDED and desk.recorded else ""
    out = words.out_of_service(t, desk.out_of_service_why) if desk.phase is Phase.OUT_OF_SERVICE else ""
    # That staff decide on each card is not said where there are none.
    needed = "" if out and state.trust is TrustLevel.REGISTER_NEEDED else words.trust(t, state.trust)
    notice = _notice(desk, t)
    sold_out = state.chosen is not None and state.chosen.sold_out
    return StaffView(
        phase=desk.phase.value,
        venue="" if state.venue is None else t.name(state.venue),
        event=t.gettext("General admission") if state.chosen is None else t.name(state.chosen.name),
        quota="" if sold_out or state.quota_left is None else words.quota(t, state.quota_left),
        course=state.chosen is not None and state.chosen.kind is UseKind.COURSE,
        sold_out=sold_out,
        link=t.gettext("Online") if state.online else t.gettext("Offline"),
        online=state.online,
        queue=words.queue(t, state.waiting) if state.waiting else "",
        needs_look=words.needs_look(t, state.needs_look) if state.needs_look else "",
        failing=words.failing(t, len(state.failing)) if state.failing else "",
        notice=notice or needed,
        out_of_service=out,
        closed=desk.phase is Phase.OUT_OF_SERVICE and desk.out_of_service_why == CLOSED_BY_STAFF,
        verdict=verdict,
        recorded=recorded,
        add_child_to=add_child_to(desk),
        locked=desk.mode.locked,
        pin="●" * desk.pin.digits + "○" * desk.pin.begun,
        pin_opens=_pin_opens(desk, t),
        practice=desk.mode.practice,
        self_service=desk.mode.self_service,
        uses=() if desk.mode.locked else tuple(_use_line(use, t) for use in desk.takeable_back[:LISTED_USES]),
        tray=() if desk.mode.locked else tuple(WaitingCard(card.id, tail(card)) for card in desk.tray),
        events=_event_buttons(state, t),
        lamps=None if state.lamps is None else tuple((name, name in state.lamps) for name in LAMP_ORDER),
        spoken=_spoken(desk, verdict, recorded, out or notice or _pin_opens(desk, t), t),
    )


def visitor_sign(desk: Desk) -> str:
    """Which sign the visitor sees: `welcome`, `working`, `accepted`, `staff`, `wait` or `thanks`; never a reason."""
    match desk.phase:
        case _ if desk.mode.locked:
            return "staff"
        case Phase.PRESENTED if desk.notice is Notice.TRAY_FULL:
            return "wait"
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


def _use_line(use: Use, t: Translator) -> UseLine:
    return UseLine(use.id, t.time(use.decided.at), f"•• {use.card.tail}".strip(), words.tickets(t, use.tickets))


def _event_buttons(state: BoardState, t: Translator) -> tuple[EventButton, ...]:
    choice = state.desk.choice
    by_hand = None if choice.automatic else choice.event_id or "general"
    if by_hand not in {"general", *(event.id for event in state.events)}:
        by_hand = None  # it is over: the desk goes by the time again
    return (
        EventButton("automatic", t.gettext("By the time"), "", by_hand is None),
        *(
            EventButton(event.id, _event_label(event, t), _about(event, t), event.id == by_hand)
            for event in state.events
        ),
        EventButton("general", t.gettext("General admission"), "", by_hand == "general"),
    )


def _event_label(event: Event, t: Translator) -> str:
    return t.name(event.name) if event.whole_day else f"{t.time(event.starts_at)} {t.name(event.name)}"


def _about(event: Event, t: Translator) -> str:
    parts = (
        t.gettext("Course") if event.kind is UseKind.COURSE else "",
        t.gettext("Sold out") if event.sold_out else "",
    )
    return " · ".join(filter(None, parts))


def _notice(desk: Desk, t: Translator) -> str:
    said = "" if desk.notice is None else words.notice(t, desk.notice)
    if desk.notice in (Notice.WRONG_PIN, Notice.PIN_TOO_SOON) and desk.pin_wait_s:
        return f"{said} {words.wait_for_pin(t, desk.pin_wait_s)}"
    return said


def _pin_opens(desk: Desk, t: Translator) -> str:
    return t.gettext("The PIN opens the venue's pages.") if desk.mode.locked and desk.pin.for_pages else ""


def _spoken(desk: Desk, verdict: Verdict | None, recorded: str, otherwise: str, t: Translator) -> str:
    if verdict is not None:
        return " ".join((f"{verdict.word}.", *verdict.sentences))
    if desk.mode.locked and desk.pin.digits:
        return words.pin_digits(t, desk.pin.digits)
    if desk.phase is Phase.RECORDED:
        return f"{t.gettext('Recorded')}: {recorded}."
    return otherwise
