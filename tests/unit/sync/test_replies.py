"""The reply table, row by row."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.problems import STATUS_OF
from kiosk.cards.exchange import Fate, Settlement
from kiosk.cards.model import Texts
from kiosk.sync.replies import Action, ItemAnswer, Judgement, action_for, judge, retry_after_s

WORDS = Texts("Vanhentunut.", "Har gått ut.", "Expired.")


@pytest.mark.parametrize(
    ("status", "problem_type", "action"),
    [
        (200, None, Action.TAKE),
        (201, None, Action.TAKE),
        (400, "malformed", Action.HALVE),
        (404, "not-found", Action.HALVE),
        (413, "too-large", Action.HALVE),
        (422, "malformed", Action.HALVE),
        (400, None, Action.KEEP),
        (404, None, Action.KEEP),
        (413, None, Action.KEEP),
        (422, None, Action.KEEP),
        (404, "unauthorised", Action.KEEP),
        (401, "key-revoked", Action.REVOKED),
        (401, "unauthorised", Action.LATER),
        (401, None, Action.LATER),
        (403, None, Action.LATER),
        (403, "key-revoked", Action.LATER),
        (408, None, Action.LATER),
        (429, "too-many-requests", Action.LATER),
        (429, None, Action.LATER),
        (500, "internal", Action.LATER),
        (502, None, Action.LATER),
        (503, "unavailable", Action.LATER),
        (511, None, Action.LATER),
        (410, "cursor-gone", Action.CURSOR_GONE),
        (410, None, Action.KEEP),
        (403, "token-used", Action.NO_TOKEN),
        (403, "token-unknown", Action.NO_TOKEN),
        (403, "token-expired", Action.NO_TOKEN),
        (302, None, Action.KEEP),
        (304, None, Action.KEEP),
        (405, "method-not-allowed", Action.KEEP),
        (407, None, Action.KEEP),
        (415, "unsupported-media-type", Action.KEEP),
        (418, None, Action.KEEP),
        (101, None, Action.KEEP),
        (999, "something-new", Action.KEEP),
    ],
)
def test_each_answer_to_a_whole_request_has_its_action(status: int, problem_type: str | None, action: Action) -> None:
    assert action_for(status, problem_type) is action


@given(status=st.integers(0, 999), problem_type=st.none() | st.sampled_from([*STATUS_OF, "something-new"]))
def test_nothing_but_the_contract_s_own_word_revokes_halves_or_starts_anew(
    status: int, problem_type: str | None
) -> None:
    action = action_for(status, problem_type)
    if problem_type is None:
        assert action in (Action.TAKE, Action.LATER, Action.KEEP)
    if action is Action.REVOKED:
        assert (status, problem_type) == (401, "key-revoked")


@pytest.mark.parametrize(
    ("answer", "settlement"),
    [
        (ItemAnswer("a", "stored"), Settlement("a", Fate.DELIVERED)),
        (ItemAnswer("a", "duplicate"), Settlement("a", Fate.DELIVERED)),
        (
            ItemAnswer("a", "duplicate", ("card-expired",), WORDS),
            Settlement("a", Fate.FLAGGED, ("card-expired",), WORDS),
        ),
        (
            ItemAnswer("a", "flagged", ("card-expired",), WORDS),
            Settlement("a", Fate.FLAGGED, ("card-expired",), WORDS),
        ),
        (
            ItemAnswer("a", "refused", ("id-reused",), WORDS),
            Settlement("a", Fate.PARKED, ("id-reused",), WORDS, "refused by the register: id-reused"),
        ),
        (
            ItemAnswer("a", "refused", ("malformed",), None, "Expected `int` - at `$.children`"),
            Settlement(
                "a",
                Fate.PARKED,
                ("malformed",),
                None,
                "refused by the register: malformed Expected `int` - at `$.children`",
            ),
        ),
        (
            ItemAnswer("a", "refused"),
            Settlement("a", Fate.PARKED, error="refused by the register: no reason given"),
        ),
    ],
)
def test_each_outcome_of_an_item_has_its_fate(answer: ItemAnswer, settlement: Settlement) -> None:
    assert judge(["a"], [answer]) == Judgement((settlement,), kept=())


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [ItemAnswer("b", "stored")],
        [ItemAnswer("", "refused")],
        [ItemAnswer("a", "accepted")],
        [ItemAnswer("a", "")],
        [ItemAnswer("a", "stored"), ItemAnswer("a", "refused")],
        [ItemAnswer("a", "stored"), ItemAnswer("a", "stored")],
    ],
    ids=["missing", "foreign", "nameless", "unknown outcome", "no outcome", "contradicted", "twice"],
)
def test_an_item_without_one_clear_answer_stays_in_the_queue(answers: list[ItemAnswer]) -> None:
    assert judge(["a"], answers) == Judgement((), kept=("a",))


def test_one_item_that_stays_does_not_hold_up_the_others() -> None:
    answers = [ItemAnswer("c", "stored"), ItemAnswer("x", "stored"), ItemAnswer("a", "flagged")]
    settled = (Settlement("a", Fate.FLAGGED), Settlement("c", Fate.DELIVERED))
    assert judge(["a", "b", "c"], answers) == Judgement(settled, kept=("b",))


@given(
    sent=st.lists(st.sampled_from("abcdef"), unique=True),
    answers=st.lists(st.builds(ItemAnswer, st.sampled_from("abcdefgh"), st.sampled_from(["stored", "refused", "new"]))),
)
def test_every_item_sent_is_either_settled_or_kept(sent: list[str], answers: list[ItemAnswer]) -> None:
    judgement = judge(sent, answers)
    assert sorted([*judgement.kept, *(each.item_id for each in judgement.settlements)]) == sorted(sent)


NOW = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        (None, None, None),
        ("", None, None),
        ("0", None, 0),
        ("120", None, 120),
        (" 120 ", None, 120),
        ("-5", None, None),
        ("1.5", None, None),
        ("soon", None, None),
        ("١٢", None, None),
        ("9" * 400, None, 999_999_999),
        ("Sat, 14 Mar 2026 12:02:00 GMT", None, 120),
        ("Sat, 14 Mar 2026 11:00:00 GMT", None, 0),
        ("Sat, 14 Mar 2026 12:02:00 GMT", "Sat, 14 Mar 2026 12:01:30 GMT", 30),
        ("Sat, 14 Mar 2026 12:02:00 GMT", "whenever", 120),
        ("Sat, 99 Mar 2026 12:02:00 GMT", None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_register_s_own_clock(
    header: str | None, date: str | None, seconds: float | None
) -> None:
    assert retry_after_s(header, date, NOW) == seconds


@given(st.text(max_size=60))
def test_no_header_is_too_odd_to_be_read(header: str) -> None:
    assert (retry_after_s(header, header, NOW) or 0) >= 0
