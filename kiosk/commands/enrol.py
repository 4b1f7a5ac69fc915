"""`kiosk enrol`: take the one-time token to the register now."""

from __future__ import annotations

import asyncio
import contextlib

import click

from kiosk.commands.places import places_of, served_alone
from kiosk.config import Config
from kiosk.errors import ConfigError
from kiosk.store.database import Database
from kiosk.wiring import build_uplink, system_clock


def enrol(config: Config, *, rotate: bool) -> None:
    """Enrol once and keep the identity, or renew its key; raises EnrolmentError or RegisterError with what to do."""
    if config.register.url is None:
        raise ConfigError(["register.url is missing: the kiosk must know where to enrol."])
    places = places_of(config)
    with served_alone(places), contextlib.closing(Database.open(places.database)) as database:
        clock = system_clock(config)
        uplink = build_uplink(config, database, places.identity, clock=clock)
        if rotate:
            asyncio.run(uplink.rotate_once())
            click.echo("The kiosk has a new key; the old one is good for nothing any more.")
            return
        identity = asyncio.run(uplink.enrol_once())
    click.echo(f"Enrolled as kiosk {identity.kiosk_id} of venue {identity.venue_id}.")
