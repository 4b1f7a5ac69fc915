"""Taking in one use: recorded once, held against the rules, told to the venue's other kiosks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import sqlite_utils
from msgspec import UNSET

from contract.messages import ItemResult, UseElsewhere, UseSent
from register.intake.cases import Presented, gather
from register.intake.items import answer_again, content_of, refused, stored
from register.intake.second_looks import BY_TIME, OF_THE_CARD, look_again
from register.intake.verdicts import sightings_of, verdict_on, words_on
from register.model import CardNamed, Kiosk
from register.rules.flags import reasons_against
from register.rules.words import DOUBLE, words_for
from register.store.annulments import is_annulled
from register.store.feed import tell
from register.store.later_reasons import add_later_reason
from register.store.later_times import add_later_time
from register.store.links import add_link
from register.store.turns import ended_reasons
from register.store.uses import Double, Recorded, Seats, add_use, find_recorded_use
from register.store.verdicts import place_of_use, reasons_against_use


def take_use(
    db: sqlite_utils.Database,
    author: Kiosk,
    use: UseSent,
    card: CardNamed | None,
    received_at: dt.datetime,
    *,
    changed: set[str],
) -> ItemResult:
    """Record what `author` sent, whatever the rules say, and answer; `card` None: it names none, or two.

    A use that counts at another time is put into `changed`, for `look_again_beside` after the batch.
    """
    content, earlier = content_of(use, author), find_recorded_use(db, use.id)
    if earlier is not None:
        if content == earlier.content and add_later_time(db, "uses", use.id, use.decided, received_at):
            _judge_again(db, author, use, received_at)
            changed.add(use.id)
        # With what was found out since: a kiosk that had parked the use has passed over its verdict.
        reasons = reasons_against_use(db, use.id)
        return answer_again(use.id, content, earlier.content, reasons, words_on(db, use.id, reasons))
    if card is None:
        return refused(use.id, "card-ambiguous", "exactly one of lookup_key and sealed_number names the card")
    annulled = is_annulled(db, use.id, author.id)
    gathered = gather(db, author, _presented(use, card, annulled=annulled), received_at)
    reasons = reasons_against(gathered.case)
    add_use(
        db,
        use,
        author=author,
        lookup_key=card.lookup_key,
        recorded=Recorded(content, reasons),
        received_at=received_at,
    )
    if use.link is not UNSET:
        add_link(db, use.id, use.link, author)
    if not annulled:
        _tell_other_doors(db, author, use, card, received_at)
        for double in gathered.doubles:
            _tell_of_double(db, author, double, because_of=use.id, at=received_at)
    if not reasons:
        return stored(use.id)
    return ItemResult(
        id=use.id, outcome="flagged", reasons=reasons, message=words_for(reasons, sightings_of(gathered.doubles))
    )


def _judge_again(db: sqlite_utils.Database, author: Kiosk, use: UseSent, at: dt.datetime) -> None:
    """A use whose true time has come: it may be another day's, so others hear of it, and of doubles that it makes."""
    place = place_of_use(db, use.id)
    if place is None or is_annulled(db, use.id, author.id):
        return
    card = CardNamed(place.lookup_key)
    _tell_other_doors(db, author, use, card, at)
    gathered = gather(db, author, _presented(use, card, annulled=False), at)
    first_at = use.decided.uncorrected_at or use.decided.at
    by_first_time = gather(db, author, replace(_presented(use, card, annulled=False), decided_at=first_at), at)
    by_first, found = reasons_against(by_first_time.case), reasons_against(gathered.case)
    # What speaks by neither time was ended by what became of the card since, and not by the clock; and what speaks of
    # the card by both times, and did not when the use came, is of what it became since too.
    look_again(db, use.id, BY_TIME - OF_THE_CARD.difference(by_first), at)
    since = OF_THE_CARD.intersection(by_first).difference(ended_reasons(db, use.id))
    for reason in found:
        if reason in BY_TIME and reason not in since:
            add_later_reason(db, use.id, reason, because_of=use.id, at=at)
    for double in gathered.doubles:
        _tell_of_double(db, author, double, because_of=use.id, at=at)


def _presented(use: UseSent, card: CardNamed, *, annulled: bool) -> Presented:
    return Presented(
        use_id=use.id,
        card=card,
        event_id=use.event_id,
        kind=use.kind,
        seats=Seats(use.own_ticket, use.children, use.assistants, use.clients),
        decided_at=use.decided.at,
        annulled=annulled,
    )


def _tell_other_doors(db: sqlite_utils.Database, author: Kiosk, use: UseSent, card: CardNamed, at: dt.datetime) -> None:
    if card.lookup_key is None:
        return  # no door could know it again
    elsewhere = UseElsewhere(
        use_id=use.id,
        lookup_key=card.lookup_key.hex(),
        event_id=use.event_id,
        door=author.name,
        decided_at=use.decided.at,
        own_ticket=use.own_ticket,
        children=use.children,
        assistants=use.assistants,
        clients=use.clients,
    )
    tell(db, at, elsewhere, venue_id=author.venue_id, except_kiosk_id=author.id)


def _tell_of_double(
    db: sqlite_utils.Database, author: Kiosk, double: Double, *, because_of: str, at: dt.datetime
) -> None:
    """Let the door that recorded first know too; the door that sends now reads it in its answer.

    A door that was told that the reason has ended is told in any case that it stands again.
    """
    again = DOUBLE in ended_reasons(db, double.use_id)
    added = add_later_reason(db, double.use_id, DOUBLE, because_of=because_of, at=at)
    if added and (again or double.kiosk_id != author.id):
        tell(db, at, verdict_on(db, double.use_id), venue_id=double.venue_id, only_kiosk_id=double.kiosk_id)
