"""Areas and venues."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import sqlite_utils

from contract.messages import Policy, Texts, Venue


@dataclass(frozen=True, slots=True)
class VenueRules:
    """A venue and the rules it goes by."""

    venue: Venue
    policy: Policy


def put_area(db: sqlite_utils.Database, area_id: str, name: Texts, *, closed: bool) -> None:
    """Add an area or replace what was known; `closed`: its cards are valid only there, and only they are."""
    db.execute(
        """
        INSERT INTO areas (id, name, closed) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, closed = excluded.closed
        """,
        (area_id, _text(name), closed),
    )


def put_venue(
    db: sqlite_utils.Database,
    venue_id: str,
    name: Texts,
    *,
    area_id: str,
    policy: Policy,
    commitment_accepted: bool = True,
) -> None:
    """Add a venue or replace what was known; its area must be there."""
    db.execute(
        """
        INSERT INTO venues (id, name, area_id, commitment_accepted, policy) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, area_id = excluded.area_id,
            commitment_accepted = excluded.commitment_accepted, policy = excluded.policy
        """,
        (venue_id, _text(name), area_id, commitment_accepted, _text(policy)),
    )


def rules_of_venue(db: sqlite_utils.Database, venue_id: str) -> VenueRules:
    """The venue with its area and policy; raises LookupError where there is none."""
    row = db.execute(
        """
        SELECT venues.name, area_id, closed, commitment_accepted, policy
        FROM venues JOIN areas ON areas.id = area_id WHERE venues.id = ?
        """,
        (venue_id,),
    ).fetchone()
    if row is None:
        raise LookupError(f"no venue {venue_id}")
    name, area_id, closed, accepted, policy = row
    venue = Venue(
        id=venue_id,
        name=msgspec.json.decode(name, type=Texts),
        area_id=area_id,
        area_closed=bool(closed),
        commitment_accepted=bool(accepted),
    )
    return VenueRules(venue, msgspec.json.decode(policy, type=Policy))


def closed_areas(db: sqlite_utils.Database) -> tuple[str, ...]:
    """Ids of the closed areas."""
    return tuple(area_id for (area_id,) in db.execute("SELECT id FROM areas WHERE closed = 1 ORDER BY id"))


def venue_ids(db: sqlite_utils.Database) -> tuple[str, ...]:
    """Ids of all venues."""
    return tuple(venue_id for (venue_id,) in db.execute("SELECT id FROM venues ORDER BY id"))


def _text(value: Texts | Policy) -> str:
    return msgspec.json.encode(value).decode()
