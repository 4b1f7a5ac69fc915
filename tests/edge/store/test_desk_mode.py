"""How the desk is set outlives the process."""

from contextlib import closing
from pathlib import Path

from kiosk.cards.desk_state import DeskMode
from kiosk.store.database import Database
from kiosk.store.desk_mode import Modes


async def test_what_was_kept_last_is_there_after_a_restart(path: Path) -> None:
    with closing(Database.open(path, kept_free_bytes=0)) as first:
        assert await Modes(first).kept() == DeskMode()
        await Modes(first).keep(DeskMode(locked=True))
        await Modes(first).keep(DeskMode(closed=True, practice=True))
    with closing(Database.open(path, kept_free_bytes=0)) as second:
        assert await Modes(second).kept() == DeskMode(closed=True)
