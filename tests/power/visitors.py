"""Visitors who come one after the other, and what is left of their evening."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterator
from functools import partial

from tests.support.kiosk import Heard, call_kiosk
from tests.support.powered import PoweredKiosk
from tests.support.register import ServingRegister

NUMBERED = 1000
"""So many numbered cards the register knows."""


def numbered_from(first: int) -> Iterator[str]:
    """The numbers of the plain cards from the one at that place."""
    return (f"DEMO-{1000 + position:05}-LISA" for position in itertools.count(first))


async def serve_visitors(kiosk: PoweredKiosk, cards: Iterator[str]) -> None:
    """One visitor after the other, until the kiosk is gone."""
    while True:
        await serve(kiosk, next(cards))


async def serve(kiosk: PoweredKiosk, card: str) -> None:
    """One visitor, whose use is announced when this returns."""
    before = frozenset(kiosk.heard.recorded)
    kiosk.scan(card)
    await kiosk.until(partial(_more_than, before))


def _more_than(before: frozenset[str], heard: Heard) -> bool:
    return heard.recorded > before


def on_the_disk(kiosk: PoweredKiosk) -> set[str]:
    """The uses that a kiosk would find there."""
    db = sqlite3.connect(kiosk.state / "kiosk.db")
    try:
        return {use for (use,) in db.execute("SELECT id FROM uses")}
    finally:
        db.close()


async def settled_at(register: ServingRegister, kiosk: PoweredKiosk) -> Counter[str]:
    """How often the register has each use, once the kiosk has moved out, was found whole and has delivered all."""
    kiosk.move_out()
    checked = call_kiosk("check", "--chain", "--config", str(kiosk.config))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    await kiosk.start()
    await kiosk.until_delivered()
    return Counter(use["id"] for use in register.uses())
