"""The account at the end of the evening: what the desk announced against what the register holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.demo.desk import Heard
from kiosk.demo.evening import Happened

Account = dict[str, int]


def account(rows: Sequence[Happened], heard: Heard, register: Mapping[str, Any], *, pending: int) -> Account:
    """The counts of the last line.

    `lost`: uses announced as recorded, and undos announced, that the register does not hold. `doubled`: rows of the
    register beyond one for each announced use, and so also rows that nobody announced.
    """
    held = Counter(use["id"] for use in register["uses"])
    annulled_there = {use["id"] for use in register["uses"] if use["annulled"]}
    answers = Counter(row.answer for row in rows if row.answer)
    return {
        "scans": sum(answers.values()),
        "accepted": answers["accept"],
        "asked": answers["ask"],
        "refused": answers["refuse"],
        "recorded": len(heard.recorded),
        "annulled": len(heard.annulled),
        "delivered": len(heard.recorded & held.keys()),
        "pending": pending,
        "lost": len(heard.recorded - held.keys()) + len(heard.annulled - annulled_there),
        "doubled": held.total() - len(heard.recorded & held.keys()),
    }
