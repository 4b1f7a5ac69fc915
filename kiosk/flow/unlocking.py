"""The way past the lock by printed codes or two buttons: the PIN, tried as the page tries it."""

from __future__ import annotations

from dataclasses import replace

from kiosk.cards.desk_events import DeskEvent, ModeSet, PinEntered, PinRefused
from kiosk.cards.desk_state import DeskMode, PinProgress
from kiosk.cards.pin_entry import PinAnswer, PinEntry, PinKey, entered, is_forgotten
from kiosk.clock import Clock
from kiosk.flow.ports import PinLock


class PinPad:
    """Guards the PIN on its way to the lock; nobody else sees it."""

    def __init__(self, lock: PinLock, clock: Clock) -> None:
        """Nothing is entered yet."""
        self._lock = lock
        self._clock = clock
        self._entry = PinEntry()

    @property
    def opens_pages(self) -> bool:
        """Whether the PIN that is being entered opens the venue's pages too."""
        return self._entry.for_pages

    def lock(self, mode: DeskMode) -> DeskEvent:
        """Lock the desk. Which browser is before whoever does so is not known: each of them asks for the PIN anew."""
        self._lock.leave_all()
        return ModeSet(replace(mode, locked=True), self._clock.now().monotonic_ms)

    async def take(self, key: PinKey, mode: DeskMode, at_ms: int) -> DeskEvent:
        """What comes of `key` at a locked desk: how far the PIN is, that it is wrong, or that the desk is open."""
        whole, self._entry = self._entry.whole, entered(self._entry, key, at_ms)
        if key is not PinKey.DONE or not whole:
            return PinEntered(_progress(self._entry), at_ms)
        answer = await self._lock.try_pin(whole)
        now_ms = self._clock.now().monotonic_ms
        if answer is PinAnswer.RIGHT:
            return ModeSet(replace(mode, locked=False), now_ms)
        return PinRefused(self._lock.wait_s, now_ms, tried=answer is PinAnswer.WRONG)

    def forgotten(self, *, locked: bool) -> DeskEvent | None:
        """What is to be shown once an entry is gone: nobody went on with it, or the desk was opened otherwise."""
        now_ms = self._clock.now().monotonic_ms
        if self._entry == PinEntry() or (locked and not is_forgotten(self._entry, now_ms)):
            return None
        self._entry = PinEntry()
        return PinEntered(PinProgress(), now_ms)


def _progress(entry: PinEntry) -> PinProgress:
    return PinProgress(len(entry.digits), begun=entry.begun, for_pages=entry.for_pages)
