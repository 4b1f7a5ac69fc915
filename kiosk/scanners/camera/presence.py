"""A card that lies under the camera is read once; one that was away and comes back is read again."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

AWAY_MS = 600
"""A code must be missing so long, in frames that were looked at, before its return is a new presentation: a hand that
shakes makes a few frames unreadable."""
MISSES = 8
"""And in so many of them: a card that lies still is looked at seldom, and only some of the decoder's passes read it."""


@dataclass(frozen=True, slots=True)
class Present:
    """A card in view, known by a mark of its number and not by the number."""

    mark: int
    missed: int = 0
    """In how many looks in a row it was not found."""
    missing_since_ms: int | None = None
    """When it was first looked for and not found; None: seen in the last look."""


@dataclass(frozen=True, slots=True)
class Presence:
    """All cards in view."""

    cards: tuple[Present, ...] = ()

    def holds(self, mark: int) -> bool:
        """Whether the card is among them."""
        return any(card.mark == mark for card in self.cards)


def looked(before: Presence, seen: AbstractSet[int], at_ms: int) -> tuple[Presence, frozenset[int]]:
    """The cards in view after a look that saw the marks `seen`, and those of them that are newly there.

    Only looks end a presence. While the scene rests and is not decoded, nothing is known to be missing.
    """
    fresh = frozenset(mark for mark in seen if not before.holds(mark))
    kept = [card for each in before.cards if (card := _after_a_look(each, seen, at_ms)) is not None]
    return Presence((*kept, *(Present(mark) for mark in sorted(fresh)))), fresh


def _after_a_look(card: Present, seen: AbstractSet[int], at_ms: int) -> Present | None:
    if card.mark in seen:
        return Present(card.mark)
    since_ms = at_ms if card.missing_since_ms is None else card.missing_since_ms
    missed = card.missed + 1
    gone = missed > MISSES and at_ms - since_ms >= AWAY_MS
    return None if gone else Present(card.mark, missed, since_ms)
