"""The feed: news for kiosks in the order of the register's commits, read by an opaque cursor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec
import sqlite_utils

from contract.messages import Change, ProfileChanged
from register.clock import to_ms
from register.model import Kiosk
from register.store.devices import names_of_device
from register.store.profiles import profile_of
from register.store.settings import new_epoch, settings_of

KEPT_FOR = dt.timedelta(days=90)
"""A kiosk that was away for longer takes a new snapshot."""
_decoder: msgspec.json.Decoder[Change] = msgspec.json.Decoder(Change)


@dataclass(frozen=True, slots=True)
class Page:
    """Some news, and the cursor to go on from."""

    changes: tuple[Change, ...]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class Growth:
    """Whom the newest news concern."""

    last_seq: int
    venues: frozenset[str]
    everyone: bool


def tell(
    db: sqlite_utils.Database,
    at: dt.datetime,
    change: Change,
    *,
    venue_id: str | None = None,
    only_kiosk_id: str | None = None,
    except_kiosk_id: str | None = None,
) -> None:
    """Add `change` for every kiosk, for those of a venue, for all of them but its author, or for one device alone.

    What was told a device by an earlier name reaches it by its later ones. All that it recorded as another kiosk is
    told to it again: that makes nothing two, and a device whose disk was lost counts its visitors by it.
    """
    db.execute(
        "INSERT INTO feed (made_at_ms, venue_id, only_kiosk_id, except_kiosk_id, change) VALUES (?, ?, ?, ?, ?)",
        (to_ms(at), venue_id, only_kiosk_id, except_kiosk_id, msgspec.json.encode(change).decode()),
    )


def tell_profile(db: sqlite_utils.Database, at: dt.datetime, *, venue_id: str | None = None) -> None:
    """Say that the profile of a venue's kiosks, or of all, is another now; each gets its own when it reads this."""
    db.execute("INSERT INTO feed (made_at_ms, venue_id) VALUES (?, ?)", (to_ms(at), venue_id))


def cursor_now(db: sqlite_utils.Database) -> str:
    """Where the feed stands."""
    return _cursor(settings_of(db).epoch, last_seq(db))


def read_page(db: sqlite_utils.Database, kiosk: Kiosk, since: str, now: dt.datetime, limit: int) -> Page | None:
    """At most `limit` news for `kiosk` after the cursor `since`; None where that is not a place in this feed."""
    settings, last = settings_of(db), last_seq(db)
    epoch, _, number = since.rpartition(".")
    if epoch != settings.epoch or not (number.isascii() and number.isdigit()):
        return None
    start = int(number)
    if not settings.forgotten_through <= start <= last:
        return None
    rows = db.execute(
        """
        SELECT seq, change FROM feed WHERE venue_id IS NULL AND seq > :start
        UNION ALL
        SELECT seq, change FROM feed WHERE venue_id = :venue AND seq > :start
            AND (only_kiosk_id IS NULL OR only_kiosk_id IN (SELECT value FROM json_each(:names)))
            AND (except_kiosk_id IS NULL OR except_kiosk_id != :kiosk)
        ORDER BY seq LIMIT :limit
        """,
        {"start": start, "venue": kiosk.venue_id, "kiosk": kiosk.id, "names": _names(db, kiosk), "limit": limit + 1},
    ).fetchall()
    more = len(rows) > limit
    reached = rows[limit - 1][0] if more else last
    changes = tuple(
        ProfileChanged(profile=profile_of(db, kiosk, now)) if change is None else _decoder.decode(change)
        for _, change in rows[:limit]
    )
    return Page(changes, _cursor(settings.epoch, reached), more)


def growth_after(db: sqlite_utils.Database, seq: int) -> Growth:
    """Whom the news after `seq` concern."""
    venues = {
        venue_id for (venue_id,) in db.execute("SELECT DISTINCT venue_id FROM feed NOT INDEXED WHERE seq > ?", (seq,))
    }
    return Growth(last_seq(db), frozenset(venues - {None}), None in venues)


def forget_before(db: sqlite_utils.Database, at: dt.datetime) -> None:
    """Drop news from before `at`; cursors from before them are gone."""
    (through,) = db.execute("SELECT max(seq) FROM feed WHERE made_at_ms < ?", (to_ms(at),)).fetchone()
    if through is not None:
        db.execute("DELETE FROM feed WHERE seq <= ?", (through,))
        db.execute("UPDATE settings SET forgotten_through = ?", (through,))


def start_anew(db: sqlite_utils.Database) -> None:
    """Send every kiosk for a new snapshot, for example after cards were imported by the thousand."""
    db.execute("UPDATE settings SET epoch = ?", (new_epoch(),))


def last_seq(db: sqlite_utils.Database) -> int:
    """The number of the newest news that ever was; 0: none yet."""
    # AUTOINCREMENT remembers it, also when the news themselves are forgotten.
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'feed'").fetchone()
    return 0 if row is None else int(row[0])


def _names(db: sqlite_utils.Database, kiosk: Kiosk) -> str:
    return msgspec.json.encode(names_of_device(db, kiosk.id)).decode()


def _cursor(epoch: str, seq: int) -> str:
    return f"{epoch}.{seq}"
