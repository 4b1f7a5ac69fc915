"""Write docs/rules.md from the table of rules: `python docs/make_rules_page.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kiosk.cards.rule import Offline, Rule
from kiosk.cards.rules import ALL_RULES, RULES, TICKET_RULES

PAGE = Path(__file__).with_name("rules.md")

HEAD = """\
# The rules of the card

This page is written from the table in `kiosk/cards/rules.py` by `python docs/make_rules_page.py`; a test
fails when the two differ. The answer to a card is that of the worst rule that speaks: refuse before ask
before accept. A rule that the venue's policy answers with *accept* is still kept with the use, as a remark.
"""


def rules_as_markdown() -> str:
    """The whole page."""
    return "\n".join(
        (
            HEAD,
            "## The card\n",
            *_table(RULES),
            "\n## The tickets chosen on it\n",
            *_table(TICKET_RULES),
            "\n## What is not enforced while the register cannot be reached\n",
            "These rules need what only the register knows. Uses are recorded all the same, and the register",
            "flags those that it would have refused.\n",
            *_offline(Offline.NOT_ENFORCED),
            "\n## What is enforced only as far as this kiosk knows\n",
            *_offline(Offline.PARTLY),
            "\n## What is enforced as of the last card list\n",
            "The list may only grow so old (policy `list_age_limit_h`); then `register-needed` asks staff.\n",
            *_offline(Offline.BY_LIST),
            "",
        )
    )


def _table(rules: Sequence[Rule[Any]]) -> Iterator[str]:
    yield "| reason | answer | while offline | from |"
    yield "| --- | --- | --- | --- |"
    for rule in rules:
        yield f"| `{rule.reason}` | {_answer(rule)} | {rule.offline} | {rule.source} |"


def _answer(rule: Rule[Any]) -> str:
    answers = " or ".join(rule.answers)
    return f"{answers}: {rule.by}" if rule.by else answers


def _offline(offline: Offline) -> Iterator[str]:
    notes = {rule.reason: rule.offline_note for rule in ALL_RULES if rule.offline is offline}
    for reason, note in notes.items():
        yield f"- `{reason}`: {note}." if note else f"- `{reason}`"


if __name__ == "__main__":
    PAGE.write_text(rules_as_markdown(), encoding="utf-8")
