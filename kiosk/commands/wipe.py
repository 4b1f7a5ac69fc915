"""`kiosk wipe`: remove all that this kiosk knows, unless something would be lost."""

from __future__ import annotations

import asyncio
import contextlib

import click

from kiosk.commands.places import places_of, served_alone
from kiosk.config import Config
from kiosk.exits import Exit
from kiosk.store.database import Database
from kiosk.store.files import remove_file
from kiosk.store.outbox import Outbox


def wipe(config: Config) -> Exit:
    """Remove identity, card list and records; refuses while anything waits or is parked."""
    places = places_of(config)
    with served_alone(places):
        if places.database.exists():
            with contextlib.closing(Database.open(places.database)) as database:
                depth = asyncio.run(Outbox(database).depth())
            if depth.waiting or depth.parked:
                click.echo(
                    f"Not wiped: {depth.waiting} records wait for the register and {depth.parked} are parked. "
                    "They exist nowhere else. Let the kiosk deliver them first; `kiosk queue` shows how far it is.",
                    err=True,
                )
                return Exit.PENDING
        for path in places.all():
            remove_file(path)
    click.echo(f"Wiped: {places.folder} holds nothing of this kiosk any more.")
    return Exit.OK
