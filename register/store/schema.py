"""The tables of the first version; times are whole milliseconds UTC, lookup keys 16 bytes, texts and lists JSON."""

from __future__ import annotations

FIRST_LIGHT = """
CREATE TABLE settings (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    epoch TEXT NOT NULL,
    forgotten_through INTEGER NOT NULL DEFAULT 0,
    lookup TEXT NOT NULL,
    public_key TEXT NOT NULL,
    wanted_software_version TEXT
) STRICT;

-- Who and what the register knows.

CREATE TABLE areas (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    closed INTEGER NOT NULL CHECK (closed IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE venues (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    area_id TEXT NOT NULL REFERENCES areas (id),
    commitment_accepted INTEGER NOT NULL CHECK (commitment_accepted IN (0, 1)),
    policy TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cards (
    lookup_key BLOB NOT NULL PRIMARY KEY CHECK (length(lookup_key) = 16),
    sealed_number BLOB,
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'community')),
    status TEXT NOT NULL CHECK (status IN ('in-stock', 'active', 'blocked', 'expired')),
    status_since_ms INTEGER NOT NULL,
    area_id TEXT NOT NULL REFERENCES areas (id),
    first_valid_day TEXT,
    last_valid_day TEXT,
    children INTEGER NOT NULL CHECK (children >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    venue_id TEXT NOT NULL REFERENCES venues (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('entrance', 'course')),
    category TEXT NOT NULL,
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    places INTEGER,
    sold_out INTEGER NOT NULL CHECK (sold_out IN (0, 1)),
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX events_of_venue ON events (venue_id, ends_at_ms);

-- Kiosks, and what lets them in; only digests of keys and tokens.

CREATE TABLE kiosks (
    id TEXT NOT NULL PRIMARY KEY,
    venue_id TEXT NOT NULL REFERENCES venues (id),
    name TEXT NOT NULL,
    software_version TEXT NOT NULL,
    hardware TEXT NOT NULL,
    enrolled_at_ms INTEGER NOT NULL,
    revoked_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    kiosk_id TEXT NOT NULL REFERENCES kiosks (id),
    made_at_ms INTEGER NOT NULL,
    first_used_at_ms INTEGER,
    ended_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_of_kiosk ON keys (kiosk_id);

CREATE TABLE tokens (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    venue_id TEXT NOT NULL REFERENCES venues (id),
    kiosk_name TEXT,
    expires_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE heartbeats (
    kiosk_id TEXT NOT NULL PRIMARY KEY REFERENCES kiosks (id),
    received_at_ms INTEGER NOT NULL,
    told TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened: never changed, never deleted.

CREATE TABLE uses (
    id TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL CHECK (length(content) = 32),
    kiosk_id TEXT NOT NULL REFERENCES kiosks (id),
    venue_id TEXT NOT NULL REFERENCES venues (id),
    lookup_key BLOB CHECK (length(lookup_key) = 16),
    sealed_number TEXT,
    event_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('entrance', 'course')),
    own_ticket INTEGER NOT NULL,
    children INTEGER NOT NULL,
    assistants INTEGER NOT NULL,
    clients INTEGER NOT NULL,
    decided_at_ms INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    boot_id TEXT NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    offline INTEGER NOT NULL CHECK (offline IN (0, 1)),
    remarks TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    reasons TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX uses_of_event ON uses (venue_id, event_id, lookup_key, decided_at_ms);
CREATE INDEX uses_of_card ON uses (lookup_key, kind, decided_at_ms);

CREATE TABLE annulments (
    id TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL CHECK (length(content) = 32),
    kiosk_id TEXT NOT NULL REFERENCES kiosks (id),
    use_id TEXT NOT NULL,
    annulled_at_ms INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    boot_id TEXT NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX annulments_of_use ON annulments (use_id);

CREATE TABLE refusals (
    id TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL CHECK (length(content) = 32),
    kiosk_id TEXT NOT NULL REFERENCES kiosks (id),
    venue_id TEXT NOT NULL REFERENCES venues (id),
    reason TEXT NOT NULL,
    event_id TEXT,
    hour_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE later_reasons (
    use_id TEXT NOT NULL REFERENCES uses (id),
    reason TEXT NOT NULL,
    because_of TEXT NOT NULL REFERENCES uses (id),
    found_at_ms INTEGER NOT NULL,
    PRIMARY KEY (use_id, reason)
) STRICT, WITHOUT ROWID;

-- An annulment counts only for a use of the same kiosk, also where it came first.
CREATE VIEW standing_uses AS
    SELECT * FROM uses WHERE NOT EXISTS (
        SELECT 1 FROM annulments WHERE annulments.use_id = uses.id AND annulments.kiosk_id = uses.kiosk_id
    );

CREATE TRIGGER uses_are_not_changed BEFORE UPDATE ON uses
    BEGIN SELECT RAISE(ABORT, 'a use is never changed'); END;
CREATE TRIGGER uses_are_not_deleted BEFORE DELETE ON uses
    BEGIN SELECT RAISE(ABORT, 'a use is never deleted'); END;
CREATE TRIGGER annulments_are_not_changed BEFORE UPDATE ON annulments
    BEGIN SELECT RAISE(ABORT, 'an annulment is never changed'); END;
CREATE TRIGGER annulments_are_not_deleted BEFORE DELETE ON annulments
    BEGIN SELECT RAISE(ABORT, 'an annulment is never deleted'); END;
CREATE TRIGGER refusals_are_not_changed BEFORE UPDATE ON refusals
    BEGIN SELECT RAISE(ABORT, 'a refusal is never changed'); END;
CREATE TRIGGER refusals_are_not_deleted BEFORE DELETE ON refusals
    BEGIN SELECT RAISE(ABORT, 'a refusal is never deleted'); END;

-- News for kiosks, in the order of the register's commits; without a venue it is for all of them.

CREATE TABLE feed (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at_ms INTEGER NOT NULL,
    venue_id TEXT,
    only_kiosk_id TEXT,
    except_kiosk_id TEXT,
    change TEXT
) STRICT;
CREATE INDEX feed_of_venue ON feed (venue_id, seq);
"""

UNCORRECTED = """
-- What a kiosk's clock said, where the time was put right before the record was sent.

ALTER TABLE uses ADD COLUMN uncorrected_at_ms INTEGER;
ALTER TABLE annulments ADD COLUMN uncorrected_at_ms INTEGER;
"""
