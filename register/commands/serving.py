"""`register serve`."""

from __future__ import annotations

import asyncio
import logging
import signal
from functools import partial
from pathlib import Path

import click

from register.address import Address
from register.clock import SystemClock
from register.commands.opened import opened
from register.server.app import create_app
from register.server.service import serve_until
from register.store.feed import KEPT_FOR, forget_before
from register.store.opening import Register


def run(database: Path, address: Address) -> None:
    """Serve until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    clock = SystemClock()
    with opened(database) as register:
        register.database.write_now(partial(forget_before, at=clock.now() - KEPT_FOR))
        asyncio.run(_serve(register, clock, address))


async def _serve(register: Register, clock: SystemClock, address: Address) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve_until(stop, create_app(register, clock), address, _say_ready)


def _say_ready(url: str) -> None:
    click.echo(f"register: listening on {url}")
