"""What later versions added to the tables of the first; each statement is one migration's, and never changed."""

from __future__ import annotations

EXPORTS = """
-- When an item was last put into a file for the register (`kiosk queue export`); it stays in the queue all the same.
ALTER TABLE outbox ADD COLUMN exported_at_ms INTEGER;
"""
