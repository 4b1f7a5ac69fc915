"""Who comes when a kiosk is dying: takes its records out, and puts a copy in the place of its database."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, TypeVar

from contract.rescue import open_rescue
from kiosk.errors import StoreError
from kiosk.store.copies import copies_in
from kiosk.store.identity import IdentityFile
from kiosk.store.restore import restore
from kiosk.store.salvage import salvage
from kiosk.sync.rescue import rescue_file
from register.intake.rescued import take_rescued
from register.store.kiosks import find_author
from tests.simulation.disk import remove
from tests.simulation.machine import Machine

if TYPE_CHECKING:
    from tests.simulation.world import World

Result = TypeVar("Result")
IMPORTED_WITHIN_S = 150.0
LOOKS_AGAIN_S = 5.0
RECORDS = ("uses", "annulments", "refusals")


class Technician:
    """Guards the sticks that are on their way from a kiosk to the register."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.plan.chance("technician")
        self._on_the_way: list[asyncio.Task[None]] = []

    async def rescue(self, machine: Machine) -> None:
        """Export what was not delivered, and take the file to the register: soon, later, twice, or never."""
        content = await self._export(machine)
        if content is not None:
            for _ in range(self._chance.choice((0, 1, 1, 2))):
                coming = self._take_there(machine, content, after_s=self._chance.uniform(0.0, IMPORTED_WITHIN_S))
                self._on_the_way.append(self._world.loop.create_task(coming))

    async def rescue_now(self, machine: Machine) -> None:
        """The same, and wait until the register has it."""
        content = await self._export(machine)
        if content is not None:
            await self._take_there(machine, content, after_s=0.0)

    async def all_is_there(self) -> None:
        """Return when no stick is on its way any more."""
        await asyncio.gather(*self._on_the_way)

    async def exchange_disk(self, machine: Machine) -> None:
        """Put the newest copy in the place of a database: of one that is gone, or that was whole after all."""
        copies = copies_in(machine.copies)
        if not copies or machine.process is None:
            return
        self._world.venue.kill(machine, power_cut=True)
        before, gone = _records(machine), self._chance.random() < 0.5
        put_right = _corrections(machine)
        if gone:
            remove(machine.database)
        restore(copies[0], machine.database)
        lost = before - _records(machine)
        self._world.say(machine.name, f"is restored from {copies[0].name}: {len(lost)} of {len(before)} records lost")
        self._world.told.count["restores"] += 1
        if gone:
            machine.lost |= lost
            still = _corrections(machine)
            machine.lost_corrections |= {each: ms for each, ms in put_right.items() if each not in still}
            # What was put right and was not sent is sent as it stands in the copy.
            self._world.venue.corrected_first -= machine.lost_corrections.keys()
            self._world.venue.witnesses[machine.name].the_kiosk_forgets(lost)
        elif lost:
            self._world.wrong(f"{machine.name}'s old database was whole, and the restore lost {sorted(lost)}")
        self._world.venue.boot(machine, in_1970=0.5)
        self._world.venue.come_back_later(machine)

    async def enrol_anew(self, machine: Machine) -> None:
        """Its identity is gone, its records are not: a fresh token makes it another kiosk, and the same device."""
        identity = IdentityFile(machine.identity_file).load()
        if machine.process is None or identity is None:
            return
        known = machine.process.connection.execute("SELECT kiosk_id FROM identities").fetchall()
        if (identity.kiosk_id,) not in known:
            return  # its disk was full ever since a copy was put back
        self._world.venue.kill(machine, power_cut=False)
        machine.identity_file.unlink()
        self._world.say(machine.name, "has lost its identity")
        self._world.told.count["enrolled anew"] += 1
        await self._world.venue.give_token(machine)
        self._world.venue.come_back_later(machine)

    async def _export(self, machine: Machine) -> bytes | None:
        identity = IdentityFile(machine.identity_file).load()
        if identity is None:
            return None
        saved = salvage(machine.database)
        if saved.unreadable:
            self._world.wrong(f"{machine.name} has {saved.unreadable} records that cannot be exported")
        self._world.say(machine.name, f"exports {len(saved.parcels)} records")
        self._world.told.count["exports"] += 1
        machine.sent.update(each.item.id for each in saved.parcels)
        now = machine.clock.now().utc
        content = rescue_file(saved.parcels, identity, now, "0")
        if machine.process is not None:
            with contextlib.suppress(StoreError):
                sequences = [each.sequence for each in saved.parcels]
                await _outlived(machine.process.outbox.remember_export(sequences, now))
        return content

    async def _take_there(self, machine: Machine, content: bytes, *, after_s: float) -> None:
        await asyncio.sleep(after_s)
        if not await self._import(machine, content):
            await self._take_there(machine, content, after_s=LOOKS_AGAIN_S)

    async def _import(self, machine: Machine, content: bytes) -> bool:
        """`register import-export FILE --allow-revoked`; False: the register was not there to the end."""
        register = self._world.register.opened
        if register is None:
            return False
        file = open_rescue(content, register.private_key)
        author = self._world.register.look(lambda db: find_author(db, file.kiosk_id))
        if author is None or not any(map(file.is_by, author.key_digests)):
            self._world.wrong(f"{machine.name}'s export does not prove that it is its own")
            return True
        _, records = file.read()
        taken = await _outlived(take_rescued(register, author.kiosk, records, self._world.true.now()))
        if taken is None:
            return False
        self._world.register.tell_news()
        refused: Sequence[str] = [
            f"{each.result.id} {each.result.reasons}" for each in taken if each.result.outcome == "refused"
        ]
        if refused:
            self._world.wrong(f"the register refused what {machine.name} exported: {refused}")
        self._world.say("register", f"takes {len(taken)} records from {machine.name}'s export")
        return True


async def _outlived(asked: Awaitable[Result]) -> Result | None:
    """What was asked for; None where the process that was asked died over it."""
    try:
        return await asked
    except asyncio.CancelledError:
        me = asyncio.current_task()
        if me is not None and me.cancelling():
            raise
        return None


def _records(machine: Machine) -> set[str]:
    with contextlib.closing(sqlite3.connect(machine.database)) as db:
        return {str(row[0]) for table in RECORDS for row in db.execute(f"SELECT id FROM {table}")}


def _corrections(machine: Machine) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(machine.database)) as db:
        return dict(db.execute("SELECT item_id, corrected_at_ms FROM corrections").fetchall())
