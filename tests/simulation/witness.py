"""What one door's screen said: the witness of all that may be held against the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.cards.desk_state import Desk, Phase
from kiosk.cards.model import Reason, Use, UseKind
from tests.simulation.template import QUOTA, STEADY


@dataclass
class Witness:
    """An announcer that remembers everything, and survives every crash of the kiosk."""

    name: str
    say: Callable[[str], None]
    wrong: Callable[[str], None]
    lookup_keys: dict[str, str]
    """Hex by number."""
    pressed: set[str] = field(default_factory=set)
    """Presentations that somebody may have confirmed."""
    announced: dict[str, Use] = field(default_factory=dict)
    """Uses that the screen called recorded."""
    undo_pressed: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    """Uses that the screen called taken back."""
    seats: Counter[str | None] = field(default_factory=Counter)
    """Places that this door alone has given, by event."""
    _shown: str | None = None

    async def announce(self, desk: Desk) -> None:
        self._look_at_verdict(desk)
        use = desk.recorded
        if use is not None and use.id not in self.announced:
            self.announced[use.id] = use
            self._count(use)
            self.say(f"recorded {use.id} {use.event_id} own {use.tickets.own}{' offline' if use.offline else ''}")
        if use is not None and self.announced[use.id] != use:
            self.wrong(f"{self.name} announced {use.id} twice, and not the same")

    def took_back(self, use: Use) -> None:
        """The screen called `use` taken back."""
        self.undone.add(use.id)
        self.seats[use.event_id] -= use.quota_places

    def the_kiosk_forgets(self, lost: set[str]) -> None:
        """These records went with its disk: the places are taken, and this door cannot know it."""
        for use_id in lost & (self.announced.keys() - self.undone):
            self.seats[self.announced[use_id].event_id] -= self.announced[use_id].quota_places

    def _count(self, use: Use) -> None:
        """One door alone goes over the quota only where it asks."""
        self.seats[use.event_id] += use.quota_places
        limited = use.kind is UseKind.ENTRANCE and use.event_id is not None
        if limited and self.seats[use.event_id] > QUOTA and Reason.QUOTA_FULL not in use.remarks:
            self.wrong(f"{self.name} let {self.seats[use.event_id]} in of {QUOTA}, and did not ask")

    def _look_at_verdict(self, desk: Desk) -> None:
        card = desk.presented
        if desk.phase is not Phase.PRESENTED or card is None or card.id == self._shown:
            return
        self._shown = card.id
        reasons = [finding.reason.value for finding in card.decision.findings]
        self.say(f"verdict {card.id} {card.answer.value} {' '.join(reasons)}")
        steady = card.identity is not None and card.identity.lookup_key in {self.lookup_keys[each] for each in STEADY}
        if steady and Reason.CARD_UNKNOWN.value in reasons:
            self.wrong(f"{self.name} called a card unknown that was always on the register's list")
