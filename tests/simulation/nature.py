"""What happens to a world from outside, by chance: people, power, clocks and disks."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from functools import partial
from typing import TYPE_CHECKING

from kiosk.store.identity import IdentityFile
from register.demo.places import HALL
from register.errors import NotFound
from register.intake.venue_annulments import annul_for_venue
from register.store.cards import put_card, remove_card
from register.store.feed import start_anew
from register.store.kiosks import revoke_kiosk
from tests.simulation.moods import Temper
from tests.simulation.plan import Plan
from tests.simulation.template import CHANGING, listed
from tests.simulation.weather import Climate

if TYPE_CHECKING:
    from tests.simulation.world import World

TECHNICIAN_COMES_EVERY_S = 30.0
A_YEAR = dt.timedelta(days=365)


def temper_of(plan: Plan) -> Temper:
    """How often the register is out of sorts."""
    odd = 0.15 if plan.has("odd-answers") else 0.0
    return Temper(
        odd_before=odd,
        odd_after=odd / 2,
        spoilt=0.2 if plan.has("spoilt-answers") else 0.0,
        poison=0.15 if plan.has("poison") else 0.0,
    )


def climate_of(plan: Plan, calm_s: float) -> Climate:
    """How bad the lines are."""
    return Climate(
        outages=plan.has("outages"),
        cut=0.3 if plan.has("cuts") else 0.0,
        repeat=0.1 if plan.has("repeats") else 0.0,
        slow=0.4 if plan.has("slow") else 0.0,
        calm_s=calm_s,
    )


class Nature:
    """One life for each kind of fault that the plan has."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plan = world.plan

    def lives(self) -> Iterator[Coroutine[None, None, None]]:
        """Everything that goes on until it is cancelled; it rests while doors are closed."""
        for line in self._world.venue.lines.values():
            yield line.live(self._world.opening)
        yield self._give_tokens()
        happenings: dict[str, tuple[float, Callable[[], Awaitable[None]]]] = {
            "kiosk-crashes": (45.0, self._crash_a_kiosk),
            "register-crashes": (40.0, self._crash_the_register),
            "clocks": (20.0, self._step_a_clock),
            "full-disks": (30.0, self._fill_a_disk),
            "news": (10.0, self._change_a_card),
            "new-lists": (30.0, self._start_the_feed_anew),
            "revoked": (60.0, self._revoke_a_kiosk),
            "rescues": (25.0, self._rescue_a_kiosk),
            "register-clock": (60.0, self._set_the_registers_clock),
            "venue-annulments": (12.0, self._take_a_use_back),
            "lost-disks": (50.0, self._lose_a_disk),
            "enrolled-anew": (35.0, self._lose_an_identity),
        }
        for fault, (every_s, what) in happenings.items():
            if self._plan.has(fault):
                yield self._now_and_then(fault, every_s, what)

    async def _now_and_then(self, name: str, every_s: float, what: Callable[[], Awaitable[None]]) -> None:
        chance = self._plan.chance("nature", name)
        while True:
            await asyncio.sleep(chance.expovariate(1 / every_s))
            if not self._world.open:
                await self._world.opening()
                continue
            await what()

    async def _give_tokens(self) -> None:
        """A technician looks after kiosks whose token was used up by an enrolment of which the answer was lost."""
        while True:
            await asyncio.sleep(TECHNICIAN_COMES_EVERY_S)
            await self._world.at_work()
            for machine in self._world.venue.machines:
                if machine.process is not None and IdentityFile(machine.identity_file).load() is None:
                    await self._world.venue.give_token(machine)

    async def _crash_a_kiosk(self) -> None:
        machine = self._world.chance.choice(self._world.venue.machines)
        if machine.process is not None:
            self._world.venue.crash(machine, "dies")

    async def _crash_the_register(self) -> None:
        if self._world.register.up:
            self._world.say("register", "dies")
            self._world.register_dies()

    async def _step_a_clock(self) -> None:
        chance, machine = self._world.chance, self._world.chance.choice(self._world.venue.machines)
        if chance.random() < 0.4:
            self._world.venue.synchronise(machine)
            self._world.say(machine.name, "clock synchronised")
            return
        widest = chance.choice((dt.timedelta(minutes=3), dt.timedelta(hours=3), A_YEAR))
        by = widest * chance.choice((-1, 1)) * chance.random()
        machine.clock.step(by, noticed=chance.random() < 0.7)
        self._world.say(machine.name, f"clock steps by {by}")

    async def _set_the_registers_clock(self) -> None:
        self._world.moods.ahead = self._world.chance.choice((dt.timedelta(hours=3), A_YEAR))
        self._world.say("register", f"says that it is {self._world.moods.ahead} later")
        self._world.loop.call_later(self._world.chance.uniform(5.0, 60.0), self._put_the_registers_clock_right)

    def _put_the_registers_clock_right(self) -> None:
        self._world.moods.ahead = dt.timedelta()
        self._world.say("register", "says what time it is")

    async def _fill_a_disk(self) -> None:
        machine = self._world.chance.choice(self._world.venue.machines)
        if machine.disk_full or machine.to_the_brim:
            machine.disk_full = False
            machine.fill(full=False)
            self._world.say(machine.name, "disk has room")
        elif self._world.chance.random() < 0.5:
            machine.disk_full = True
            self._world.say(machine.name, "disk nearly full")
        else:
            machine.fill(full=True)
            self._world.say(machine.name, "disk full to the brim")

    async def _rescue_a_kiosk(self) -> None:
        await self._world.technician.rescue(self._world.chance.choice(self._world.venue.machines))

    async def _lose_a_disk(self) -> None:
        await self._world.technician.exchange_disk(self._world.chance.choice(self._world.venue.machines))

    async def _lose_an_identity(self) -> None:
        machine = self._world.chance.choice(self._world.venue.machines)
        if machine.name not in self._world.venue.revoked:
            await self._world.technician.enrol_anew(machine)

    async def _change_a_card(self) -> None:
        chance, world = self._world.chance, self._world
        number = chance.choice(CHANGING)
        key, at = world.nation.lookup_keys[number], world.true.now()
        what = chance.choice(("active", "blocked", "removed"))
        world.say("register", f"card {number} {what}")
        if what == "removed":
            await world.register.do(partial(remove_card, at=at, lookup_key=key))
        else:
            await world.register.do(partial(put_card, at=at, card=listed(number, key, what), sealed_number=None))

    async def _take_a_use_back(self) -> None:
        """The venue's administrator takes back what some door has recorded, where the register has it."""
        world = self._world
        uses = sorted(each for witness in world.venue.witnesses.values() for each in witness.announced)
        if not uses or not world.register.up:
            return
        use_id = world.chance.choice(uses)
        with contextlib.suppress(NotFound):
            take = partial(annul_for_venue, use_id=use_id, venue_id=HALL, why="a mistake", at=world.true.now())
            if await world.register.do(take):
                world.say("register", f"the venue takes {use_id} back")
                for witness in world.venue.witnesses.values():
                    witness.the_venue_took_back(use_id)

    async def _start_the_feed_anew(self) -> None:
        self._world.say("register", "starts the feed anew")
        await self._world.register.do(start_anew)

    async def _revoke_a_kiosk(self) -> None:
        world = self._world
        machine = world.chance.choice(world.venue.machines)
        identity = IdentityFile(machine.identity_file).load()
        if identity is not None and world.register.up and machine.name not in world.venue.revoked:
            await world.register.do(partial(revoke_kiosk, id_or_name=identity.kiosk_id, at=world.true.now()))
            world.venue.revoked.add(machine.name)
            world.say(machine.name, "revoked")
