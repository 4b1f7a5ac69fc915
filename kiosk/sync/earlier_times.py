"""When an earlier time than the newest is believed of the register after all (ADR 25)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kiosk.clock import Moment

TAKES = dt.timedelta(minutes=10)
"""So long, without a word to the contrary, both clocks must say so; less far ahead is caught up with anyway."""
TIMES = 5
"""… and so often."""
AGREES_WITHIN = dt.timedelta(minutes=2)
"""The slowest answer and the slew of two synchronised clocks are less."""


@dataclass(frozen=True, slots=True)
class _Series:
    newest: dt.datetime
    boot_id: str
    since_ms: int
    times: int


def agree(server_time: dt.datetime, own: Moment) -> bool:
    """Whether the kiosk's own clock is synchronised, and says what the register says."""
    return own.trusted and abs(own.utc - server_time) <= AGREES_WITHIN


class EarlierTimes:
    """Guards since when the register has said an earlier time, and the kiosk's own synchronised clock the same one."""

    def __init__(self) -> None:
        """It has not."""
        self._series: _Series | None = None

    def heard(self, server_time: dt.datetime, own: Moment, newest: dt.datetime) -> bool:
        """Whether `newest`, once learnt from the register, was wrong: it said `server_time` when it was `own` here.

        An answer that is not much earlier, an own clock that is not synchronised or says something else, and a
        `newest` that was heard again in between begin the series anew.
        """
        is_earlier = newest - server_time > TAKES
        if not (is_earlier and agree(server_time, own)):
            self._series = None
            return False
        begun = self._series
        if begun is None or (begun.newest, begun.boot_id) != (newest, own.boot_id):
            self._series = _Series(newest, own.boot_id, own.monotonic_ms, 1)
            return False
        self._series = _Series(newest, own.boot_id, begun.since_ms, begun.times + 1)
        lasted = dt.timedelta(milliseconds=own.monotonic_ms - begun.since_ms)
        return lasted >= TAKES and self._series.times >= TIMES
