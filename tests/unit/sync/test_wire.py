"""The kiosk's words as the contract's, and back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum
from typing import get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from contract import messages as m
from contract.chain import hash_of
from contract.strict import decode_strictly
from kiosk.cards.chain import link_of
from kiosk.cards.model import (
    Annulment,
    Answer,
    Card,
    CardIdentity,
    CardKind,
    CardStatus,
    Category,
    CoursePolicy,
    Event,
    Policy,
    QuotaRounding,
    Reason,
    Refusal,
    Stamp,
    Texts,
    Tickets,
    Use,
    UseKind,
    Venue,
)
from kiosk.cards.news import (
    AnnulmentElsewhere,
    ListedCard,
    LookupParameters,
    News,
    Profile,
    RemovedCard,
    RemovedEvent,
    UseElsewhere,
    Verdict,
)
from kiosk.screen.office.event_forms import label_of
from kiosk.sync.wire import annulment_sent, news_of, refusal_sent, use_sent

HELSINKI_SUMMER = dt.timezone(dt.timedelta(hours=3))
AT = dt.datetime(2026, 7, 1, 20, 15, 30, 123_999, tzinfo=HELSINKI_SUMMER)
IN_UTC = dt.datetime(2026, 7, 1, 17, 15, 30, 123_000, tzinfo=dt.UTC)
KEY = "0" * 31 + "7"
SEALED = "A" * 64
ID_1, ID_2, ID_3 = (f"01900000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
TEXTS = m.Texts(fi="Ä", sv="Å", en="O")


def a_use(sealed_number: str | None = None) -> Use:
    return Use(
        id=ID_1,
        card=CardIdentity(KEY, sealed_number, "7X"),
        event_id=ID_2,
        kind=UseKind.COURSE,
        tickets=Tickets(own=1, children=2, assistants=3, clients=4),
        quota_places=3,
        decided=Stamp(AT, clock_trusted=False, boot_id="boot-1", monotonic_ms=42),
        offline=True,
        remarks=(Reason.ALREADY_USED, Reason.QUOTA_FULL),
    )


def test_a_use_is_told_whole_with_its_place_in_the_queue_and_its_time_in_utc() -> None:
    assert use_sent(a_use(), 99) == m.UseSent(
        id=ID_1,
        lookup_key=KEY,
        sealed_number=None,
        event_id=ID_2,
        kind="course",
        own_ticket=1,
        children=2,
        assistants=3,
        clients=4,
        decided=m.Stamp(at=IN_UTC, clock_trusted=False, boot_id="boot-1", monotonic_ms=42, sequence=99),
        offline=True,
        remarks=("already-used", "quota-full"),
    )


def test_the_name_of_an_event_added_by_hand_is_told_and_nothing_where_there_is_none() -> None:
    assert use_sent(a_use(), 1).event_label is UNSET
    assert (
        use_sent(dataclasses.replace(a_use(), event_id=None, event_label="Avoimet ovet"), 1).event_label
        == "Avoimet ovet"
    )


def test_of_key_and_sealed_number_exactly_one_is_told_and_the_sealed_one_wins() -> None:
    told = use_sent(a_use(SEALED), 1)
    assert (told.lookup_key, told.sealed_number) == (None, SEALED)


def test_an_annulment_is_told_with_the_use_it_annuls() -> None:
    annulment = Annulment(ID_3, ID_1, Stamp(AT, clock_trusted=True, boot_id="boot-1", monotonic_ms=43))
    stamp = m.Stamp(at=IN_UTC, clock_trusted=True, boot_id="boot-1", monotonic_ms=43, sequence=5)
    assert annulment_sent(annulment, 5) == m.AnnulmentSent(id=ID_3, use_id=ID_1, annulled=stamp)


def test_a_refusal_is_told_by_the_hour_and_not_by_the_minute() -> None:
    hour = dt.datetime(2026, 7, 1, 17, tzinfo=dt.UTC)
    assert refusal_sent(Refusal(ID_3, Reason.SOLD_OUT, ID_2, Stamp(AT, True, "boot-1", 43))) == m.RefusalSent(
        id=ID_3, reason="sold-out", event_id=ID_2, hour=hour
    )


def test_a_refusal_whose_hour_was_put_right_is_told_with_the_first_one_where_it_is_another() -> None:
    hour, dark = dt.datetime(2026, 7, 1, 17, tzinfo=dt.UTC), dt.datetime(1970, 1, 1, 0, 3, tzinfo=dt.UTC)
    stamp = Stamp(AT, clock_trusted=False, boot_id="boot-1", monotonic_ms=43, uncorrected_at=dark)
    told = m.RefusalSent(id=ID_3, reason="sold-out", event_id=ID_2, hour=hour, uncorrected_hour=dark.replace(minute=0))
    assert refusal_sent(Refusal(ID_3, Reason.SOLD_OUT, ID_2, stamp)) == told
    nearly = dataclasses.replace(stamp, uncorrected_at=hour)
    assert refusal_sent(Refusal(ID_3, Reason.SOLD_OUT, ID_2, nearly)).uncorrected_hour is None


uses = st.builds(
    Use,
    id=st.uuids().map(str),
    card=st.builds(
        CardIdentity,
        st.binary(min_size=16, max_size=16).map(bytes.hex),
        st.none() | st.just(SEALED),
        st.just("7X"),
    ),
    event_id=st.none() | st.uuids().map(str),
    kind=st.sampled_from(UseKind),
    tickets=st.builds(Tickets, st.integers(0, 1), st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000)),
    quota_places=st.integers(0, 1000),
    decided=st.builds(
        Stamp,
        st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(HELSINKI_SUMMER)),
        st.booleans(),
        st.text(max_size=64).filter(lambda text: text.isprintable()),
        st.integers(0, 2**53 - 1),
    ),
    offline=st.booleans(),
    remarks=st.lists(st.sampled_from(Reason), unique=True).map(tuple),
    event_label=st.none() | st.text(max_size=80).map(label_of).filter(bool),
)


@given(uses, st.integers(1, 2**53 - 1))
def test_whatever_the_kiosk_can_record_the_contract_can_carry(use: Use, sequence: int) -> None:
    told = m.Uses(uses=(use_sent(use, sequence),))
    assert decode_strictly(msgspec.json.encode(told), m.Uses) == told


@given(uses, st.integers(1, 1000))
def test_the_same_use_is_told_in_the_same_bytes_each_time(use: Use, sequence: int) -> None:
    again = dataclasses.replace(use)
    assert msgspec.json.encode(use_sent(use, sequence)) == msgspec.json.encode(use_sent(again, sequence))


PROFILE = m.Profile(
    kiosk_id=ID_1,
    venue=m.Venue(id="esimerkki", name=TEXTS, area_id="kainuu", area_closed=True, commitment_accepted=False),
    policy=m.Policy(
        quota_percent=5.5,
        quota_rounding="nearest",
        quota_minimum=2,
        quota_counts_children=False,
        quota_counts_clients=False,
        quota_counts_assistants=True,
        when_quota_full="accept",
        when_sold_out="ask",
        when_unknown_offline="refuse",
        course=m.CourseRule(limit=2, period="academic-year", when_unreachable="accept"),
        list_age_limit_h=1.5,
        unsent_limit=7,
        offline_limit_h=2.0,
    ),
    closed_areas=("kainuu", "keskiraja"),
    lookup=m.LookupParameters(salt="00ff" * 8, n=4096, r=8, p=1),
    wanted_software_version=None,
    server_time=IN_UTC,
)
SAME_PROFILE = Profile(
    venue=Venue("esimerkki", Texts("Ä", "Å", "O"), "kainuu", area_closed=True, commitment_accepted=False),
    policy=Policy(
        quota_percent=5.5,
        quota_rounding=QuotaRounding.NEAREST,
        quota_minimum=2,
        quota_counts_children=False,
        quota_counts_clients=False,
        quota_counts_assistants=True,
        when_quota_full=Answer.ACCEPT,
        when_sold_out=Answer.ASK,
        when_unknown_offline=Answer.REFUSE,
        course=CoursePolicy(2, "academic-year", Answer.ACCEPT),
        list_age_limit=dt.timedelta(hours=1, minutes=30),
        unsent_limit=7,
        offline_limit=dt.timedelta(hours=2),
    ),
    closed_areas=frozenset({"kainuu", "keskiraja"}),
    lookup=LookupParameters(b"\x00\xff" * 8, 4096, 8, 1),
)


@pytest.mark.parametrize(
    ("change", "news"),
    [
        (
            m.CardListed(
                lookup_key=KEY,
                kind="community",
                status="in-stock",
                area_id="kainuu",
                first_valid_day=dt.date(2026, 1, 1),
                last_valid_day=dt.date(2026, 12, 31),
                children=3,
            ),
            ListedCard(
                KEY,
                Card(
                    CardKind.COMMUNITY,
                    CardStatus.IN_STOCK,
                    "kainuu",
                    dt.date(2026, 1, 1),
                    dt.date(2026, 12, 31),
                    3,
                ),
            ),
        ),
        (m.CardRemoved(lookup_key=KEY), RemovedCard(KEY)),
        (
            m.EventListed(
                id=ID_1,
                name=TEXTS,
                kind="entrance",
                category="science",
                starts_at=AT,
                ends_at=AT,
                places=None,
                sold_out=True,
            ),
            Event(ID_1, Texts("Ä", "Å", "O"), UseKind.ENTRANCE, Category.SCIENCE, IN_UTC, IN_UTC, None, sold_out=True),
        ),
        (m.EventRemoved(id=ID_1), RemovedEvent(ID_1)),
        (m.ProfileChanged(profile=PROFILE), SAME_PROFILE),
        (
            m.UseElsewhere(
                use_id=ID_1,
                lookup_key=KEY,
                event_id=None,
                door="Sivuovi",
                decided_at=AT,
                own_ticket=1,
                children=2,
                assistants=3,
                clients=4,
            ),
            UseElsewhere(ID_1, KEY, None, "Sivuovi", IN_UTC, Tickets(1, 2, 3, 4)),
        ),
        (m.AnnulmentElsewhere(use_id=ID_1, annulled_at=AT), AnnulmentElsewhere(ID_1, IN_UTC)),
        (
            m.Verdict(use_id=ID_1, reasons=("already-used",), message=TEXTS),
            Verdict(ID_1, ("already-used",), Texts("Ä", "Å", "O")),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_kind_of_news_is_understood_whole(change: m.Change, news: News) -> None:
    assert news_of(change) == news


@pytest.mark.parametrize(
    ("message", "field", "ours"),
    [
        (m.CardListed, "kind", CardKind),
        (m.CardListed, "status", CardStatus),
        (m.EventListed, "kind", UseKind),
        (m.EventListed, "category", Category),
        (m.Policy, "quota_rounding", QuotaRounding),
        (m.Policy, "when_sold_out", Answer),
    ],
)
def test_the_contract_and_the_kiosk_name_the_same_values(message: type, field: str, ours: type[StrEnum]) -> None:
    assert set(get_args(get_type_hints(message)[field])) == {value.value for value in ours}


def test_a_policy_that_says_nothing_is_the_kiosk_s_own_default() -> None:
    said_nothing = msgspec.structs.replace(PROFILE, policy=m.Policy())
    assert news_of(m.ProfileChanged(profile=said_nothing)) == dataclasses.replace(SAME_PROFILE, policy=Policy())


CHAIN = "01900000-0000-4000-8000-00000000000c"


@given(uses, st.integers(1, 2**53 - 1), st.integers(1, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_kiosk_and_register_hash_the_same_whatever_the_use(
    use: Use, sequence: int, position: int, previous: bytes
) -> None:
    link = link_of(use, sequence, chain=CHAIN, position=position, previous=previous)
    told = msgspec.json.decode(msgspec.json.encode(use_sent(use, sequence, link)), type=m.UseSent)
    assert told.link == m.ChainLink(chain=CHAIN, position=position, previous=previous.hex(), hash=link.hash.hex())
    assert hash_of(told, chain=CHAIN, position=position, previous=previous.hex()) == link.hash.hex()


def test_a_use_without_a_link_says_nothing_of_one() -> None:
    assert b"link" not in msgspec.json.encode(use_sent(a_use(), 1))
