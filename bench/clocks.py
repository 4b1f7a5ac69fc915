"""Another program's clock laid over our own, by asking it often, and how far that may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """One question what the time is: what they answered, and our own clock before and after."""

    before_ms: float
    theirs_ms: float
    after_ms: float


@dataclass(frozen=True, slots=True)
class Offset:
    """What to add to their clock to have ours, and by how much that is wrong at most."""

    ms: float
    within_ms: float


def offset_of(asked: Sequence[Asked], grain_ms: float) -> Offset:
    """What all answers allow together, where their clock tells no less than `grain_ms`.

    They looked at their clock at some moment between our two looks: nothing is assumed of which. Raises ValueError
    where no offset fits all, as when one of the clocks runs faster.
    """
    least = max(each.before_ms - each.theirs_ms for each in asked) - grain_ms
    most = min(each.after_ms - each.theirs_ms for each in asked) + grain_ms
    if least > most:
        raise ValueError(f"the clocks drifted apart by {least - most:.2f} ms or more")
    return Offset((least + most) / 2, (most - least) / 2)
