"""The register's clock, and instants as whole milliseconds."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC, cut to milliseconds."""
        ...


class SystemClock:
    """The machine's clock, which its operating system keeps right."""

    def now(self) -> dt.datetime:
        """The present instant, aware, in UTC, cut to milliseconds."""
        return from_ms(to_ms(dt.datetime.now(dt.UTC)))


def to_ms(instant: dt.datetime) -> int:
    """Whole milliseconds from 1970 to `instant` (aware), cut."""
    return (instant - EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> dt.datetime:
    """The instant `milliseconds` after 1970, in UTC."""
    return EPOCH + milliseconds * _MILLISECOND
