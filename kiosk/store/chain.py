"""The chain of uses on the disk: written with each use, checked on a person's word."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlite_utils

from kiosk.cards.chain import FIRST, Head, Link, link_of
from kiosk.cards.model import Use
from kiosk.store.rows import NO_SENSE, USE_COLUMNS, Row, columns, use_of

_NEWEST = """
SELECT number, id, position, hash FROM chains
LEFT JOIN links ON chain = number AND sequence = (SELECT max(sequence) FROM links)
WHERE number = (SELECT max(number) FROM chains)
"""
_PUT = "INSERT INTO links (sequence, chain, position, hash) VALUES (?, ?, ?, ?)"
_FIND = """
SELECT id, position, hash,
    (SELECT hash FROM links AS before WHERE before.sequence < links.sequence AND before.chain = links.chain
        ORDER BY before.sequence DESC LIMIT 1)
FROM links JOIN chains ON number = chain WHERE sequence = ?
"""
_WALK = f"""
SELECT links.sequence, chains.id, links.position, links.hash, outbox.item_id, {columns(USE_COLUMNS, of="uses")}
FROM links JOIN chains ON number = chain LEFT JOIN outbox ON outbox.sequence = links.sequence
    LEFT JOIN uses ON uses.id = outbox.item_id
ORDER BY links.sequence
"""
_UNLINKED = """
SELECT item_id FROM outbox LEFT JOIN links ON links.sequence = outbox.sequence
WHERE kind = 'use' AND links.sequence IS NULL AND outbox.sequence > (SELECT min(after_sequence) FROM chains)
UNION ALL SELECT id FROM uses WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE item_id = uses.id)
"""
_NO_LINK = "has no link: another program put it in, or its link went with a damaged database"
_BEFORE = "SELECT count(*) FROM outbox WHERE kind = 'use' AND sequence <= (SELECT min(after_sequence) FROM chains)"


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the chain found."""

    links: int
    before: int
    """Uses of before this version, which no chain holds."""
    faults: tuple[str, ...]
    """Sentences for a technician; empty where every use is as it was recorded."""


def begin_chain(db: sqlite_utils.Database) -> None:
    """Let the next use be the first of a new chain: in a new database, and after an older copy was put back.

    Without that the uses after a restored copy would stand where others stood that the register has already.
    """
    db.execute(
        "INSERT INTO chains (id, after_sequence) SELECT ?, coalesce(max(sequence), 0) FROM outbox", (str(uuid.uuid4()),)
    )


def append_link(db: sqlite_utils.Database, use: Use, sequence: int) -> None:
    """Link `use`, in the transaction that records it."""
    number, chain, last, previous = db.execute(_NEWEST).fetchone()
    link = link_of(use, sequence, chain=chain, position=(last or 0) + 1, previous=previous or FIRST)
    db.execute(_PUT, (sequence, number, link.position, link.hash))


def find_link(db: sqlite_utils.Database, sequence: int) -> Link | None:
    """The link of the use at `sequence`; None for one of before the chain."""
    row = db.execute(_FIND, (sequence,)).fetchone()
    return None if row is None else Link(row[0], row[1], row[3] or FIRST, row[2])


def find_head(db: sqlite_utils.Database) -> Head | None:
    """How far the newest chain reaches; None: it has no use yet."""
    _, chain, last, _ = db.execute(_NEWEST).fetchone()
    return None if last is None else Head(chain, last)


def verify_chain(db: sqlite_utils.Database) -> ChainReport:
    """Every link computed again; some 20 µs for each use."""
    faults = list(_faults(db))
    faults += [
        f"use {use_id} has no link: another program put it in, or its link went with a damaged database"
        for (use_id,) in db.execute(_UNLINKED)
    ]
    (links,) = db.execute("SELECT count(*) FROM links").fetchone()
    (before,) = db.execute(_BEFORE).fetchone()
    return ChainReport(links, before, tuple(faults))


def _faults(db: sqlite_utils.Database) -> Iterator[str]:
    chain, last, previous = "", 0, FIRST
    for sequence, its_chain, position, its_hash, item_id, *row in db.execute(_WALK):
        if its_chain != chain:
            chain, last, previous = its_chain, 0, FIRST
        if position != last + 1:
            yield f"links {last + 1} to {position - 1} are missing before queue place {sequence}"
        elif row[0] is None:
            yield f"the use at queue place {sequence} is missing ({item_id or 'and so is its place'})"
        elif _hash(row, sequence, chain, position, previous) != its_hash:
            yield f"use {item_id} (queue place {sequence}) is not what was recorded"
        last, previous = position, its_hash


def _hash(row: Row, sequence: int, chain: str, position: int, previous: bytes) -> bytes | None:
    """The hash of the use in `row`; None where what stands there is no use any more."""
    try:
        return link_of(use_of(row, None), sequence, chain=chain, position=position, previous=previous).hash
    except NO_SENSE:
        return None
