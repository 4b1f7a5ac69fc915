"""The slow hash of a PIN, held in the midst of a guess until the test lets it end."""

from __future__ import annotations

import asyncio
import threading

import pytest

from kiosk.screen import access


class HeldHash:
    """Stands in the place of the hash; make it where the loop runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Hold each guess from now on."""
        self.begun = asyncio.Event()
        """A guess is being tried."""
        self.may_end = threading.Event()
        self.times = self.most_at_once = 0
        self._now = 0
        self._counting = threading.Lock()
        self._loop = asyncio.get_running_loop()
        self._is_right = access._is_right
        monkeypatch.setattr(access, "_is_right", self._held)

    def _held(self, kept: bytes, pin: str) -> bool:
        with self._counting:
            self.times += 1
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        self._loop.call_soon_threadsafe(self.begun.set)
        assert self.may_end.wait(10)
        is_right = self._is_right(kept, pin)
        with self._counting:
            self._now -= 1
        return is_right
