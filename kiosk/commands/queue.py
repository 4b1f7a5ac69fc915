"""`kiosk queue`: what waits for the register, and what became of the rest."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import click
from tabulate import tabulate

from kiosk.cards.exchange import Fate, QueueEntry
from kiosk.commands.places import places_of, require_database
from kiosk.commands.record_told import told_of
from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.store.database import Database
from kiosk.store.outbox import NOT_DONE, Outbox
from kiosk.store.sending import InFlight, in_flight

Result = TypeVar("Result")

MOST_LISTED = 1000
IN_FLIGHT = "in flight"
"""Shown in place of `waiting` for what the running kiosk has sent and has no answer to yet."""
NOT_TAKEN = "not taken"
"""Shown in place of `waiting` for what fails alone each time while others get through."""


def depth(config: Config, *, as_json: bool) -> None:
    """Print how many records have which fate."""
    sending = in_flight(places_of(config).sending)
    now = _with_outbox(config, lambda outbox: outbox.depth())
    counts: dict[str, Any] = {
        "waiting": now.waiting,
        "in_flight": 0 if sending is None else min(len(sending.sequences), now.waiting),
        "not_taken": now.blamed,
        "delivered": now.delivered,
        "flagged": now.flagged,
        "parked": now.parked,
        "seen": now.seen,
        "oldest_waiting_at": None if now.oldest_waiting_at is None else now.oldest_waiting_at.isoformat(),
    }
    if as_json:
        click.echo(json.dumps(counts))
        return
    shown = {
        **counts,
        "of these in flight": counts["in_flight"],
        "of these not taken": counts["not_taken"],
        "of these seen": counts["seen"],
    }
    names = (
        "waiting",
        "of these in flight",
        "of these not taken",
        "delivered",
        "flagged",
        "parked",
        "of these seen",
        "oldest_waiting_at",
    )
    click.echo(tabulate([(name.replace("_", " "), "–" if shown[name] is None else shown[name]) for name in names]))


def listing(config: Config, *, everything: bool, as_json: bool) -> None:
    """Print the records with their fate, oldest first, a thousand at most; how many more there are is said as well."""
    fates: Sequence[Fate] = tuple(Fate) if everything else NOT_DONE
    sending = in_flight(places_of(config).sending)
    entries, more = _with_outbox(config, partial(_oldest, fates=fates))
    rows = [_row(entry, sending) for entry in entries]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        click.echo(tabulate(rows, headers="keys") if rows else "Nothing waits.")
    if more:
        click.echo(f"These are the oldest {len(rows)}; {more} more are not listed.", err=True)


def show(config: Config, wanted: str, *, as_json: bool) -> None:
    """Print one record, by its id or its place in the queue, whole but for the card."""
    sending = in_flight(places_of(config).sending)
    record = _with_outbox(config, lambda outbox: outbox.find(wanted))
    if record is None:
        raise KioskError(f"There is no record {wanted} in the queue; `kiosk queue list --all` lists what is in it.")
    told: dict[str, Any] = {
        "sequence": record.entry.sequence,
        **_row(record.entry, sending),
        "reasons": list(record.entry.reasons),
        "message": None if record.entry.message is None else record.entry.message.en,
        "ended": [f"{', '.join(each.reasons)} ({each.at or '–'})" for each in record.ended],
        **told_of(record.item),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(tabulate([(name.replace("_", " "), _in_words(value)) for name, value in told.items()]))


def retry(config: Config, ids: Sequence[str], *, all_parked: bool) -> None:
    """Send parked records again; a serving kiosk takes them up within a minute."""
    count = _with_outbox(config, lambda outbox: outbox.retry(None if all_parked else ids))
    if not all_parked and count < len(set(ids)):
        raise KioskError(f"{count} will be sent again; the other ids are not parked, or not in the queue.")
    click.echo(f"{count} will be sent again.")


async def _oldest(outbox: Outbox, *, fates: Sequence[Fate]) -> tuple[tuple[QueueEntry, ...], int]:
    """The oldest records, and how many there are besides."""
    entries, depth = await outbox.listing(fates, limit=MOST_LISTED), await outbox.depth()
    count = {Fate.WAITING: depth.waiting, Fate.DELIVERED: depth.delivered}
    count |= {Fate.FLAGGED: depth.flagged, Fate.PARKED: depth.parked}
    return entries, max(0, sum(count[fate] for fate in fates) - len(entries))


def _row(entry: QueueEntry, sending: InFlight | None) -> dict[str, Any]:
    is_sent = sending is not None and entry.fate is Fate.WAITING and entry.sequence in sending.sequences
    return {
        "id": entry.item_id,
        "kind": entry.kind.value,
        "fate": IN_FLIGHT if is_sent else NOT_TAKEN if entry.blamed_since is not None else entry.fate.value,
        "decided_at": entry.decided_at.isoformat(),
        "attempts": entry.attempts,
        "next_try_at": None if entry.next_try_at is None else entry.next_try_at.isoformat(),
        "last_error": entry.last_error,
        "exported_at": None if entry.exported_at is None else entry.exported_at.isoformat(),
        "reasons": ", ".join(entry.reasons),
        "seen_at": None if entry.seen_at is None else entry.seen_at.isoformat(),
    }


def _in_words(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(value) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else value


def _with_outbox(config: Config, ask: Callable[[Outbox], Awaitable[Result]]) -> Result:
    places = places_of(config)
    require_database(places)
    with contextlib.closing(Database.open(places.database)) as database:

        async def answer() -> Result:
            return await ask(Outbox(database))

        return asyncio.run(answer())
