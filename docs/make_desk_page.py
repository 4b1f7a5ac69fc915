"""Write docs/desk.md from the desk's state machine: `python docs/make_desk_page.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.cards.desk import step
from kiosk.cards.desk_events import (
    Annulled,
    BroughtBack,
    CancelPressed,
    ChildAdded,
    ConfirmPressed,
    Decided,
    DeskEvent,
    LookUpFailed,
    ModeSet,
    Recorded,
    RecordFailed,
    Scanned,
    ServiceBack,
    ServiceLost,
    Tick,
    Unread,
)
from kiosk.cards.desk_modes import A_SIGN_OF_LIFE, BY_HAND
from kiosk.cards.desk_state import Desk, DeskMode, DeskTimes, Phase
from kiosk.cards.model import CardIdentity, Scan, Stamp, Tickets, Use, UseKind
from kiosk.cards.practice import PracticeCard, practice_facts
from kiosk.cards.rules import decide
from kiosk.cards.unreadable import UnreadableWhy

PAGE = Path(__file__).with_name("desk.md")
NOW = dt.datetime(2026, 3, 14, 16, 30, tzinfo=dt.UTC)
ZONE = ZoneInfo("Europe/Helsinki")
TIMES = DeskTimes()
SOON, LATER = 1_000, 1_000_000

HEAD = """\
# The desk's states

This page is drawn from `kiosk/cards/desk.py` by `python docs/make_desk_page.py`, which lets everything happen in every
phase and writes down where it leads; a test fails when the two differ. What happens and is not drawn changes no phase.

```mermaid
stateDiagram-v2
    [*] --> out_of_service : starting
"""
MODES = """\
```

*time*: recorded 1.5 s (self-service 8 s), refused 10 s, unanswered 2 min. A different card that is read puts
the one on the desk into the tray (five, two minutes); with five there, the other one is not taken.

## Modes, over all phases

| mode | what | over a restart |
| --- | --- | --- |
| locked | nothing that people do reaches the desk: {by_hand}; a card that is read waits | stays |
| closed | out of service by the word of staff; faults come and go behind it | stays |
| self-service | an accepted personal card is recorded at once, children may be added; the rest waits | stays |
| practice | practice cards only; nothing is kept, counted or sent | ends |

A desk that rests locks itself (`desk.lock_idle_min`) when none of these has happened for so long: {signs}.

A PIN that is entered by code or button changes a locked desk alone, in any phase: it shows how far the PIN is
(`PinEntered`) or that it was wrong (`PinRefused`), and opens as on the page (`ModeSet`). `PinEntered` says too
whether it opens the venue's pages. While codes or buttons walk these, neither reaches the desk, and a card that is read
ends the walk.

No mode changes while a card is looked up or put on the disk. When practice begins or ends, nothing stays on the desk.
"""


def _decided(card: PracticeCard) -> Decided:
    facts = practice_facts(card, NOW)
    return Decided("new", CardIdentity("d" * 32, None, "17"), facts, decide(facts, NOW, ZONE), SOON)


USE = Use(
    "new", CardIdentity("d" * 32, None, "17"), None, UseKind.ENTRANCE, Tickets(), 1, Stamp(NOW, True, "", 0), False, ()
)
HAPPENINGS: dict[str, DeskEvent] = {
    "scanned": Scanned(Scan("x", "scanner"), SOON),
    "accept": _decided(PracticeCard.GOOD),
    "ask": _decided(PracticeCard.USED),
    "refuse": _decided(PracticeCard.LOST),
    "not a card": Unread("new", UnreadableWhy.NOT_A_CARD, SOON),
    "not looked up": LookUpFailed("", SOON),
    "confirm": ConfirmPressed(None, SOON),
    "cancel": CancelPressed(None, SOON),
    "on the disk": Recorded(USE, SOON),
    "not on the disk": RecordFailed("disk-full", SOON),
    "undone": Annulled("new", SOON),
    "brought back": BroughtBack("waiting", SOON),
    "child added": ChildAdded("new", "newer", SOON),
    "service lost": ServiceLost("disk-full", SOON),
    "service back": ServiceBack((), SOON),
    "closed": ModeSet(DeskMode(closed=True), SOON),
    "locked": ModeSet(DeskMode(locked=True), SOON),
    "practice": ModeSet(DeskMode(practice=True), SOON),
    "time": Tick(NOW, LATER),
}


def _desks() -> dict[Phase, Desk]:
    """A desk in each phase, come to by its own steps."""

    def after(desk: Desk, *names: str) -> Desk:
        for name in names:
            desk, _ = step(desk, HAPPENINGS[name], TIMES)
        return desk

    presented = after(Desk(), "scanned", "accept")
    assert presented.presented is not None  # noqa: S101  # the drawing would be wrong
    ready = Desk(tray=(replace(presented.presented, id="waiting"),))
    return {
        Phase.OUT_OF_SERVICE: after(ready, "service lost"),
        Phase.READY: ready,
        Phase.READING: after(ready, "scanned"),
        Phase.PRESENTED: after(ready, "scanned", "accept"),
        Phase.RECORDING: after(ready, "scanned", "accept", "confirm"),
        Phase.RECORDED: after(replace(ready, mode=DeskMode(self_service=True)), "scanned", "accept", "on the disk"),
    }


def _transitions() -> Iterator[tuple[Phase, Phase, list[str]]]:
    for before, desk in _desks().items():
        ways: dict[Phase, list[str]] = {}
        for name, event in HAPPENINGS.items():
            after, _ = step(desk, event, TIMES)
            if after.phase is not before:
                ways.setdefault(after.phase, []).append(name)
        for then, names in ways.items():
            yield before, then, names


def desk_as_markdown() -> str:
    """The whole page."""
    lines = (f"    {_name(before)} --> {_name(then)} : {', '.join(names)}\n" for before, then, names in _transitions())
    return HEAD + "".join(lines) + MODES.format(by_hand=_names_of(BY_HAND), signs=_names_of(A_SIGN_OF_LIFE))


def _names_of(kinds: tuple[type, ...]) -> str:
    return ", ".join(f"`{kind.__name__}`" for kind in kinds)


def _name(phase: Phase) -> str:
    return phase.value.replace("-", "_")


if __name__ == "__main__":
    PAGE.write_text(desk_as_markdown(), encoding="utf-8")
