"""The desk's state machine: (state, what happened) → (state, what is wanted), with no clock of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kiosk.cards import desk_moves as moves
from kiosk.cards.desk_model import (
    Annul,
    AnnulFailed,
    Annulled,
    BroughtBack,
    CancelPressed,
    ConfirmPressed,
    DecideAgain,
    Decided,
    Desk,
    DeskEvent,
    DeskTimes,
    Effect,
    EventChosen,
    LookUp,
    LookUpFailed,
    NothingToDo,
    Notice,
    Phase,
    Presentation,
    Record,
    Recorded,
    RecordFailed,
    Scanned,
    ServiceBack,
    ServiceLost,
    Tick,
    TicketsSet,
    UndoPressed,
    Unread,
)
from kiosk.cards.model import Answer, Decision, Finding, Reason, Tickets
from kiosk.cards.rules import check_tickets
from kiosk.cards.tickets import NOTHING

Step = tuple[Desk, tuple[Effect, ...]]

NOT_A_CARD = Decision(Answer.REFUSE, (Finding(Answer.REFUSE, Reason.NOT_A_CARD),), NOTHING)


def step(desk: Desk, event: DeskEvent, times: DeskTimes) -> Step:
    """The desk after `event`, and the effects it asks for in order.

    Total: an event that means nothing in this phase (a late tap, a second confirm) changes nothing.
    """
    match event:
        case ServiceLost(why=why, at_ms=at_ms):
            return moves.out_of_service(desk, why, at_ms), ()
        case ServiceBack(undoable=undoable, at_ms=at_ms):
            phase = Phase.READY if desk.phase is Phase.OUT_OF_SERVICE else desk.phase
            back = replace(desk, phase=phase, undoable=undoable, out_of_service_why="", shown_since_ms=at_ms)
            return back, ()
        case Tick():
            return _tick(desk, event, times), ()
        case EventChosen(choice=choice):
            again = desk.presented.identity if desk.presented is not None else None
            effects: tuple[Effect, ...] = ()
            if desk.phase is Phase.PRESENTED and desk.presented is not None and again is not None:
                effects = (DecideAgain(desk.presented.id, again),)
            return replace(desk, choice=choice), effects
        case UndoPressed():
            return _undo(desk, event, times)
        case Annulled(use_id=use_id, at_ms=at_ms):
            left = tuple(use for use in desk.undoable if use.id != use_id)
            shown = desk.recorded is not None and desk.recorded.id == use_id
            calmed = moves.ready(desk, at_ms) if shown and desk.phase is Phase.RECORDED else desk
            return moves.noticed(replace(calmed, undoable=left), Notice.ANNULLED, at_ms), ()
        case AnnulFailed(at_ms=at_ms):
            return moves.noticed(desk, Notice.NOT_ANNULLED, at_ms), ()
        case NothingToDo(at_ms=at_ms):
            return moves.noticed(desk, Notice.NOTHING_TO_DO, at_ms), ()
        case _ if desk.phase is Phase.OUT_OF_SERVICE:
            return desk, ()
        case Scanned(scan=scan):
            if desk.phase in (Phase.READY, Phase.PRESENTED, Phase.RECORDED):
                return replace(desk, phase=Phase.READING, notice=None), (LookUp(scan),)
            return desk, ()
        case Unread():
            return (_unread(desk, event, times) if desk.phase is Phase.READING else desk), ()
        case Decided():
            return _decided(desk, event, times)
        case LookUpFailed(at_ms=at_ms):
            return moves.noticed(moves.before_reading(desk), Notice.LOOK_UP_FAILED, at_ms), ()
        case ConfirmPressed(presentation_id=presentation_id, at_ms=at_ms):
            on_desk = moves.on_desk(desk, presentation_id, at_ms)
            return _confirm(desk, on_desk) if on_desk is not None else (desk, ())
        case CancelPressed(presentation_id=presentation_id, at_ms=at_ms):
            return _cancel(desk, presentation_id, at_ms)
        case TicketsSet(presentation_id=presentation_id, tickets=tickets, at_ms=at_ms):
            return _set_tickets(desk, presentation_id, tickets, at_ms), ()
        case BroughtBack():
            return _bring_back(desk, event, times)
        case Recorded(use=use, at_ms=at_ms):
            if desk.phase is not Phase.RECORDING:
                return desk, ()
            undoable = (use, *desk.undoable)
            return moves.shown(desk, Phase.RECORDED, at_ms, recorded=use, undoable=undoable), ()
        case RecordFailed(why=why, at_ms=at_ms):
            lost = moves.out_of_service(desk, why, at_ms)
            return moves.noticed(lost, Notice.NOT_RECORDED, at_ms), ()


def _decided(desk: Desk, event: Decided, times: DeskTimes) -> Step:
    before = desk.presented
    if desk.phase is Phase.PRESENTED and before is not None and before.id == event.presentation_id:
        return _decided_again(desk, before, event)
    if desk.phase is not Phase.READING:
        return desk, ()
    if before is not None and moves.is_card(before, event.identity):
        held = moves.age(before.at_ms, event.at_ms) < times.confirm_again_after
        resting = moves.before_reading(desk)
        if held or before.answer is not Answer.ACCEPT:
            return resting, ()
        return _confirm(resting, before)
    if _is_held_after_recording(desk, event, times):
        return moves.before_reading(desk), ()
    tickets = moves.default_tickets(event.decision.offer)
    presentation = Presentation(
        id=event.presentation_id,
        identity=event.identity,
        facts=event.facts,
        decision=event.decision,
        tickets=tickets,
        warnings=check_tickets(event.decision, event.facts, tickets),
        at_ms=event.at_ms,
    )
    aside = moves.put_aside(desk, event.at_ms, times)
    # The same card may not wait in the tray as well: it would be recorded a second time without a question.
    tray = tuple(card for card in aside.tray if not moves.is_card(card, event.identity))
    effects = (moves.refusal(presentation),) if event.decision.answer is Answer.REFUSE else ()
    return moves.shown(replace(aside, tray=tray), Phase.PRESENTED, event.at_ms, presented=presentation), effects


def _decided_again(desk: Desk, before: Presentation, event: Decided) -> Step:
    """The card on the desk under other circumstances; what staff counted stays where the same may be had."""
    offer = event.decision.offer
    tickets = before.tickets if offer == before.decision.offer else moves.default_tickets(offer)
    again = replace(
        before,
        facts=event.facts,
        decision=event.decision,
        tickets=tickets,
        warnings=check_tickets(event.decision, event.facts, tickets),
    )
    newly_refused = event.decision.answer is Answer.REFUSE and before.decision.answer is not Answer.REFUSE
    effects = (moves.refusal(again),) if newly_refused else ()
    return moves.shown(desk, Phase.PRESENTED, event.at_ms, presented=again), effects


def _is_held_after_recording(desk: Desk, event: Decided, times: DeskTimes) -> bool:
    """Whether the card just recorded is still being held to the scanner, rather than shown once more."""
    if not desk.undoable or desk.undoable[0].card.lookup_key != event.identity.lookup_key:
        return False
    # A use from before a restart may carry a later time of another boot; then the card is not being held.
    held_for = moves.age(desk.undoable[0].decided.monotonic_ms, event.at_ms)
    return dt.timedelta(0) <= held_for < times.confirm_again_after


def _unread(desk: Desk, event: Unread, times: DeskTimes) -> Desk:
    presentation = Presentation(
        id=event.presentation_id,
        identity=None,
        facts=None,
        decision=NOT_A_CARD,
        tickets=Tickets(own=0),
        warnings=(),
        at_ms=event.at_ms,
        unreadable=event.why,
    )
    aside = moves.put_aside(desk, event.at_ms, times)
    return moves.shown(aside, Phase.PRESENTED, event.at_ms, presented=presentation)


def _bring_back(desk: Desk, event: BroughtBack, times: DeskTimes) -> Step:
    wanted = next((card for card in desk.tray if card.id == event.presentation_id), None)
    if wanted is None or desk.phase not in (Phase.READY, Phase.PRESENTED, Phase.RECORDED):
        return desk, ()
    rest = replace(desk, tray=tuple(card for card in desk.tray if card.id != wanted.id))
    aside = moves.put_aside(rest, event.at_ms, times)
    back = moves.shown(aside, Phase.PRESENTED, event.at_ms, presented=replace(wanted, at_ms=event.at_ms))
    # While it waited, the event may have changed, or the quota filled.
    return back, () if wanted.identity is None else (DecideAgain(wanted.id, wanted.identity),)


def _confirm(desk: Desk, presentation: Presentation) -> Step:
    if not presentation.confirmable:
        return desk, ()
    return replace(desk, phase=Phase.RECORDING, notice=None), (Record(presentation),)


def _cancel(desk: Desk, presentation_id: str | None, at_ms: int) -> Step:
    on_desk = moves.on_desk(desk, presentation_id, at_ms)
    if on_desk is None:
        return desk, ()
    counted_before = on_desk.decision.answer is Answer.REFUSE
    turned_away = on_desk.answer is not Answer.ACCEPT and not counted_before
    return moves.ready(desk, at_ms), (moves.refusal(on_desk),) if turned_away else ()


def _set_tickets(desk: Desk, presentation_id: str, tickets: Tickets, at_ms: int) -> Desk:
    on_desk = moves.on_desk(desk, presentation_id, at_ms)
    if on_desk is None or on_desk.facts is None:
        return desk
    warnings = check_tickets(on_desk.decision, on_desk.facts, tickets)
    return replace(desk, presented=replace(on_desk, tickets=tickets, warnings=warnings))


def _undo(desk: Desk, event: UndoPressed, times: DeskTimes) -> Step:
    use = next((use for use in desk.undoable if use.id == event.use_id), None)
    if use is None:
        return desk, ()
    if event.now - use.decided.at > times.undo_window:
        return moves.noticed(desk, Notice.UNDO_TOO_LATE, event.at_ms), ()
    return desk, (Annul(use.id),)


def _tick(desk: Desk, event: Tick, times: DeskTimes) -> Desk:
    # A clock that is set back must not keep a use undoable for ever, so both directions end the window.
    undoable = tuple(use for use in desk.undoable if abs(event.now - use.decided.at) <= times.undo_window)
    tray = tuple(card for card in desk.tray if moves.age(card.at_ms, event.at_ms) <= times.unanswered_shown)
    # Four times a second nothing has changed, and making the same desk anew is most of what a tick costs.
    same = len(undoable) == len(desk.undoable) and len(tray) == len(desk.tray)
    kept = desk if same else replace(desk, undoable=undoable, tray=tray)
    if kept.notice is not None and moves.age(kept.notice_since_ms, event.at_ms) >= times.notice_shown:
        kept = replace(kept, notice=None)
    shown = moves.age(kept.shown_since_ms, event.at_ms)
    if kept.phase is Phase.RECORDED and shown >= times.recorded_shown:
        return moves.ready(kept, event.at_ms)
    if kept.phase is Phase.PRESENTED and kept.presented is not None:
        if kept.presented.decision.answer is Answer.REFUSE and shown >= times.refusal_shown:
            return moves.ready(kept, event.at_ms)
        if shown >= times.unanswered_shown:
            return moves.noticed(moves.ready(kept, event.at_ms), Notice.TIMED_OUT, event.at_ms)
    return kept
