"""`./dev bench`: measures and prints; nothing is asserted, since machines are noisy."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from tabulate import tabulate

from bench.commits import commits
from bench.desk import desk_figures
from bench.figures import HEADERS
from bench.screen import screen_figures
from bench.snapshot import snapshot_figures
from bench.sync import sync_figures


async def main() -> None:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = [*await commits(folder), *await desk_figures(folder), *await screen_figures(folder)]
        for name_of_part, part in (("snapshot", snapshot_figures), ("sync", sync_figures)):
            (folder / name_of_part).mkdir()
            figures += await part(folder / name_of_part)
    print(tabulate([figure.row() for figure in figures], headers=HEADERS, floatfmt=".2f"))


if __name__ == "__main__":
    asyncio.run(main())
