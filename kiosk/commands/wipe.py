"""`kiosk wipe`: remove all that this kiosk knows, unless something would be lost."""

from __future__ import annotations

import asyncio
import contextlib

import click

from kiosk.cards.exchange import QueueDepth
from kiosk.commands.places import places_of, served_alone
from kiosk.config import Config
from kiosk.exits import Exit
from kiosk.store.database import Database
from kiosk.store.files import remove_file
from kiosk.store.outbox import Outbox


def wipe(config: Config) -> Exit:
    """Remove identity, card list and records; refuses while anything exists nowhere else."""
    places = places_of(config)
    with served_alone(places):
        if places.database.exists():
            with contextlib.closing(Database.open(places.database)) as database:
                depth, only_here = asyncio.run(_looked_at(Outbox(database)))
            if only_here:
                click.echo(
                    f"Not wiped: {depth.waiting} records wait for the register and {depth.parked} are parked. "
                    f"{only_here} of them exist nowhere else. Let the kiosk deliver them first (`kiosk queue` shows "
                    "how far it is), or rescue them into a file: `kiosk queue export FILE`.",
                    err=True,
                )
                return Exit.PENDING
            if depth.waiting or depth.parked:
                click.echo(
                    f"{depth.waiting + depth.parked} records were not delivered: keep the file they were exported to."
                )
        for path in places.all():
            remove_file(path)
        with contextlib.suppress(OSError):  # it is not there, or somebody keeps something else in it
            places.copies.rmdir()
    click.echo(f"Wiped: {places.folder} holds nothing of this kiosk any more.")
    return Exit.OK


async def _looked_at(outbox: Outbox) -> tuple[QueueDepth, int]:
    return await outbox.depth(), await outbox.not_exported()
