"""Practice cards: invented answers for the yearly induction, on which nothing real depends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kiosk.cards.code39 import check_character
from kiosk.cards.model import (
    Card,
    CardIdentity,
    CardKind,
    CardStatus,
    EarlierUse,
    Facts,
    Policy,
    Texts,
    Venue,
)
from kiosk.cards.number import bare_texts

_DAY = dt.timedelta(days=1)


class PracticeCard(StrEnum):
    """What can be practised, and the text of its code; made of the letters that `Command` explains."""

    GOOD = "KIOSKTESTGOOD"
    GROUP = "KIOSKTESTGROUP"
    USED = "KIOSKTESTTICKED"
    OLD = "KIOSKTESTOLD"
    LOST = "KIOSKTESTLOST"
    STRANGE = "KIOSKTESTNOLIST"


_CARDS: Mapping[str, PracticeCard] = MappingProxyType(
    {text: card for card in PracticeCard for text in (card.value, card.value + check_character(card.value))}
)
_PLACE = Venue("practice", Texts("Harjoitus", "Övning", "Practice"), "practice", False, True)


def practice_card_in(text: str) -> PracticeCard | None:
    """The practice card that was read; None for everything else."""
    texts = {"".join(each.split()).upper() for each in bare_texts(text)}
    return _CARDS.get(texts.pop()) if len(texts) == 1 else None


def identity_of(card: PracticeCard) -> CardIdentity:
    """Who the practice card is: a key that no real number has, as a hash is never nearly zero."""
    number = list(PracticeCard).index(card) + 1
    return CardIdentity(f"{number:032x}", None, f"{number:02d}")


def card_of(identity: CardIdentity) -> PracticeCard:
    """The practice card that `identity_of` told; raises IndexError for any other."""
    return list(PracticeCard)[int(identity.lookup_key, 16) - 1]


def practice_facts(card: PracticeCard, now: dt.datetime) -> Facts:
    """What the register would say of `card`, at general admission with nothing against the venue."""
    return Facts(
        card=None if card is PracticeCard.STRANGE else _card(card, now),
        event=None,
        venue=_PLACE,
        closed_areas=frozenset(),
        policy=Policy(),
        earlier_uses=_earlier(card, now),
        quota_used=0,
        list_synced_at=now,
        unsent=0,
        oldest_unsent_at=None,
        online=True,
        course_uses=None,
        clock_trusted=True,
        newest_register_time=now,
    )


def _earlier(card: PracticeCard, now: dt.datetime) -> tuple[EarlierUse, ...]:
    return (EarlierUse(now - dt.timedelta(minutes=20), ""),) if card is PracticeCard.USED else ()


def _card(card: PracticeCard, now: dt.datetime) -> Card:
    last_valid_day = now.date() + (-30 * _DAY if card is PracticeCard.OLD else 200 * _DAY)
    return Card(
        kind=CardKind.COMMUNITY if card is PracticeCard.GROUP else CardKind.PERSONAL,
        status=CardStatus.BLOCKED if card is PracticeCard.LOST else CardStatus.ACTIVE,
        area_id="practice",
        first_valid_day=None,
        last_valid_day=last_valid_day,
        children=0 if card is PracticeCard.GROUP else 2,
    )
