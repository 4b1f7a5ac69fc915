"""Reading what a register of another version may say."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import messages as m
from kiosk.cards.model import Answer, Card, CardKind, CardStatus, Facts, Policy, Reason, Texts, Venue
from kiosk.cards.news import ListedCard, RemovedCard
from kiosk.cards.rules import decide
from kiosk.errors import Unreachable
from kiosk.sync.pages import (
    End,
    Head,
    Page,
    ProfileTold,
    Unread,
    item_answers,
    message,
    page,
    problem,
    profile_told,
    snapshot_line,
)
from kiosk.sync.replies import ItemAnswer
from kiosk.sync.wire import unverifiable
from tests.unit.sync.test_wire import PROFILE, SAME_PROFILE

NOON = dt.datetime(2026, 3, 14, 10, 0, tzinfo=dt.UTC)
KEY = "0" * 31 + "7"
CARD = {
    "type": "card",
    "lookup_key": KEY,
    "kind": "personal",
    "status": "active",
    "area_id": "kainuu",
    "first_valid_day": None,
    "last_valid_day": "2026-12-31",
    "children": 2,
}
LISTED = ListedCard(KEY, Card(CardKind.PERSONAL, CardStatus.ACTIVE, "kainuu", None, dt.date(2026, 12, 31), 2))
UNVERIFIABLE = Unread("card", stand_in=unverifiable(KEY, "kainuu"))


def page_of(*changes: object) -> bytes:
    told = {"cursor": "e1.5", "changes": changes, "more": False, "server_time": "2026-03-14T10:00:00.000Z"}
    return json.dumps({**told, "something_new": 1}).encode()


def test_a_page_is_read_with_fields_ignored_that_are_new() -> None:
    assert page(page_of({**CARD, "colour": "blue"})) == Page((LISTED,), (), "e1.5", more=False, server_time=NOON)


@pytest.mark.parametrize(
    ("odd", "unread"),
    [
        ({"type": "weather", "temperature": -20}, Unread("another kind of news")),
        ({"no": "type"}, Unread("something without a type")),
        ({"type": 5}, Unread("something without a type")),
        (17, Unread("something without a type")),
        (None, Unread("something without a type")),
        ({**CARD, "status": "suspended"}, UNVERIFIABLE),
        ({**CARD, "kind": "family"}, UNVERIFIABLE),
        ({**CARD, "last_valid_day": "soon"}, UNVERIFIABLE),
        ({**CARD, "children": 100_000}, UNVERIFIABLE),
        ({**CARD, "lookup_key": "short"}, Unread("card")),
        ({"type": "event", "id": "x"}, Unread("event")),
        ({"type": "annulment", "use_id": "x", "annulled_at": "2026-03-14"}, Unread("annulment")),
        (
            {
                "type": "annulment",
                "use_id": "01900000-0000-7000-8000-000000000001",
                "annulled_at": "0001-01-01T00:00:00+14:00",
            },
            Unread("annulment"),
        ),
        (
            {
                "type": "profile",
                "profile": {
                    **json.loads(msgspec.json.encode(PROFILE)),
                    "lookup": {"salt": "0" * 33, "n": 4096, "r": 8, "p": 1},
                },
            },
            Unread("profile"),
        ),
    ],
)
def test_one_odd_piece_is_left_out_and_the_rest_is_read(odd: object, unread: Unread) -> None:
    stand_in = () if unread.stand_in is None else (unread.stand_in,)
    removed = {"type": "card-removed", "lookup_key": "f" * 32}
    told = page(page_of(CARD, odd, removed))
    assert (told.news, told.unread) == ((LISTED, *stand_in, RemovedCard("f" * 32)), (unread,))


@pytest.mark.parametrize("online", [True, False])
def test_about_a_card_in_a_state_that_this_version_does_not_know_the_rules_ask_staff(online: bool) -> None:
    card = unverifiable(KEY, "kainuu").card
    facts = Facts(
        card=card,
        event=None,
        venue=Venue("v", Texts("V", "V", "V"), "kainuu", area_closed=True, commitment_accepted=True),
        closed_areas=frozenset(),
        policy=Policy(),
        earlier_uses=(),
        quota_used=0,
        list_synced_at=NOON,
        unsent=0,
        oldest_unsent_at=None,
        online=online,
        course_uses=None,
        clock_trusted=True,
        newest_register_time=NOON,
    )
    decision = decide(facts, NOON, ZoneInfo("Europe/Helsinki"))
    assert (decision.answer, [finding.reason for finding in decision.findings]) == (
        Answer.ASK,
        [Reason.CARD_NOT_VERIFIED],
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"<html>Log in</html>",
        page_of(CARD)[:-40],
        page_of().replace(b"e1.5", b"no cursor at all"),
        page_of().replace(b"2026-03-14T10:00:00.000Z", b"noon"),
        page_of().replace(b"2026-03-14T10:00:00.000Z", b"2026-03-14T10:00:00"),
        page_of().replace(b"2026-03-14T10:00:00.000Z", b"0001-01-01T00:00:00+14:00"),
        page_of().replace(b"e1.5", b"\xff\xfe"),
    ],
)
def test_a_page_without_its_frame_is_no_answer(body: bytes) -> None:
    with pytest.raises(Unreachable):
        page(body)


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_bytes_do_more_harm_than_no_answer(body: bytes) -> None:
    for read in (page, snapshot_line, profile_told, item_answers, problem):
        try:
            read(body)
        except Unreachable:
            continue


def test_a_snapshot_s_lines_are_read() -> None:
    head = m.SnapshotHead(cursor="e1.5", lines=2, server_time=NOON)
    assert snapshot_line(msgspec.json.encode(head)) == Head("e1.5", NOON)
    assert snapshot_line(json.dumps(CARD).encode()) == LISTED
    assert snapshot_line(msgspec.json.encode(m.SnapshotEnd(cursor="e1.5"))) == End()
    assert snapshot_line(json.dumps({**CARD, "status": "suspended"}).encode()) == UNVERIFIABLE


@pytest.mark.parametrize("line", [b'{"type":"card","looku', b'{"type":"head"}', b'{"type":"end","cursor":"?"}'])
def test_a_damaged_line_head_or_end_spoils_a_snapshot(line: bytes) -> None:
    with pytest.raises(Unreachable):
        snapshot_line(line)


def test_a_profile_is_told_with_the_time() -> None:
    body = msgspec.json.encode(PROFILE)
    assert profile_told(body) == ProfileTold(SAME_PROFILE, PROFILE.server_time)


def test_a_profile_with_an_unknown_rule_still_tells_the_time() -> None:
    body = msgspec.json.encode(PROFILE).replace(b'"nearest"', b'"to-the-dozen"')
    assert profile_told(body) == ProfileTold(None, PROFILE.server_time)


def test_answers_are_read_one_by_one() -> None:
    words = {"fi": "Ä", "sv": "Å", "en": "O"}
    results = [
        {"id": "a", "outcome": "stored"},
        {"id": "b", "outcome": "postponed-by-committee", "reasons": ["x"], "message": words, "detail": "d"},
        {"outcome": "stored"},
        {"id": "c", "outcome": 5},
        "nonsense",
    ]
    assert item_answers(json.dumps({"results": results}).encode()) == (
        ItemAnswer("a", "stored"),
        ItemAnswer("b", "postponed-by-committee", ("x",), Texts("Ä", "Å", "O"), "d"),
    )


@pytest.mark.parametrize("body", [b"{}", b'{"results":{}}', b'{"results":[', b"[]", b"<html>"])
def test_without_a_list_of_answers_there_is_no_answer(body: bytes) -> None:
    with pytest.raises(Unreachable):
        item_answers(body)


def test_an_error_of_reading_quotes_nothing_of_what_was_read() -> None:
    with pytest.raises(Unreachable) as raised:
        message(b'{"key": "an invented secret", "kiosk_id": 5}', m.Enrolment)
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_only_the_contract_s_problems_are_problems() -> None:
    told = m.Problem(type="too-large", title="T", status=413, message=m.Texts(fi="Ä", sv="Å", en="O"), detail="d")
    assert problem(msgspec.json.encode(told)) == told
    assert problem(b'{"type": "about:blank", "title": "Not Found", "status": 404}') is None
