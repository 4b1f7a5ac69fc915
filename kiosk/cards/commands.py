"""Printed codes that stand for buttons, so that a desk works with its scanner alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from kiosk.cards.code39 import check_character
from kiosk.cards.desk_events import (
    BroughtBack,
    CancelPressed,
    ChildAdded,
    ConfirmPressed,
    DeskEvent,
    EventChosen,
    NothingToDo,
    TicketsSet,
    UndoPressed,
)
from kiosk.cards.desk_modes import add_child_to
from kiosk.cards.desk_moves import on_desk
from kiosk.cards.desk_state import Desk, EventChoice
from kiosk.cards.model import Event, Offer, Tickets
from kiosk.cards.number import bare_texts
from kiosk.cards.pin_entry import PinKey
from kiosk.cards.programme import chosen_event

HELD_FOR = dt.timedelta(seconds=1)
"""The same code within this time is one reading of it; a second child takes a second deliberate one."""
MOST_COUNTED = 99
"""As many of a kind as the page's steppers count."""


class Command(StrEnum):
    """What a code asks for, and the text that is printed.

    Letters only, so that no text is a card number by the default form, which has a digit in it; and of these only
    such as lie on the same key in every Latin keyboard layout (no A, M, Q, W, Y, Z), so that a scanner set to the
    wrong layout, without shift or under caps lock, still says the same. Code39 holds them all.
    """

    CONFIRM = "KIOSKRECORD"
    CANCEL = "KIOSKSTOP"
    CHILD = "KIOSKCHILD"
    CHILD_LESS = "KIOSKNOCHILD"
    ASSISTANT = "KIOSKHELPER"
    ASSISTANT_LESS = "KIOSKNOHELP"
    OWN = "KIOSKSELF"
    BRING_BACK = "KIOSKBRING"
    UNDO = "KIOSKUNDO"
    NEXT_EVENT = "KIOSKNEXT"
    NEXT_LANGUAGE = "KIOSKTONGUE"
    LOCK = "KIOSKLOCK"
    VENUE_PAGES = "KIOSKOFFICE"
    FORWARD = "KIOSKFURTHER"
    BACK = "KIOSKBEFORE"
    PIN_1 = "KIOSKONE"
    PIN_2 = "KIOSKDUO"
    PIN_3 = "KIOSKTHREE"
    PIN_4 = "KIOSKFOUR"
    PIN_5 = "KIOSKFIVE"
    PIN_6 = "KIOSKSIX"
    PIN_7 = "KIOSKSEVEN"
    PIN_8 = "KIOSKEIGHT"
    PIN_9 = "KIOSKNINE"
    PIN_0 = "KIOSKNIL"


PIN_CODES: Mapping[Command, PinKey] = MappingProxyType(
    {Command[f"PIN_{digit}"]: PinKey(digit) for digit in "1234567890"}
)
"""The digits of a PIN, which mean something while the desk is locked, and on a page of the venue that is walked."""
PAGE_CODES = (Command.VENUE_PAGES, Command.FORWARD, Command.BACK)
"""What brings the venue's pages up, and what leads from one of their controls to the next; nothing else."""


_COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        **{command.value: command for command in Command},
        # Printed with a check character, since a scanner may be set to read nothing without; some pass it on.
        **{command.value + check_character(command.value): command for command in Command},
    }
)


@dataclass(frozen=True, slots=True)
class ButtonHeld:
    """One of two hardware buttons was held down, where that means something of its own."""

    confirms: bool
    """The confirm button; else the cancel button."""
    at_ms: int
    long: bool = False
    """Twice as long as a press that is held at all."""


@dataclass(frozen=True, slots=True)
class BothHeld:
    """Both hardware buttons were held down together."""

    at_ms: int
    """When the second of them came down."""


Held = ButtonHeld | BothHeld


def command_of(held: Held, desk: Desk) -> Command:
    """What a held button means: with a card on the desk one child more or less, and held long one assistant.

    With none, *cancel* undoes, and *confirm* takes what is next: the child of whoever was just let in without staff,
    else a card that waits, else the next event, and held long the next language.
    Both together are the own ticket of the card on the desk, and with none the lock.
    """
    lies_there = on_desk(desk, None, held.at_ms) is not None
    if isinstance(held, BothHeld):
        # A card that went while the hands came down was meant, and not the lock.
        return Command.OWN if lies_there or desk.shown_since_ms > held.at_ms else Command.LOCK
    if lies_there:
        if held.long:
            return Command.ASSISTANT if held.confirms else Command.ASSISTANT_LESS
        return Command.CHILD if held.confirms else Command.CHILD_LESS
    if not held.confirms:
        return Command.UNDO
    if _grows(desk, held.at_ms):
        return Command.CHILD
    if desk.tray:
        return Command.BRING_BACK
    return Command.NEXT_LANGUAGE if held.long else Command.NEXT_EVENT


def pin_key_of(done: Command | Held | DeskEvent) -> PinKey | None:
    """What a code, or one of the two buttons, means while a locked desk waits for its PIN; None: nothing.

    A button of the page names its card, so it is none of the two.
    """
    match done:
        case Command.CONFIRM | ButtonHeld(confirms=True):
            return PinKey.DONE
        case Command.CANCEL | ButtonHeld():
            return PinKey.ANEW
        case Command.VENUE_PAGES | BothHeld():
            return PinKey.PAGES
        case ConfirmPressed(presentation_id=None):
            return PinKey.PRESS
        case CancelPressed(presentation_id=None):
            return PinKey.NEXT
        case Command():
            return PIN_CODES.get(done)
        case _:
            return None


def command_in(text: str) -> Command | None:
    """The command that was read; None for everything else, and for two codes in one go."""
    texts = {"".join(each.split()).upper() for each in bare_texts(text)}
    return _COMMANDS.get(texts.pop()) if len(texts) == 1 else None


def desk_event(
    command: Command, desk: Desk, events: Sequence[Event], now: dt.datetime, at_ms: int, *, fresh_id: str
) -> DeskEvent:
    """What `command` means at `desk` now; `events` are today's, in the order in which the page shows them.

    `fresh_id` names the use that it may lead to. A command that means nothing there (no card lies on the desk, nothing
    can be undone) is `NothingToDo`. So is the lock here: whether there is a PIN to open it is for others to know.
    """
    if command is Command.NEXT_EVENT:
        return EventChosen(_next_choice(desk.choice, events, now), at_ms)
    if command is Command.UNDO:
        return UndoPressed(desk.takeable_back[0].id, now, at_ms) if desk.takeable_back else NothingToDo(at_ms)
    if command is Command.BRING_BACK:
        return BroughtBack(desk.tray[0].id, at_ms) if desk.tray else NothingToDo(at_ms)
    presented = on_desk(desk, None, at_ms)
    if presented is None:
        grows = _grows(desk, at_ms) if command is Command.CHILD else ""
        return ChildAdded(grows, fresh_id, at_ms) if grows else NothingToDo(at_ms)
    match command:
        case Command.CONFIRM if presented.confirmable:
            return ConfirmPressed(presented.id, at_ms)
        case Command.CANCEL:
            return CancelPressed(presented.id, at_ms)
        case Command.OWN if presented.decision.offer.own:
            return TicketsSet(presented.id, replace(presented.tickets, own=1 - presented.tickets.own), at_ms)
        case Command.CHILD | Command.ASSISTANT | Command.CHILD_LESS | Command.ASSISTANT_LESS:
            step = 1 if command in (Command.CHILD, Command.ASSISTANT) else -1
            of_assistants = command in (Command.ASSISTANT, Command.ASSISTANT_LESS)
            counted = _counted(presented.tickets, presented.decision.offer, step, of_assistants=of_assistants)
            return NothingToDo(at_ms) if counted is None else TicketsSet(presented.id, counted, at_ms)
        case _:
            return NothingToDo(at_ms)


def _grows(desk: Desk, at_ms: int) -> str:
    """The use that a child is added to by what was done at `at_ms`; empty: none, or it was recorded only afterwards."""
    return add_child_to(desk) if desk.shown_since_ms <= at_ms else ""


def _counted(tickets: Tickets, offer: Offer, step: int, *, of_assistants: bool) -> Tickets | None:
    """`tickets` with one more or less; None where the card gives none of these, or it would be too many or few."""
    if of_assistants:
        offered, kind = offer.assistants, "assistants"
    elif offer.clients:  # the children whom a community card brings
        offered, kind = True, "clients"
    else:
        offered, kind = offer.children, "children"
    count: int = getattr(tickets, kind) + step
    return replace(tickets, **{kind: count}) if offered and 0 <= count <= MOST_COUNTED else None


def _next_choice(choice: EventChoice, events: Sequence[Event], now: dt.datetime) -> EventChoice:
    """The button after the one that is lit: each event, then general admission, then by the time.

    By the time, the event of now is served, so the one after it is next.
    """
    served = chosen_event(events, choice, now)
    order: list[str | None] = [*(event.id for event in events), None]
    if choice.automatic and served is None:
        return EventChoice(automatic=False, event_id=order[0])
    position = order.index(None if served is None else served.id) + 1
    return EventChoice() if position == len(order) else EventChoice(automatic=False, event_id=order[position])
