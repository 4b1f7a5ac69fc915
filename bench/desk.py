"""Look-ups in small and large card lists, and a whole kiosk's way from Enter to verdict."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import aiohttp

from bench.figures import Figure, timed
from kiosk.cards.model import CardNumber
from kiosk.cards.news import ListedCard, LookupParameters
from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.seal import LookupKeys
from tests.edge.store.samples import DAY, NOON, a_card, a_profile, an_event, an_id
from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.register import serving_register

SIZES = (10_000, 1_000_000)
CHUNK = 1000
LOOK_UPS = 2000
SCANS = 500


async def look_ups(folder: Path, size: int) -> Figure:
    """The facts of a card, half of them of cards that are not on the list."""
    with contextlib.closing(Database.open(folder / f"{size}.db")) as database:
        catalogue = Catalogue(database, door="Door")
        await catalogue.keep_profile(a_profile(), NOON)
        keys = sorted(secrets.token_hex(16) for _ in range(size))
        await catalogue.start_list("c1")
        for start in range(0, size, CHUNK):
            await catalogue.extend_list([ListedCard(key, a_card()) for key in keys[start : start + CHUNK]])
        await catalogue.finish_list("c1", NOON)
        await catalogue.apply([an_event()], "c2", NOON)
        took = []
        for position in range(LOOK_UPS):
            key = secrets.choice(keys) if position % 2 else secrets.token_hex(16)
            start_ns = time.perf_counter_ns()
            await catalogue.facts(key, an_id(9001), day=DAY, online=True, clock_trusted=True, course_uses=None)
            took.append((time.perf_counter_ns() - start_ns) / 1e6)
    return Figure(f"look-up in {size:,} cards", took)


async def whole_kiosk(folder: Path) -> list[Figure]:
    """Scanner line → verdict announced, → verdict at a page's stream, and resident memory at rest."""
    scrypt = LookupKeys(LookupParameters(b"salt" * 8, 4096, 8, 1))
    with serving_register(folder / "register", seed=("--demo", "--numbered", "40")) as register:
        async with running_kiosk(folder / "kiosk", register.url, register.token()) as kiosk, page_of(kiosk) as states:
            await kiosk.until(lambda heard: heard.surroundings.get("event"))
            floor, announced, pushed = [], [], []
            for position in range(SCANS):
                floor.append(await timed(partial(scrypt.key_of, CardNumber(f"DEMO{position}"))))
                start_ns = time.perf_counter_ns()
                await kiosk.show(f"DEMO-{1001 + position % 40:05}-LISA")
                announced.append((time.perf_counter_ns() - start_ns) / 1e6)
                while kiosk.heard.desk["presentation"] not in await states.get():
                    pass
                pushed.append((time.perf_counter_ns() - start_ns) / 1e6)
                await kiosk.press("cancel", presentation=kiosk.heard.desk["presentation"])
            resident = resident_mb(kiosk)
    return [
        Figure("floor: scrypt of one number", floor),
        Figure("scanner's line → verdict announced (after the lamps)", announced, floor),
        Figure("scanner's line → verdict at the page", pushed, floor),
        Figure("resident memory of the kiosk, MB (not ms)", [resident]),
    ]


@contextlib.asynccontextmanager
async def page_of(kiosk: Kiosk) -> AsyncIterator[asyncio.Queue[str]]:
    """The states that a page gets, as they come."""
    states: asyncio.Queue[str] = asyncio.Queue()

    async def listen(response: aiohttp.ClientResponse) -> None:
        async for line in response.content:
            if line.startswith(b"data: {"):
                states.put_nowait(json.loads(line[6:])["html"])

    async with aiohttp.ClientSession(read_bufsize=2**20) as session, session.get(f"{kiosk.url}/events") as response:
        listening = asyncio.create_task(listen(response))
        yield states
        listening.cancel()


def resident_mb(kiosk: Kiosk) -> float:
    """VmRSS of the kiosk's process."""
    status = Path(f"/proc/{kiosk.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def desk_figures(folder: Path) -> list[Figure]:
    """All of them."""
    return [*[await look_ups(folder, size) for size in SIZES], *await whole_kiosk(folder)]
