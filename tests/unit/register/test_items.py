"""Reading the items of a batch: any bytes give an item or an answer, never an error."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.messages import AnnulmentSent, ChainLink, ItemResult, UseSent
from register.intake.items import answer_again, content_of, in_utc, read_items
from register.model import Kiosk

ID = "0190b0c4-7f4e-7c3a-9b1e-2f6d8a4c5e10"
STAMP = {"at": "2026-03-10T12:00:00Z", "clock_trusted": True, "boot_id": "b", "monotonic_ms": 1, "sequence": 1}
ANNULMENT = {"id": ID, "use_id": ID, "annulled": STAMP}
HERE, BESIDE, ELSEWHERE = Kiosk("a", "hall", "A"), Kiosk("b", "hall", "B"), Kiosk("c", "pool", "C")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*ANNULMENT, "x"]), inner, max_size=4),
    max_leaves=12,
)


def read(value: Any) -> AnnulmentSent | ItemResult:
    (item,) = read_items([msgspec.Raw(msgspec.json.encode(value))], AnnulmentSent)
    return item


def annulment(**changes: Any) -> AnnulmentSent:
    item = read({**ANNULMENT, **changes})
    assert isinstance(item, AnnulmentSent)
    return item


@given(json_values)
def test_whatever_is_not_an_item_gets_an_answer(value: Any) -> None:
    item = read(value)
    assert isinstance(item, ItemResult)
    assert (item.outcome, item.reasons) == ("refused", ("malformed",))
    assert item.detail


@given(st.binary(max_size=60))
def test_bytes_that_are_no_json_get_an_answer(raw: bytes) -> None:
    (item,) = read_items([msgspec.Raw(raw)], AnnulmentSent)
    assert isinstance(item, ItemResult)
    assert len(item.id) <= 64


@given(st.datetimes(timezones=st.timezones() | st.just(dt.UTC)))
def test_every_time_of_any_zone_is_read_or_refused(at: dt.datetime) -> None:
    item = read({**ANNULMENT, "annulled": {**STAMP, "at": at.isoformat()}})
    if isinstance(item, AnnulmentSent):
        assert item.annulled.at.utcoffset() == dt.timedelta(0)
        assert item.annulled.at.microsecond % 1000 == 0
        assert dt.timedelta(0) <= at - item.annulled.at < dt.timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("given_id", "answered"), [(ID + "x", ID + "x"), ("x" * 64, "x" * 64), ("x" * 65, ""), (7, ""), (None, "")]
)
def test_the_answer_carries_the_id_as_far_as_it_can_be_read(given_id: Any, answered: str) -> None:
    item = read({**ANNULMENT, "id": given_id})
    assert isinstance(item, ItemResult)
    assert item.id == answered


def test_the_same_content_is_the_same_however_it_was_written() -> None:
    plain = content_of(annulment(), HERE)
    assert content_of(annulment(annulled={**STAMP, "at": "2026-03-10T14:00:00.000+02:00"}), HERE) == plain
    assert content_of(annulment(), BESIDE) == plain
    assert content_of(annulment(), ELSEWHERE) != plain
    assert content_of(annulment(annulled={**STAMP, "sequence": 2}), HERE) != plain


def test_an_id_seen_before_gets_the_first_answer_or_is_refused() -> None:
    again = answer_again(ID, b"same", b"same", ("sold-out",))
    assert (again.outcome, again.reasons) == ("duplicate", ("sold-out",))
    assert again.message is not None
    other = answer_again(ID, b"same", b"other", ("sold-out",))
    assert (other.outcome, other.reasons) == ("refused", ("id-reused",))


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_time_that_no_calendar_can_count_on_from_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="years 1970 and 9999"):
        in_utc(dt.datetime(year, 12, 31, 23, 59, tzinfo=dt.UTC))


USE_OF_THE_FIRST_VERSION = (
    b'{"id":"0190b0c4-7f4e-7c3a-9b1e-2f6d8a4c5e10","lookup_key":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f","sealed_number":null,'
    b'"event_id":null,"kind":"entrance","own_ticket":1,"children":0,"assistants":0,"clients":0,"decided":{"at":'
    b'"2026-03-10T12:00:00Z","clock_trusted":true,"boot_id":"b","monotonic_ms":1,"sequence":1},"offline":false,'
    b'"remarks":[]}'
)


def test_a_use_of_before_the_chain_is_still_the_same_content_and_one_with_a_link_is_another() -> None:
    (use,) = read_items([msgspec.Raw(USE_OF_THE_FIRST_VERSION)], UseSent)
    assert isinstance(use, UseSent)
    recorded_by_the_first_version = hashlib.sha256(b'["hall",' + USE_OF_THE_FIRST_VERSION + b"]").digest()
    assert content_of(use, HERE) == recorded_by_the_first_version
    linked = msgspec.structs.replace(use, link=ChainLink(chain=ID, position=1, previous="0" * 64, hash="1" * 64))
    assert content_of(linked, HERE) != content_of(use, HERE)
