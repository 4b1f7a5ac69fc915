"""The protocol of one record, small: what it is to the kiosk, and what may happen to it (docs/protocol.md draws it)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a record is to its kiosk."""

    WAITING = "waiting"
    IN_FLIGHT = "in flight"
    DELIVERED = "delivered"
    FLAGGED = "flagged"
    PARKED = "parked"


class Word(StrEnum):
    """What the kiosk hears, or what befalls it."""

    SENT = "sent"
    NO_ANSWER = "no answer, or «later»"
    CRASH = "the kiosk dies"
    NOTHING_AGAINST = "stored, duplicate"
    REASONS = "flagged, duplicate with reasons"
    REFUSED = "refused, or rejected alone"
    VERDICT_FOR = "verdict without reasons"
    VERDICT_AGAINST = "verdict with reasons"
    RETRY = "kiosk queue retry"


MOVES: dict[tuple[State, Word], State] = {
    (State.WAITING, Word.SENT): State.IN_FLIGHT,
    (State.IN_FLIGHT, Word.NO_ANSWER): State.WAITING,
    (State.IN_FLIGHT, Word.CRASH): State.WAITING,
    (State.IN_FLIGHT, Word.NOTHING_AGAINST): State.DELIVERED,
    (State.IN_FLIGHT, Word.REASONS): State.FLAGGED,
    (State.IN_FLIGHT, Word.REFUSED): State.PARKED,
    (State.WAITING, Word.VERDICT_FOR): State.DELIVERED,
    (State.WAITING, Word.VERDICT_AGAINST): State.FLAGGED,
    (State.DELIVERED, Word.VERDICT_AGAINST): State.FLAGGED,
    (State.FLAGGED, Word.VERDICT_FOR): State.DELIVERED,
    (State.PARKED, Word.RETRY): State.WAITING,
}
"""Every move that there is; whatever else is heard of a record changes nothing."""


def after(state: State, word: Word) -> State:
    """What the record is after `word`."""
    return MOVES.get((state, word), state)


@dataclass
class RegisterModel:
    """The register, small: the first record under an id stands, for ever."""

    contents: dict[str, object]

    def receives(self, item_id: str, content: object, *, readable: bool) -> Word:
        """Take the record in; what it answers where nothing stands against any record."""
        if not readable or self.contents.setdefault(item_id, content) != content:
            return Word.REFUSED
        return Word.NOTHING_AGAINST


def as_mermaid() -> str:
    """The drawing for docs/protocol.md."""
    names = {state: state.replace(" ", "_") for state in State}
    lines = ["stateDiagram-v2", "    [*] --> waiting: recorded (one commit)"]
    for (before, word), then in MOVES.items():
        lines.append(f"    {names[before]} --> {names[then]}: {word}")
    return "\n".join(lines)
