"""The tables of each version; times are milliseconds UTC, lookup keys 16 bytes, lists and texts JSON."""

from __future__ import annotations

FIRST_LIGHT = """
-- What happened: never changed, never deleted.

CREATE TABLE uses (
    id TEXT NOT NULL PRIMARY KEY,
    lookup_key BLOB NOT NULL CHECK (length(lookup_key) = 16),
    sealed_number TEXT,
    event_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('entrance', 'course')),
    own INTEGER NOT NULL CHECK (own >= 0),
    children INTEGER NOT NULL CHECK (children >= 0),
    assistants INTEGER NOT NULL CHECK (assistants >= 0),
    clients INTEGER NOT NULL CHECK (clients >= 0),
    quota_places INTEGER NOT NULL CHECK (quota_places >= 0),
    decided_at_ms INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    boot_id TEXT NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    offline INTEGER NOT NULL CHECK (offline IN (0, 1)),
    remarks TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX uses_by_event_and_card ON uses (event_id, lookup_key);
CREATE INDEX uses_by_time ON uses (decided_at_ms);

CREATE TABLE annulments (
    id TEXT NOT NULL PRIMARY KEY,
    use_id TEXT NOT NULL UNIQUE REFERENCES uses (id),
    annulled_at_ms INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    boot_id TEXT NOT NULL,
    monotonic_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
    id TEXT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL,
    event_id TEXT,
    refused_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

-- The last two characters of the day's numbers, for the staff's list.

CREATE TABLE use_tails (
    decided_at_ms INTEGER NOT NULL,
    use_id TEXT NOT NULL REFERENCES uses (id),
    tail TEXT NOT NULL CHECK (length(tail) <= 2),
    PRIMARY KEY (decided_at_ms, use_id)
) STRICT, WITHOUT ROWID;

-- What the register is to be told: each item once, and never forgotten.

CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY, -- grows, as nothing is ever deleted
    item_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('use', 'annulment', 'refusal')),
    decided_at_ms INTEGER NOT NULL,
    fate TEXT NOT NULL DEFAULT 'waiting' CHECK (fate IN ('waiting', 'delivered', 'flagged', 'parked')),
    next_try_at_ms INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    reasons TEXT NOT NULL DEFAULT '[]',
    message TEXT
) STRICT;
CREATE INDEX outbox_by_fate ON outbox (fate, next_try_at_ms);
CREATE TRIGGER outbox_items_are_not_deleted BEFORE DELETE ON outbox
    BEGIN SELECT RAISE(ABORT, 'an item of the queue is never deleted'); END;
CREATE TRIGGER outbox_items_stay_what_they_are
    BEFORE UPDATE OF sequence, item_id, kind, decided_at_ms ON outbox
    BEGIN SELECT RAISE(ABORT, 'an item of the queue stays what it is'); END;

-- What the register told: facts for the next decision.

CREATE TABLE card_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'current', 'old')),
    cursor TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_list_of_a_kind ON card_lists (state) WHERE state IN ('draft', 'current');

CREATE TABLE cards (
    list_id INTEGER NOT NULL REFERENCES card_lists (id),
    lookup_key BLOB NOT NULL CHECK (length(lookup_key) = 16),
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    area_id TEXT NOT NULL,
    first_valid_day TEXT,
    last_valid_day TEXT,
    children INTEGER NOT NULL,
    PRIMARY KEY (list_id, lookup_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    list_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    places INTEGER,
    sold_out INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_end ON events (ends_at_ms);

CREATE TABLE uses_elsewhere (
    use_id TEXT NOT NULL PRIMARY KEY,
    lookup_key BLOB NOT NULL CHECK (length(lookup_key) = 16),
    event_id TEXT,
    door TEXT NOT NULL,
    decided_at_ms INTEGER NOT NULL,
    own INTEGER NOT NULL,
    children INTEGER NOT NULL,
    assistants INTEGER NOT NULL,
    clients INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX uses_elsewhere_by_event_and_card ON uses_elsewhere (event_id, lookup_key);

CREATE TABLE annulments_elsewhere (
    use_id TEXT NOT NULL PRIMARY KEY,
    annulled_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE profile (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    told TEXT NOT NULL
) STRICT;

CREATE TABLE feed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    cursor TEXT,
    list_synced_at_ms INTEGER,
    newest_register_time_ms INTEGER
) STRICT;
INSERT INTO feed (only) VALUES (1);

CREATE TABLE probe (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    writes INTEGER NOT NULL
) STRICT;
INSERT INTO probe VALUES (1, 0);
"""
