"""What the desk says about the card on it, and the counts that staff can change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.cards.desk_state import Presentation
from kiosk.cards.model import Answer, Finding, Tickets
from kiosk.screen import words
from kiosk.screen.translations import Translator

MOST_TICKETS = 99


@dataclass(frozen=True, slots=True)
class Stepper:
    """A count of tickets with its two buttons; None: there is nothing to step to."""

    name: str
    """`own`, `children`, `clients` or `assistants`."""
    label: str
    count: int
    less: Tickets | None
    more: Tickets | None
    most_known: int = 0
    """How many the register knows of: one more is a question to staff. 0: it knows of none, or says nothing."""


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
    steppers: tuple[Stepper, ...]
    answerable: bool
    """Whether there is anything to confirm; else staff can only close it."""
    confirmable: bool
    """Whether it can be confirmed with these tickets."""


def verdict_of(shown: Presentation, t: Translator) -> Verdict:
    """The verdict on `shown`, worst reason first, in the language of `t`."""
    findings = _worst_first((*shown.decision.findings, *shown.warnings))
    sentences = tuple(dict.fromkeys(words.sentence(t, finding) for finding in findings))
    if shown.unreadable is not None:
        sentences = (words.unreadable(t, shown.unreadable),)
    answerable = shown.identity is not None and shown.decision.answer is not Answer.REFUSE
    return Verdict(
        look=shown.answer.value,
        word=_word(shown, t),
        card=_masked(shown, t) if shown.identity is not None else "",
        sentences=sentences,
        presentation=shown.id,
        steppers=_steppers(shown, t) if answerable else (),
        answerable=answerable,
        confirmable=shown.confirmable,
    )


def tail(shown: Presentation) -> str:
    """The last two characters of its number, and that more go before them."""
    return "••" if shown.identity is None else f"•• {shown.identity.tail}"


def _masked(shown: Presentation, t: Translator) -> str:
    card = None if shown.facts is None else shown.facts.card
    return tail(shown) if card is None else f"{words.card_kind(t, card.kind)} {tail(shown)}"


def _word(shown: Presentation, t: Translator) -> str:
    if shown.unreadable is not None:
        return t.gettext("Not read")
    if shown.answer is Answer.REFUSE and shown.decision.answer is not Answer.REFUSE:
        return t.gettext("Check the tickets")
    match shown.answer:
        case Answer.ACCEPT:
            return t.gettext("Accepted")
        case Answer.ASK:
            return t.gettext("You decide")
        case Answer.REFUSE:
            return t.gettext("Not accepted")


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
    steppers = (_stepper(name, label, most, tickets) for name, given, label, most in offered if given)
    return tuple(
        replace(each, most_known=offer.children_registered) if each.name == "children" else each for each in steppers
    )


def _stepper(name: str, label: str, most: int, tickets: Tickets) -> Stepper:
    count: int = getattr(tickets, name)
    return Stepper(
        name=name,
        label=label,
        count=count,
        less=replace(tickets, **{name: count - 1}) if count > 0 else None,
        more=replace(tickets, **{name: count + 1}) if count < most else None,
    )
