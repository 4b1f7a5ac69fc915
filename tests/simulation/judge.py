"""What must be true of every world once the weather is good again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlite_utils

from kiosk.cards.exchange import Fate
from kiosk.store.rows import to_ms
from kiosk.surroundings import REFRESH_S
from register.store.kiosks import digest_of
from tests.simulation.machine import Machine, Process
from tests.simulation.promises import Promises
from tests.simulation.records import Records

if TYPE_CHECKING:
    from tests.simulation.world import World

QUIET_WITHIN_S = 300.0
"""The longest pause of the simulated kiosks is 20 s, and the longest wish of the register 7 s."""
PATIENT_S = 1800.0
"""Beside several records that make the register fail, the others come through one or a few at a time."""
LOOK_EVERY_S = 5.0


class NeverQuiet(Exception):
    """There is nothing more to be found out in this world."""


class Judge:
    """Waits until nothing moves, and then compares what was announced, what the kiosks hold, and the register."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._records = Records(world)

    async def judge(self) -> None:
        """Say everything that is wrong."""
        with contextlib.suppress(NeverQuiet):
            await self._judge()

    async def _judge(self) -> None:
        await self._wait_until(self._only_poison_waits, "one bad record holds up the others", within_s=PATIENT_S)
        self._world.moods.cured = True
        await self._wait_until(self._nothing_waits, "the queues do not empty")
        for machine in self._machines():
            self._records.parked_for_a_reason(machine)
        self._world.moods.all_well = True
        for machine in self._machines():
            await self._process(machine).outbox.retry()
            self._process(machine).uplink.poke()
        await self._wait_until(self._all_is_delivered, "what was parked does not get through")
        await self._wait_until(
            self._all_know_the_time, "a kiosk believes what the register no longer says", within_s=PATIENT_S
        )
        await self._wait_until(self._each_has_one_good_key, "a kiosk is left with a key that is not good")
        await self._wait_until(self._the_revoked_are_closed, "a revoked kiosk goes on")
        for machine in self._world.venue.machines:
            if machine.name in self._world.venue.revoked:
                await self._world.technician.rescue_now(machine)
        await self._wait_until(self._all_news_is_read, "the news is not read")
        for machine in self._world.venue.machines:
            self._records.what_is_here(machine)
        self._records.what_is_there()
        self._records.flags_came_back()
        self._records.the_venues_word_came()
        await self._records.doors_agree()
        await asyncio.sleep(2 * REFRESH_S)
        await self._records.screens_agree()
        Promises(self._world).look()

    # --- waiting --------------------------------------------------------------------------------------------------

    async def _wait_until(
        self, condition: Callable[[], bool], otherwise: str, *, within_s: float = QUIET_WITHIN_S
    ) -> None:
        """Wait as long as it may take; says what is wrong, and goes no further, where it takes longer."""
        if await self._becomes(condition, within_s):
            return
        # What is stuck is still stuck in the morning.
        await self._world.have_a_night()
        if await self._becomes(condition, within_s):
            return
        for machine in self._machines():
            failing = {part: each.why for part, each in self._process(machine).health.parts().items() if not each.ok}
            self._world.say(machine.name, f"fails: {failing}")
        self._world.wrong(otherwise)
        raise NeverQuiet

    async def _becomes(self, condition: Callable[[], bool], within_s: float) -> bool:
        for _ in range(round(within_s / LOOK_EVERY_S)):
            if condition():
                return True
            await asyncio.sleep(LOOK_EVERY_S)
        return False

    def _only_poison_waits(self) -> bool:
        waiting = {item_id for machine in self._machines() for item_id in self._ids(machine, Fate.WAITING)}
        return all(self._world.moods.poison_of(item_id) == "deadly" for item_id in waiting)

    def _nothing_waits(self) -> bool:
        return not any(self._ids(machine, Fate.WAITING) for machine in self._machines())

    def _all_is_delivered(self) -> bool:
        return not any(self._ids(machine, Fate.WAITING, Fate.PARKED) for machine in self._machines())

    def _all_news_is_read(self) -> bool:
        (last,) = self._there().execute("SELECT seq FROM sqlite_sequence WHERE name = 'feed'").fetchone()
        (epoch,) = self._there().execute("SELECT epoch FROM settings").fetchone()
        cursors = [self._here(each).execute("SELECT cursor FROM feed").fetchone()[0] for each in self._machines()]
        return all(cursor == f"{epoch}.{last}" for cursor in cursors)

    def _all_know_the_time(self) -> bool:
        """Nobody takes it to be later than it is, once the register and the own clock agree."""
        newest = "SELECT newest_register_time_ms FROM feed"
        told = [self._here(each).execute(newest).fetchone()[0] for each in self._machines()]
        return all(each is not None and each <= to_ms(self._world.true.now()) for each in told)

    def _each_has_one_good_key(self) -> bool:
        for machine in self._machines():
            identity = self._process(machine).identity.load()
            if identity is None or identity.previous_key is not None:
                return False
            found = self._there().execute(
                "SELECT 1 FROM keys WHERE digest = ? AND kiosk_id = ? AND ended_at_ms IS NULL",
                (digest_of(identity.key), identity.kiosk_id),
            )
            if found.fetchone() is None:
                return False
        return True

    def _the_revoked_are_closed(self) -> bool:
        for machine in self._world.venue.machines:
            if machine.name in self._world.venue.revoked:
                process = self._process(machine)
                identity = process.identity.load()
                if identity is None or not identity.revoked:
                    return False
                if process.flow.desk.out_of_service_why != "key-revoked":
                    return False
        return True

    # --- looking --------------------------------------------------------------------------------------------------

    def _machines(self) -> list[Machine]:
        """Those that the register still speaks with."""
        return [machine for machine in self._world.venue.machines if machine.name not in self._world.venue.revoked]

    def _process(self, machine: Machine) -> Process:
        assert machine.process is not None, machine.name
        return machine.process

    def _here(self, machine: Machine) -> sqlite_utils.Database:
        return self._process(machine).connection

    def _there(self) -> sqlite_utils.Database:
        return self._world.register.look(lambda db: db)

    def _ids(self, machine: Machine, *fates: Fate) -> set[str]:
        marks = ", ".join("?" * len(fates))
        return {
            row[0] for row in self._here(machine).execute(f"SELECT item_id FROM outbox WHERE fate IN ({marks})", fates)
        }
