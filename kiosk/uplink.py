"""The kiosk's tie to the register: enrols once, then sends, fetches and beats for ever."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contract.messages import DeviceFacts
from kiosk.cards.model import Identity
from kiosk.clock import Clock
from kiosk.enrolling import Enroller, RegisterAddress, Shelves
from kiosk.errors import EnrolmentError, KioskError
from kiosk.health import Health
from kiosk.store.seal import CardKeys, LookupKeys
from kiosk.store.sending import SendingNote, sending_file_of
from kiosk.sync.backoff import Backoff
from kiosk.sync.checks import CourseChecks
from kiosk.sync.client import RegisterClient
from kiosk.sync.heartbeat import HeartbeatSender, Vitals
from kiosk.sync.keys import KeyKeeper
from kiosk.sync.link import Link
from kiosk.sync.pull import Puller
from kiosk.sync.push import Pusher
from kiosk.sync.waiting import RealTime

KEYS_TRIED_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to try and to beat."""

    backoff: Backoff
    heartbeat_s: float
    key_life: dt.timedelta | None = None
    """Age at which the key is renewed; None: never."""


class Uplink:
    """Guards who the kiosk is to the register, and the keys that come with it."""

    def __init__(
        self,
        *,
        address: RegisterAddress,
        shelves: Shelves,
        token_file: Callable[[], Path | None],
        device: DeviceFacts,
        pace: Pace,
        vitals: Callable[[], Vitals],
        on_change: Callable[[], None],
        clock: Clock,
        health: Health,
        on_annulled: Callable[[frozenset[str]], None] = lambda _: None,
    ) -> None:
        """`on_change`: queue, link or news may look different now; `on_annulled`: these uses were taken back."""
        self.link = Link()
        self._address = address
        self._enroller = Enroller(address, shelves, token_file, device, clock)
        self._shelves = shelves
        self._device = device
        self._pace = pace
        self._vitals = vitals
        self._on_change = on_change
        self._on_annulled = on_annulled
        self._clock = clock
        self._health = health
        self._keys: CardKeys | None = None
        self._checks: CourseChecks | None = None
        self._pusher: Pusher | None = None
        self._news = asyncio.Event()
        self.link.observe(lambda _: on_change())

    def keys(self) -> CardKeys | None:
        """How numbers are hidden; None until the kiosk is enrolled and has its venue's profile."""
        return self._keys

    def poke(self) -> None:
        """Something new waits for the register."""
        if self._pusher is not None:
            self._pusher.poke()

    async def course_uses(self, use_id: str, lookup_key: str, event_id: str) -> int | None:
        """Course places the card has had in the period; None when the register cannot be asked."""
        return None if self._checks is None else await self._checks.course_uses(use_id, lookup_key, event_id)

    async def run(self) -> None:
        """Enrol where that is not done, and then serve for ever."""
        identity = await self._enroller.enrolled(self._pace.backoff, self._health)
        if identity.revoked:
            self.link.closed()
        await self._renew_keys(identity)
        async with self._address.client(identity.key) as client:
            self._checks = CourseChecks(client, self._clock)
            note = SendingNote(sending_file_of(self._shelves.outbox.path))
            pusher = Pusher(
                outbox=self._shelves.outbox,
                server=client,
                link=self.link,
                health=self._health,
                clock=self._clock,
                waiter=RealTime(),
                random=random.random,
                backoff=self._pace.backoff,
                on_change=lambda _: self._on_change(),
                on_sending=lambda sent: note.tell([each.sequence for each in sent], self._clock.now().utc),
            )
            puller = Puller(
                catalogue=self._shelves.catalogue,
                server=client,
                link=self.link,
                health=self._health,
                clock=self._clock,
                waiter=RealTime(),
                random=random.random,
                backoff=self._pace.backoff,
                on_news=self._news_came,
                on_annulled=self._on_annulled,
            )
            heartbeat = HeartbeatSender(
                server=client,
                queue=self._shelves.outbox,
                times=self._shelves.catalogue,
                link=self.link,
                health=self._health,
                clock=self._clock,
                waiter=RealTime(),
                software_version=self._device.software_version,
                interval_s=self._pace.heartbeat_s,
                vitals=self._vitals,
            )
            self._pusher = pusher
            with note:
                async with asyncio.TaskGroup() as group:
                    group.create_task(pusher.run(), name="upload")
                    group.create_task(puller.run(), name="news")
                    group.create_task(heartbeat.run(), name="heartbeat")
                    group.create_task(self._key_keeper(client).run(), name="key")
                    group.create_task(self._keep_keys_fresh(identity), name="keys")

    async def enrol_once(self) -> Identity:
        """Take the token to the register; the identity is on the disk when this returns.

        Raises EnrolmentError for a token that will not do, RegisterError, and StoreError.
        """
        return await self._enroller.enrol()

    async def rotate_once(self) -> None:
        """Get a new key now; raises EnrolmentError where the kiosk has none yet, RegisterError, and StoreError."""
        identity = self._shelves.identity.load()
        if identity is None:
            raise EnrolmentError("The kiosk is not enrolled: it has no key to renew.")
        async with self._address.client(identity.key) as client:
            await self._key_keeper(client).rotate()

    def _key_keeper(self, client: RegisterClient) -> KeyKeeper:
        return KeyKeeper(
            server=client,
            identities=self._shelves.identity,
            link=self.link,
            health=self._health,
            clock=self._clock,
            waiter=RealTime(),
            every=self._pace.key_life,
            on_revoked=self._on_change,
        )

    def _news_came(self) -> None:
        self._news.set()
        self._on_change()

    async def _keep_keys_fresh(self, identity: Identity) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                # Without keys the store may have failed at the start: it is asked again, though nobody tells news.
                async with asyncio.timeout(KEYS_TRIED_AGAIN_S if self._keys is None else None):
                    await self._news.wait()
            self._news.clear()
            await self._renew_keys(identity)

    async def _renew_keys(self, identity: Identity) -> None:
        try:
            profile = await self._shelves.catalogue.profile()
            if profile is not None:
                self._keys = CardKeys(LookupKeys(profile.lookup), identity.register_public_key)
        except KioskError as error:
            self._health.failing("lookup keys", str(error))
        else:
            self._health.ok("lookup keys")
        self._on_change()
