"""Pictures of cards, shown to the kiosk's camera one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.demo.desk import Desk
from kiosk.demo.evening import Happened
from kiosk.errors import KioskError

MOST_DRAWN = 12
ENDINGS = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".webp"})


def gallery(folder: Path, seeded: Any) -> tuple[Path, ...]:
    """The pictures in `folder`, in the order of their names; of the demonstration's cards where it holds none."""
    if not folder.exists() or not any(folder.iterdir()):
        from kiosk.demo.card_pictures import draw_cards

        folder.mkdir(parents=True, exist_ok=True)
        draw_cards([str(card["number"]) for card in seeded["cards"][:MOST_DRAWN]], folder)
    pictures = tuple(sorted(file.absolute() for file in folder.iterdir() if file.suffix.lower() in ENDINGS))
    if not pictures:
        raise KioskError(f"There is no picture in {folder}; it takes {', '.join(sorted(ENDINGS))}.")
    return pictures


@dataclass
class Exhibition:
    """Shows each picture at `desk`, confirms what may go in, and keeps the rows."""

    desk: Desk
    pictures: Sequence[Path]
    rows: list[Happened] = field(default_factory=list)

    async def play(self) -> None:
        """All of them, in order."""
        for picture in self.pictures:
            try:
                said = await self.desk.show(str(picture))
            except KioskError:
                self.rows.append(Happened(picture.name, "", "nothing was read", ""))
                continue
            then = "cancel"
            if said["answer"] == "accept":
                await self.desk.confirm()
                then = "confirm"
            else:
                await self.desk.cancel()
            # Said of before, and not of now, until the kiosk says it anew.
            self.desk.heard.surroundings = {}
            self.rows.append(Happened(picture.name, said["answer"], ", ".join(said["reasons"]), then))
        await self.desk.until(lambda heard: heard.surroundings.get("waiting") == 0)
