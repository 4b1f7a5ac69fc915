"""Every state that a page can be in, by name, for whoever looks at all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from kiosk.cards.desk_state import Desk, Notice, Phase
from kiosk.cards.model import CardKind, CardStatus, EarlierUse
from kiosk.cards.trust import TrustLevel
from tests.support import desks
from tests.unit.cards.examples import CONCERT, HOUR, NOW, TODAY, a_use


@dataclass(frozen=True, slots=True)
class Shown:
    """A desk, and what is around it."""

    desk: Desk
    around: Mapping[str, Any] = field(default_factory=dict)


USES = tuple(a_use(f"use-{minutes}", at=NOW - HOUR * minutes / 60) for minutes in (2, 9, 14))
WAITING = tuple(
    replace(desks.on_desk(desks.presented(f"waiting-{number}")), id=f"waiting-{number}") for number in range(5)
)
TROUBLE = MappingProxyType(
    {
        "online": False,
        "waiting": 123,
        "needs_look": 12,
        "trust": TrustLevel.REGISTER_NEEDED,
        "failing": ("lamps", "scanner 1"),
    }
)


def used(desk: Desk) -> Desk:
    """`desk` in the middle of an evening."""
    return replace(desk, undoable=USES)


STATES: Mapping[str, Shown] = MappingProxyType(
    {
        "ready": Shown(used(desks.ready())),
        "reading": Shown(used(desks.reading())),
        "accepted": Shown(used(desks.presented())),
        "accepted-group": Shown(used(desks.presented(card__kind=CardKind.COMMUNITY))),
        "asked": Shown(used(desks.presented(earlier_uses=(EarlierUse(NOW - HOUR, "Itäovi"),), quota_used=6))),
        "unknown-offline": Shown(used(desks.presented(card=None, online=False)), TROUBLE),
        "refused": Shown(used(desks.presented(card__last_valid_day=TODAY.replace(day=1)))),
        "refused-sold-out": Shown(used(desks.presented(event=replace(CONCERT, sold_out=True)))),
        "blocked": Shown(used(desks.presented(card__status=CardStatus.BLOCKED))),
        "not-a-card": Shown(used(desks.unread())),
        "recording": Shown(used(replace(desks.presented(), phase=Phase.RECORDING))),
        "recorded": Shown(used(desks.recorded())),
        "recorded-alone": Shown(used(desks.recorded_alone())),
        "tray": Shown(used(replace(desks.presented(), tray=WAITING))),
        "tray-full": Shown(used(replace(desks.presented(), tray=WAITING, notice=Notice.TRAY_FULL))),
        "notice": Shown(used(replace(desks.ready(), notice=Notice.NOT_RECORDED)), TROUBLE),
        "practice": Shown(desks.practising()),
        "locked": Shown(desks.locked()),
        "closed": Shown(desks.out_of_service("closed")),
        "out-of-service": Shown(desks.out_of_service("disk-full"), TROUBLE),
    }
)
"""Of the staff page."""
SIGNS = ("ready", "reading", "accepted", "asked", "recorded", "recorded-alone", "tray-full", "out-of-service")
"""States with a sign of their own on the visitor page."""
VENUE_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "uses": "/venue",
        "look": "/venue/look",
        "events": "/venue/events",
        "figures": "/venue/figures",
        "paper": "/venue/paper",
        "paper-form": "/venue/paper/form",
        "desk": "/venue/desk",
        "health": "/venue/health",
    }
)
