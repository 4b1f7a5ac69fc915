"""Write the drawings and the computed tables of hw/: `python hw/make.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from hw.made.codes import capacity_table, code39_table, dots_table
from hw.made.draw_camera import camera
from hw.made.draw_card import card
from hw.made.draw_enclosure import enclosure
from hw.made.draw_wiring import wiring
from hw.made.optics import distance_table, focus_table, light_table
from hw.made.parts_list import parts_table, sums_table
from hw.made.pins_table import pin_table, rgb_table
from hw.made.power import budget_table, cable_table, lines_table
from hw.made.reach import reach_table
from hw.made.vocabulary import vocabulary_table

FOLDER = Path(__file__).parent
DRAWINGS: Mapping[str, Callable[[], str]] = {
    "camera.svg": camera,
    "card.svg": card,
    "enclosure.svg": enclosure,
    "wiring.svg": wiring,
}
TABLES: Mapping[str, Callable[[], str]] = {
    "pins": pin_table,
    "rgb-pins": rgb_table,
    "distances": distance_table,
    "focus": focus_table,
    "light": light_table,
    "reach": reach_table,
    "budget": budget_table,
    "lines": lines_table,
    "cable": cable_table,
    "parts": parts_table,
    "sums": sums_table,
    "qr-capacity": capacity_table,
    "code39-length": code39_table,
    "dots": dots_table,
    "vocabulary": vocabulary_table,
}
_TABLE = re.compile(r"(<!-- made: ([a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled_in(page: str) -> str:
    """`page` with each made table as it is now; a table of an unknown name raises KeyError."""
    return _TABLE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}\n{found[3]}", page)


def tables_of(page: str) -> list[str]:
    """Names of the made tables on `page`."""
    return [found[1] for found in _TABLE.findall(page)]


def made_files() -> Iterator[tuple[Path, str]]:
    """Each file of this folder that is made, wholly or in part, and what it must hold."""
    for name, draw in DRAWINGS.items():
        yield FOLDER / name, draw()
    for page in sorted(FOLDER.glob("*.md")):
        yield page, filled_in(page.read_text(encoding="utf-8"))


if __name__ == "__main__":
    for path, content in made_files():
        path.write_text(content, encoding="utf-8")
