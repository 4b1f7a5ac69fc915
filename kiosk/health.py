"""What works and what does not: one line for each part, logged when it changes."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.clock import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Condition:
    """How one part is, since when, and why."""

    ok: bool
    since: dt.datetime
    why: str = ""


class Health:
    """The condition of every part; tells its watchers only when something changes."""

    def __init__(self, clock: Clock) -> None:
        """Start with no part known."""
        self._clock = clock
        self._parts: dict[str, Condition] = {}
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after each change."""
        self._watchers.append(watcher)

    def ok(self, part: str) -> None:
        """`part` works."""
        known = self._parts.get(part)
        if known is None or not known.ok:
            if known is not None:
                log.info("%s works again", part)
            self._set(part, Condition(ok=True, since=self._clock.now().utc))

    def failing(self, part: str, why: str) -> None:
        """`part` does not work, because of `why` (a sentence without secrets or numbers of cards)."""
        known = self._parts.get(part)
        if known is None or known.ok:
            log.warning("%s fails: %s", part, why)
            self._set(part, Condition(ok=False, since=self._clock.now().utc, why=why))
        elif known.why != why:
            log.warning("%s still fails: %s", part, why)
            self._set(part, Condition(ok=False, since=known.since, why=why))

    def parts(self) -> Mapping[str, Condition]:
        """Every part with its condition, by name."""
        return MappingProxyType(dict(sorted(self._parts.items())))

    def _set(self, part: str, condition: Condition) -> None:
        self._parts[part] = condition
        for watcher in self._watchers:
            watcher()
