"""`kiosk queue`: what waits for the register, and what became of the rest."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import click
from tabulate import tabulate

from kiosk.cards.exchange import Fate, QueueEntry
from kiosk.commands.places import places_of, require_database
from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.store.database import Database
from kiosk.store.outbox import NOT_DONE, Outbox

Result = TypeVar("Result")


def depth(config: Config, *, as_json: bool) -> None:
    """Print how many records have which fate."""
    now = _with_outbox(config, lambda outbox: outbox.depth())
    counts: dict[str, Any] = {
        "waiting": now.waiting,
        "delivered": now.delivered,
        "flagged": now.flagged,
        "parked": now.parked,
        "oldest_waiting_at": None if now.oldest_waiting_at is None else now.oldest_waiting_at.isoformat(),
    }
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(tabulate([(name.replace("_", " "), "–" if value is None else value) for name, value in counts.items()]))


def listing(config: Config, *, everything: bool, as_json: bool) -> None:
    """Print the records with their fate, oldest first."""
    fates: Sequence[Fate] = tuple(Fate) if everything else NOT_DONE
    rows = [_row(entry) for entry in _with_outbox(config, lambda outbox: outbox.listing(fates))]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    click.echo(tabulate(rows, headers="keys") if rows else "Nothing waits.")


def retry(config: Config, ids: Sequence[str], *, all_parked: bool) -> None:
    """Send parked records again; a serving kiosk takes them up within a minute."""
    count = _with_outbox(config, lambda outbox: outbox.retry(None if all_parked else ids))
    if not all_parked and count < len(set(ids)):
        raise KioskError(f"{count} will be sent again; the other ids are not parked, or not in the queue.")
    click.echo(f"{count} will be sent again.")


def _row(entry: QueueEntry) -> dict[str, Any]:
    return {
        "id": entry.item_id,
        "kind": entry.kind.value,
        "fate": entry.fate.value,
        "decided_at": entry.decided_at.isoformat(),
        "attempts": entry.attempts,
        "next_try_at": None if entry.next_try_at is None else entry.next_try_at.isoformat(),
        "last_error": entry.last_error,
        "reasons": ", ".join(entry.reasons),
    }


def _with_outbox(config: Config, ask: Callable[[Outbox], Awaitable[Result]]) -> Result:
    places = places_of(config)
    require_database(places)
    with contextlib.closing(Database.open(places.database)) as database:

        async def answer() -> Result:
            return await ask(Outbox(database))

        return asyncio.run(answer())
