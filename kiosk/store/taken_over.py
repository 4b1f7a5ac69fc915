"""Records that can still be read in a database that was lost, damaged or put aside."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlite_utils

from kiosk.store.copies import COUNTED

_KEYS = {
    "outbox": "sequence",
    "links": "sequence",
    "corrections": "item_id",
    "chains": "number",
    "identities": "number",
}
RECORDS = ("uses", "annulments", "refusals")
_PUT_LINK = """
INSERT OR IGNORE INTO links (sequence, chain, position, hash) SELECT :sequence, :chain, :position, :hash
WHERE :before = 0 OR EXISTS (
    SELECT 1 FROM links WHERE chain = :chain AND position = :before AND sequence < :sequence
)
"""


def take_over(db: sqlite_utils.Database, source: Path) -> int:
    """Put into `db` the records that only `source` has, each with its place in the queue; how many they were.

    What cannot be read is passed over. What `db` has already stays as it is, its fate in the queue as well: a record
    that the register has got since is sent once more, and answered as a duplicate.
    """
    saved = 0
    try:
        old = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    except sqlite3.Error:
        return 0
    with contextlib.closing(old):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            for table in (*COUNTED, "corrections", "identities", "events_by_hand"):
                saved += sum(_put(db, table, names, row) for names, row in _readable_rows(old, table))
            _take_links(db, old)
            _queue_what_has_no_place(db)
            db.conn.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
    return saved


def _readable_rows(old: sqlite3.Connection, table: str) -> Iterator[tuple[list[str], tuple[Any, ...]]]:
    """The rows of `table` up to the first that cannot be read, from its start and then from its end."""
    key = _KEYS.get(table, "id")
    for order in ("ASC", "DESC"):
        try:
            cursor = old.execute(f"SELECT * FROM {table} ORDER BY {key} {order}")
            names = [column for column, *_ in cursor.description]
            yield from ((names, row) for row in cursor)
        except sqlite3.Error:
            continue  # what can be read from the other end is taken as well
        return


def _put(db: sqlite_utils.Database, table: str, names: list[str], row: tuple[object, ...]) -> int:
    """Put `row` down where `table` has none like it; 1 where it did."""
    known = {column.name for column in db.table(table).columns}
    fitting = [(name, value) for name, value in zip(names, row, strict=True) if name in known]
    if table == "identities":
        fitting = [(name, value) for name, value in fitting if name != "number"]
    if table == "outbox":
        # Its place in the queue may be taken by a record that was made after an earlier restore.
        taken = dict(fitting)
        if not _has_record(db, taken):
            return 0
        if db.execute("SELECT 1 FROM outbox WHERE item_id = ?", (taken["item_id"],)).fetchone():
            return 0
        if db.execute("SELECT 1 FROM outbox WHERE sequence = ?", (taken["sequence"],)).fetchone():
            fitting = [(name, value) for name, value in fitting if name != "sequence"]
    columns = ", ".join(name for name, _ in fitting)
    places = ", ".join("?" * len(fitting))
    statement = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"
    try:
        added: int = db.execute(statement, [value for _, value in fitting]).rowcount
    except sqlite3.IntegrityError:  # an annulment whose use could not be read
        return 0
    return added if table in RECORDS else 0


def _take_links(db: sqlite_utils.Database, old: sqlite3.Connection) -> None:
    """Link what was taken over as it was: a use may have been sent with its link, and is the same only with it.

    A use whose place in the queue changed, or before which a link could not be read, stays without one.
    """
    chains: dict[Any, int] = {}
    for names, row in _readable_rows(old, "chains"):
        chain = dict(zip(names, row, strict=True))
        db.execute(
            "INSERT OR IGNORE INTO chains (id, after_sequence) VALUES (?, ?)", (chain["id"], chain["after_sequence"])
        )
        chains[chain["number"]] = db.execute("SELECT number FROM chains WHERE id = ?", (chain["id"],)).fetchone()[0]
    links = {
        row[names.index("sequence")]: dict(zip(names, row, strict=True)) for names, row in _readable_rows(old, "links")
    }
    for sequence in sorted(links, key=int):
        link = links[sequence]
        if link["chain"] in chains and _is_same_item(db, old, sequence):
            values = {**link, "chain": chains[link["chain"]], "before": link["position"] - 1}
            db.execute(_PUT_LINK, values)


def _is_same_item(db: sqlite_utils.Database, old: sqlite3.Connection, sequence: object) -> bool:
    find = "SELECT item_id FROM outbox WHERE sequence = ? AND kind = 'use'"
    try:
        there = old.execute(find, (sequence,)).fetchone()
    except sqlite3.Error:
        return False
    return there is not None and there == db.execute(find, (sequence,)).fetchone()


def _has_record(db: sqlite_utils.Database, place: dict[str, object]) -> bool:
    table = {"use": "uses", "annulment": "annulments", "refusal": "refusals"}.get(str(place["kind"]))
    if table is None:
        return False
    return db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (place["item_id"],)).fetchone() is not None


def _queue_what_has_no_place(db: sqlite_utils.Database) -> None:
    """Queue what has a record and no place; the queue of a damaged file may have been cut shorter than its uses."""
    for kind, table, at in (
        ("use", "uses", "decided_at_ms"),
        ("annulment", "annulments", "annulled_at_ms"),
        ("refusal", "refusals", "refused_at_ms"),
    ):
        db.execute(
            f"""
            INSERT INTO outbox (item_id, kind, decided_at_ms)
            SELECT id, ?, {at} FROM {table} WHERE id NOT IN (SELECT item_id FROM outbox) ORDER BY {at}, id
            """,
            (kind,),
        )
