"""What one door's screen said: the witness of all that may be held against the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.cards.desk_state import Desk, Phase
from kiosk.cards.model import Answer, Decision, Reason, Use, UseKind
from tests.simulation.template import QUOTA, STEADY

BY_DAY = frozenset({Reason.CARD_EXPIRED, Reason.CARD_NOT_YET_VALID})
DECIDED_WITHIN_S = 3.0
"""More than a desk may take: what is shown then was decided by the clock as it is."""


@dataclass
class Witness:
    """An announcer that remembers everything, and survives every crash of the kiosk."""

    name: str
    say: Callable[[str], None]
    wrong: Callable[[str], None]
    lookup_keys: dict[str, str]
    """Hex by number."""
    doubted_for_s: Callable[[], float]
    """How long the kiosk's clock has not been trusted; below zero: it is."""
    register_lies: bool
    """Whether the register may say that it is later than it is."""
    pressed: set[str] = field(default_factory=set)
    """Presentations that somebody may have confirmed."""
    announced: dict[str, Use] = field(default_factory=dict)
    """Uses that the screen called recorded."""
    undo_pressed: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    """Uses that the screen called taken back."""
    perhaps_undone: set[str] = field(default_factory=set)
    """Those, and uses whose kiosk died over the undo: it may be on the disk, and the screen has not said so."""
    not_counted: set[str] = field(default_factory=set)
    """Uses whose places this door may count as free all the same: taken back by the venue, or gone with its disk."""
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

    def undo_is_pressed(self, use: Use) -> None:
        """From now on `use` may be taken back at any moment."""
        self.undo_pressed.add(use.id)
        self.perhaps_undone.add(use.id)

    def took_back(self, use: Use) -> None:
        """The screen called `use` taken back."""
        self.undone.add(use.id)

    def still_offers_to_undo(self, use: Use) -> None:
        """The screen says that `use` stands: the undo has failed."""
        self.perhaps_undone.discard(use.id)

    def the_venue_took_back(self, use_id: str) -> None:
        """The venue's administrator did, at the register."""
        if use_id in self.announced:
            self.not_counted.add(use_id)

    def the_kiosk_forgets(self, lost: set[str]) -> None:
        """These records went with its disk: the places are taken, and this door cannot know it."""
        self.not_counted |= lost

    def _count(self, use: Use) -> None:
        """One door alone goes over the quota only where it asks."""
        if use.kind is not UseKind.ENTRANCE or use.event_id is None:
            return
        free = self.perhaps_undone | self.not_counted
        stand = (each for each in self.announced.values() if each.id not in free and each.event_id == use.event_id)
        taken = sum(each.quota_places for each in stand)
        if taken > QUOTA and Reason.QUOTA_FULL not in use.remarks:
            self.wrong(f"{self.name} let {taken} in of {QUOTA}, and did not ask")

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
        if self.doubted_for_s() > DECIDED_WITHIN_S:
            self._look_at_verdict_by_a_doubtful_clock(card.decision, steady=steady)

    def _look_at_verdict_by_a_doubtful_clock(self, decision: Decision, *, steady: bool) -> None:
        """What hangs on the day goes to staff: nobody is let in or turned away by a clock that may be wrong."""
        if Reason.CLOCK_NOT_TRUSTED not in {finding.reason for finding in decision.findings}:
            self.wrong(f"{self.name} answered {decision.answer.value} and did not say that its clock is not trusted")
        if decision.answer is Answer.ACCEPT:
            self.wrong(f"{self.name} let a card in by a clock that is not trusted, and did not ask")
        refused = {finding.reason for finding in decision.findings if finding.answer is Answer.REFUSE}
        if steady and not self.register_lies and refused & BY_DAY:
            self.wrong(f"{self.name} turned a good card away by a clock that is not trusted")
