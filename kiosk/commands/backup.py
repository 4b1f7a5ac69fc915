"""`kiosk backup` and `kiosk restore`: a copy of the database now, and a copy in the place of the database."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from kiosk.commands.places import places_of, require_database, served_alone
from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.store.copies import copies_in, make_copy
from kiosk.store.restore import restore as put_back
from kiosk.wiring import system_clock


def backup(config: Config, folder: Path | None) -> None:
    """Make a copy beside the serving kiosk; raises KioskError."""
    places = places_of(config)
    require_database(places)
    now = system_clock(config).now().utc.astimezone(ZoneInfo(config.kiosk.time_zone))
    copy = make_copy(places.database, folder or places.copies, now, keep=config.backup.keep)
    counts = ", ".join(f"{rows} {table}" for table, rows in copy.rows.items() if table != "outbox")
    click.echo(f"{copy.path}: whole, with {counts}.")


def restore(config: Config, file: Path | None) -> None:
    """Put `file`, or the newest copy, in the place of the database; raises KioskError."""
    places = places_of(config)
    with served_alone(places):
        copy = file or next(iter(copies_in(places.copies)), None)
        if copy is None:
            raise KioskError(f"There is no copy in {places.copies}. Name one: kiosk restore FILE")
        done = put_back(copy, places.database)
    click.echo(f"Restored from {copy}: {done.uses} uses.")
    if done.aside is not None:
        click.echo(f"The old database lies in {done.aside}; {done.saved} records that only it had were taken over.")
