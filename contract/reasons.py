"""Why the register flags or refuses an item: the closed list."""

from __future__ import annotations

REASONS_OF_ITEMS = (
    "malformed",
    "id-reused",
    "card-unknown",
    "card-expired",
    "card-not-yet-valid",
    "card-blocked",
    "card-in-stock",
    "wrong-area",
    "not-for-courses",
    "already-used",
    "quota-exceeded",
    "sold-out",
    "course-limit",
    "event-unknown",
    "time-in-future",
    "use-of-other-kiosk",
    "seal-unreadable",
    "card-ambiguous",
)
"""Reasons that the register gives for a flagged or refused item."""
