"""What the chains tell: a gap is no fault while it may still be filled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from contract.chain import FIRST
from register.rules.chains import ChainFinding, HeadTold, Linked, What, findings_of

NOON = dt.datetime(2026, 3, 14, 10, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def digest(position: int) -> str:
    return FIRST if position == 0 else f"{position:064x}"


def link(position: int, received_at: dt.datetime = NOON, chain: str = "chain") -> Linked:
    """A link that is as it should be; every use has an annulment behind it in the queue."""
    return Linked(
        chain=chain,
        position=position,
        use_id=f"use-{position}",
        sequence=2 * position,
        door="Main door",
        previous=digest(position - 1),
        hash=digest(position),
        computed=digest(position),
        received_at=received_at,
    )


def found(*links: Linked, heads: Sequence[HeadTold] = (), now: dt.datetime = NOON) -> list[ChainFinding]:
    return list(findings_of(links, heads, now, DAY))


def test_a_whole_chain_tells_nothing_in_whatever_order_it_came() -> None:
    assert found() == []
    assert found(link(3), link(1), link(2)) == []
    assert found(link(2), link(1), link(1, chain="another")) == []


def test_a_gap_is_awaited_for_a_day_and_then_missing() -> None:
    links = link(1), link(2), link(6), link(7, NOON + HOUR)
    gap = ChainFinding(What.AWAITED, "chain", "Main door", 3, 5, (4, 12), (), NOON)
    assert found(*links, now=NOON + DAY - HOUR) == [gap]
    assert found(*links, now=NOON + DAY) == [replace(gap, what=What.MISSING)]


def test_a_gap_is_known_since_the_first_later_use_came_whichever_it_was() -> None:
    (gap,) = found(link(1), link(3, NOON + 2 * HOUR), link(4, NOON + HOUR), now=NOON + 2 * HOUR)
    assert (gap.first, gap.last, gap.since) == (2, 2, NOON + HOUR)


def test_the_first_uses_can_be_missing_too() -> None:
    (gap,) = found(link(3), now=NOON + DAY)
    assert (gap.what, gap.first, gap.last, gap.between) == (What.MISSING, 1, 2, (0, 6))


def test_what_comes_late_fills_its_gap() -> None:
    assert found(link(1), link(3), link(2, NOON + 3 * DAY), now=NOON + 4 * DAY) == []


def test_a_use_that_is_not_what_was_hashed_is_changed_and_spoils_no_other() -> None:
    findings = found(link(1), replace(link(2), computed="f" * 64), link(3))
    assert findings == [ChainFinding(What.CHANGED, "chain", "Main door", 2, 2, (2, 4), ("use-2",), NOON)]


@pytest.mark.parametrize("position", [1, 2])
def test_a_use_that_names_another_before_it_breaks_the_chain(position: int) -> None:
    links = [link(1), link(2), link(3)]
    links[position - 1] = replace(links[position - 1], previous="e" * 64)
    (finding,) = found(*links)
    assert (finding.what, finding.use_ids) == (What.BROKEN, (f"use-{position}",))


def test_behind_a_gap_nobody_knows_what_was_before() -> None:
    assert [finding.what for finding in found(link(1), replace(link(3), previous="e" * 64))] == [What.AWAITED]


def test_two_uses_at_one_place_are_a_fork_and_both_ways_on_are_followed() -> None:
    other = replace(link(2, NOON + HOUR), use_id="use-b", hash="b" * 64, computed="b" * 64)
    after_other = replace(link(3), previous="b" * 64)
    assert found(link(1), link(2), other, after_other) == [
        ChainFinding(What.FORKED, "chain", "Main door", 2, 2, (2, 4), ("use-2", "use-b"), NOON + HOUR)
    ]


def test_the_last_uses_are_missed_by_their_kiosk_s_word_alone() -> None:
    head = HeadTold("chain", 4, "Main door", NOON + HOUR)
    assert found(link(1), link(2), heads=[replace(head, position=2)]) == []
    end = ChainFinding(What.AWAITED, "chain", "Main door", 3, 4, (4, 0), (), NOON + HOUR)
    assert found(link(1), link(2), heads=[head], now=NOON + DAY) == [end]
    assert found(link(1), link(2), heads=[head], now=NOON + DAY + HOUR) == [replace(end, what=What.MISSING)]
    assert found(heads=[head]) == [replace(end, first=1, between=(0, 0))]
