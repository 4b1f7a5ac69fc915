"""`register import-export`: take in what a kiosk could not send."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec
from tabulate import tabulate

from contract.rescue import Opened, Rescued, RescueHead, RescueUnreadable, open_rescue
from register.clock import SystemClock
from register.commands.opened import opened
from register.errors import ImportRefused
from register.intake.rescued import Taken, take_rescued
from register.model import Kiosk
from register.store.kiosks import find_author
from register.store.opening import Register

OUTCOMES = ("stored", "duplicate", "flagged", "refused")


def run(database: Path, file: Path, *, allow_revoked: bool, as_json: bool) -> bool:
    """Take the file in and print what became of each record; returns whether none was refused."""
    with opened(database, must_exist=True) as register:
        sealed = _opened(file, register)
        author = _author_of(file, sealed, register, allow_revoked=allow_revoked)
        head, records = _content_of(file, sealed)
        taken = asyncio.run(take_rescued(register, author, records, SystemClock().now()))
    counts = Counter[str](each.result.outcome for each in taken)
    if as_json:
        click.echo(msgspec.json.encode(_as_values(author, head, taken, counts)).decode())
    else:
        _print_table(author, head, taken, counts)
    return not counts["refused"]


def _opened(file: Path, register: Register) -> Opened:
    try:
        return open_rescue(file.read_bytes(), register.private_key)
    except OSError as error:
        raise ImportRefused(f"The file {file} cannot be read: {error.strerror}.") from error
    except RescueUnreadable as error:
        raise ImportRefused(f"Nothing was taken from {file}: {error}.") from None


def _author_of(file: Path, sealed: Opened, register: Register, *, allow_revoked: bool) -> Kiosk:
    author = register.database.write_now(partial(find_author, kiosk_id=sealed.kiosk_id))
    if author is None or not any(sealed.is_by(digest) for digest in author.key_digests):
        raise ImportRefused(f"Nothing was taken from {file}: it does not prove that a kiosk of this register made it.")
    if author.revoked and not allow_revoked:
        raise ImportRefused(
            f"Nothing was taken from {file}: its kiosk, {author.kiosk.name} ({author.kiosk.id}), was revoked. "
            "If you know that the file was made in good hands, say --allow-revoked."
        )
    return author.kiosk


def _content_of(file: Path, sealed: Opened) -> tuple[RescueHead, list[Rescued]]:
    try:
        return sealed.read()
    except RescueUnreadable as error:
        raise ImportRefused(f"Nothing was taken from {file}: {error}.") from None


def _as_values(author: Kiosk, head: RescueHead, taken: list[Taken], counts: Counter[str]) -> dict[str, Any]:
    return {
        "kiosk": author.id,
        "door": author.name,
        "made_at": head.made_at,
        **{outcome: counts[outcome] for outcome in OUTCOMES},
        "records": [
            {
                "id": each.result.id,
                "kind": each.kind,
                "outcome": each.result.outcome,
                "reasons": each.result.reasons,
                "detail": each.result.detail,
            }
            for each in taken
        ],
    }


def _print_table(author: Kiosk, head: RescueHead, taken: list[Taken], counts: Counter[str]) -> None:
    rows = [
        (each.result.id, each.kind, each.result.outcome, ", ".join(each.result.reasons), each.result.detail)
        for each in taken
    ]
    if rows:
        click.echo(tabulate(rows, headers=("id", "kind", "outcome", "reasons", "detail")))
    click.echo(
        f"{author.name} ({author.id}), exported {head.made_at.astimezone():%Y-%m-%d %H:%M}: "
        + ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES)
        + "."
    )
