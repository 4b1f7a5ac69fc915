"""What a world leaves behind."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.plan import Plan


@dataclass
class Told:
    """Its log, what was wrong in it, and what there was of everything."""

    plan: Plan
    log: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)
    """Of each thing that happened: `kiosk-days`, `scans`, `uses`, `crashes`, …"""

    @property
    def digest(self) -> str:
        """The same for two runs that were the same turn by turn."""
        return hashlib.sha256("\n".join(self.log).encode()).hexdigest()[:16]
