"""Rows hold everything of a record but the tail, exact to the millisecond."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.cards.model import (
    Annulment,
    Card,
    CardIdentity,
    CardKind,
    CardStatus,
    Category,
    Event,
    Reason,
    Refusal,
    Stamp,
    Texts,
    Tickets,
    Use,
    UseKind,
)
from kiosk.store.rows import (
    ANNULMENT_COLUMNS,
    CARD_COLUMNS,
    EVENT_COLUMNS,
    REFUSAL_COLUMNS,
    USE_COLUMNS,
    annulment_of,
    annulment_row,
    card_of,
    card_row,
    event_of,
    event_row,
    from_ms,
    optional_from_ms,
    refusal_of,
    refusal_row,
    to_ms,
    use_of,
    use_row,
)

INSTANTS = st.integers(0, to_ms(dt.datetime(2200, 1, 1, tzinfo=dt.UTC))).map(from_ms)
COUNTS = st.integers(0, 1000)
IDS = st.uuids().map(str)
TEXTS = st.builds(Texts, fi=st.text(), sv=st.text(), en=st.text())
STAMPS = st.builds(
    Stamp, at=INSTANTS, clock_trusted=st.booleans(), boot_id=st.text(), monotonic_ms=st.integers(0, 2**53 - 1)
)
IDENTITIES = st.builds(
    CardIdentity,
    lookup_key=st.binary(min_size=16, max_size=16).map(bytes.hex),
    sealed_number=st.none() | st.text(),
    tail=st.text(max_size=2),
)
USES = st.builds(
    Use,
    id=IDS,
    card=IDENTITIES,
    event_id=st.none() | IDS,
    kind=st.sampled_from(UseKind),
    tickets=st.builds(Tickets, own=COUNTS, children=COUNTS, assistants=COUNTS, clients=COUNTS),
    quota_places=COUNTS,
    decided=STAMPS,
    offline=st.booleans(),
    remarks=st.lists(st.sampled_from(Reason)).map(tuple),
)
CARDS = st.builds(
    Card,
    kind=st.sampled_from(CardKind),
    status=st.sampled_from(CardStatus),
    area_id=st.text(),
    first_valid_day=st.none() | st.dates(),
    last_valid_day=st.none() | st.dates(),
    children=COUNTS,
)
EVENTS = st.builds(
    Event,
    id=IDS,
    name=TEXTS,
    kind=st.sampled_from(UseKind),
    category=st.sampled_from(Category),
    starts_at=INSTANTS,
    ends_at=INSTANTS,
    places=st.none() | COUNTS,
    sold_out=st.booleans(),
)


@given(USES)
def test_a_use_comes_back_from_its_row_and_its_tail(use: Use) -> None:
    row = use_row(use)
    assert (use_of(row, use.card.tail), len(row)) == (use, len(USE_COLUMNS))


@given(st.builds(Annulment, id=IDS, use_id=IDS, annulled=STAMPS))
def test_an_annulment_comes_back_from_its_row(annulment: Annulment) -> None:
    row = annulment_row(annulment)
    assert (annulment_of(row), len(row)) == (annulment, len(ANNULMENT_COLUMNS))


@given(st.builds(Refusal, id=IDS, reason=st.sampled_from(Reason), event_id=st.none() | IDS, refused=STAMPS))
def test_a_refusal_comes_back_from_its_row(refusal: Refusal) -> None:
    row = refusal_row(refusal)
    assert (refusal_of(row), len(row)) == (refusal, len(REFUSAL_COLUMNS))


@given(CARDS)
def test_a_card_comes_back_from_its_row(card: Card) -> None:
    row = card_row(card)
    assert (card_of(row), len(row)) == (card, len(CARD_COLUMNS))


@given(EVENTS)
def test_an_event_comes_back_from_its_row(event: Event) -> None:
    row = event_row(event)
    assert (event_of(row), len(row)) == (event, len(EVENT_COLUMNS))


def test_a_time_is_cut_to_the_millisecond_it_is_in() -> None:
    instant = dt.datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=dt.UTC)
    assert from_ms(to_ms(instant)) == dt.datetime(2026, 3, 29, 0, 59, 59, 999_000, tzinfo=dt.UTC)


def test_a_time_in_any_zone_is_the_same_instant() -> None:
    helsinki = dt.timezone(dt.timedelta(hours=3))
    assert to_ms(dt.datetime(1970, 1, 1, 3, 0, 1, tzinfo=helsinki)) == 1000


def test_a_time_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        to_ms(dt.datetime(2026, 3, 29))


def test_no_time_stays_no_time() -> None:
    assert optional_from_ms(None) is None
