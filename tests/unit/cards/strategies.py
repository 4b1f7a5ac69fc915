"""Hypothesis strategies for cards, events, policies and whole facts, reasonable and not."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from kiosk.cards.model import (
    Answer,
    Card,
    CardKind,
    CardStatus,
    Category,
    CoursePolicy,
    EarlierUse,
    Event,
    Facts,
    Policy,
    QuotaRounding,
    Texts,
    Tickets,
    UseKind,
    Venue,
)

AREAS = ("etela", "pohjoinen", "saaristo")

EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FIFTEEN_YEARS = dt.timedelta(days=15 * 365)

instants = st.timedeltas(dt.timedelta(0), FIFTEEN_YEARS).map(lambda since: EPOCH + since)
days = st.dates(EPOCH.date(), (EPOCH + FIFTEEN_YEARS).date())
answers = st.sampled_from(Answer)
areas = st.sampled_from(AREAS)
counts = st.integers(0, 30)
percentages = st.floats(0, 100, allow_nan=False)
names = st.builds(Texts, fi=st.text(max_size=5), sv=st.text(max_size=5), en=st.text(max_size=5))

cards = st.builds(
    Card,
    kind=st.sampled_from(CardKind),
    status=st.sampled_from(CardStatus),
    area_id=areas,
    first_valid_day=st.none() | days,
    last_valid_day=st.none() | days,
    children=counts,
)
policies = st.builds(
    Policy,
    quota_percent=percentages,
    quota_rounding=st.sampled_from(QuotaRounding),
    quota_minimum=counts,
    quota_counts_children=st.booleans(),
    quota_counts_clients=st.booleans(),
    quota_counts_assistants=st.booleans(),
    when_quota_full=answers,
    when_sold_out=answers,
    when_unknown_offline=answers,
    course=st.none()
    | st.builds(
        CoursePolicy,
        limit=st.integers(1, 5),
        period=st.sampled_from(["calendar-year", "academic-year"]),
        when_unreachable=answers,
    ),
    list_age_limit=st.timedeltas(dt.timedelta(0), dt.timedelta(days=30)),
    unsent_limit=st.integers(1, 1000),
    offline_limit=st.timedeltas(dt.timedelta(0), dt.timedelta(days=30)),
)
venues = st.builds(
    Venue,
    id=st.just("teatteri"),
    name=names,
    area_id=areas,
    area_closed=st.booleans(),
    commitment_accepted=st.booleans(),
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event that ends after it starts."""
    starts_at = draw(instants)
    return Event(
        id=draw(st.uuids(version=4).map(str)),
        name=draw(names),
        kind=draw(st.sampled_from(UseKind)),
        category=draw(st.sampled_from(Category)),
        starts_at=starts_at,
        ends_at=starts_at + draw(st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=2))),
        places=draw(st.none() | st.integers(0, 2000)),
        sold_out=draw(st.booleans()),
    )


facts = st.builds(
    Facts,
    card=st.none() | cards,
    event=st.none() | events(),
    venue=st.none() | venues,
    closed_areas=st.frozensets(areas),
    policy=policies,
    earlier_uses=st.lists(st.builds(EarlierUse, decided_at=instants, door=st.text(max_size=8)), max_size=3).map(tuple),
    quota_used=st.integers(0, 100),
    list_synced_at=st.none() | instants,
    unsent=st.integers(0, 2000),
    oldest_unsent_at=st.none() | instants,
    online=st.booleans(),
    course_uses=st.none() | st.integers(0, 6),
    clock_trusted=st.booleans(),
    newest_register_time=st.none() | instants,
)
tickets = st.builds(
    Tickets,
    own=st.integers(-1, 2),
    children=st.integers(-1, 40) | st.just(1001),
    assistants=st.integers(-1, 5),
    clients=st.integers(-1, 40),
)
