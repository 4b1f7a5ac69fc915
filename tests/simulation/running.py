"""Letting one world happen, from nothing to nothing."""

from __future__ import annotations

import gc
import logging
import shutil
import tempfile
from pathlib import Path

from tests.simulation.chance import all_chance_from
from tests.simulation.loop import VirtualLoop
from tests.simulation.patience import LONGEST_WORLD_S, TakesTooLong, at_most, what_ended_it
from tests.simulation.plan import Plan
from tests.simulation.template import BIG_LIST, SMALL_LIST, nation
from tests.simulation.told import Told
from tests.simulation.world import World


def run(plan: Plan, *, longest_s: float = LONGEST_WORLD_S) -> Told:
    """Let the world of `plan` happen; what ends it before its time, or after `longest_s` of a core, is wrong in it."""
    told = Told(plan)
    template = nation(BIG_LIST if plan.has("big-list") else SMALL_LIST)
    folder = Path(tempfile.mkdtemp(prefix="kaikukortti-world-", dir=_fast_folder()))
    errors = _Errors(told)
    logging.getLogger().addHandler(errors)
    logging.disable(logging.WARNING)
    loop = VirtualLoop()
    # Connections that are let go of are closed when they are collected: not at another turn in every process.
    gc.collect()
    gc.freeze()  # what is there now is not looked through again before the next world
    gc.disable()
    try:
        with all_chance_from(plan.seed), at_most(longest_s, loop.standing):
            loop.run_until_complete(World(plan, told, folder, template, loop).live())
    except (Exception, TakesTooLong) as error:  # noqa: BLE001  # the border of a world: its number must be told
        told.wrong += what_ended_it(error)
    except BaseException as error:
        error.add_note(f"seed {plan.seed} was under way: {loop.standing()}")
        raise
    finally:
        told.wrong += loop.faults
        told.count["turns"] = loop.turns
        loop.close()
        gc.enable()
        logging.disable(logging.NOTSET)
        logging.getLogger().removeHandler(errors)
        shutil.rmtree(folder)
    return told


def _fast_folder() -> str | None:
    """A disk in memory where there is one: its promises cost nothing, and the crash model knows what they are worth."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


class _Errors(logging.Handler):
    def __init__(self, told: Told) -> None:
        super().__init__(logging.ERROR)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.wrong.append(f"logged: {record.getMessage()} {record.exc_info[1] if record.exc_info else ''}")
