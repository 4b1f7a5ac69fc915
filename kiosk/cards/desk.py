"""The desk's state machine: (state, what happened) → (state, what is wanted), with no clock of its own."""

from __future__ import annotations

from dataclasses import replace

from kiosk.cards import desk_moves as moves
from kiosk.cards.desk_answers import Step, bring_back, confirm, decided, unread
from kiosk.cards.desk_effects import Annul, DecideAgain, Effect, LookUp
from kiosk.cards.desk_events import (
    AnnulFailed,
    Annulled,
    AnnulledElsewhere,
    AnnulNeedsRegister,
    BroughtBack,
    CancelPressed,
    ChildAdded,
    ConfirmPressed,
    Decided,
    DeskEvent,
    EventChosen,
    LookUpFailed,
    ModeRecalled,
    ModeSet,
    NothingToDo,
    PinEntered,
    PinRefused,
    Recorded,
    RecordFailed,
    Scanned,
    ServiceBack,
    ServiceLost,
    Tick,
    TicketsSet,
    Touched,
    UndoPressed,
    Unread,
)
from kiosk.cards.desk_modes import CLOSED_BY_STAFF, add_child, enter_pin, is_locked_out, must_wait, set_mode, touched
from kiosk.cards.desk_state import Desk, DeskTimes, Notice, Phase
from kiosk.cards.model import Answer, Tickets
from kiosk.cards.rules import check_tickets


def step(desk: Desk, event: DeskEvent, times: DeskTimes) -> Step:
    """The desk after `event`, and the effects it asks for in order.

    Total: an event that means nothing in this phase (a late tap, a second confirm) changes nothing.
    """
    desk = touched(desk, event)
    match event:
        case ServiceLost(why=why, at_ms=at_ms):
            return moves.out_of_service(desk, why, at_ms), ()
        case ServiceBack(undoable=undoable, at_ms=at_ms) if desk.mode.closed:
            return replace(moves.out_of_service(desk, CLOSED_BY_STAFF, at_ms), undoable=undoable), ()
        case ServiceBack(undoable=undoable, at_ms=at_ms):
            phase = Phase.READY if desk.phase is Phase.OUT_OF_SERVICE else desk.phase
            back = replace(desk, phase=phase, undoable=undoable, out_of_service_why="", shown_since_ms=at_ms)
            return back, ()
        case Touched():
            return desk, ()
        case Tick():
            return _tick(desk, event, times), ()
        case ModeSet(mode=mode, at_ms=at_ms):
            return set_mode(desk, mode, at_ms)
        case ModeRecalled(mode=mode, at_ms=at_ms):
            return set_mode(desk, mode, at_ms)[0], ()
        case PinEntered() | PinRefused():
            return enter_pin(desk, event), ()
        case _ if is_locked_out(desk, event):
            return desk, ()
        case EventChosen(choice=choice):
            again = desk.presented.identity if desk.presented is not None else None
            effects: tuple[Effect, ...] = ()
            if desk.phase is Phase.PRESENTED and desk.presented is not None and again is not None:
                effects = (DecideAgain(desk.presented.id, again, practice=desk.mode.practice),)
            return replace(desk, choice=choice), effects
        case UndoPressed():
            return _undo(desk, event, times)
        case Annulled(use_id=use_id, at_ms=at_ms):
            left = tuple(use for use in desk.undoable if use.id != use_id)
            if use_id == desk.replaced_use:
                return replace(desk, undoable=left, replaced_use=None), ()
            shown = desk.recorded is not None and desk.recorded.id == use_id
            calmed = moves.ready(desk, at_ms) if shown and desk.phase is Phase.RECORDED else desk
            return moves.noticed(replace(calmed, undoable=left), Notice.ANNULLED, at_ms), ()
        case AnnulledElsewhere(use_ids=use_ids, at_ms=at_ms):
            return _annulled_elsewhere(desk, use_ids, at_ms), ()
        case AnnulFailed(at_ms=at_ms):
            return moves.noticed(desk, Notice.NOT_ANNULLED, at_ms), ()
        case AnnulNeedsRegister(at_ms=at_ms):
            return moves.noticed(desk, Notice.UNDO_NEEDS_REGISTER, at_ms), ()
        case NothingToDo(at_ms=at_ms):
            return moves.noticed(desk, Notice.NOTHING_TO_DO, at_ms), ()
        case _ if desk.phase is Phase.OUT_OF_SERVICE:
            return desk, ()
        case Scanned(scan=scan):
            if desk.phase in (Phase.READY, Phase.PRESENTED, Phase.RECORDED):
                # A reading that changes nothing makes no room.
                notice = desk.notice if desk.notice is Notice.TRAY_FULL else None
                return replace(desk, phase=Phase.READING, notice=notice), (LookUp(scan, practice=desk.mode.practice),)
            return desk, ()
        case Unread():
            return (unread(desk, event, times) if desk.phase is Phase.READING else desk), ()
        case Decided():
            return decided(desk, event, times)
        case LookUpFailed(at_ms=at_ms):
            return moves.noticed(moves.not_looked_up(desk, at_ms), Notice.LOOK_UP_FAILED, at_ms), ()
        case ConfirmPressed(presentation_id=presentation_id, at_ms=at_ms):
            on_desk = moves.on_desk(desk, presentation_id, at_ms)
            return confirm(desk, on_desk) if on_desk is not None else (desk, ())
        case CancelPressed(presentation_id=presentation_id, at_ms=at_ms):
            return _cancel(desk, presentation_id, at_ms)
        case TicketsSet(presentation_id=presentation_id, tickets=tickets, at_ms=at_ms):
            return _set_tickets(desk, presentation_id, tickets, at_ms), ()
        case BroughtBack():
            return bring_back(desk, event)
        case ChildAdded():
            return add_child(desk, event)
        case Recorded():
            return _recorded(desk, event) if desk.phase is Phase.RECORDING else (desk, ())
        case RecordFailed(why=why, at_ms=at_ms):
            lost = replace(moves.out_of_service(desk, why, at_ms), replaced_use=None)
            return moves.noticed(lost, Notice.NOT_RECORDED, at_ms), ()


def _recorded(desk: Desk, event: Recorded) -> Step:
    shown = moves.shown(desk, Phase.RECORDED, event.at_ms, recorded=event.use)
    if desk.mode.self_service:
        shown = replace(shown, added_to=desk.presented)
    if desk.mode.practice:
        before = tuple(use for use in desk.practised if use.id != desk.replaced_use)
        return replace(shown, practised=(event.use, *before), replaced_use=None), ()
    recorded = replace(shown, undoable=(event.use, *desk.undoable))
    return recorded, () if desk.replaced_use is None else (Annul(desk.replaced_use),)


def _annulled_elsewhere(desk: Desk, use_ids: frozenset[str], at_ms: int) -> Desk:
    """The desk no longer offers to undo them, and no longer shows one as just recorded."""
    left = tuple(use for use in desk.undoable if use.id not in use_ids)
    if len(left) == len(desk.undoable):
        return desk
    shown = desk.phase is Phase.RECORDED and desk.recorded is not None and desk.recorded.id in use_ids
    calmed = moves.ready(desk, at_ms) if shown else desk
    return moves.noticed(replace(calmed, undoable=left), Notice.ANNULLED_BY_VENUE, at_ms)


def _cancel(desk: Desk, presentation_id: str | None, at_ms: int) -> Step:
    on_desk = moves.on_desk(desk, presentation_id, at_ms)
    if on_desk is None:
        return desk, ()
    counted_before = on_desk.decision.answer is Answer.REFUSE
    turned_away = on_desk.answer is not Answer.ACCEPT and not counted_before
    return moves.ready(desk, at_ms), moves.counted(desk, on_desk) if turned_away else ()


def _set_tickets(desk: Desk, presentation_id: str, tickets: Tickets, at_ms: int) -> Desk:
    on_desk = moves.on_desk(desk, presentation_id, at_ms)
    if on_desk is None or on_desk.facts is None:
        return desk
    warnings = check_tickets(on_desk.decision, on_desk.facts, tickets)
    return replace(desk, presented=replace(on_desk, tickets=tickets, warnings=warnings))


def _undo(desk: Desk, event: UndoPressed, times: DeskTimes) -> Step:
    use = next((use for use in desk.takeable_back if use.id == event.use_id), None)
    if event.behind_pin and not desk.mode.practice:
        young = use is not None and moves.use_age(use, event.now, event.at_ms, times) <= times.undo_window
        return desk, (Annul(event.use_id, late=not young),)
    if use is None:
        return desk, ()
    if use.decided.boot_id == times.boot_id and use.decided.monotonic_ms > event.at_ms:
        # A button was held while another hand let somebody in: it cannot mean that use.
        return moves.noticed(desk, Notice.NOTHING_TO_DO, event.at_ms), ()
    if desk.mode.practice:
        left = replace(desk, practised=tuple(each for each in desk.practised if each.id != use.id))
        return moves.noticed(left, Notice.ANNULLED, event.at_ms), ()
    if moves.use_age(use, event.now, event.at_ms, times) > times.undo_window:
        return moves.noticed(desk, Notice.UNDO_TOO_LATE, event.at_ms), ()
    return desk, (Annul(use.id),)


def _tick(desk: Desk, event: Tick, times: DeskTimes) -> Desk:
    window = times.undo_window
    undoable = tuple(use for use in desk.undoable if moves.use_age(use, event.now, event.at_ms, times) <= window)
    waits = times.unanswered_shown
    # Nobody can tap a card behind the lock, and its visitor was told that it waits.
    tray = tuple(card for card in desk.tray if desk.mode.locked or moves.age(card.at_ms, event.at_ms) <= waits)
    # Four times a second nothing has changed, and making the same desk anew is most of what a tick costs.
    same = len(undoable) == len(desk.undoable) and len(tray) == len(desk.tray)
    kept = desk if same else replace(desk, undoable=undoable, tray=tray)
    said = moves.age(kept.notice_since_ms, event.at_ms)
    not_recorded = kept.notice is Notice.NOT_RECORDED and said < times.notice_shown
    if len(tray) < len(desk.tray) and not not_recorded:
        kept = moves.noticed(kept, Notice.TIMED_OUT, event.at_ms)
    # That a card was not taken is said until there is room for it, or something else to say.
    said = moves.age(kept.notice_since_ms, event.at_ms)
    stands = must_wait(kept, said) or (kept.notice is Notice.TRAY_FULL and moves.has_no_room(kept, times))
    if kept.notice is not None and not stands and said >= times.notice_shown:
        kept = replace(kept, notice=None)
    shown = moves.age(kept.shown_since_ms, event.at_ms)
    recorded_shown = times.self_recorded_shown if kept.added_to is not None else times.recorded_shown
    if kept.phase is Phase.RECORDED and shown >= recorded_shown:
        return moves.ready(kept, event.at_ms)
    if kept.phase is Phase.PRESENTED and kept.presented is not None:
        if kept.presented.decision.answer is Answer.REFUSE and shown >= times.refusal_shown:
            return moves.ready(kept, event.at_ms)
        if shown >= times.unanswered_shown:
            return moves.noticed(moves.ready(kept, event.at_ms), Notice.TIMED_OUT, event.at_ms)
    return kept
