"""Small moves of the desk's state, which its state machine is made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kiosk.cards.desk_effects import CountRefusal, Effect
from kiosk.cards.desk_state import Desk, DeskTimes, Notice, Phase, Presentation
from kiosk.cards.model import Answer, CardIdentity, Offer, Tickets, Use


def default_tickets(offer: Offer) -> Tickets:
    """What most visitors take: one own ticket, and with a community card the one client it needs."""
    return Tickets(own=1 if offer.own else 0, clients=1 if offer.clients else 0)


def shown(
    desk: Desk,
    phase: Phase,
    at_ms: int,
    *,
    presented: Presentation | None = None,
    recorded: Use | None = None,
) -> Desk:
    """`desk` in `phase` since `at_ms`, with these on it and nothing else."""
    return replace(
        _without_tray_full(desk),
        phase=phase,
        presented=presented,
        recorded=recorded,
        added_to=None,
        shown_since_ms=at_ms,
    )


def ready(desk: Desk, at_ms: int) -> Desk:
    """`desk` with nothing on it."""
    return shown(desk, Phase.READY, at_ms)


def out_of_service(desk: Desk, why: str, at_ms: int) -> Desk:
    """`desk` closed, and why; the tray waits."""
    return replace(ready(desk, at_ms), phase=Phase.OUT_OF_SERVICE, out_of_service_why=why)


def noticed(desk: Desk, notice: Notice, at_ms: int) -> Desk:
    """`desk` with a word to staff."""
    return replace(desk, notice=notice, notice_since_ms=at_ms)


def before_reading(desk: Desk) -> Desk:
    """The desk as it was before a reading that changed nothing."""
    if desk.phase is not Phase.READING:
        return desk
    if desk.presented is not None:
        return replace(desk, phase=Phase.PRESENTED)
    return replace(desk, phase=Phase.READY if desk.recorded is None else Phase.RECORDED)


def not_looked_up(desk: Desk, at_ms: int) -> Desk:
    """The desk after a look into the store that failed.

    A card that lay there, and was to be decided on once more, leaves it: its answer was for another event.
    """
    return ready(desk, at_ms) if desk.phase is Phase.PRESENTED else before_reading(desk)


def put_aside(desk: Desk) -> Desk:
    """A card still waiting for its answer goes to the tray: a family in a row loses nobody."""
    if desk.presented is None or not _waits(desk.presented):
        return replace(desk, presented=None)
    return replace(desk, presented=None, tray=(*desk.tray, desk.presented))


def has_no_room(desk: Desk, times: DeskTimes) -> bool:
    """Whether the card on the desk would wait, and nowhere: then no other can take its place."""
    return desk.presented is not None and _waits(desk.presented) and len(desk.tray) >= times.tray_size


def not_taken(desk: Desk, at_ms: int) -> Desk:
    """`desk` as it was before a reading that it has no room for, and a word about it."""
    return noticed(before_reading(desk), Notice.TRAY_FULL, at_ms)


def _waits(presentation: Presentation) -> bool:
    return presentation.decision.answer is not Answer.REFUSE


def _without_tray_full(desk: Desk) -> Desk:
    """What lies on the desk has changed: whether there is room is for the next card to find out."""
    return replace(desk, notice=None) if desk.notice is Notice.TRAY_FULL else desk


def on_desk(desk: Desk, presentation_id: str | None, at_ms: int) -> Presentation | None:
    """The presentation that a button pressed at `at_ms` means.

    It is the one on the desk, unless the button was drawn for another; a button that names none cannot mean a card that
    was answered only after the press.
    """
    if desk.phase is not Phase.PRESENTED or desk.presented is None:
        return None
    if presentation_id is None:
        return desk.presented if desk.presented.at_ms <= at_ms else None
    return desk.presented if presentation_id == desk.presented.id else None


def is_card(presentation: Presentation, identity: CardIdentity) -> bool:
    """Whether the card of `presentation` is that of `identity`."""
    return presentation.identity is not None and presentation.identity.lookup_key == identity.lookup_key


def refusal(presentation: Presentation) -> CountRefusal:
    """A visitor turned away, by the worst that was found."""
    event = None if presentation.facts is None else presentation.facts.event
    findings = (*presentation.decision.findings, *presentation.warnings)
    worst = next(finding for finding in findings if finding.answer is presentation.answer)
    return CountRefusal(worst.reason, None if event is None else event.id)


def use_age(use: Use, now: dt.datetime, at_ms: int, times: DeskTimes) -> dt.timedelta:
    """How long ago `use` was recorded; one of another boot by the wall clock, whichever way that was set since."""
    if use.decided.boot_id == times.boot_id:
        return age(use.decided.monotonic_ms, at_ms)
    return abs(now - use.decided.at)


def counted(desk: Desk, presentation: Presentation) -> tuple[Effect, ...]:
    """The visitor turned away is counted, except in practice."""
    return () if desk.mode.practice else (refusal(presentation),)


def age(since_ms: int, at_ms: int) -> dt.timedelta:
    """The time from `since_ms` to `at_ms`."""
    return dt.timedelta(milliseconds=at_ms - since_ms)
