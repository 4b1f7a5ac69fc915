"""`register token`."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click

from register.clock import SystemClock
from register.commands.opened import opened
from register.errors import NotFound
from register.store.kiosks import digest_of, new_secret
from register.store.tokens import Token, add_token
from register.store.venues import venue_ids


def run(database: Path, *, venue: str | None, kiosk_name: str | None, as_json: bool) -> None:
    """Make a one-time token and print it, this once only."""
    with opened(database, must_exist=True) as register:
        venue_id = _venue_of(register.database.write_now(venue_ids), venue)
        secret = new_secret()
        job = partial(add_token, digest=digest_of(secret), token=Token(venue_id, kiosk_name), at=SystemClock().now())
        expires_at = register.database.write_now(job)
    if as_json:
        click.echo(json.dumps({"token": secret, "venue": venue_id, "expires_at": expires_at.isoformat()}))
    else:
        click.echo(secret)
        click.echo(
            f"Lets one kiosk of {venue_id} in, once, until {expires_at.astimezone():%Y-%m-%d %H:%M}.",
            err=True,
        )


def _venue_of(known: tuple[str, ...], wanted: str | None) -> str:
    if wanted is None and known:
        return known[0]
    if wanted not in known:
        raise NotFound(f"There is no venue {wanted}. Known are: {', '.join(known) or 'none; see `register seed`'}.")
    return wanted
