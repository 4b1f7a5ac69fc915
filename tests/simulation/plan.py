"""What one world will be like: drawn from its number, and made smaller where a fault is to be understood."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.simulation.chance import Stream, stream

COMMON = (
    "outages",
    "cuts",
    "repeats",
    "slow",
    "odd-answers",
    "spoilt-answers",
    "poison",
    "kiosk-crashes",
    "power-cuts",
    "register-crashes",
    "clocks",
    "full-disks",
    "news",
    "new-lists",
    "key-renewals",
    "rescues",
)
RARE = ("big-list", "revoked", "lost-disks")
LATER = ("enrolled-anew", "register-clock", "venue-annulments")
"""Each drawn by itself, so that the worlds without them stay what they were."""
LIKELY_RARE = 0.15
FAULTS = (*COMMON, *RARE, *LATER)


@dataclass(frozen=True, slots=True)
class Plan:
    """One world's shape; the same plan is the same world, turn by turn."""

    seed: int
    kiosks: int
    days: int
    open_s: float
    """How long doors are open each day."""
    faults: tuple[str, ...]

    def has(self, fault: str) -> bool:
        return fault in self.faults

    def chance(self, *purpose: object) -> Stream:
        return stream(self.seed, *purpose)


def plan_of(seed: int) -> Plan:
    """The world `seed`: some of the faults and not always all, as those that mask each other hide mistakes."""
    chance = stream(seed, "plan")
    faults = {fault for fault in COMMON if chance.random() < 0.5}
    faults |= {fault for fault in RARE if chance.random() < LIKELY_RARE}
    faults |= {fault for fault in LATER if stream(seed, "plan", fault).random() < LIKELY_RARE}
    if "big-list" in faults:
        faults |= {"new-lists", "cuts"}  # it is there to be broken off
    return Plan(
        seed=seed,
        kiosks=chance.choices((2, 3, 4, 5), (5, 3, 1, 1))[0],
        days=chance.choices((1, 2, 3), (3, 2, 1))[0],
        open_s=chance.uniform(30.0, 90.0),
        faults=tuple(sorted(faults)),
    )


def smaller(plan: Plan) -> list[Plan]:
    """Plans with less in them, the boldest first."""
    return [
        *([replace(plan, days=plan.days - 1)] if plan.days > 1 else []),
        *([replace(plan, kiosks=plan.kiosks - 1)] if plan.kiosks > 1 else []),
        *(replace(plan, faults=tuple(each for each in plan.faults if each != fault)) for fault in plan.faults),
        *([replace(plan, open_s=plan.open_s / 2)] if plan.open_s > 5 else []),
    ]
