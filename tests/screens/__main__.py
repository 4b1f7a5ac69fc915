"""`./dev screens`: take the pictures to look at them, or approve them anew."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.screens.camera import pictures
from tests.screens.compare import APPROVED, MOST_DIFFERENT, difference, slack_of, slim
from tests.support.screens import LANGUAGES, SIZES


def main() -> None:
    """Write the pictures into a folder, and say which."""
    parser = argparse.ArgumentParser(prog="./dev screens", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("screens"), help="where to put them (screens/)")
    parser.add_argument("--size", choices=SIZES, action="append", help="this size only; may be repeated")
    parser.add_argument("--language", choices=LANGUAGES, action="append", help="this language only; may be repeated")
    parser.add_argument("--approve", action="store_true", help="these are right: put them where the tests look")
    asked = parser.parse_args()
    (APPROVED if asked.approve else asked.folder).mkdir(parents=True, exist_ok=True)
    sizes, languages = asked.size or list(SIZES), asked.language or LANGUAGES
    written = asyncio.run(_approve(sizes, languages) if asked.approve else _take(asked.folder, sizes, languages))
    print(f"{written} pictures written to {APPROVED if asked.approve else asked.folder}")


async def _take(folder: Path, sizes: Sequence[str], languages: Sequence[str]) -> int:
    count = 0
    async for name, picture in pictures(sizes, languages):
        (folder / f"{name}.png").write_bytes(picture)
        count += 1
    return count


async def _approve(sizes: Sequence[str], languages: Sequence[str]) -> int:
    """Only what differs is written anew, so that a commit shows what changed; what no state shows any more goes."""
    count, names = 0, set()
    async for name, picture in pictures(sizes, languages):
        file = APPROVED / f"{name}.png"
        names.add(file.name)
        if not file.exists() or difference(file.read_bytes(), picture, slack_of(name)) > MOST_DIFFERENT:
            file.write_bytes(slim(picture))
            count += 1
    if set(sizes) == set(SIZES) and set(languages) == set(LANGUAGES):
        for file in APPROVED.glob("*.png"):
            if file.name not in names:
                file.unlink()
    return count


if __name__ == "__main__":
    main()
