"""What later versions added to the tables of the first; each statement is one migration's, and never changed."""

from __future__ import annotations

LINKS = """
-- Where a use stands in its kiosk's chain, as its kiosk says; two at one position are kept both.
CREATE TABLE links (
    use_id TEXT NOT NULL PRIMARY KEY REFERENCES uses (id),
    venue_id TEXT NOT NULL REFERENCES venues (id),
    chain_id TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_of_chain ON links (venue_id, chain_id, position);
CREATE TRIGGER links_are_not_changed BEFORE UPDATE ON links
    BEGIN SELECT RAISE(ABORT, 'a link is never changed'); END;
CREATE TRIGGER links_are_not_deleted BEFORE DELETE ON links
    BEGIN SELECT RAISE(ABORT, 'a link is never deleted'); END;
"""

HEADS = """
-- How far a chain reached when its kiosk last said so with nothing of an earlier word outstanding.
CREATE TABLE chain_heads (
    venue_id TEXT NOT NULL REFERENCES venues (id),
    chain_id TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    kiosk_id TEXT NOT NULL REFERENCES kiosks (id),
    told_at_ms INTEGER NOT NULL,
    PRIMARY KEY (venue_id, chain_id)
) STRICT, WITHOUT ROWID;
"""

UNCORRECTED = """
-- What a kiosk's clock said, where the time was put right before the record was sent.

ALTER TABLE uses ADD COLUMN uncorrected_at_ms INTEGER;
ALTER TABLE annulments ADD COLUMN uncorrected_at_ms INTEGER;
"""

LATER_TIMES = """
-- The true time of a use or annulment that was sent again, its first answer lost, after its kiosk had put it right.
-- What was recorded first never changes; where there is a later time, it counts.

CREATE TABLE later_times (
    item_id TEXT NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER later_times_are_not_changed BEFORE UPDATE ON later_times
    BEGIN SELECT RAISE(ABORT, 'a later time is never changed'); END;
CREATE TRIGGER later_times_are_not_deleted BEFORE DELETE ON later_times
    BEGIN SELECT RAISE(ABORT, 'a later time is never deleted'); END;

DROP VIEW standing_uses;
CREATE VIEW standing_uses AS
    SELECT id, kiosk_id, venue_id, lookup_key, event_id, kind, own_ticket, children, assistants, clients,
        received_at_ms,
        coalesce((SELECT at_ms FROM later_times WHERE item_id = uses.id), decided_at_ms) AS decided_at_ms
    FROM uses WHERE NOT EXISTS (
        SELECT 1 FROM annulments WHERE annulments.use_id = uses.id AND annulments.kiosk_id = uses.kiosk_id
    );
"""

LABELS = """
-- What staff called an event that the register does not know; the use is general admission.

ALTER TABLE uses ADD COLUMN event_label TEXT;
"""

UNCORRECTED_HOURS = """
-- What a kiosk's clock said, where a refusal's hour was put right before it was sent.
ALTER TABLE refusals ADD COLUMN uncorrected_hour_ms INTEGER;
"""

VENUE_ANNULMENTS = """
-- Uses that their venue took back here, with its reason. A use counts where neither it nor its kiosk took it back.

CREATE TABLE venue_annulments (
    use_id TEXT NOT NULL PRIMARY KEY REFERENCES uses (id),
    annulled_at_ms INTEGER NOT NULL,
    why TEXT NOT NULL CHECK (length(why) > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER venue_annulments_are_not_changed BEFORE UPDATE ON venue_annulments
    BEGIN SELECT RAISE(ABORT, 'an annulment is never changed'); END;
CREATE TRIGGER venue_annulments_are_not_deleted BEFORE DELETE ON venue_annulments
    BEGIN SELECT RAISE(ABORT, 'an annulment is never deleted'); END;

DROP VIEW standing_uses;
CREATE VIEW standing_uses AS
    SELECT id, kiosk_id, venue_id, lookup_key, event_id, kind, own_ticket, children, assistants, clients,
        received_at_ms,
        coalesce((SELECT at_ms FROM later_times WHERE item_id = uses.id), decided_at_ms) AS decided_at_ms
    FROM uses WHERE NOT EXISTS (
        SELECT 1 FROM annulments WHERE annulments.use_id = uses.id AND annulments.kiosk_id = uses.kiosk_id
    ) AND NOT EXISTS (SELECT 1 FROM venue_annulments WHERE venue_annulments.use_id = uses.id);
"""

DEVICES = """
-- A kiosk that is a device known by an earlier name: `device_id` is the first name. Without a row it is its own.

CREATE TABLE continuations (
    kiosk_id TEXT NOT NULL PRIMARY KEY REFERENCES kiosks (id),
    device_id TEXT NOT NULL REFERENCES kiosks (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX continuations_of_device ON continuations (device_id);
CREATE TRIGGER continuations_are_not_changed BEFORE UPDATE ON continuations
    BEGIN SELECT RAISE(ABORT, 'who a kiosk was is never changed'); END;
CREATE TRIGGER continuations_are_not_deleted BEFORE DELETE ON continuations
    BEGIN SELECT RAISE(ABORT, 'who a kiosk was is never forgotten'); END;

DROP VIEW standing_uses;
CREATE VIEW standing_uses AS
    SELECT id, kiosk_id, venue_id, lookup_key, event_id, kind, own_ticket, children, assistants, clients,
        received_at_ms,
        coalesce((SELECT at_ms FROM later_times WHERE item_id = uses.id), decided_at_ms) AS decided_at_ms
    FROM uses WHERE NOT EXISTS (
        SELECT 1 FROM annulments WHERE annulments.use_id = uses.id AND
            coalesce((SELECT device_id FROM continuations WHERE kiosk_id = annulments.kiosk_id), annulments.kiosk_id)
            = coalesce((SELECT device_id FROM continuations WHERE kiosk_id = uses.kiosk_id), uses.kiosk_id)
    ) AND NOT EXISTS (SELECT 1 FROM venue_annulments WHERE venue_annulments.use_id = uses.id);
"""

REASON_TURNS = """
-- What stood against a use and no longer does (`stands` 0), or does again (1); the newest row of a reason counts.

CREATE TABLE reason_turns (
    number INTEGER PRIMARY KEY,
    use_id TEXT NOT NULL REFERENCES uses (id),
    reason TEXT NOT NULL,
    stands INTEGER NOT NULL CHECK (stands IN (0, 1)),
    found_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX reason_turns_of_use ON reason_turns (use_id, reason);
CREATE TRIGGER reason_turns_are_not_changed BEFORE UPDATE ON reason_turns
    BEGIN SELECT RAISE(ABORT, 'what was found is never changed'); END;
CREATE TRIGGER reason_turns_are_not_deleted BEFORE DELETE ON reason_turns
    BEGIN SELECT RAISE(ABORT, 'what was found is never deleted'); END;
"""
