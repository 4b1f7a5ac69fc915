"""Printed codes that stand for buttons, so that a desk works with its scanner alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from kiosk.cards.code39 import check_character
from kiosk.cards.desk_events import (
    CancelPressed,
    ConfirmPressed,
    DeskEvent,
    EventChosen,
    NothingToDo,
    TicketsSet,
    UndoPressed,
)
from kiosk.cards.desk_moves import on_desk
from kiosk.cards.desk_state import Desk, EventChoice
from kiosk.cards.model import Event, Tickets
from kiosk.cards.number import bare_texts
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
    ASSISTANT = "KIOSKHELPER"
    UNDO = "KIOSKUNDO"
    NEXT_EVENT = "KIOSKNEXT"


_COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        **{command.value: command for command in Command},
        # Printed with a check character, since a scanner may be set to read nothing without; some pass it on.
        **{command.value + check_character(command.value): command for command in Command},
    }
)


def command_in(text: str) -> Command | None:
    """The command that was read; None for everything else, and for two codes in one go."""
    texts = {"".join(each.split()).upper() for each in bare_texts(text)}
    return _COMMANDS.get(texts.pop()) if len(texts) == 1 else None


def desk_event(command: Command, desk: Desk, events: Sequence[Event], now: dt.datetime, at_ms: int) -> DeskEvent:
    """What `command` means at `desk` now; `events` are today's, in the order in which the page shows them.

    A command that means nothing there (no card lies on the desk, nothing can be undone) is `NothingToDo`.
    """
    if command is Command.NEXT_EVENT:
        return EventChosen(_next_choice(desk.choice, events, now), at_ms)
    if command is Command.UNDO:
        return UndoPressed(desk.takeable_back[0].id, now, at_ms) if desk.takeable_back else NothingToDo(at_ms)
    presented = on_desk(desk, None, at_ms)
    if presented is None:
        return NothingToDo(at_ms)
    match command:
        case Command.CONFIRM if presented.confirmable:
            return ConfirmPressed(presented.id, at_ms)
        case Command.CANCEL:
            return CancelPressed(presented.id, at_ms)
        case Command.CHILD | Command.ASSISTANT:
            offer = presented.decision.offer
            tickets = presented.tickets
            if command is Command.ASSISTANT:
                more = replace(tickets, assistants=tickets.assistants + 1) if offer.assistants else tickets
            elif offer.clients:  # the children whom a community card brings
                more = replace(tickets, clients=tickets.clients + 1)
            else:
                more = replace(tickets, children=tickets.children + 1) if offer.children else tickets
            if more == tickets or _too_many(more):
                return NothingToDo(at_ms)
            return TicketsSet(presented.id, more, at_ms)
        case _:
            return NothingToDo(at_ms)


def _too_many(tickets: Tickets) -> bool:
    return max(tickets.children, tickets.assistants, tickets.clients) > MOST_COUNTED


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
