"""How long one world may take, and where it stands when that is over."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[2]
LONGEST_WORLD_S = 60.0
"""Of a core: beside many other programs the slowest of 500 worlds took 9, and 85 by the clock on the wall."""
SAID_AGAIN_S = 5.0
"""Where the first word was lost, as in a destructor, it is said again."""
PLACES = 4


class TakesTooLong(KeyboardInterrupt):
    """Of the one kind that asyncio, and whoever else lives on after errors, hands on at once."""


@contextmanager
def at_most(longest_s: float, standing: Callable[[], str]) -> Iterator[None]:
    """Raise TakesTooLong, wherever the program is then, after `longest_s` of a core; `standing` says how far it came.

    Not pytest's own timer: that one counts for all the worlds of a test, and knows no world.
    """

    def give_up(_number: int, frame: FrameType | None) -> None:
        place = place_of(traceback.extract_stack(frame))
        raise TakesTooLong(f"it takes longer than {longest_s:g} s of a core: {standing()}; it is in {place}")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, longest_s, SAID_AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def what_ended_it(error: BaseException) -> Iterator[str]:
    """Each error that ended a world, in one line: what it says and where it was raised."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from what_ended_it(each)
    elif isinstance(error, TakesTooLong):
        yield str(error)
    else:
        yield f"it ended: {' '.join(repr(error).split())} in {place_of(traceback.extract_tb(error.__traceback__))}"


def place_of(stack: traceback.StackSummary) -> str:
    """The innermost functions of the project in `stack`, and the one that these have called."""
    places: list[str] = []
    for each in reversed(stack):
        file = Path(each.filename)
        ours = file.is_relative_to(ROOT)
        if ours or not places:
            places.append(f"{each.name} ({file.relative_to(ROOT) if ours else file.name}:{each.lineno})")
    return ", of ".join(places[:PLACES])
