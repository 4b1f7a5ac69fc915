"""`kiosk storage`: how the disk is that the kiosk writes to."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.exits import Exit
from kiosk.store.wear import WORN_AT, Wear, wear_of

LEAST_FREE_BYTES = 256 * 1024 * 1024
"""Room for months of uses, and time to come by before the desk closes (32 MB)."""


def storage(config: Config, *, as_json: bool) -> Exit:
    """Print how the disk is; FAILED where something should be done before it fails; raises KioskError."""
    folder = Path(config.kiosk.state_dir)
    try:
        wear = wear_of(folder)
    except OSError as error:
        raise KioskError(f"The state folder {folder} cannot be looked at: {error.strerror}.") from None
    problems = problems_of(wear)
    if as_json:
        click.echo(json.dumps({**asdict(wear), "problems": problems}))
    else:
        click.echo(f"free: {wear.free_bytes // 1024 // 1024} MB")
        click.echo(f"errors met: {_told(wear.errors)}")
        click.echo(f"written in its life: {_told(wear.written_kib)} KiB")
        click.echo(f"life used, in tenths: {_told(wear.life_used_tenths)}")
        for problem in problems:
            click.echo(f"FAIL  {problem}")
    return Exit.FAILED if problems else Exit.OK


def problems_of(wear: Wear) -> list[str]:
    """What should be done about such a disk, in words."""
    problems = []
    if wear.free_bytes < LEAST_FREE_BYTES:
        problems.append("The disk is nearly full: make room, or find out what fills it.")
    if wear.errors:
        problems.append("The file system met errors: make a copy (`kiosk backup`), and put in a new card.")
    if wear.life_used_tenths is not None and wear.life_used_tenths > WORN_AT:
        problems.append("The medium is worn: put in a new one before it fails.")
    return problems


def _told(value: int | None) -> str:
    return "the disk does not tell" if value is None else str(value)
