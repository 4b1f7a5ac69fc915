"""A venue with its doors, the register, and everything that goes wrong between them, in time that costs nothing."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from register.demo.places import HALL
from register.store.kiosks import digest_of
from register.store.tokens import Token, add_token
from tests.simulation.chance import all_chance_from
from tests.simulation.clocks import KioskClock, TrueTime
from tests.simulation.judge import Judge
from tests.simulation.loop import VirtualLoop
from tests.simulation.machine import Machine
from tests.simulation.moods import Moods
from tests.simulation.nature import Nature, climate_of, temper_of
from tests.simulation.plan import Plan
from tests.simulation.registry import SimulatedRegister, copy_of
from tests.simulation.staff import Staff, Witness
from tests.simulation.template import BIG_LIST, SMALL_LIST, Nation, nation
from tests.simulation.weather import Line

DAY_S = 86_400.0


@dataclass
class Told:
    """What a world leaves behind."""

    plan: Plan
    log: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    kiosk_days: int = 0
    uses: int = 0
    crashes: int = 0

    @property
    def digest(self) -> str:
        """The same for two runs that were the same turn by turn."""
        return hashlib.sha256("\n".join(self.log).encode()).hexdigest()[:16]


def run(plan: Plan) -> Told:
    """Let the world of `plan` happen."""
    told = Told(plan)
    template = nation(BIG_LIST if plan.has("big-list") else SMALL_LIST)
    folder = Path(tempfile.mkdtemp(prefix="kaikukortti-world-", dir=_fast_folder()))
    errors = _Errors(told)
    logging.getLogger().addHandler(errors)
    logging.disable(logging.WARNING)
    loop = VirtualLoop()
    # Connections that are let go of are closed when they are collected: not at another turn in every process.
    gc.collect()
    gc.disable()
    try:
        with all_chance_from(plan.seed):
            loop.run_until_complete(World(plan, told, folder, template, loop).live())
    finally:
        told.wrong += loop.faults
        loop.close()
        gc.enable()
        logging.disable(logging.NOTSET)
        logging.getLogger().removeHandler(errors)
        shutil.rmtree(folder)
    return told


def _fast_folder() -> str | None:
    """A disk in memory where there is one: its promises cost nothing, and the crash model knows what they are worth."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


class _Errors(logging.Handler):
    def __init__(self, told: Told) -> None:
        super().__init__(logging.ERROR)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.wrong.append(f"logged: {record.getMessage()} {record.exc_info[1] if record.exc_info else ''}")


class World:
    """Everything that there is."""

    def __init__(self, plan: Plan, told: Told, folder: Path, nation: Nation, loop: VirtualLoop) -> None:
        self.plan = plan
        self._told = told
        self._folder = folder
        self.nation = nation
        self._loop = loop
        self.day = 0
        self._healed = False
        self.open = False
        self._opening = asyncio.Event()
        self.revoked: set[str] = set()
        self.machines: list[Machine] = []
        self.witnesses: dict[str, Witness] = {}
        self._staff: dict[str, Staff] = {}
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self.lines: dict[str, Line] = {}
        self.chance = plan.chance("world")
        self.moods = Moods(temper_of(plan), plan.chance("moods"), plan.seed)

    async def live(self) -> None:
        """From the first day to the judge."""
        self.true = TrueTime()
        self.register = self._make_register()
        await self.register.start()
        for number in range(self.plan.kiosks):
            await self._make_machine(number)
        async with asyncio.TaskGroup() as nature:
            tasks = [nature.create_task(each) for each in Nature(self).lives()]
            for day in range(self.plan.days):
                self.day = day
                await self._serve_a_day(last=day == self.plan.days - 1)
            await self._heal()
            self._told.uses = sum(len(witness.announced) for witness in self.witnesses.values())
            await Judge(self).judge()
            for task in tasks:
                task.cancel()
        for machine in self.machines:
            await machine.stop()
        await self.register.end()

    async def opening(self) -> None:
        """Return when doors are open."""
        await self._opening.wait()

    def say(self, who: str, what: str) -> None:
        self._told.log.append(f"{self._loop.time():12.3f} {who}: {what}")

    def wrong(self, what: str) -> None:
        self.say("WRONG", what)
        self._told.wrong.append(what)

    # --- the days ------------------------------------------------------------------------------------------------

    async def _serve_a_day(self, *, last: bool) -> None:
        self.say("world", f"day {self.day}")
        self.open = True
        self._opening.set()
        for machine in self.machines:
            self._told.kiosk_days += 1
            if machine.process is None:
                machine.clock.boot(in_1970=self.plan.has("clocks") and self.chance.random() < 0.3)
                self._start(machine)
                self._loop.call_later(self.chance.uniform(0.0, 40.0), machine.clock.synchronise)
        await asyncio.sleep(self.plan.open_s)
        self.open = False
        self._opening.clear()
        if last:
            return
        for machine in self.machines:
            self._dismiss(machine)
            if self.chance.random() < 0.5:
                await machine.stop()
                self.lines[machine.host].kiosk_died(power_cut=False)
            else:
                self._kill(machine, power_cut=True)
        await asyncio.sleep((self.day + 1) * DAY_S - self._loop.time())

    async def have_a_night(self) -> None:
        """Everything is switched off in the evening and on in the morning, with nobody at the doors."""
        for machine in self.machines:
            await machine.stop()
            self.lines[machine.host].kiosk_died(power_cut=False)
        await asyncio.sleep(DAY_S / 2)
        for machine in self.machines:
            self._start(machine)
            self._dismiss(machine)

    async def _heal(self) -> None:
        self.say("world", "heals")
        self._healed = self.moods.steady = True
        for line in self.lines.values():
            line.heal()
        if not self.register.up:
            await self.register.start()
        for machine in self.machines:
            self._dismiss(machine)
            machine.disk_full = False
            machine.clock.synchronise()
            if machine.process is None:
                self._start(machine)
                self._dismiss(machine)

    # --- processes ------------------------------------------------------------------------------------------------

    def _make_register(self) -> SimulatedRegister:
        chance = self.plan.chance("register")
        likely = 0.02 if self.plan.has("register-crashes") else 0.0

        def strike(moment: str) -> None:
            if not self._healed and chance.random() < likely:
                self.say("register", f"dies {moment} a commit")
                self.register_dies()

        return SimulatedRegister(
            copy_of(self.nation.register_file, self._folder / "register-0.db"),
            self.nation.register,
            self.true,
            self.moods,
            takes_s=lambda: chance.uniform(0.0002, 0.003),
            strike=strike,
            died=self._cut_all_lines,
        )

    def _cut_all_lines(self) -> None:
        for line in self.lines.values():
            line.register_died()

    def register_dies(self) -> None:
        self._told.crashes += 1
        self.register.die(power_cut=self.plan.has("power-cuts") and self.chance.random() < 0.5)
        self._loop.call_later(self.chance.uniform(0.2, 15.0), self._register_comes_back)

    def _register_comes_back(self) -> None:
        if not self.register.up:
            self._later = self._loop.create_task(self.register.start())
            self.say("register", "is back")

    async def _make_machine(self, number: int) -> None:
        name, host = f"door-{number}", f"10.0.0.{number + 1}"
        chance = self.plan.chance("machine", number)
        machine = Machine(
            name=name,
            host=host,
            folder=self._folder,
            database=copy_of(self.nation.kiosk_file, self._folder / f"{name}-0.db"),
            clock=KioskClock(self.true, self.plan.chance("clock", number)),
            takes_s=lambda: chance.uniform(0.0002, 0.005),
            strike=lambda moment: self._strike(machine, moment),
        )
        line = Line(
            climate_of(self.plan, self.chance.uniform(5.0, 40.0)),
            self.plan.chance("line", number),
            self.register.answer,
            partial(self.say, name),
        )
        self._loop.lines[host] = self.lines[host] = line
        self.machines.append(machine)
        keys = {each: key.hex() for each, key in self.nation.lookup_keys.items()}
        witness = self.witnesses[name] = Witness(name, partial(self.say, name), self.wrong, keys)
        self._staff[name] = Staff(machine, witness, self.plan.chance("staff", number), lambda: self.day)
        await self.give_token(machine)

    async def give_token(self, machine: Machine) -> None:
        secret = f"token-{machine.name}-{self.chance.getrandbits(64):x}"
        token = Token(HALL, machine.name)
        if self.register.up:
            await self.register.do(partial(add_token, digest=digest_of(secret), token=token, at=self.true.now()))
            machine.token_file.write_text(secret, encoding="utf-8")

    def _start(self, machine: Machine) -> None:
        self.say(machine.name, "starts")
        process = machine.start(self.witnesses[machine.name], self.wrong)
        self._at_work[machine.name] = self._loop.create_task(self._staff[machine.name].serve(process))

    def _dismiss(self, machine: Machine) -> None:
        if (task := self._at_work.pop(machine.name, None)) is not None:
            task.cancel()

    def _kill(self, machine: Machine, *, power_cut: bool) -> None:
        self._told.crashes += 1
        self._dismiss(machine)
        self.lines[machine.host].kiosk_died(power_cut=power_cut)
        machine.die(power_cut=power_cut)

    def _strike(self, machine: Machine, moment: str) -> None:
        if self._healed or not self.open or not self.plan.has("kiosk-crashes") or self.chance.random() >= 0.004:
            return
        self.crash(machine, f"dies {moment} a commit")

    def crash(self, machine: Machine, how: str) -> None:
        power_cut = self.plan.has("power-cuts") and self.chance.random() < 0.5
        self.say(machine.name, how + (" by a power cut" if power_cut else ""))
        self._kill(machine, power_cut=power_cut)
        if power_cut:
            machine.clock.boot(in_1970=self.plan.has("clocks") and self.chance.random() < 0.5)
            self._loop.call_later(self.chance.uniform(0.0, 40.0), machine.clock.synchronise)
        self._loop.call_later(self.chance.uniform(0.3, 15.0), self._come_back, machine)

    def _come_back(self, machine: Machine) -> None:
        if machine.process is None and self.open:
            self._start(machine)
