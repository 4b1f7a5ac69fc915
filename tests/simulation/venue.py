"""The doors of one venue: each with its machine, its people and its line to the register."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sqlite3
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import sqlite_utils

from kiosk.store.chain import begin_chain
from register.demo.places import HALL
from register.store.kiosks import digest_of
from register.store.tokens import Token, add_token
from tests.simulation.clocks import KioskClock
from tests.simulation.evidence import times_put_right
from tests.simulation.machine import Machine, Process
from tests.simulation.nature import climate_of
from tests.simulation.registry import copy_of
from tests.simulation.staff import Staff
from tests.simulation.weather import Line
from tests.simulation.witness import Witness

if TYPE_CHECKING:
    from tests.simulation.world import World

KEY_LIFE = dt.timedelta(seconds=10)
KEY_IS_FATAL = 0.1
CORRECTED_WITHIN_S = 8.0
"""The kiosk looks at its clock every five."""
COMMIT_IS_FATAL = 0.004
"""Where kiosks crash: so likely each commit is the last, before or after it."""


class Venue:
    """Guards which process runs at which door, and who works there."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plan = world.plan
        self._chance = world.chance
        self._loop = asyncio.get_running_loop()
        self.machines: list[Machine] = []
        self.witnesses: dict[str, Witness] = {}
        self.lines: dict[str, Line] = {}
        self.revoked: set[str] = set()
        self.corrected_first: set[str] = set()
        """Ids of records that had their true time before they were sent for the first time."""
        self._staff: dict[str, Staff] = {}
        self._at_work: dict[str, asyncio.Task[None]] = {}

    async def furnish(self) -> None:
        """Put a machine at each door; nothing is switched on yet."""
        for number in range(self._plan.kiosks):
            await self._furnish_door(number)

    async def give_token(self, machine: Machine) -> None:
        """A technician lays a fresh token down, where the register is there to make one."""
        secret = f"token-{machine.name}-{self._chance.getrandbits(64):x}"
        token, register = Token(HALL, machine.name), self._world.register
        if register.up:
            await register.do(partial(add_token, digest=digest_of(secret), token=token, at=self._world.true.now()))
            machine.token_file.write_text(secret, encoding="utf-8")

    # --- switching on and off ------------------------------------------------------------------------------------

    def start(self, machine: Machine) -> None:
        """Switch the kiosk on, with people at its desk."""
        self._world.say(machine.name, "starts")
        process = machine.start(self.witnesses[machine.name], self._world.wrong)
        task = self._loop.create_task(self._staff[machine.name].serve(process))
        self._at_work[machine.name] = task

    def boot(self, machine: Machine, *, in_1970: float) -> None:
        """Its power comes back: the clock knows little, and is told the time within 40 s."""
        machine.clock.boot(in_1970=self._plan.has("clocks") and self._chance.random() < in_1970)
        self._loop.call_later(self._chance.uniform(0.0, 40.0), self.synchronise, machine)

    def synchronise(self, machine: Machine) -> None:
        """The network tells the time; soon after, what was recorded before must have a true one."""
        machine.clock.synchronise()
        self._loop.call_later(CORRECTED_WITHIN_S, self._look_at_times, machine, machine.process)

    def dismiss(self, machine: Machine) -> None:
        """Nobody is at this desk any more."""
        if (task := self._at_work.pop(machine.name, None)) is not None:
            task.cancel()

    async def stop(self, machine: Machine) -> None:
        """Switch it off in good order."""
        self.dismiss(machine)
        await machine.stop()
        self.lines[machine.host].kiosk_died(power_cut=False)

    def kill(self, machine: Machine, *, power_cut: bool) -> None:
        """End it between two turns."""
        self._world.told.count["crashes"] += 1
        self.dismiss(machine)
        self.lines[machine.host].kiosk_died(power_cut=power_cut)
        machine.die(power_cut=power_cut)

    def crash(self, machine: Machine, how: str) -> None:
        """End it between two turns, and let it come back."""
        power_cut = self._plan.has("power-cuts") and self._chance.random() < 0.5
        self._world.say(machine.name, how + (" by a power cut" if power_cut else ""))
        self.kill(machine, power_cut=power_cut)
        if power_cut:
            self.boot(machine, in_1970=0.5)
        self.come_back_later(machine)

    def come_back_later(self, machine: Machine) -> None:
        """Somebody will switch it on, while doors are open."""
        self._loop.call_later(self._chance.uniform(0.3, 15.0), self._come_back, machine)

    def _come_back(self, machine: Machine) -> None:
        if machine.process is None and self._world.open:
            self.start(machine)

    def _look_at_times(self, machine: Machine, process: Process | None) -> None:
        steady = self._loop.time() - machine.clock.trusted_since_s >= CORRECTED_WITHIN_S
        if process is None or machine.process is not process or not steady or machine.to_the_brim:
            return
        late, corrected = times_put_right(process.connection, machine.clock.boot_id)
        for item_id in late:
            self._world.wrong(f"{machine.name} knows the time, and {item_id} waits with a wrong one")
        self._world.told.count["corrections"] += len(corrected - self.corrected_first)
        self.corrected_first |= corrected - machine.sent

    def _strike_at_key(self, machine: Machine, moment: str) -> None:
        if not self._world.healed and self._plan.has("key-renewals") and self._chance.random() < KEY_IS_FATAL:
            self.crash(machine, f"dies {moment} its identity is written")

    def _strike(self, machine: Machine, moment: str) -> None:
        if self._world.healed or not self._world.open or not self._plan.has("kiosk-crashes"):
            return
        if self._chance.random() < COMMIT_IS_FATAL:
            self.crash(machine, f"dies {moment} a commit")

    async def _furnish_door(self, number: int) -> None:
        world = self._world
        name, host = f"door-{number}", f"10.0.0.{number + 1}"
        folder = world.folder / name
        folder.mkdir()
        chance = self._plan.chance("machine", number)
        machine = Machine(
            name=name,
            host=host,
            folder=folder,
            database=_fresh(copy_of(world.nation.kiosk_file, folder / "kiosk-0.db")),
            clock=KioskClock(world.true, self._plan.chance("clock", number)),
            takes_s=lambda: chance.uniform(0.0002, 0.005),
            strike=lambda moment: self._strike(machine, moment),
            strike_at_key=lambda moment: self._strike_at_key(machine, moment),
            key_life=KEY_LIFE if self._plan.has("key-renewals") else None,
            makes_copies=self._plan.has("lost-disks"),
        )
        line = Line(
            climate_of(self._plan, self._chance.uniform(5.0, 40.0)),
            self._plan.chance("line", number),
            world.register.answer,
            partial(world.say, name),
        )
        world.loop.lines[host] = self.lines[host] = line
        self.machines.append(machine)
        keys = {each: key.hex() for each, key in world.nation.lookup_keys.items()}
        witness = self.witnesses[name] = Witness(
            name,
            partial(world.say, name),
            world.wrong,
            keys,
            machine.clock.doubted_for_s,
            register_lies=self._plan.has("register-clock"),
        )
        self._staff[name] = Staff(machine, witness, self._plan.chance("staff", number), lambda: world.day, world.told)
        await self.give_token(machine)


def _fresh(database: Path) -> Path:
    """A copied database begins a chain of its own, as a kiosk that made its database has."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        begin_chain(sqlite_utils.Database(connection, execute_plugins=False))
    return database
