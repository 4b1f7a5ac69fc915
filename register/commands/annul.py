"""`register annul`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from register.clock import SystemClock
from register.commands.opened import opened
from register.intake.venue_annulments import annul_for_venue


def run(database: Path, use_id: str, *, venue: str, why: str) -> None:
    """Take a use back for its venue."""
    with opened(database, must_exist=True) as register:
        job = partial(annul_for_venue, use_id=use_id, venue_id=venue, why=why, at=SystemClock().now())
        is_new = register.database.write_now(job)
    if is_new:
        click.echo(f"The use {use_id} is annulled: it counts no more, and the venue's kiosks are told.")
    else:
        click.echo(f"The use {use_id} was annulled before: nothing was changed.")
