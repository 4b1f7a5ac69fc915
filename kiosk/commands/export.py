"""`kiosk queue export`: what waits for the register, into a file that another machine can carry there."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from kiosk.cards.exchange import Fate, ItemKind
from kiosk.cards.model import Annulment, Use
from kiosk.commands.places import Places, places_of, require_database
from kiosk.config import Config
from kiosk.errors import KioskError, StoreError
from kiosk.exits import Exit
from kiosk.store.database import Database
from kiosk.store.files import write_new_file
from kiosk.store.identity import IdentityFile
from kiosk.store.outbox import Outbox
from kiosk.store.salvage import NOT_DELIVERED, Salvage, salvage
from kiosk.sync.rescue import rescue_file
from kiosk.version import software_version


def export(config: Config, file: Path, *, everything: bool, as_json: bool) -> Exit:
    """Write the file, then remember in the queue what is in it; FAILED where some records could not be read."""
    places, now = places_of(config), dt.datetime.now(dt.UTC)
    require_database(places)
    identity = IdentityFile(places.identity).load()
    if identity is None:
        raise KioskError(f"The kiosk in {places.folder} is not enrolled: it has no key to prove itself by.")
    saved = salvage(places.database, tuple(Fate) if everything else NOT_DELIVERED)
    try:
        write_new_file(file, rescue_file(saved.parcels, identity, now, software_version()))
    except FileExistsError:
        raise KioskError(f"There is a file {file} already; nothing was written. Name another.") from None
    except OSError as error:
        raise KioskError(f"The file {file} cannot be written: {error.strerror}.") from error
    why_not_remembered = _remember(places, saved, now)
    _tell(file, saved, why_not_remembered, as_json=as_json)
    return Exit.FAILED if saved.unreadable else Exit.OK


def _remember(places: Places, saved: Salvage, now: dt.datetime) -> str | None:
    """Note what was exported; why that was not possible, which is no reason to throw the file away."""
    try:
        with contextlib.closing(Database.open(places.database)) as database:
            sequences = [parcel.sequence for parcel in saved.parcels]
            asyncio.run(Outbox(database).remember_export(sequences, now))
    except StoreError as error:
        return str(error)
    return None


def _tell(file: Path, saved: Salvage, why_not_remembered: str | None, *, as_json: bool) -> None:
    counts = Counter(_kind_of(parcel.item) for parcel in saved.parcels)
    if as_json:
        told: dict[str, Any] = {
            "file": str(file),
            **{f"{kind.value}s": counts[kind] for kind in ItemKind},
            "unreadable": saved.unreadable,
            "remembered": why_not_remembered is None,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        inside = ", ".join(f"{counts[kind]} {kind.value}s" for kind in ItemKind)
        click.echo(f"{file} holds {inside}. Only the register can open it: `register import-export`.")
    if saved.unreadable:
        click.echo(
            f"{saved.unreadable} records of the queue cannot be read any more and are not in the file.", err=True
        )
    if why_not_remembered is not None:
        click.echo(f"The file is whole, but the kiosk cannot remember it: {why_not_remembered}", err=True)


def _kind_of(item: object) -> ItemKind:
    if isinstance(item, Use):
        return ItemKind.USE
    return ItemKind.ANNULMENT if isinstance(item, Annulment) else ItemKind.REFUSAL
