"""Who this database was to the register: its uses are proved by it, whatever the kiosk is called by now."""

from __future__ import annotations

import hashlib
from functools import partial

import sqlite_utils

from kiosk.cards.model import Identity, PastIdentity
from kiosk.store.database import Database


class PastIdentities:
    """Beside the records, not in the identity's file: whoever restores the one without the other has the proof."""

    def __init__(self, db: Database) -> None:
        """Keep them in `db`."""
        self._db = db

    async def remember(self, identity: Identity) -> None:
        """Keep what proves `identity` later, once; of its key only the digest. Raises StoreUnavailable."""
        await self._db.write(partial(_remember, identity=identity))

    async def known(self) -> tuple[PastIdentity, ...]:
        """Every identity that this database had, the newest first; raises StoreUnavailable."""
        return await self._db.read(_known)


def _remember(db: sqlite_utils.Database, *, identity: Identity) -> None:
    digest = hashlib.sha256(identity.key.encode()).digest()
    # The register forgets no key's digest, so the first one known proves it for ever.
    db.execute("INSERT OR IGNORE INTO identities (kiosk_id, key_digest) VALUES (?, ?)", (identity.kiosk_id, digest))


def _known(db: sqlite_utils.Database) -> tuple[PastIdentity, ...]:
    rows = db.execute("SELECT kiosk_id, key_digest FROM identities ORDER BY number DESC")
    return tuple(PastIdentity(kiosk_id, digest) for kiosk_id, digest in rows)
