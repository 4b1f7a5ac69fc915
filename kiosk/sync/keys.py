"""Renews the kiosk's key now and then, so that nothing is lost wherever it is stopped."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from kiosk.cards.model import Identity
from kiosk.clock import Clock
from kiosk.errors import KeyRevoked, NotAccepted, RegisterError, StoreUnavailable
from kiosk.health import Health
from kiosk.sync.link import Link
from kiosk.sync.waiting import Waiter

PART = "key"
LOOKS_EVERY_S = 3600.0
TRIES_AGAIN_AFTER_S = 60.0


class Server(Protocol):
    """Who gives keys; raises RegisterError."""

    def use_key(self, key: str) -> None:
        """Speak with `key` from now on."""
        ...

    async def rotate_key(self) -> str:
        """A new key; the old one works until the new one is first used."""
        ...

    async def profile(self) -> object:
        """Any answer that needs a key."""
        ...


class IdentityKeeper(Protocol):
    """Where the key rests; raises StoreUnavailable."""

    def load(self) -> Identity | None:
        """The identity on the disk."""
        ...

    def save(self, identity: Identity) -> None:
        """Keep `identity`, on the disk when this returns."""
        ...


class KeyKeeper:
    """Guards the way from one key to the next.

    A new key is on the disk, beside the old one, before it is used for the first time, by which the old one dies. The
    old one is forgotten when the register has accepted the new one; where it does not know the new one (it was put
    back from a copy), the old one is used on.
    """

    def __init__(
        self,
        *,
        server: Server,
        identities: IdentityKeeper,
        link: Link,
        health: Health,
        clock: Clock,
        waiter: Waiter,
        every: dt.timedelta | None,
        on_revoked: Callable[[], None] = lambda: None,
    ) -> None:
        """Renew a key that is older than `every` (None: never by itself)."""
        self._server = server
        self._identities = identities
        self._link = link
        self._health = health
        self._clock = clock
        self._waiter = waiter
        self._every = every
        self._on_revoked = on_revoked
        self._poke = asyncio.Event()
        link.observe_end(self._poke.set)

    async def run(self) -> None:
        """Look after the key for ever."""
        while True:
            self._poke.clear()
            await self._waiter.wait(self._poke, await self.look())

    async def rotate(self) -> None:
        """A new key now; raises RegisterError and StoreUnavailable, and then the kiosk has a good key all the same."""
        identity = self._identities.load()
        if identity is None:
            return
        if identity.previous_key is not None:
            identity = await self._settle(identity)
        new = await self._server.rotate_key()
        both = replace(identity, key=new, previous_key=identity.key, key_since=self._clock.now().utc)
        self._identities.save(both)
        self._server.use_key(new)
        await self._settle(both)

    async def look(self) -> float | None:
        """One look; returns the seconds until the next (None: only a poke)."""
        try:
            identity = self._identities.load()
            if identity is None:
                return LOOKS_EVERY_S
            if self._link.ended:
                self._remember_end(identity)
                return None
            if identity.previous_key is not None:
                await self._settle(identity)
            elif self._is_due(identity):
                await self.rotate()
        except KeyRevoked:
            self._link.closed()
            return 0.0
        except (RegisterError, StoreUnavailable) as error:
            self._health.failing(PART, str(error))
            return TRIES_AGAIN_AFTER_S
        self._health.ok(PART)
        return LOOKS_EVERY_S

    async def _settle(self, identity: Identity) -> Identity:
        """Find out which of two keys is good, and keep that one alone."""
        previous = identity.previous_key
        if previous is None:
            return identity
        settled = replace(identity, previous_key=None)
        try:
            await self._server.profile()
        except NotAccepted:
            self._server.use_key(previous)
            try:
                await self._server.profile()
            except RegisterError:
                self._server.use_key(identity.key)
                raise
            settled = replace(settled, key=previous)
        self._identities.save(settled)
        return settled

    def _is_due(self, identity: Identity) -> bool:
        now = self._clock.now()
        if self._every is None or not now.trusted:
            return False
        if identity.key_since is None:
            self._identities.save(replace(identity, key_since=now.utc))
            return False
        # A date in the future was written by a clock that has since been set back.
        return not dt.timedelta(0) <= now.utc - identity.key_since < self._every

    def _remember_end(self, identity: Identity) -> None:
        self._health.failing(PART, "the register has revoked this kiosk's key: `kiosk wipe`, or enrol it anew")
        if not identity.revoked:
            self._identities.save(replace(identity, revoked=True))
        self._on_revoked()
