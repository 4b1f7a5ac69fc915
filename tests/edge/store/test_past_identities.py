"""Who a database was to the register stays with it, through copies and restores, and opens nothing."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from kiosk.cards.model import Identity, PastIdentity
from kiosk.store.copies import copies_in, make_copy
from kiosk.store.database import Database
from kiosk.store.past_identities import PastIdentities
from kiosk.store.restore import restore
from tests.edge.store.samples import NOON, an_id

FIRST = Identity(an_id(1), "esimerkki", "an invented key", bytes(32))
SECOND = Identity(an_id(2), "esimerkki", "another invented key", bytes(32))


def past(identity: Identity) -> PastIdentity:
    return PastIdentity(identity.kiosk_id, hashlib.sha256(identity.key.encode()).digest())


def remember(path: Path, *identities: Identity) -> None:
    async def write(database: Database) -> None:
        for identity in identities:
            await PastIdentities(database).remember(identity)

    with closing(Database.open(path)) as database:
        asyncio.run(write(database))


def known(path: Path) -> tuple[PastIdentity, ...]:
    with closing(Database.open(path)) as database:
        return asyncio.run(PastIdentities(database).known())


def test_a_new_database_was_nobody_yet(path: Path) -> None:
    assert known(path) == ()


def test_each_identity_is_kept_once_by_its_first_key_and_the_newest_comes_first(path: Path) -> None:
    remember(path, FIRST, FIRST, replace(FIRST, key="a renewed key"), SECOND)
    remember(path, FIRST)
    assert known(path) == (past(SECOND), past(FIRST))


def test_no_key_lies_in_the_database(path: Path) -> None:
    remember(path, FIRST)
    files = path.parent.glob(path.name + "*")
    assert not [file for file in files if FIRST.key.encode() in file.read_bytes()]


def test_a_restore_keeps_the_identities_of_the_copy_and_takes_over_the_later_ones(path: Path) -> None:
    remember(path, FIRST)
    make_copy(path, path.parent / "copies", now=NOON, keep=2)
    remember(path, SECOND)
    restore(copies_in(path.parent / "copies")[0], path)
    assert known(path) == (past(SECOND), past(FIRST))
