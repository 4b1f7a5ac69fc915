"""How long to wait after a failure: longer each time, not in step with others, as long as the register wishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Random = Callable[[], float]
"""A number from 0 to before 1, every one as likely."""

_ENOUGH_DOUBLINGS = 32


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential pauses with full jitter."""

    first_s: float = 1.0
    """Longest pause after the first failure; doubles with each further one."""
    longest_s: float = 300.0
    longest_retry_after_s: float = 3600.0
    """A register that wishes for more is asked again after this."""


def delay_s(backoff: Backoff, failures: int, random: Random, *, retry_after_s: float | None = None) -> float:
    """The pause after `failures` failures in a row, in seconds.

    From 0 to the ceiling of that failure, added to what the register asked for (`retry_after_s`): when it
    tells all kiosks the same, they still do not come back all at once.
    """
    doublings = min(max(failures, 1) - 1, _ENOUGH_DOUBLINGS)
    ceiling_s = min(backoff.longest_s, backoff.first_s * 2.0**doublings)
    floor_s = min(max(retry_after_s or 0.0, 0.0), backoff.longest_retry_after_s)
    return floor_s + random() * ceiling_s
