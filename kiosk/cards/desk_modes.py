"""How staff set the desk: closed, locked, self-service, practice; and what self-service does by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kiosk.cards import desk_moves as moves
from kiosk.cards.desk_effects import Effect, KeepMode, Record
from kiosk.cards.desk_events import (
    BroughtBack,
    CancelPressed,
    ChildAdded,
    ConfirmPressed,
    DeskEvent,
    EventChosen,
    ModeSet,
    NothingToDo,
    PinEntered,
    PinRefused,
    Scanned,
    ServiceBack,
    TicketsSet,
    Touched,
    UndoPressed,
)
from kiosk.cards.desk_state import Desk, DeskMode, DeskTimes, Notice, Phase, PinProgress, Presentation
from kiosk.cards.model import Answer
from kiosk.cards.rules import check_tickets

CLOSED_BY_STAFF = "closed"
"""Why the desk is out of service, where staff have closed it."""
BY_HAND = (
    ConfirmPressed,
    CancelPressed,
    TicketsSet,
    BroughtBack,
    UndoPressed,
    EventChosen,
    ChildAdded,
    NothingToDo,
)
"""What people do at the desk, and what a lock therefore keeps off. A card is still read: it waits behind the lock."""
_OF_A_PIN = (Notice.WRONG_PIN, Notice.PIN_TOO_SOON)
A_SIGN_OF_LIFE = (*BY_HAND, Scanned, ModeSet, Touched, ServiceBack)
"""What tells that somebody is here; a desk without any for long locks itself."""


def is_locked_out(desk: Desk, event: DeskEvent) -> bool:
    """Whether the lock keeps `event` off; whoever knows the PIN is not kept off."""
    if isinstance(event, UndoPressed) and event.behind_pin:
        return False
    return desk.mode.locked and isinstance(event, BY_HAND)


def touched(desk: Desk, event: DeskEvent) -> Desk:
    """`desk`, where somebody did something even if it changed nothing; a start counts too."""
    return replace(desk, touched_ms=event.at_ms) if isinstance(event, A_SIGN_OF_LIFE) else desk


def is_left_alone(desk: Desk, at_ms: int, times: DeskTimes) -> bool:
    """Whether the desk has rested for so long that it is to be locked; never where visitors come without staff."""
    at_rest = desk.phase is Phase.READY and not (desk.mode.locked or desk.mode.self_service)
    return times.lock_after is not None and at_rest and moves.age(desk.touched_ms, at_ms) >= times.lock_after


def wait_behind_lock(desk: Desk, presentation: Presentation, at_ms: int) -> Desk:
    """A card that was read at a locked desk waits in the tray, whatever the answer: nobody learns it before the PIN."""
    waiting = replace(moves.ready(desk, at_ms), tray=(*desk.tray, presentation))
    return moves.noticed(waiting, Notice.LOCKED, at_ms)


def enter_pin(desk: Desk, event: PinEntered | PinRefused) -> Desk:
    """`desk` with what it shows of a PIN by code or button: how far it is, or that it was the wrong one."""
    if not desk.mode.locked:
        return desk
    if isinstance(event, PinEntered):
        return replace(_without_refusal(desk), pin=event.progress)
    refused = replace(desk, pin=PinProgress(), pin_wait_s=event.wait_s)
    return moves.noticed(refused, Notice.WRONG_PIN if event.tried else Notice.PIN_TOO_SOON, event.at_ms)


def must_wait(desk: Desk, said: dt.timedelta) -> bool:
    """Whether nobody may try a PIN yet, as was `said` so long ago: who comes back to the desk must still read it."""
    return desk.notice in _OF_A_PIN and said < dt.timedelta(seconds=desk.pin_wait_s)


def _without_refusal(desk: Desk) -> Desk:
    """`desk` without a word about the last PIN."""
    return replace(desk, notice=None, pin_wait_s=0) if desk.notice in _OF_A_PIN else desk


def set_mode(desk: Desk, mode: DeskMode, at_ms: int) -> tuple[Desk, tuple[Effect, ...]]:
    """`desk` set to `mode`; nothing happens while a card is looked up or put on the disk.

    A card on a desk that is locked waits in the tray, also beside as many as it takes. Real and practised cards
    never meet: when practice begins or ends, nothing stays on the desk.
    """
    if mode == desk.mode or desk.phase in (Phase.READING, Phase.RECORDING):
        return desk, ()
    before, changed = desk.mode, replace(_without_refusal(desk), mode=mode, pin=PinProgress(), pin_wait_s=0)
    if mode.locked is not before.locked:
        changed = replace(changed, lock_turned_ms=at_ms)
    if mode.practice is not before.practice:
        changed = replace(_emptied(changed, at_ms), tray=(), practised=())
    elif mode.locked and not before.locked and desk.phase is Phase.PRESENTED:
        changed = _emptied(moves.put_aside(changed), at_ms)
    elif before.locked and not mode.locked:
        # From now on somebody can tap them.
        changed = replace(changed, tray=tuple(replace(card, at_ms=at_ms) for card in changed.tray))
    if mode.closed and changed.phase is not Phase.OUT_OF_SERVICE:
        changed = moves.out_of_service(changed, CLOSED_BY_STAFF, at_ms)
    elif not mode.closed and changed.out_of_service_why == CLOSED_BY_STAFF:
        changed = replace(moves.ready(changed, at_ms), out_of_service_why="")
    kept = replace(mode, practice=False)
    return changed, (KeepMode(kept),) if kept != replace(before, practice=False) else ()


def _emptied(desk: Desk, at_ms: int) -> Desk:
    return desk if desk.phase is Phase.OUT_OF_SERVICE else moves.ready(desk, at_ms)


def goes_by_itself(desk: Desk, presentation: Presentation) -> bool:
    """Whether self-service records `presentation` without anybody's word.

    A community card brings a group that somebody must count, so it waits for staff.
    """
    is_of_one = presentation.decision.offer.own and not presentation.decision.offer.clients
    return desk.mode.self_service and is_of_one and presentation.answer is Answer.ACCEPT


def add_child_to(desk: Desk) -> str:
    """The use just recorded that a child may be added to without staff; empty: none."""
    first = desk.added_to
    if desk.phase is not Phase.RECORDED or desk.recorded is None or first is None:
        return ""
    return desk.recorded.id if first.decision.offer.children else ""


def add_child(desk: Desk, event: ChildAdded) -> tuple[Desk, tuple[Effect, ...]]:
    """One child more on the card just recorded: a use with all of them takes the place of the first.

    The first is taken back only when the second is on the disk, so that a failure in between keeps a use.
    """
    first = desk.added_to
    if first is None or first.facts is None or event.use_id != add_child_to(desk):
        return desk, ()
    tickets = replace(first.tickets, children=first.tickets.children + 1)
    warnings = check_tickets(first.decision, first.facts, tickets)
    second = replace(first, id=event.presentation_id, tickets=tickets, warnings=warnings, at_ms=event.at_ms)
    if second.answer is not Answer.ACCEPT:
        return moves.noticed(desk, Notice.ASK_ABOUT_CHILDREN, event.at_ms), ()
    recording = replace(
        desk, phase=Phase.RECORDING, presented=second, recorded=None, added_to=None, replaced_use=event.use_id
    )
    return recording, (Record(second, practice=desk.mode.practice),)
