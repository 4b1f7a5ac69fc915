"""The desk's PIN: who may see the venue's pages, how long, and how often somebody may guess."""

from __future__ import annotations

import asyncio
import datetime as dt
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nacl import pwhash
from nacl.exceptions import InvalidkeyError

from kiosk.cards.pin_entry import LONGEST_PIN, SHORTEST_PIN, PinAnswer
from kiosk.clock import Clock

FREE_GUESSES = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 5, 300
MOST_SESSIONS = 20
_OPERATIONS = 3
_MEMORY_BYTES = 64 * 1024 * 1024
"""Argon2id: half a second on a Pi 4, which is also the pace of a guess."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that has said the PIN."""

    token: str
    """What its cookie holds."""
    form_token: str
    """What its forms hold: a page of another site can send the cookie at most, and never this."""
    used_ms: int


def is_pin(text: str) -> bool:
    """Whether `text` can be a PIN: four to twelve digits."""
    return text.isascii() and text.isdigit() and SHORTEST_PIN <= len(text) <= LONGEST_PIN


def hash_of(pin: str) -> bytes:
    """What is kept of a PIN: Argon2id with a salt of its own; takes half a second."""
    return bytes(pwhash.argon2id.str(pin.encode("ascii"), opslimit=_OPERATIONS, memlimit=_MEMORY_BYTES))


def wait_after(wrong_guesses: int) -> dt.timedelta:
    """How long nobody may guess after so many wrong guesses in a row: each doubles it."""
    if wrong_guesses < FREE_GUESSES:
        return dt.timedelta(0)
    return dt.timedelta(seconds=min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(wrong_guesses - FREE_GUESSES, 10)))


class PinFile:
    """The file that holds the PIN's hash; absent: no PIN is set."""

    def __init__(self, path: Path) -> None:
        """Read `path` anew at each question, so that `kiosk pin` counts at once."""
        self._path = path

    def read(self) -> bytes | None:
        """The hash; None: no PIN is set, or it cannot be read."""
        try:
            return self._path.read_bytes().strip() or None
        except OSError:
            return None


class Access:
    """Guards sessions and the count of wrong guesses; one for all browsers, as there is one PIN."""

    def __init__(self, pin_hash: Callable[[], bytes | None], clock: Clock, idle: dt.timedelta) -> None:
        """Let in who knows the PIN behind `pin_hash`; a session that is not used for `idle` ends."""
        self._pin_hash = pin_hash
        self._clock = clock
        self._idle = idle
        self._sessions: dict[str, Session] = {}
        self._wrong_guesses = 0
        self._may_guess_at_ms = 0
        self._guessing = asyncio.Lock()
        self._trying: set[asyncio.Task[PinAnswer]] = set()
        """Guesses that are not answered yet: the loop alone would let a task go that nobody holds."""

    @property
    def has_pin(self) -> bool:
        """Whether a PIN is set; without one nobody gets behind it."""
        return self._pin_hash() is not None

    @property
    def wait(self) -> dt.timedelta:
        """How long nobody may guess yet."""
        return dt.timedelta(milliseconds=max(0, self._may_guess_at_ms - self._now_ms()))

    @property
    def wait_s(self) -> int:
        """The same in seconds that have begun."""
        return -(-self.wait // dt.timedelta(seconds=1))

    async def enter(self, pin: str) -> Session | None:
        """A session for whoever knows the PIN; None for a wrong guess, and for any while `wait` lasts."""
        return self.begin() if await self.try_pin(pin) is PinAnswer.RIGHT else None

    async def try_pin(self, pin: str) -> PinAnswer:
        """Whether `pin` is the one. One count of wrong guesses for all, on whatever page, by codes or by buttons.

        Whoever asks may go: a guess that has begun is tried and counted all the same, and the next waits for its end.
        """
        guess = asyncio.create_task(self._try_in_turn(pin))
        self._trying.add(guess)
        guess.add_done_callback(self._trying.discard)
        return await asyncio.shield(guess)

    def session(self, token: str) -> Session | None:
        """The session of the cookie `token`, which goes on; None: there is none, or it was idle too long."""
        known = self._sessions.get(token)
        if known is None or not self.knows(token):
            self.leave(token)
            return None
        self._sessions[token] = replace(known, used_ms=self._now_ms())
        return known

    def knows(self, token: str) -> bool:
        """Whether the session of the cookie `token` has not ended; asking does not let it go on."""
        known = self._sessions.get(token)
        return known is not None and self._now_ms() - known.used_ms <= self._idle / _MS

    def begin(self) -> Session:
        """A session for somebody who has said the PIN elsewhere."""
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), self._now_ms())
        while len(self._sessions) >= MOST_SESSIONS:
            self.leave(min(self._sessions, key=lambda token: self._sessions[token].used_ms))
        self._sessions[session.token] = session
        return session

    def leave(self, token: str) -> None:
        """End the session of the cookie `token`; harmless where there is none."""
        self._sessions.pop(token, None)

    def leave_all(self) -> None:
        """End every session: the desk was locked by somebody whose browser nobody knows."""
        self._sessions.clear()

    async def _try_in_turn(self, pin: str) -> PinAnswer:
        async with self._guessing:  # guesses that come at once wait in a row, each for its turn
            kept = self._pin_hash()
            if kept is None:
                return PinAnswer.WRONG
            if self.wait:
                return PinAnswer.TOO_SOON
            if not is_pin(pin) or not await asyncio.to_thread(_is_right, kept, pin):
                self._wrong_guesses += 1
                self._may_guess_at_ms = self._now_ms() + round(wait_after(self._wrong_guesses) / _MS)
                return PinAnswer.WRONG
            self._wrong_guesses = 0
            return PinAnswer.RIGHT

    def _now_ms(self) -> int:
        return self._clock.now().monotonic_ms


def is_own_form(session: Session, form_token: str) -> bool:
    """Whether a form that holds `form_token` was drawn for this session."""
    return hmac.compare_digest(session.form_token.encode(), form_token.encode())


_MS = dt.timedelta(milliseconds=1)


def _is_right(kept: bytes, pin: str) -> bool:
    try:
        return bool(pwhash.verify(kept, pin.encode("ascii")))
    except (InvalidkeyError, ValueError):
        return False
