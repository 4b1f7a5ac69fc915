"""A venue with its doors, the register, and everything that goes wrong between them, in time that costs nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

from tests.simulation.clocks import TrueTime
from tests.simulation.judge import Judge
from tests.simulation.loop import VirtualLoop
from tests.simulation.machine import Machine
from tests.simulation.moods import Moods
from tests.simulation.nature import Nature, temper_of
from tests.simulation.plan import Plan
from tests.simulation.registry import SimulatedRegister, copy_of
from tests.simulation.technician import Technician
from tests.simulation.template import Nation
from tests.simulation.told import Told
from tests.simulation.venue import Venue

DAY_S = 86_400.0


class World:
    """Everything that there is."""

    def __init__(self, plan: Plan, told: Told, folder: Path, nation: Nation, loop: VirtualLoop) -> None:
        self.plan = plan
        self.told = told
        self.folder = folder
        self.nation = nation
        self.loop = loop
        self.day = 0
        self.healed = False
        self.open = False
        self._opening = asyncio.Event()
        self._by_day = asyncio.Event()
        self.chance = plan.chance("world")
        self.moods = Moods(temper_of(plan), plan.chance("moods"), plan.seed)

    async def live(self) -> None:
        """From the first day to the judge."""
        self.true = TrueTime()
        self.register = self._make_register()
        self.venue = Venue(self)
        self.technician = Technician(self)
        await self.register.start()
        await self.venue.furnish()
        async with asyncio.TaskGroup() as nature:
            tasks = [nature.create_task(each) for each in Nature(self).lives()]
            for day in range(self.plan.days):
                self.day = day
                await self._serve_a_day(last=day == self.plan.days - 1)
            await self._heal()
            self.told.count["uses"] = sum(len(each.announced) for each in self.venue.witnesses.values())
            await Judge(self).judge()
            for task in tasks:
                task.cancel()
        for machine in self.venue.machines:
            await machine.stop()
        await self.register.end()

    async def opening(self) -> None:
        """Return when doors are open."""
        await self._opening.wait()

    async def at_work(self) -> None:
        """Return when it is not night; whoever looks in now and then need not look in all night."""
        await self._by_day.wait()

    def say(self, who: str, what: str) -> None:
        self.told.log.append(f"{self.loop.time():12.3f} {who}: {what}")

    def wrong(self, what: str) -> None:
        self.say("WRONG", what)
        self.told.wrong.append(what)

    # --- the days ------------------------------------------------------------------------------------------------

    async def _serve_a_day(self, *, last: bool) -> None:
        self.say("world", f"day {self.day}")
        self.open = True
        self._opening.set()
        self._by_day.set()
        for machine in self.venue.machines:
            self.told.count["kiosk-days"] += 1
            if machine.process is None:
                self.venue.boot(machine, in_1970=0.3)
                self.venue.start(machine)
        await asyncio.sleep(self.plan.open_s)
        self.open = False
        self._opening.clear()
        if last:
            return
        for machine in self.venue.machines:
            if self.chance.random() < 0.5:
                await self.venue.stop(machine)
            else:
                self.venue.kill(machine, power_cut=True)
        self._by_day.clear()
        await asyncio.sleep((self.day + 1) * DAY_S - self.loop.time())

    async def have_a_night(self) -> None:
        """Everything is switched off in the evening and on in the morning, with nobody at the doors."""
        for machine in self.venue.machines:
            await self.venue.stop(machine)
        await asyncio.sleep(DAY_S / 2)
        for machine in self.venue.machines:
            self._start_alone(machine)

    async def _heal(self) -> None:
        self.say("world", "heals")
        self.healed = self.moods.steady = True
        self.moods.ahead = dt.timedelta()
        for line in self.venue.lines.values():
            line.heal()
        if not self.register.up:
            await self.register.start()
        for machine in self.venue.machines:
            self.venue.dismiss(machine)
            machine.disk_full = False
            machine.fill(full=False)
            self.venue.synchronise(machine)
            if machine.process is None:
                self._start_alone(machine)
        await self.technician.all_is_there()

    def _start_alone(self, machine: Machine) -> None:
        self.venue.start(machine)
        self.venue.dismiss(machine)

    # --- the register ---------------------------------------------------------------------------------------------

    def register_dies(self) -> None:
        """Its process ends between two turns, and comes back."""
        self.told.count["crashes"] += 1
        self.register.die(power_cut=self.plan.has("power-cuts") and self.chance.random() < 0.5)
        self.loop.call_later(self.chance.uniform(0.2, 15.0), self._register_comes_back)

    def _make_register(self) -> SimulatedRegister:
        chance = self.plan.chance("register")
        likely = 0.02 if self.plan.has("register-crashes") else 0.0

        def strike(moment: str) -> None:
            if not self.healed and chance.random() < likely:
                self.say("register", f"dies {moment} a commit")
                self.register_dies()

        return SimulatedRegister(
            copy_of(self.nation.register_file, self.folder / "register-0.db"),
            self.nation.register,
            self.true,
            self.moods,
            takes_s=lambda: chance.uniform(0.0002, 0.003),
            strike=strike,
            died=self._cut_all_lines,
        )

    def _cut_all_lines(self) -> None:
        for line in self.venue.lines.values():
            line.register_died()

    def _register_comes_back(self) -> None:
        if not self.register.up:
            self._later = self.loop.create_task(self.register.start())
            self.say("register", "is back")
