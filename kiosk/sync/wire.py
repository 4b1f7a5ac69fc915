"""The kiosk's words and the contract's, each as the other (pure)."""

from __future__ import annotations

import datetime as dt

from msgspec import UNSET

from contract import messages as m
from kiosk.cards.chain import Link
from kiosk.cards.model import (
    Annulment,
    Answer,
    Card,
    CardKind,
    CardStatus,
    Category,
    CoursePolicy,
    Event,
    Policy,
    QuotaRounding,
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
from kiosk.clock import to_milliseconds

# --- what leaves --------------------------------------------------------------------------------------------


def use_sent(use: Use, sequence: int, link: Link | None = None) -> m.UseSent:
    """`use` as the register gets it, the same each time; a sealed number goes in place of the lookup key."""
    sealed = use.card.sealed_number
    return m.UseSent(
        id=use.id,
        lookup_key=use.card.lookup_key if sealed is None else None,
        sealed_number=sealed,
        event_id=use.event_id,
        kind="course" if use.kind is UseKind.COURSE else "entrance",
        own_ticket=use.tickets.own,
        children=use.tickets.children,
        assistants=use.tickets.assistants,
        clients=use.tickets.clients,
        decided=stamp_sent(use.decided, sequence),
        offline=use.offline,
        remarks=tuple(remark.value for remark in use.remarks),
        event_label=UNSET if use.event_label is None else use.event_label,
        link=UNSET if link is None else link_sent(link),
    )


def link_sent(link: Link) -> m.ChainLink:
    """`link` as the register gets it."""
    return m.ChainLink(chain=link.chain, position=link.position, previous=link.previous.hex(), hash=link.hash.hex())


def annulment_sent(annulment: Annulment, sequence: int) -> m.AnnulmentSent:
    """`annulment` as the register gets it."""
    return m.AnnulmentSent(id=annulment.id, use_id=annulment.use_id, annulled=stamp_sent(annulment.annulled, sequence))


def refusal_sent(refusal: Refusal) -> m.RefusalSent:
    """`refusal` as the register gets it: the hour, not the minute; and the first one, where that was put right."""
    stamp = refusal.refused
    hour, said = _hour(stamp.at), _hour(stamp.uncorrected_at or stamp.at)
    return m.RefusalSent(
        id=refusal.id,
        reason=refusal.reason.value,
        event_id=refusal.event_id,
        hour=hour,
        uncorrected_hour=None if said == hour else said,
    )


def _hour(instant: dt.datetime) -> dt.datetime:
    return utc(instant).replace(minute=0, second=0, microsecond=0)


def stamp_sent(stamp: Stamp, sequence: int) -> m.Stamp:
    """`stamp` with the item's place in this kiosk's queue."""
    return m.Stamp(
        at=utc(stamp.at),
        clock_trusted=stamp.clock_trusted,
        boot_id=stamp.boot_id,
        monotonic_ms=stamp.monotonic_ms,
        sequence=sequence,
        uncorrected_at=None if stamp.uncorrected_at is None else utc(stamp.uncorrected_at),
    )


def utc(instant: dt.datetime) -> dt.datetime:
    """`instant` in UTC, cut to milliseconds."""
    return to_milliseconds(instant.astimezone(dt.UTC))


# --- what comes ---------------------------------------------------------------------------------------------


def news_of(change: m.Change) -> News:
    """One piece of news in the kiosk's words; raises ValueError or OverflowError where it has none."""
    match change:
        case m.CardListed():
            return ListedCard(change.lookup_key, _card(change))
        case m.CardRemoved():
            return RemovedCard(change.lookup_key)
        case m.EventListed():
            return _event(change)
        case m.EventRemoved():
            return RemovedEvent(change.id)
        case m.ProfileChanged():
            return profile_of(change.profile)
        case _:
            return _about_a_use(change)


def unverifiable(lookup_key: str, area_id: str) -> ListedCard:
    """A card of which the register says something that this version cannot read.

    Listed without a last valid day, so the rules neither accept nor refuse it: they ask staff
    (`card-not-verified`). To go on with what was known before could accept a card that was stopped since.
    """
    return ListedCard(lookup_key, Card(CardKind.PERSONAL, CardStatus.ACTIVE, area_id, None, None, 0))


def profile_of(profile: m.Profile) -> Profile:
    """The venue's profile in the kiosk's words."""
    venue = profile.venue
    return Profile(
        venue=Venue(
            id=venue.id,
            name=texts_of(venue.name),
            area_id=venue.area_id,
            area_closed=venue.area_closed,
            commitment_accepted=venue.commitment_accepted,
        ),
        policy=_policy(profile.policy),
        closed_areas=frozenset(profile.closed_areas),
        lookup=lookup_of(profile.lookup),
    )


def lookup_of(parameters: m.LookupParameters) -> LookupParameters:
    """How keys are made, in the kiosk's words; raises ValueError for half a byte of salt."""
    return LookupParameters(bytes.fromhex(parameters.salt), parameters.n, parameters.r, parameters.p)


def texts_of(texts: m.Texts) -> Texts:
    """A sentence in three languages."""
    return Texts(fi=texts.fi, sv=texts.sv, en=texts.en)


def _card(card: m.CardListed) -> Card:
    return Card(
        kind=CardKind(card.kind),
        status=CardStatus(card.status),
        area_id=card.area_id,
        first_valid_day=card.first_valid_day,
        last_valid_day=card.last_valid_day,
        children=card.children,
    )


def _event(event: m.EventListed) -> Event:
    return Event(
        id=event.id,
        name=texts_of(event.name),
        kind=UseKind(event.kind),
        category=Category(event.category),
        starts_at=utc(event.starts_at),
        ends_at=utc(event.ends_at),
        places=event.places,
        sold_out=event.sold_out,
    )


def _about_a_use(change: m.UseElsewhere | m.AnnulmentElsewhere | m.Verdict) -> News:
    match change:
        case m.UseElsewhere():
            return _use_elsewhere(change)
        case m.AnnulmentElsewhere():
            return AnnulmentElsewhere(change.use_id, utc(change.annulled_at))
        case m.Verdict():
            return Verdict(change.use_id, change.reasons, texts_of(change.message))


def _use_elsewhere(use: m.UseElsewhere) -> UseElsewhere:
    tickets = Tickets(own=use.own_ticket, children=use.children, assistants=use.assistants, clients=use.clients)
    return UseElsewhere(use.use_id, use.lookup_key, use.event_id, use.door, utc(use.decided_at), tickets)


def _policy(policy: m.Policy) -> Policy:
    course = policy.course
    return Policy(
        quota_percent=policy.quota_percent,
        quota_rounding=QuotaRounding(policy.quota_rounding),
        quota_minimum=policy.quota_minimum,
        quota_counts_children=policy.quota_counts_children,
        quota_counts_clients=policy.quota_counts_clients,
        quota_counts_assistants=policy.quota_counts_assistants,
        when_quota_full=Answer(policy.when_quota_full),
        when_sold_out=Answer(policy.when_sold_out),
        when_unknown_offline=Answer(policy.when_unknown_offline),
        course=None if course is None else CoursePolicy(course.limit, course.period, Answer(course.when_unreachable)),
        list_age_limit=dt.timedelta(hours=policy.list_age_limit_h),
        unsent_limit=policy.unsent_limit,
        offline_limit=dt.timedelta(hours=policy.offline_limit_h),
    )
