"""Every state that a page can be in, by name, for whoever looks at all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from kiosk.cards.desk_state import Desk, DeskMode, Notice, Phase, PinProgress
from kiosk.cards.model import CardIdentity, CardKind, CardStatus, EarlierUse, Texts, Tickets
from kiosk.cards.trust import TrustLevel
from tests.support import desks
from tests.unit.cards.examples import CONCERT, COURSE, HOUR, NOW, TODAY, a_use

LANGUAGES = ("fi", "sv", "en")
SIZES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"small": (800, 480), "desk": (1280, 800), "tall": (1080, 1920)}
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A desk, and what is around it."""

    desk: Desk
    around: Mapping[str, Any] = field(default_factory=dict)


def of_card(tail: str) -> CardIdentity:
    """A card by the end of its number."""
    return CardIdentity(tail * 16, None, tail)


USES = (
    replace(a_use("use-2", identity=of_card("3K"), at=NOW - HOUR / 30), tickets=Tickets(children=2)),
    a_use("use-9", identity=of_card("08"), at=NOW - HOUR * 3 / 20),
    replace(a_use("use-14", identity=of_card("R5"), at=NOW - HOUR * 7 / 30), tickets=Tickets(assistants=1)),
)
WAITING = tuple(
    replace(desks.on_desk(desks.presented(f"waiting-{number}")), id=f"waiting-{number}", identity=of_card(tail))
    for number, tail in enumerate(("41", "7T", "90", "2M", "66"))
)
SOLD_OUT = replace(CONCERT, sold_out=True)
LONG_NAME = Texts(
    "Pohjanmaan ja Pirkanmaan nuorten puhallinorkesterien yhteiskonsertti",
    "Österbottens och Birkalands unga blåsorkestrars gemensamma konsert",
    "Joint concert of the youth wind bands of Ostrobothnia and Pirkanmaa",
)
BUSY = MappingProxyType(
    {
        "events": (
            replace(COURSE, starts_at=NOW - HOUR),
            SOLD_OUT,
            replace(
                CONCERT,
                id="e5",
                name=LONG_NAME,
                starts_at=NOW + 2 * HOUR,
                ends_at=NOW + 4 * HOUR,
            ),
            replace(
                CONCERT,
                id="e1",
                name=Texts("Aamumuskari", "Morgonmusik", "Music for babies"),
                starts_at=NOW - 8 * HOUR,
                ends_at=NOW - 7 * HOUR,
            ),
            replace(
                CONCERT,
                id="e2",
                name=Texts("Opastus", "Guidning", "Guided tour"),
                starts_at=NOW - 4 * HOUR,
                ends_at=NOW - 3 * HOUR,
            ),
        ),
        "chosen": SOLD_OUT,
        "quota_left": 0,
        "waiting": 1234,
    }
)
"""A day with many events, of which one has a long name and one is sold out; those that are over come last."""
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
        "ready-busy": Shown(used(desks.ready()), BUSY),
        "ready-alone": Shown(used(replace(desks.ready(), mode=DeskMode(self_service=True)))),
        "reading": Shown(used(desks.reading())),
        "accepted": Shown(used(desks.presented())),
        "accepted-group": Shown(used(desks.presented(card__kind=CardKind.COMMUNITY))),
        "accepted-busy": Shown(used(desks.presented()), {**BUSY, "chosen": CONCERT, "quota_left": 4}),
        "asked": Shown(used(desks.presented(earlier_uses=(EarlierUse(NOW - HOUR, "Itäovi"),), quota_used=6))),
        "unknown-offline": Shown(used(desks.presented(card=None, online=False)), TROUBLE),
        "refused": Shown(used(desks.presented(card__last_valid_day=TODAY.replace(day=1)))),
        "refused-sold-out": Shown(used(desks.presented(event=SOLD_OUT)), {"chosen": SOLD_OUT, "quota_left": 0}),
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
        "locked-pin": Shown(replace(desks.locked(), pin=PinProgress(3, begun=True))),
        "locked-pages": Shown(replace(desks.locked(), pin=PinProgress(for_pages=True))),
        "locked-wrong": Shown(replace(desks.locked(), notice=Notice.WRONG_PIN, pin_wait_s=160)),
        "locked-wait": Shown(replace(desks.locked(), notice=Notice.PIN_TOO_SOON, pin_wait_s=160)),
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
        "figures-year": "/venue/figures?period=year",
        "paper": "/venue/paper",
        "paper-form": "/venue/paper/form",
        "desk": "/venue/desk",
        "health": "/venue/health",
    }
)
