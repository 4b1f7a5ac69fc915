"""Whether the register can be asked, judged by the last results: one lost packet is no alarm."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

REMEMBERED = 5
FAILURES_TO_OFFLINE = 3
"""So many of the remembered results."""
SUCCESSES_TO_ONLINE = 2
"""So many in a row."""


class Link:
    """Guards the results since the last change; not known yet counts as offline."""

    def __init__(self) -> None:
        """Start offline."""
        self._online = False
        self._results: deque[bool] = deque(maxlen=REMEMBERED)
        self._observers: list[Callable[[bool], None]] = []
        self._ended = False
        self._end_observers: list[Callable[[], None]] = []

    @property
    def online(self) -> bool:
        """Whether the register answers."""
        return self._online

    def observe(self, observer: Callable[[bool], None]) -> None:
        """Call `observer` with the new state after each change."""
        self._observers.append(observer)

    @property
    def ended(self) -> bool:
        """Whether the register will not speak with this kiosk again."""
        return self._ended

    def observe_end(self, observer: Callable[[], None]) -> None:
        """Call `observer` once, when the register has ended it."""
        self._end_observers.append(observer)

    def worked(self) -> None:
        """The register did what it was asked."""
        self._add(result=True)

    def failed(self) -> None:
        """It did not answer, or not to the point."""
        self._add(result=False)

    def closed(self) -> None:
        """The register will not speak with this kiosk again (its key was revoked): offline at once."""
        self._results.clear()
        if self._online:
            self._turn()
        if not self._ended:
            self._ended = True
            for observer in self._end_observers:
                observer()

    def _add(self, *, result: bool) -> None:
        self._results.append(result)
        if self._online:
            changed = self._results.count(False) >= FAILURES_TO_OFFLINE
        else:
            newest = list(self._results)[-SUCCESSES_TO_ONLINE:]
            changed = newest.count(True) == SUCCESSES_TO_ONLINE
        if changed:
            self._turn()

    def _turn(self) -> None:
        self._online = not self._online
        # Old results must not pull the other way at once: that would be no hysteresis.
        self._results.clear()
        for observer in self._observers:
            observer(self._online)
