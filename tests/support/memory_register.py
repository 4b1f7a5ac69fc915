"""A register in memory that answers batches as the contract says, and can be told to misbehave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from contract.messages import AnnulmentSent, ItemResult, RefusalSent, Texts, UseSent

Sent = UseSent | AnnulmentSent | RefusalSent
WORDS = Texts(fi="Kortti on vanhentunut.", sv="Kortet har gått ut.", en="The card has expired.")


@dataclass
class MemoryRegister:
    """Keeps the first content under each id for ever."""

    stored: dict[str, bytes] = field(default_factory=dict)
    arrivals: list[str] = field(default_factory=list)
    """Every id in the order it came, also again."""
    flagged: set[str] = field(default_factory=set)
    """Ids that are stored with a reason against them."""
    poisoned: set[str] = field(default_factory=set)
    """Ids that are refused by themselves."""

    def receive(self, items: Sequence[Sent]) -> tuple[ItemResult, ...]:
        """One answer for each item, in order."""
        return tuple(self._receive(item) for item in items)

    def _receive(self, item: Sent) -> ItemResult:
        self.arrivals.append(item.id)
        content = msgspec.json.encode(item)
        if item.id in self.poisoned:
            return ItemResult(id=item.id, outcome="refused", reasons=("malformed",), message=WORDS, detail="$.id")
        if item.id in self.stored and self.stored[item.id] != content:
            return ItemResult(id=item.id, outcome="refused", reasons=("id-reused",), message=WORDS)
        again = item.id in self.stored
        self.stored[item.id] = content
        if item.id in self.flagged:
            flagged = ItemResult(id=item.id, outcome="flagged", reasons=("card-expired",), message=WORDS)
            return msgspec.structs.replace(flagged, outcome="duplicate") if again else flagged
        return ItemResult(id=item.id, outcome="duplicate" if again else "stored")
