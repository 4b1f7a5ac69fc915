"""`kiosk pin`: set the PIN of the venue's pages, or take it away."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kiosk.cards.pin_entry import LONGEST_PIN, SHORTEST_PIN
from kiosk.commands.places import places_of
from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.screen.access import hash_of, is_pin


def set_pin(config: Config, pin: str) -> None:
    """Keep the hash of `pin` in the state folder, readable by the kiosk alone; counts at once."""
    if not is_pin(pin):
        raise KioskError(f"A PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits, and nothing else; nothing was changed.")
    path = places_of(config).pin
    try:
        _write_whole(path, hash_of(pin) + b"\n")
    except OSError as error:
        raise KioskError(f"{path} cannot be written: {error.strerror}.") from error
    click.echo("The PIN is set. Whoever is behind it stays until they leave or are idle.")


def remove_pin(config: Config) -> None:
    """Take the PIN away: then nobody gets behind it."""
    places_of(config).pin.unlink(missing_ok=True)
    click.echo("There is no PIN now; the venue's pages stay shut until one is set.")


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
