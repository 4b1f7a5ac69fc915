"""`./dev screens [--size S] [--language L] [--approve] [FOLDER]`: take the pictures, or approve them anew."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from tests.screens.camera import LANGUAGES, SIZES, pictures
from tests.screens.compare import APPROVED, APPROVED_NAMES


def main() -> None:
    """Write the pictures into a folder, and say which."""
    parser = argparse.ArgumentParser(prog="./dev screens", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("screens"), help="where to put them (screens/)")
    parser.add_argument("--size", choices=SIZES, action="append", help="this size only; may be repeated")
    parser.add_argument("--language", choices=LANGUAGES, action="append", help="this language only; may be repeated")
    parser.add_argument("--approve", action="store_true", help="put the compared ones in the place of the approved")
    asked = parser.parse_args()
    folder = APPROVED if asked.approve else asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    count = asyncio.run(_take(folder, asked.size or SIZES, asked.language or LANGUAGES, only_approved=asked.approve))
    print(f"{count} pictures in {folder}")


async def _take(folder: Path, sizes: object, languages: object, *, only_approved: bool) -> int:
    count = 0
    async for name, picture in pictures(list(sizes), list(languages)):  # type: ignore[call-overload]
        if not only_approved or name in APPROVED_NAMES:
            (folder / f"{name}.png").write_bytes(picture)
            count += 1
    return count


if __name__ == "__main__":
    main()
