"""Opening a register: its database, its key pair and its lookup parameters, which belong together."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sqlite_utils
from nacl.public import PrivateKey

from contract.messages import LookupParameters
from register.errors import KeyFileError
from register.store.database import Database
from register.store.keypair import key_file_of, load_private_key, make_private_key, public_text
from register.store.numbers import DEFAULT_N, DEFAULT_P, DEFAULT_R
from register.store.settings import Settings, add_settings, find_settings, settings_of

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Register:
    """An open register."""

    database: Database
    lookup: LookupParameters
    private_key: PrivateKey = field(repr=False)

    def close(self) -> None:
        """Close the database; blocks."""
        self.database.close()


def open_register(path: Path, *, new_lookup: LookupParameters | None = None) -> Register:
    """Open the register at `path`, or make one there with `new_lookup` (default: a fresh salt); blocks.

    Raises StoreUnavailable, and KeyFileError where the key file is not the one of this database.
    """
    database = Database(path)
    try:
        job = partial(_belonging_together, key_file=key_file_of(path), new_lookup=new_lookup)
        settings, private_key = database.write_now(job)
    except BaseException:
        database.close()
        raise
    return Register(database, settings.lookup, private_key)


def fresh_lookup(n: int = DEFAULT_N) -> LookupParameters:
    """Lookup parameters with a new national salt."""
    return LookupParameters(salt=secrets.token_hex(SALT_BYTES), n=n, r=DEFAULT_R, p=DEFAULT_P)


def _belonging_together(
    db: sqlite_utils.Database, *, key_file: Path, new_lookup: LookupParameters | None
) -> tuple[Settings, PrivateKey]:
    settings, key = find_settings(db), load_private_key(key_file)
    if settings is None:
        key = key or make_private_key(key_file)
        add_settings(db, new_lookup or fresh_lookup(), public_text(key.public_key))
        return settings_of(db), key
    if key is None:
        raise KeyFileError(f"The key file {key_file} is missing. Put it back from its backup.")
    if public_text(key.public_key) != settings.public_key:
        raise KeyFileError(f"The key file {key_file} belongs to another register. Put the right one back.")
    return settings, key
