"""How an answer comes onto the desk: read, decided, brought back from the tray, confirmed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kiosk.cards import desk_moves as moves
from kiosk.cards.desk_effects import DecideAgain, Effect, Record
from kiosk.cards.desk_events import BroughtBack, Decided, Unread
from kiosk.cards.desk_modes import goes_by_itself, wait_behind_lock
from kiosk.cards.desk_state import Desk, DeskTimes, Notice, Phase, Presentation
from kiosk.cards.model import Answer, Decision, Finding, Reason, Tickets
from kiosk.cards.rules import check_tickets
from kiosk.cards.tickets import NOTHING

Step = tuple[Desk, tuple[Effect, ...]]

NOT_A_CARD = Decision(Answer.REFUSE, (Finding(Answer.REFUSE, Reason.NOT_A_CARD),), NOTHING)


def decided(desk: Desk, event: Decided, times: DeskTimes) -> Step:
    """The rules have spoken of the card that was read, or once more of the one that lies there."""
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
        return confirm(resting, before)
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
    waited = tuple(card for card in desk.tray if moves.is_card(card, event.identity))
    # Whoever was refused behind the lock was counted there.
    counts = event.decision.answer is Answer.REFUSE and not any(
        card.decision.answer is Answer.REFUSE for card in waited
    )
    # The same card may not wait in the tray as well: it would be recorded a second time without a question.
    others = replace(desk, tray=tuple(card for card in desk.tray if card not in waited))
    full = len(others.tray) >= times.tray_size if desk.mode.locked else moves.has_no_room(others, times)
    if full and not waited:
        return moves.not_taken(desk, event.at_ms), ()
    if desk.mode.locked:
        waits = wait_behind_lock(others, presentation, event.at_ms)
        return waits, moves.counted(desk, presentation) if counts else ()
    shown = moves.shown(moves.put_aside(others), Phase.PRESENTED, event.at_ms, presented=presentation)
    if goes_by_itself(desk, presentation):
        return confirm(shown, presentation)
    return shown, moves.counted(desk, presentation) if counts else ()


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
    shown = moves.shown(desk, Phase.PRESENTED, event.at_ms, presented=again)
    return shown, moves.counted(desk, again) if newly_refused else ()


def _is_held_after_recording(desk: Desk, event: Decided, times: DeskTimes) -> bool:
    """Whether the card just recorded is still being held to the scanner, rather than shown once more."""
    if not desk.takeable_back or desk.takeable_back[0].card.lookup_key != event.identity.lookup_key:
        return False
    # A use from before a restart may carry a later time of another boot; then the card is not being held.
    held_for = moves.age(desk.takeable_back[0].decided.monotonic_ms, event.at_ms)
    return dt.timedelta(0) <= held_for < times.confirm_again_after


def unread(desk: Desk, event: Unread, times: DeskTimes) -> Desk:
    """What was read is no card: said, and counted nowhere."""
    if desk.mode.locked:
        return moves.noticed(moves.before_reading(desk), Notice.LOCKED, event.at_ms)
    if moves.has_no_room(desk, times):
        return moves.not_taken(desk, event.at_ms)
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
    return moves.shown(moves.put_aside(desk), Phase.PRESENTED, event.at_ms, presented=presentation)


def bring_back(desk: Desk, event: BroughtBack) -> Step:
    """A card of the tray lies on the desk again, and the one that lay there waits in its place."""
    wanted = next((card for card in desk.tray if card.id == event.presentation_id), None)
    if wanted is None or desk.phase not in (Phase.READY, Phase.PRESENTED, Phase.RECORDED):
        return desk, ()
    rest = replace(desk, tray=tuple(card for card in desk.tray if card.id != wanted.id))
    back = moves.shown(
        moves.put_aside(rest), Phase.PRESENTED, event.at_ms, presented=replace(wanted, at_ms=event.at_ms)
    )
    # While it waited, the event may have changed, or the quota filled.
    return back, () if wanted.identity is None else (
        DecideAgain(wanted.id, wanted.identity, practice=desk.mode.practice),
    )


def confirm(desk: Desk, presentation: Presentation) -> Step:
    """Staff let the visitor in, where they may."""
    if not presentation.confirmable:
        return desk, ()
    return replace(desk, phase=Phase.RECORDING, presented=presentation, notice=None), (
        Record(presentation, practice=desk.mode.practice),
    )
