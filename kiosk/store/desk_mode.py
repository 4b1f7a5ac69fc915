"""How staff have set the desk, over a restart."""

from __future__ import annotations

from functools import partial

import sqlite_utils

from kiosk.cards.desk_state import DeskMode
from kiosk.store.database import Database


class Modes:
    """Guards the one row; all calls raise StoreUnavailable."""

    def __init__(self, db: Database) -> None:
        """Keep the mode in `db`."""
        self._db = db

    async def keep(self, mode: DeskMode) -> None:
        """Remember all of `mode` that outlives a restart: not that somebody practises."""
        await self._db.write(partial(_keep, mode=mode))

    async def kept(self) -> DeskMode:
        """What was kept last; the default where nothing was."""
        return await self._db.read(_kept)


def _keep(db: sqlite_utils.Database, *, mode: DeskMode) -> None:
    db.execute(
        "INSERT OR REPLACE INTO desk_mode (only, closed, locked, self_service) VALUES (1, ?, ?, ?)",
        (int(mode.closed), int(mode.locked), int(mode.self_service)),
    )


def _kept(db: sqlite_utils.Database) -> DeskMode:
    row = db.execute("SELECT closed, locked, self_service FROM desk_mode").fetchone()
    return DeskMode() if row is None else DeskMode(*(bool(value) for value in row))
