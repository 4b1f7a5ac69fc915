"""A backlog of uses to the register, beside a bare client that sends as much, and what it costs the desk."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import aiohttp
import msgspec
import sqlite_utils
from tabulate import tabulate

from bench.figures import HEADERS, Figure
from bench.snapshot import answers, until_listed
from contract.messages import MAX_BATCH_ITEMS, DeviceFacts, Uses
from kiosk.cards.exchange import QueueDepth
from kiosk.cards.model import Use
from kiosk.clock import SystemClock
from kiosk.health import Health
from kiosk.store.database import Database
from kiosk.store.ledger import put_use
from kiosk.store.outbox import Outbox
from kiosk.sync.address import checked_address, tls_context
from kiosk.sync.client import RegisterClient
from kiosk.sync.enrol import enrol
from kiosk.sync.link import Link
from kiosk.sync.push import Pusher
from kiosk.sync.waiting import RealTime
from kiosk.sync.wire import use_sent
from tests.edge.store.samples import a_use
from tests.support.kiosk import Kiosk
from tests.support.register import ServingRegister, serving_register

SMALL, LARGE = 500, 100_000
LEAST_SCANS = 60
MOST_SCANS = 400


async def delivered(folder: Path, register: ServingRegister, uses: Sequence[Use]) -> float:
    """Milliseconds from the start of a kiosk's sender until each of `uses` has its answer."""
    address = checked_address(register.url)
    key = await new_key(register)
    empty = asyncio.Event()

    def hear(depth: QueueDepth) -> None:
        if not depth.waiting:
            empty.set()

    with closing(Database.open(folder / f"{len(uses)}.db")) as database:
        await database.write(partial(_put_all, uses=uses))
        async with RegisterClient(address, key=key, tls=tls_context(None)) as client:
            clock = SystemClock()
            pusher = Pusher(
                outbox=Outbox(database),
                server=client,
                link=Link(),
                health=Health(clock),
                clock=clock,
                waiter=RealTime(),
                random=random.random,
                on_change=hear,
            )
            start_ns = time.perf_counter_ns()
            pushing = asyncio.create_task(pusher.run())
            await empty.wait()
            took_ms = (time.perf_counter_ns() - start_ns) / 1e6
            pushing.cancel()
            await asyncio.wait({pushing})
        depth = await Outbox(database).depth()
    if depth.delivered + depth.flagged != len(uses):
        raise RuntimeError(f"not delivered: {depth}")
    return took_ms


async def bare(folder: Path, register: ServingRegister, uses: Sequence[Use]) -> float:
    """Milliseconds until a client that does nothing else has sent `uses` and read the answers.

    It sends what a kiosk would, byte for byte, links and all: the register has the same work with it.
    """
    with closing(Database.open(folder / f"bare-{len(uses)}.db")) as database:
        await database.write(partial(_put_all, uses=uses))
        parcels = await Outbox(database).due(SystemClock().now().utc, len(uses))
    sent = [use_sent(each.item, each.sequence, each.link) for each in parcels if isinstance(each.item, Use)]
    if len(sent) != len(uses):
        raise RuntimeError(f"{len(sent)} of {len(uses)} uses wait")
    parts = [tuple(sent[start : start + MAX_BATCH_ITEMS]) for start in range(0, len(sent), MAX_BATCH_ITEMS)]
    bodies = [msgspec.json.encode(Uses(uses=part)) for part in parts]
    headers = {"Authorization": f"Bearer {await new_key(register)}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        start_ns = time.perf_counter_ns()
        for body in bodies:
            async with session.post(f"{register.url}/v1/uses", data=body) as response:
                response.raise_for_status()
                await response.read()
        return (time.perf_counter_ns() - start_ns) / 1e6


async def desk_beside_backlog(folder: Path, register: ServingRegister, uses: Sequence[Use]) -> list[Figure]:
    """The desk's answer while a backlog leaves, and when nothing waits."""
    kiosk = Kiosk(folder / "kiosk", register.url, register.token())
    try:
        await kiosk.start()
        await until_listed(kiosk)
        await kiosk.stop()
        with closing(Database.open(kiosk.state / "kiosk.db")) as database:
            await database.write(partial(_put_all, uses=uses))
        await kiosk.start()
        started_ns = time.perf_counter_ns()
        busy = list[float]()
        await kiosk.until(lambda heard: heard.surroundings.get("waiting"))
        while kiosk.heard.surroundings["waiting"] > LEAST_SCANS and len(busy) < MOST_SCANS:
            busy += await answers(kiosk, 10, 0)
        await kiosk.until(lambda heard: heard.surroundings.get("waiting") == 0, limit_s=600)
        took_ms = (time.perf_counter_ns() - started_ns) / 1e6
        idle = await answers(kiosk, max(len(busy), LEAST_SCANS), 0)
    finally:
        await kiosk.close()
    return [
        Figure("scan → verdict, nothing waits", idle),
        Figure(f"scan → verdict while {len(uses):,} uses leave", busy, idle),
        Figure(f"{len(uses):,} uses delivered meanwhile", [took_ms]),
    ]


async def new_key(register: ServingRegister) -> str:
    """A key of a new kiosk of the venue."""
    async with RegisterClient(checked_address(register.url), key=None, tls=tls_context(None)) as client:
        enrolled = await enrol(client, register.token(), DeviceFacts(name="Bench", software_version="0.0.0"))
    return enrolled.identity.key


def _put_all(db: sqlite_utils.Database, uses: Sequence[Use]) -> None:
    for use in uses:
        put_use(db, use)


def _uses_of(register: ServingRegister) -> Callable[[int], list[Use]]:
    """Uses of cards that are on the list, each of another card; those that were given are not given again."""
    with closing(sqlite3.connect(register.database)) as db:
        keys = [key.hex() for (key,) in db.execute("SELECT lookup_key FROM cards ORDER BY random()")]
    given = 0

    def more(count: int) -> list[Use]:
        nonlocal given
        numbers = range(given + 1, given + count + 1)
        given += count
        return [a_use(number, key=keys[number % len(keys)]) for number in numbers]

    return more


async def sync_figures(folder: Path) -> list[Figure]:
    """All of them."""
    (folder / "register").mkdir()
    seed = ("--demo", "--numbered", "40", "--cards", str(3 * (LARGE + SMALL)))
    with serving_register(folder / "register", seed=seed) as register:
        more = _uses_of(register)
        figures = []
        for count in (SMALL, LARGE):
            floor = await bare(folder, register, more(count))
            took = await delivered(folder, register, more(count))
            figures += [
                Figure(f"floor: {count:,} uses by a bare client, no records kept", [floor]),
                Figure(f"{count:,} uses delivered and settled", [took], [floor]),
            ]
        return [*figures, *await desk_beside_backlog(folder, register, more(LARGE))]


async def main() -> None:
    """`./dev bench sync`."""
    with tempfile.TemporaryDirectory() as name:
        figures = await sync_figures(Path(name))
    print(tabulate([figure.row() for figure in figures], headers=HEADERS, floatfmt=".2f"))


if __name__ == "__main__":
    asyncio.run(main())
