"""Desks in every phase, for whoever has to show one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.cards.desk import step
from kiosk.cards.desk_events import ConfirmPressed, Decided, DeskEvent, ModeSet, Recorded, Scanned, Unread
from kiosk.cards.desk_state import Desk, DeskMode, DeskTimes, Phase, Presentation
from kiosk.cards.model import Scan
from kiosk.cards.rules import decide
from kiosk.cards.unreadable import UnreadableWhy
from tests.unit.cards.examples import HELSINKI, IDENTITY, NOW, a_use, facts


def presented(presentation_id: str = "p1", **changes: Any) -> Desk:
    """A desk with a card on it, decided over the example facts with `changes`."""
    known = facts(**changes)
    event = Decided(presentation_id, IDENTITY, known, decide(known, NOW, HELSINKI), 60_000)
    return _after(reading(), event)


def ready() -> Desk:
    """An open desk."""
    return Desk()


def reading() -> Desk:
    """A desk that looks a card up."""
    return _after(ready(), Scanned(Scan("x", "test"), 60_000))


def unread() -> Desk:
    """A desk that was shown something else."""
    return _after(reading(), Unread("p1", UnreadableWhy.NOT_A_CARD, 60_000))


def recorded(use_id: str = "p1") -> Desk:
    """A desk that has just recorded a use."""
    recording = _after(presented(use_id), ConfirmPressed(use_id, 61_000))
    return _after(recording, Recorded(a_use(use_id), 61_010))


def out_of_service(why: str = "The disk is full.") -> Desk:
    """A closed desk."""
    return replace(Desk(), phase=Phase.OUT_OF_SERVICE, out_of_service_why=why)


def locked() -> Desk:
    """A desk that waits for its PIN, with a card that nobody may see."""
    return _after(presented(), ModeSet(DeskMode(locked=True), 62_000))


def practising() -> Desk:
    """A desk on which a card is practised."""
    return replace(presented(), mode=DeskMode(practice=True), practised=(a_use("tried"),))


def recorded_alone(use_id: str = "p1") -> Desk:
    """A desk without staff that has just recorded a use."""
    reading_alone = replace(reading(), mode=DeskMode(self_service=True))
    known = facts()
    recording = _after(reading_alone, Decided(use_id, IDENTITY, known, decide(known, NOW, HELSINKI), 60_000))
    return _after(recording, Recorded(a_use(use_id), 60_010))


def on_desk(desk: Desk) -> Presentation:
    """The card on the desk."""
    assert desk.presented is not None
    return desk.presented


def _after(desk: Desk, event: DeskEvent) -> Desk:
    changed, _ = step(desk, event, DeskTimes())
    return changed
