"""Kiosks and the keys that let them in; of a key only its digest is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import sqlite_utils

from contract.messages import DeviceFacts
from register.clock import to_ms
from register.errors import NotFound
from register.model import Kiosk

SECRET_BYTES = 32
UNUSED_KEYS_KEPT = 4
"""So many keys that were never used stay good beside the one in use, as their answers may only be late."""


@dataclass(frozen=True, slots=True)
class KeyFound:
    """A key that was once given out."""

    kiosk: Kiosk
    revoked: bool
    """Whether the kiosk as a whole was revoked."""
    superseded: bool
    in_use: bool
    """False until it is used for the first time."""


@dataclass(frozen=True, slots=True)
class Author:
    """A kiosk that proves itself by a key outside of any call, also by one that has been superseded since."""

    kiosk: Kiosk
    revoked: bool
    key_digests: tuple[bytes, ...]


def new_secret() -> str:
    """A fresh key or token: 256 random bits, safe in a header and a URL."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> bytes:
    """What is kept of a key or token. It is random throughout, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()


def add_kiosk(db: sqlite_utils.Database, kiosk: Kiosk, device: DeviceFacts, at: dt.datetime) -> None:
    """Take a kiosk in."""
    db.execute(
        """
        INSERT INTO kiosks (id, venue_id, name, software_version, hardware, enrolled_at_ms)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        (kiosk.id, kiosk.venue_id, kiosk.name, device.software_version, device.hardware, to_ms(at)),
    )


def add_key(db: sqlite_utils.Database, kiosk_id: str, digest: bytes, at: dt.datetime) -> None:
    """Let `kiosk_id` in by a new key; the one in use stays good until this one is first used."""
    db.execute("INSERT INTO keys (digest, kiosk_id, made_at_ms) VALUES (?, ?, ?)", (digest, kiosk_id, to_ms(at)))
    db.execute(
        """
        UPDATE keys SET ended_at_ms = :at WHERE digest IN (
            SELECT digest FROM keys WHERE kiosk_id = :kiosk AND first_used_at_ms IS NULL AND ended_at_ms IS NULL
                AND digest != :digest
            ORDER BY made_at_ms DESC LIMIT -1 OFFSET :kept
        )
        """,
        {"at": to_ms(at), "kiosk": kiosk_id, "digest": digest, "kept": UNUSED_KEYS_KEPT - 1},
    )


def find_key(db: sqlite_utils.Database, digest: bytes) -> KeyFound | None:
    """The key with this digest. Looking a digest up tells nothing by its timing that helps to guess a key."""
    row = db.execute(
        """
        SELECT kiosks.id, venue_id, name, revoked_at_ms IS NOT NULL, ended_at_ms IS NOT NULL,
            first_used_at_ms IS NOT NULL
        FROM keys JOIN kiosks ON kiosks.id = kiosk_id WHERE digest = ?
        """,
        (digest,),
    ).fetchone()
    if row is None:
        return None
    kiosk_id, venue_id, name, revoked, superseded, in_use = row
    return KeyFound(Kiosk(kiosk_id, venue_id, name), bool(revoked), bool(superseded), bool(in_use))


def find_author(db: sqlite_utils.Database, kiosk_id: str) -> Author | None:
    """The kiosk with every key that it was ever given; None: it was never taken in."""
    row = db.execute(
        "SELECT id, venue_id, name, revoked_at_ms IS NOT NULL FROM kiosks WHERE id = ?", (kiosk_id,)
    ).fetchone()
    if row is None:
        return None
    digests = db.execute("SELECT digest FROM keys WHERE kiosk_id = ? ORDER BY made_at_ms DESC", (kiosk_id,))
    return Author(Kiosk(*row[:3]), bool(row[3]), tuple(bytes(digest) for (digest,) in digests))


def begin_using_key(db: sqlite_utils.Database, digest: bytes, at: dt.datetime) -> bool:
    """Note the first use of a key, by which every other key of its kiosk dies; False where it had died itself."""
    changed = db.execute(
        """
        UPDATE keys SET first_used_at_ms = coalesce(first_used_at_ms, ?) WHERE digest = ? AND ended_at_ms IS NULL
        """,
        (to_ms(at), digest),
    ).rowcount
    db.execute(
        """
        UPDATE keys SET ended_at_ms = :at WHERE :alive AND digest != :digest AND ended_at_ms IS NULL
            AND kiosk_id = (SELECT kiosk_id FROM keys WHERE digest = :digest)
        """,
        {"at": to_ms(at), "digest": digest, "alive": changed},
    )
    return changed == 1


def revoke_kiosk(db: sqlite_utils.Database, id_or_name: str, at: dt.datetime) -> Kiosk:
    """Let the kiosk in no more; raises NotFound where none, or more than one, is called so."""
    rows = db.execute(
        "SELECT id, venue_id, name FROM kiosks WHERE id = ?1 OR name = ?1 ORDER BY id", (id_or_name,)
    ).fetchall()
    if len(rows) != 1:
        ids = ", ".join(kiosk_id for kiosk_id, _, _ in rows)
        raise NotFound(
            f"There are several kiosks called {id_or_name}: name one by its id ({ids})."
            if rows
            else f"There is no kiosk {id_or_name}."
        )
    kiosk = Kiosk(*rows[0])
    db.execute("UPDATE kiosks SET revoked_at_ms = coalesce(revoked_at_ms, ?) WHERE id = ?", (to_ms(at), kiosk.id))
    return kiosk
