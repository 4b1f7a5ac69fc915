"""A card at the door as the rules see it: the facts, and the day by all the clocks there are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kiosk.cards.model import Facts, UseKind
from kiosk.cards.trust import Trust, latest, offline_trust

LIST_IS_FRESH_FOR = dt.timedelta(hours=1)
"""A list that the register confirmed within this time, while it can be reached, is complete: a card that is
not on it is unknown. A kiosk that is online has it confirmed twice a minute; just after an outage it has not
yet, and a card issued meanwhile is then "not verified", never "unknown"."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule may look at."""

    facts: Facts
    today: dt.date
    """The venue's day; never earlier than the newest time ever learnt from the register."""
    day_by_register: dt.date | None
    """The venue's day at the newest time learnt from the register: today is certainly not earlier."""
    trust: Trust
    list_is_fresh: bool

    @property
    def is_course(self) -> bool:
        """Whether the card is shown for a course place."""
        return self.facts.event is not None and self.facts.event.kind is UseKind.COURSE


def case_of(facts: Facts, now: dt.datetime, zone: dt.tzinfo) -> Case:
    """The case of `facts` at `now` (aware) in the venue's time zone."""
    by_register = facts.newest_register_time
    newest = latest(now, by_register)
    synced = facts.list_synced_at
    return Case(
        facts=facts,
        today=newest.astimezone(zone).date(),
        day_by_register=None if by_register is None else by_register.astimezone(zone).date(),
        trust=offline_trust(facts, now),
        list_is_fresh=facts.online and synced is not None and newest - synced <= LIST_IS_FRESH_FOR,
    )
