"""Enter on a real input device → verdict on real GPIO lines, in the test kernel that has both."""

from __future__ import annotations

import asyncio
import tempfile
import time
from functools import partial
from pathlib import Path

from tabulate import tabulate

from bench.desk import page_of
from bench.figures import HEADERS, Figure, timed
from bench.signals import signal_figures
from kiosk.cards.model import CardNumber
from kiosk.cards.news import LookupParameters
from kiosk.store.seal import LookupKeys
from tests.support.gun import PRODUCT, VENDOR, gun
from tests.support.kiosk import Heard, running_kiosk
from tests.support.pins import LABEL, kernel_pins
from tests.support.register import serving_register

SCANS = 200
GREEN = 22
LIMIT_S = 2
SETTINGS = f"""
[[scanner]]
kind = "hid"
vendor = "{VENDOR:04x}"
product = "{PRODUCT:04x}"
[lamps]
kind = "gpio"
[gpio]
chip = "{LABEL}"
"""


def another_card(before: set[str], heard: Heard) -> bool:
    """Whether a card was presented that was not before."""
    return heard.presentations != before


async def main() -> None:
    """Measure and print; the floor is taken in turn with the scans."""
    scrypt = LookupKeys(LookupParameters(b"salt" * 8, 4096, 8, 1))
    floor, lamp, page = [], [], []
    with (
        tempfile.TemporaryDirectory() as name,
        kernel_pins() as pins,
        gun() as scanner,
        serving_register(Path(name) / "register", seed=("--demo", "--numbered", "40")) as register,
    ):
        signals = await signal_figures(pins)
        folder = Path(name) / "kiosk"
        async with (
            running_kiosk(folder, register.url, register.token(), settings=SETTINGS) as kiosk,
            page_of(kiosk) as states,
        ):
            await kiosk.until(lambda heard: heard.surroundings.get("event"))
            for position in range(SCANS):
                floor.append(await timed(partial(scrypt.key_of, CardNumber(f"DEMO{position}"))))
                await asyncio.to_thread(scanner.type, f"DEMO-{1001 + position % 40:05}-LISA")
                before = set(kiosk.heard.presentations)
                start_ns = time.perf_counter_ns()
                scanner.type("\n")
                if not await asyncio.to_thread(pins.seen_high, GREEN, LIMIT_S):
                    continue  # one processor for gun, kiosk and register: keys were lost, and the kiosk said so
                lamp.append((time.perf_counter_ns() - start_ns) / 1e6)
                await kiosk.until(partial(another_card, before))
                while kiosk.heard.desk["presentation"] not in await states.get():
                    pass
                page.append((time.perf_counter_ns() - start_ns) / 1e6)
                await kiosk.press("cancel", presentation=kiosk.heard.desk["presentation"])
    print(f"{len(lamp)} of {SCANS} scans; of the others keys were lost before the kiosk had them")
    figures = [
        Figure("floor: scrypt of one number, on this kernel", floor),
        Figure("scanner's Enter → green on its pin", lamp, floor),
        Figure("scanner's Enter → verdict at the page", page, floor),
        *signals,
    ]
    print(tabulate([figure.row() for figure in figures], headers=HEADERS, floatfmt=".2f"))


if __name__ == "__main__":
    asyncio.run(main())
