"""Where each use stands in its kiosk's chain; written once with the use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlite_utils
from msgspec import UNSET

from contract.chain import hash_of
from contract.messages import ChainLink, Stamp, UseSent
from register.clock import from_ms
from register.model import Kiosk
from register.rules.chains import Linked


def add_link(db: sqlite_utils.Database, use_id: str, link: ChainLink, author: Kiosk) -> None:
    """Keep the place that the kiosk gave the use, whatever it is: what it tells is found later."""
    db.execute(
        "INSERT INTO links (use_id, venue_id, chain_id, position, previous, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (use_id, author.venue_id, link.chain, link.position, bytes.fromhex(link.previous), bytes.fromhex(link.hash)),
    )


def links_held(db: sqlite_utils.Database) -> Iterator[Linked]:
    """Every use that stands in a chain, chain by chain, its hash computed again from what is held here."""
    rows = db.execute(
        """
        SELECT chain_id, position, use_id, previous, hash, kiosks.name, received_at_ms, sequence, lookup_key,
            sealed_number, event_id, kind, own_ticket, children, assistants, clients, decided_at_ms, clock_trusted,
            boot_id, monotonic_ms, offline, remarks, links.venue_id, uncorrected_at_ms, event_label
        FROM links JOIN uses ON uses.id = use_id JOIN kiosks ON kiosks.id = kiosk_id
        ORDER BY links.venue_id, chain_id, position
        """
    )
    return map(_linked, rows)


def count_links(db: sqlite_utils.Database) -> tuple[int, int]:
    """How many uses stand in how many chains."""
    uses, chains = db.execute("SELECT count(*), count(DISTINCT venue_id || ' ' || chain_id) FROM links").fetchone()
    return int(uses), int(chains)


def _linked(row: tuple[Any, ...]) -> Linked:
    chain, position, use_id, previous, its_hash, door, received_at_ms, sequence, *_ = row
    return Linked(
        chain=chain,
        position=position,
        use_id=use_id,
        sequence=sequence,
        door=door,
        previous=previous.hex(),
        hash=its_hash.hex(),
        computed=hash_of(_as_sent(row), chain=chain, position=position, previous=previous.hex()),
        received_at=from_ms(received_at_ms),
    )


def _as_sent(row: tuple[Any, ...]) -> UseSent:
    """The use as its kiosk sent it; with a sealed number it named no lookup key."""
    use_id, sequence, lookup_key, sealed = row[2], row[7], row[8], row[9]
    return UseSent(
        id=use_id,
        lookup_key=lookup_key.hex() if sealed is None else None,
        sealed_number=sealed,
        event_id=row[10],
        kind=row[11],
        own_ticket=row[12],
        children=row[13],
        assistants=row[14],
        clients=row[15],
        decided=Stamp(
            at=from_ms(row[16]),
            uncorrected_at=None if row[23] is None else from_ms(row[23]),
            clock_trusted=bool(row[17]),
            boot_id=row[18],
            monotonic_ms=row[19],
            sequence=sequence,
        ),
        offline=bool(row[20]),
        remarks=msgspec.json.decode(row[21], type=tuple[str, ...]),
        event_label=UNSET if row[24] is None else row[24],
    )
