"""`register revoke`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from register.clock import SystemClock
from register.commands.opened import opened
from register.store.kiosks import revoke_kiosk


def run(database: Path, kiosk: str) -> None:
    """Let a kiosk in no more."""
    with opened(database, must_exist=True) as register:
        job = partial(revoke_kiosk, id_or_name=kiosk, at=SystemClock().now())
        revoked = register.database.write_now(job)
    click.echo(f"{revoked.name} ({revoked.id}) is revoked: the register answers it `key-revoked` from now on.")
