"""The page about the rules says what the table says."""

from __future__ import annotations

import runpy
from pathlib import Path

from kiosk.cards.rule import Offline
from kiosk.cards.rules import ALL_RULES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "rules.md").read_text(encoding="utf-8")


def test_the_page_is_the_one_that_the_table_makes() -> None:
    made = runpy.run_path(str(DOCS / "make_rules_page.py"))["rules_as_markdown"]()
    assert made == PAGE, "run: python docs/make_rules_page.py"


def test_every_rule_that_is_not_enforced_offline_is_named_with_its_reason_why() -> None:
    _, _, section = PAGE.partition("## What is not enforced while the register cannot be reached")
    section, _, _ = section.partition("## ")
    not_enforced = [rule for rule in ALL_RULES if rule.offline is Offline.NOT_ENFORCED]
    named = [line for line in section.splitlines() if line.startswith("- ")]
    assert named == [f"- `{rule.reason}`: {rule.offline_note}." for rule in not_enforced]
    assert all(rule.offline_note for rule in not_enforced)
