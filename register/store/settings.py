"""What holds for the whole register: feed epoch, lookup parameters, public key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import msgspec
import sqlite_utils

from contract.messages import LookupParameters


@dataclass(frozen=True, slots=True)
class Settings:
    """The register's one row of settings."""

    epoch: str
    """Names this feed: cursors of another one are gone."""
    forgotten_through: int
    """News up to this number are no longer kept."""
    lookup: LookupParameters
    public_key: str
    """Base64."""
    wanted_software_version: str | None


def find_settings(db: sqlite_utils.Database) -> Settings | None:
    """The settings; None in a new database."""
    row = db.execute(
        "SELECT epoch, forgotten_through, lookup, public_key, wanted_software_version FROM settings"
    ).fetchone()
    if row is None:
        return None
    epoch, forgotten_through, lookup, public_key, wanted = row
    return Settings(epoch, forgotten_through, msgspec.json.decode(lookup, type=LookupParameters), public_key, wanted)


def settings_of(db: sqlite_utils.Database) -> Settings:
    """The settings of a database that was opened by `register.store.opening`."""
    settings = find_settings(db)
    if settings is None:
        raise LookupError("the database was not opened by register.store.opening")
    return settings


def add_settings(db: sqlite_utils.Database, lookup: LookupParameters, public_key: str) -> None:
    """Settings of a new register."""
    db.execute(
        "INSERT INTO settings (only, epoch, lookup, public_key) VALUES (1, ?, ?, ?)",
        (new_epoch(), msgspec.json.encode(lookup).decode(), public_key),
    )


def new_epoch() -> str:
    """A name for a feed."""
    return secrets.token_hex(4)
