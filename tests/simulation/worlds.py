"""Running worlds by the number, and telling how to see a bad one again."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tests.simulation.plan import FAULTS, Plan, plan_of, smaller
from tests.simulation.world import Told, run

LONGEST_SEARCH_S = 60.0
LOG_LINES = 80


@dataclass
class Tally:
    """What so many worlds were."""

    worlds: int = 0
    kiosk_days: int = 0
    uses: int = 0
    crashes: int = 0
    took_s: float = 0.0
    slowest: tuple[float, int] = (0.0, 0)

    def add(self, told: Told, took_s: float) -> None:
        self.worlds += 1
        self.kiosk_days += told.kiosk_days
        self.uses += told.uses
        self.crashes += told.crashes
        self.took_s += took_s
        self.slowest = max(self.slowest, (took_s, told.plan.seed))

    def __str__(self) -> str:
        minutes = max(self.took_s, 1e-9) / 60
        return (
            f"{self.worlds} worlds, {self.kiosk_days} kiosk-days, {self.uses} uses, {self.crashes} crashes in "
            f"{self.took_s:.0f} s: {self.worlds / minutes:.0f} worlds and {self.kiosk_days / minutes:.0f} kiosk-days "
            f"a minute; the slowest is seed {self.slowest[1]} ({self.slowest[0]:.1f} s)"
        )


def run_seeds(seeds: Sequence[int], *, until_s: float = float("inf")) -> tuple[Tally, Told | None]:
    """Run the worlds one after the other until one is bad (given back), or the time is over."""
    tally, began_s = Tally(), time.perf_counter()
    for seed in seeds:
        at_s = time.perf_counter()
        if at_s - began_s > until_s:
            break
        told = run(plan_of(seed))
        tally.add(told, time.perf_counter() - at_s)
        if told.wrong:
            return tally, told
    return tally, None


def smallest(told: Told, *, within_s: float = LONGEST_SEARCH_S, run: Callable[[Plan], Told] = run) -> Told:
    """A smaller world that is wrong too, found by leaving things out one after the other."""
    ends_s = time.perf_counter() + within_s
    found = True
    while found and time.perf_counter() < ends_s:
        found = False
        for plan in smaller(told.plan):
            if time.perf_counter() > ends_s:
                break
            tried = run(plan)
            if tried.wrong:
                told, found = tried, True
                break
    return told


def report(told: Told) -> str:
    """What is wrong, the log of it, and the words to see it again."""
    plan = told.plan
    lines = [
        f"seed {plan.seed} is wrong:",
        *(f"  {each}" for each in told.wrong[:10]),
        f"the last lines of its log ({told.digest}):",
        *(f"  {line}" for line in told.log[-LOG_LINES:]),
        f"again, whole:     python -m tests.simulation --seed {plan.seed}",
        f"again, this small: {words_for(plan)}",
    ]
    return "\n".join(lines)


def words_for(plan: Plan) -> str:
    """The command that runs `plan`."""
    faults = ",".join(plan.faults) or "none"
    return (
        f"python -m tests.simulation --seed {plan.seed} --kiosks {plan.kiosks} --days {plan.days} "
        f"--open-s {plan.open_s!r} --faults {faults}"
    )


def main(words: Sequence[str]) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="this world alone")
    parser.add_argument("--seeds", type=int, default=100, help="so many worlds (100)")
    parser.add_argument("--first", type=int, help="the first of them (a fresh number)")
    parser.add_argument("--minutes", type=float, help="as many as there is time for")
    parser.add_argument("--kiosks", type=int)
    parser.add_argument("--days", type=int)
    parser.add_argument("--open-s", type=float, help="how long doors are open each day")
    parser.add_argument("--faults", help=f"none, or some of {','.join(FAULTS)}")
    parser.add_argument("--as-found", action="store_true", help="do not look for a smaller world that is wrong too")
    parser.add_argument("--log", action="store_true", help="print the world's log")
    given = parser.parse_args(words)
    if given.seed is not None:
        return _one(_plan(given), log=given.log)
    first = int.from_bytes(os.urandom(4), "big") if given.first is None else given.first
    until_s = float("inf") if given.minutes is None else given.minutes * 60
    seeds = range(first, first + (given.seeds if given.minutes is None else 10**9))
    print(f"from seed {first}")
    tally, bad = run_seeds(seeds, until_s=until_s)
    print(tally)
    if bad is None:
        return 0
    print(report(bad if given.as_found else smallest(bad)))
    return 1


def _one(plan: Plan, *, log: bool) -> int:
    told = run(plan)
    if log:
        print("\n".join(told.log))
    print(report(told) if told.wrong else f"seed {plan.seed} is well ({told.digest}): {plan}")
    return 1 if told.wrong else 0


def _plan(given: argparse.Namespace) -> Plan:
    plan = plan_of(given.seed)
    if given.faults is not None:
        faults = () if given.faults == "none" else tuple(sorted(given.faults.split(",")))
        plan = replace(plan, faults=faults)
    return replace(
        plan,
        kiosks=given.kiosks or plan.kiosks,
        days=given.days or plan.days,
        open_s=given.open_s or plan.open_s,
    )
