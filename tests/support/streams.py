"""Event streams of bugs that other terminals had, as files: which keys came, and what must be read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "edge" / "scanners" / "streams"


class Mark(Enum):
    """What is not a key: a pause that ends a code, keys lost in the kernel, a pulled plug, a plugged scanner.

    AMID: the kiosk began to read just now, and the scanner was typing already.
    """

    SILENCE = "SILENCE"
    LOST = "LOST"
    UNPLUG = "UNPLUG"
    PLUG = "PLUG"
    AMID = "AMID"


Step = tuple[int, int] | Mark
"""A key's code with 1 down, 0 up or 2 repeated; or a mark."""


@dataclass(frozen=True, slots=True)
class Played:
    """What one scanner types, and what is to be read of it."""

    layout: str
    steps: tuple[Step, ...]
    codes: tuple[str, ...]
    numbers: tuple[str, ...]
    """The card numbers in these, empty for one that is not read; left out where they are not the point."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One bug; its scanners type at once."""

    bug: str
    scanners: tuple[Played, ...]


def streams(ecodes: Any) -> dict[str, Stream]:
    """Every stream by name; `ecodes` is evdev's table of key names."""
    return {path.stem: _stream(path, ecodes) for path in sorted(FOLDER.glob("*.toml"))}


def _stream(path: Path, ecodes: Any) -> Stream:
    """`KEY` in the file is pressed and let go, `KEY+` pressed, `KEY-` let go, `KEY*` repeated by the kernel."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    scanners = (
        Played(
            layout=each["layout"],
            steps=tuple(step for word in each["keys"].split() for step in _steps(word, ecodes)),
            codes=tuple(each["codes"]),
            numbers=tuple(each.get("numbers", ())),
        )
        for each in document["scanner"]
    )
    return Stream(document["bug"], tuple(scanners))


def _steps(word: str, ecodes: Any) -> Iterator[Step]:
    if word in Mark.__members__:
        yield Mark[word]
        return
    how = {"+": (1,), "-": (0,), "*": (2,)}.get(word[-1])
    code: int = ecodes.ecodes[f"KEY_{word if how is None else word[:-1]}"]
    for value in how or (1, 0):
        yield code, value
