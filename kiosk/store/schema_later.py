"""What later versions added to the tables of the first; each statement is one migration's, and never changed."""

from __future__ import annotations

EXPORTS = """
-- When an item was last put into a file for the register (`kiosk queue export`); it stays in the queue all the same.
ALTER TABLE outbox ADD COLUMN exported_at_ms INTEGER;
"""

CHAIN = """
-- Each use with the hash of the one before, in the order of the queue; uses of before this version have none.
CREATE TABLE chains (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    after_sequence INTEGER NOT NULL
) STRICT;
CREATE TABLE links (
    sequence INTEGER PRIMARY KEY REFERENCES outbox (sequence),
    chain INTEGER NOT NULL REFERENCES chains (number),
    position INTEGER NOT NULL CHECK (position >= 1),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER chains_are_not_changed BEFORE UPDATE ON chains
    BEGIN SELECT RAISE(ABORT, 'a chain is never changed'); END;
CREATE TRIGGER chains_are_not_deleted BEFORE DELETE ON chains
    BEGIN SELECT RAISE(ABORT, 'a chain is never deleted'); END;
CREATE TRIGGER links_are_not_changed BEFORE UPDATE ON links
    BEGIN SELECT RAISE(ABORT, 'a link is never changed'); END;
CREATE TRIGGER links_are_not_deleted BEFORE DELETE ON links
    BEGIN SELECT RAISE(ABORT, 'a link is never deleted'); END;
"""

CORRECTIONS = """
-- Times that an untrusted clock gave, put right once; the records themselves never change.

CREATE TABLE corrections (
    item_id TEXT NOT NULL PRIMARY KEY,
    corrected_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER corrections_are_not_changed BEFORE UPDATE ON corrections
    BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END;
CREATE TRIGGER corrections_are_not_deleted BEFORE DELETE ON corrections
    BEGIN SELECT RAISE(ABORT, 'a correction is never deleted'); END;
"""

CULPRITS = """
-- Records that fail alone while others get through: since when, and how often that was seen.
ALTER TABLE outbox ADD COLUMN blamed_since_ms INTEGER;
ALTER TABLE outbox ADD COLUMN times_blamed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_blamed ON outbox (kind) WHERE fate = 'waiting' AND blamed_since_ms IS NOT NULL;
"""

BACKLOG = """
-- How many items of each kind have which fate, and the oldest that wait, without a look at all of them: each card
-- that is looked up asks, and a backlog may be a hundred thousand long.
CREATE TABLE outbox_counts (
    kind TEXT NOT NULL,
    fate TEXT NOT NULL,
    items INTEGER NOT NULL,
    PRIMARY KEY (kind, fate)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_counts SELECT kind, fate, count(*) FROM outbox GROUP BY kind, fate;
CREATE TRIGGER outbox_items_are_counted AFTER INSERT ON outbox BEGIN
    INSERT INTO outbox_counts VALUES (NEW.kind, NEW.fate, 1) ON CONFLICT (kind, fate) DO UPDATE SET items = items + 1;
END;
CREATE TRIGGER outbox_fates_are_counted AFTER UPDATE OF fate ON outbox WHEN OLD.fate != NEW.fate BEGIN
    UPDATE outbox_counts SET items = items - 1 WHERE kind = OLD.kind AND fate = OLD.fate;
    INSERT INTO outbox_counts VALUES (NEW.kind, NEW.fate, 1) ON CONFLICT (kind, fate) DO UPDATE SET items = items + 1;
END;
CREATE INDEX outbox_waiting_since ON outbox (kind, decided_at_ms) WHERE fate = 'waiting';
"""

REFUSAL_STAMPS = """
-- By both clocks, so that a refusal's time can be put right as well; of older ones it is not known, and they stay.
ALTER TABLE refusals ADD COLUMN clock_trusted INTEGER NOT NULL DEFAULT 1;
ALTER TABLE refusals ADD COLUMN boot_id TEXT NOT NULL DEFAULT '';
ALTER TABLE refusals ADD COLUMN monotonic_ms INTEGER NOT NULL DEFAULT 0;
"""

DESK = """
-- How staff have set the desk; the register knows nothing of it.

CREATE TABLE desk_mode (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
    locked INTEGER NOT NULL CHECK (locked IN (0, 1)),
    self_service INTEGER NOT NULL CHECK (self_service IN (0, 1))
) STRICT;
"""

BY_HAND = """
-- Events that staff added because the register does not know them. A use at one is general admission and carries the
-- name itself, so that an event taken away again changes no record.

ALTER TABLE uses ADD COLUMN event_label TEXT;

CREATE TABLE events_by_hand (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL CHECK (length(name) > 0),
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    whole_day INTEGER NOT NULL CHECK (whole_day IN (0, 1))
) STRICT, WITHOUT ROWID;
"""

IDENTITIES = """
-- Who this database was to the register, by the digests of keys: all that proves it at a further enrolment.

CREATE TABLE identities (
    number INTEGER PRIMARY KEY,
    kiosk_id TEXT NOT NULL UNIQUE,
    key_digest BLOB NOT NULL CHECK (length(key_digest) = 32)
) STRICT;
"""

ELSEWHERE_BY_TIME = """
-- Other doors' visitors are forgotten by the time of their use.
CREATE INDEX uses_elsewhere_by_time ON uses_elsewhere (decided_at_ms);
"""

LOOKS = """
-- What staff have seen of an item: its fate, reasons and tries as they were. What has changed since was not seen.

CREATE TABLE looks (
    item_id TEXT NOT NULL REFERENCES outbox (item_id),
    fate TEXT NOT NULL,
    reasons TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    ends INTEGER NOT NULL, -- how many of its flags had ended by then
    seen_at_ms INTEGER NOT NULL,
    PRIMARY KEY (item_id, fate, reasons, attempts, ends)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER looks_are_not_changed BEFORE UPDATE ON looks
    BEGIN SELECT RAISE(ABORT, 'what was seen is never changed'); END;
CREATE TRIGGER looks_are_not_deleted BEFORE DELETE ON looks
    BEGIN SELECT RAISE(ABORT, 'what was seen is never forgotten'); END;

-- What stood against an item until the register took it back; by the register's clock.

CREATE TABLE ended_flags (
    number INTEGER PRIMARY KEY,
    item_id TEXT NOT NULL REFERENCES outbox (item_id),
    reasons TEXT NOT NULL,
    message TEXT,
    ended_at_ms INTEGER
) STRICT;
CREATE INDEX ended_flags_of_item ON ended_flags (item_id);
CREATE TRIGGER ended_flags_are_not_changed BEFORE UPDATE ON ended_flags
    BEGIN SELECT RAISE(ABORT, 'what had stood is never changed'); END;
CREATE TRIGGER ended_flags_are_not_deleted BEFORE DELETE ON ended_flags
    BEGIN SELECT RAISE(ABORT, 'what had stood is never forgotten'); END;
"""
