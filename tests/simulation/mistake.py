"""What a mistake is: one change in one file of the product, which the worlds must show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: in `file`, `right` (which stands there once) becomes `wrong`."""

    name: str
    file: str
    right: str
    wrong: str
    shows: str
    """What the worlds say of it, as a regular expression."""
    from_seed: int = 0
    """Where the test begins to look: near the first world that showed it when it was last counted from 0."""
