"""How the kiosk becomes known to the register, and stays the device that it was."""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from yarl import URL

from contract.messages import DeviceFacts
from kiosk.cards.model import Identity
from kiosk.clock import Clock
from kiosk.errors import EnrolmentError, RegisterError, StoreError
from kiosk.health import Health
from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.identity import IdentityFile
from kiosk.store.outbox import Outbox
from kiosk.store.past_identities import PastIdentities
from kiosk.sync.backoff import Backoff, delay_s
from kiosk.sync.client import RegisterClient
from kiosk.sync.enrol import enrol

PART = "enrolment"


@dataclass(frozen=True, slots=True)
class RegisterAddress:
    """Where the register is and how it is spoken to."""

    url: URL
    tls: ssl.SSLContext
    timeout_s: float

    def client(self, key: str | None) -> RegisterClient:
        """A client that speaks with `key`; None before enrolment."""
        return RegisterClient(self.url, key=key, tls=self.tls, timeout_s=self.timeout_s)


@dataclass(frozen=True, slots=True)
class Shelves:
    """What of the kiosk lies on the disk."""

    catalogue: Catalogue
    outbox: Outbox
    identity: IdentityFile
    past: PastIdentities


def shelves_of(database: Database, identity: Path, *, door: str) -> Shelves:
    """What lies in `database`, with the file of the identity."""
    return Shelves(Catalogue(database, door=door), Outbox(database), IdentityFile(identity), PastIdentities(database))


class Enroller:
    """Guards the step from a token to an identity."""

    def __init__(
        self,
        address: RegisterAddress,
        shelves: Shelves,
        token_file: Callable[[], Path | None],
        device: DeviceFacts,
        clock: Clock,
    ) -> None:
        """Take what `token_file` names to `address`; nothing happens yet."""
        self._address = address
        self._shelves = shelves
        self._token_file = token_file
        self._device = device
        self._clock = clock

    async def enrolled(self, backoff: Backoff, health: Health) -> Identity:
        """Who the kiosk is, enrolled first where that is not done, for as long as it takes."""
        failures = 0
        while True:
            try:
                identity = self._shelves.identity.load()
                if identity is None:
                    identity = await self.enrol()
                else:
                    await self._remember_old(identity)
            except (EnrolmentError, RegisterError, StoreError) as error:
                health.failing(PART, str(error))
                failures += 1
                # A technician may lay down a new token at any time: it is read again at each try.
                await asyncio.sleep(delay_s(backoff, failures, random.random))
            else:
                health.ok(PART)
                return identity

    async def enrol(self) -> Identity:
        """Take the token to the register; the identity is on the disk when this returns.

        Raises EnrolmentError for a token that will not do, RegisterError, and StoreError.
        """
        path = self._token_file()
        if path is None:
            raise EnrolmentError("There is no enrolment token: the configuration names none.")
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise EnrolmentError(f"The enrolment token cannot be read from {path}: {error}.") from None
        with contextlib.suppress(StoreError):  # a file of no use is what a technician enrols anew for
            if (known := self._shelves.identity.load()) is not None:
                await self._remember_old(known)
        before = await self._shelves.past.known()
        async with self._address.client(None) as client:
            secret = self._shelves.identity.device_secret()
            enrolled = await enrol(client, token, self._device, secret, before)
        # First what proves it later: no identity is ever used that the records' own database does not know.
        await self._shelves.past.remember(enrolled.identity)
        self._shelves.identity.save(replace(enrolled.identity, key_since=self._clock.now().utc))
        self._shelves.identity.forget_device_secret()
        await self._shelves.catalogue.heard(enrolled.server_time)
        return enrolled.identity

    async def _remember_old(self, identity: Identity) -> None:
        # One of before this table, or of a database put back from a copy. A disk that cannot be written keeps no
        # kiosk from the register: each start tries again.
        with contextlib.suppress(StoreError):
            await self._shelves.past.remember(identity)
