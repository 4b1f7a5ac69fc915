"""Running worlds by the number, and telling how to see a bad one again."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import replace
from itertools import count, islice
from multiprocessing import get_context

from tests.simulation.plan import FAULTS, Plan, plan_of, smaller
from tests.simulation.running import run
from tests.simulation.tally import Tally
from tests.simulation.told import Told

LONGEST_SEARCH_S = 60.0
LOG_LINES = 80


def run_seeds(seeds: Iterable[int], *, until_s: float = float("inf"), jobs: int = 1) -> tuple[Tally, Told | None]:
    """Run the worlds until one is bad (given back), or the time is over; `jobs` of them at once, in processes."""
    tally, began_s, bad = Tally(jobs=jobs), time.perf_counter(), None
    with contextlib.closing(_each_world(seeds, jobs)) as worlds:
        for told, took_s in worlds:
            tally.add(told, took_s)
            if told.wrong:
                bad = told
            if bad is not None or time.perf_counter() - began_s > until_s:
                break
    tally.took_s = time.perf_counter() - began_s
    return tally, bad


def _each_world(seeds: Iterable[int], jobs: int) -> Generator[tuple[Told, float], None, None]:
    if jobs == 1:
        yield from map(_timed, seeds)
        return
    left = iter(seeds)
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_collect_seldom) as pool:
        # No more is asked for than is soon begun: who stops early need not wait for the rest.
        running = {pool.submit(_timed, seed) for seed in islice(left, 2 * jobs)}
        try:
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                running |= {pool.submit(_timed, seed) for seed in islice(left, len(done))}
                yield from (each.result() for each in done)
        finally:
            pool.shutdown(cancel_futures=True)


def _collect_seldom() -> None:
    """Look for garbage less often: in a process that runs nothing but worlds it was up to a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def _timed(seed: int) -> tuple[Told, float]:
    began_s = time.process_time()
    told = run(plan_of(seed))
    return told, time.process_time() - began_s


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
        headline(told),
        *(f"  {each}" for each in told.wrong[1:10]),
        f"the last lines of its log ({told.digest}):",
        *(f"  {line}" for line in told.log[-LOG_LINES:]),
        f"again, whole:     python -m tests.simulation --seed {plan.seed}",
        f"again, this small: {words_for(plan)}",
    ]
    return "\n".join(lines)


def headline(told: Told) -> str:
    """The number of a world and the first that is wrong with it: of a long report often this line alone is kept."""
    return f"seed {told.plan.seed} is wrong: {told.wrong[0]}"


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
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many at once (one for each core)")
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
    seeds = range(first, first + given.seeds) if given.minutes is None else count(first)
    print(f"from seed {first}", flush=True)
    tally, bad = run_seeds(seeds, until_s=until_s, jobs=given.jobs)
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
