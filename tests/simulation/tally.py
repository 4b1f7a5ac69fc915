"""What so many worlds were, in figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.simulation.told import Told

TALLY = "tally"
"""Under this name a test tells its tally."""
WRONG = "wrong world"
"""Under this name a test tells the number of a world that is wrong, before it looks for a smaller one."""


@dataclass
class Tally:
    """What so many worlds were."""

    worlds: int = 0
    count: Counter[str] = field(default_factory=Counter)
    took_s: float = 0.0
    core_s: float = 0.0
    """Time of the processors, whatever else they had to do meanwhile."""
    jobs: int = 1
    worst: tuple[float, int] = (0.0, 0)
    """The world that took longest: its seconds of a core, its number."""

    def add(self, told: Told, took_s: float) -> None:
        self.worlds += 1
        self.count += told.count
        self.core_s += took_s
        self.worst = max(self.worst, (took_s, told.plan.seed))

    def as_values(self) -> dict[str, Any]:
        """For `with_values` in another process, in plain types."""
        return {**asdict(self), "count": dict(self.count)}

    def with_values(self, values: dict[str, Any]) -> Tally:
        """This one and another that came `as_values`, which took its time after this one or beside it."""
        return Tally(
            self.worlds + values["worlds"],
            self.count + Counter(values["count"]),
            self.took_s + values["took_s"],
            self.core_s + values["core_s"],
            self.jobs,
            max(self.worst, tuple(values["worst"])),
        )

    @property
    def content(self) -> str:
        """How many worlds, what was in them, and which took longest."""
        days = max(self.count["kiosk-days"], 1)
        in_a_day = ", ".join(f"{self.count[each] / days:.1f} {each}" for each in ("scans", "uses", "crashes"))
        return (
            f"{self.worlds} worlds, {days} kiosk-days ({days / max(self.core_s, 1e-9) * 60:.0f} a minute of one core's "
            f"own time); a kiosk-day holds {in_a_day} and {self.count['turns'] / days:.0f} turns; "
            f"the slowest is seed {self.worst[1]} ({self.worst[0]:.1f} s)"
        )

    def __str__(self) -> str:
        minutes = max(self.took_s, 1e-9) / 60
        return (
            f"{self.content}; in {self.took_s:.0f} s by {self.jobs} at once: {self.worlds / minutes:.0f} worlds and "
            f"{self.count['kiosk-days'] / minutes:.0f} kiosk-days a minute"
        )
