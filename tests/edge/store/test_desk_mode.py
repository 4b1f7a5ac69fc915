"""How the desk is set outlives the process."""

from pathlib import Path

from kiosk.cards.desk_model import DeskMode
from kiosk.store.database import Database
from kiosk.store.desk_mode import Modes


async def test_what_was_kept_last_is_there_after_a_restart(path: Path) -> None:
    first = Database.open(path, kept_free_bytes=0)
    assert await Modes(first).kept() == DeskMode()
    await Modes(first).keep(DeskMode(locked=True))
    await Modes(first).keep(DeskMode(closed=True, self_service=True, practice=True))
    first.close()
    second = Database.open(path, kept_free_bytes=0)
    assert await Modes(second).kept() == DeskMode(closed=True, self_service=True)
    second.close()
