"""What must be true of every world once the weather is good again."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlite_utils

from kiosk.cards.exchange import Fate
from kiosk.cards.model import Use
from kiosk.store.rows import to_ms
from tests.simulation.machine import Machine, Process
from tests.simulation.template import event_id

if TYPE_CHECKING:
    from tests.simulation.world import World

QUIET_WITHIN_S = 300.0
"""The longest pause of the simulated kiosks is 20 s, and the longest wish of the register 7 s."""
PATIENT_S = 1800.0
"""Beside several records that make the register fail, the others come through one or a few at a time."""
LOOK_EVERY_S = 5.0
PARKED_BECAUSE = ("refused by the register:", "rejected by the register")
KINDS = {"use": "uses", "annulment": "annulments", "refusal": "refusals"}
Rows = dict[str, dict[str, Any]]


class NeverQuiet(Exception):
    """There is nothing more to be found out in this world."""


class Judge:
    """Waits until nothing moves, and then compares what was announced, what the kiosks hold, and the register."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def judge(self) -> None:
        """Say everything that is wrong."""
        with contextlib.suppress(NeverQuiet):
            await self._judge()

    async def _judge(self) -> None:
        await self._wait_until(self._only_poison_waits, "one bad record holds up the others", within_s=PATIENT_S)
        self._world.moods.cured = True
        await self._wait_until(self._nothing_waits, "the queues do not empty")
        for machine in self._machines():
            self._parked_for_a_reason(machine)
        self._world.moods.all_well = True
        for machine in self._machines():
            await self._process(machine).outbox.retry()
            self._process(machine).uplink.poke()
        await self._wait_until(self._all_is_delivered, "what was parked does not get through")
        await self._wait_until(self._all_news_is_read, "the news is not read")
        for machine in self._world.venue.machines:
            self._what_is_here(machine)
        self._what_is_there()
        self._flags_came_back()
        await self._doors_agree()

    # --- waiting --------------------------------------------------------------------------------------------------

    async def _wait_until(
        self, condition: Callable[[], bool], otherwise: str, *, within_s: float = QUIET_WITHIN_S
    ) -> None:
        """Wait as long as it may take; says what is wrong, and goes no further, where it takes longer."""
        if await self._becomes(condition, within_s):
            return
        # A clock that was ahead has put records off: for two hours at most, and the night is longer.
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

    # --- one kiosk ------------------------------------------------------------------------------------------------

    def _parked_for_a_reason(self, machine: Machine) -> None:
        for item_id, error in self._here(machine).execute(
            "SELECT item_id, last_error FROM outbox WHERE fate = 'parked'"
        ):
            if item_id not in self._world.moods.parked or not (error or "").startswith(PARKED_BECAUSE):
                self._world.wrong(f"{machine.name} parked {item_id} without the register's word: {error}")

    def _what_is_here(self, machine: Machine) -> None:
        """The kiosk's own files against what its screen said."""
        here, witness = self._here(machine), self._world.venue.witnesses[machine.name]
        uses, annulments = _rows(here, "uses"), _rows(here, "annulments")
        for use in witness.announced.values():
            if use.id not in uses:
                self._world.wrong(f"{machine.name} announced {use.id}, and it is not on its disk")
        annulled = {row["use_id"] for row in annulments.values()}
        for use_id in sorted(witness.undone - annulled):
            self._world.wrong(f"{machine.name} announced that {use_id} is taken back, and it is not")
        for use_id in sorted(annulled - witness.undo_pressed):
            self._world.wrong(f"{machine.name} took {use_id} back, and nobody asked for it")
        queued = {row[0]: row[1] for row in here.execute("SELECT item_id, kind FROM outbox")}
        kept = {item_id: kind for kind, table in KINDS.items() for item_id in _rows(here, table)}
        if queued != kept:
            self._world.wrong(f"{machine.name}'s queue and its records differ: {sorted(queued.items() ^ kept.items())}")

    # --- the register ---------------------------------------------------------------------------------------------

    def _what_is_there(self) -> None:
        """The register's records against the kiosks' and the screens'."""
        for kind, table in KINDS.items():
            here: Rows = {}
            optional: set[str] = set()
            for machine in self._world.venue.machines:
                rows = _rows(self._here(machine), table)
                here |= rows
                if machine.name in self._world.venue.revoked:
                    optional |= self._ids(machine, Fate.WAITING, Fate.PARKED)
            there = _rows(self._there(), table)
            for item_id in sorted(here.keys() - there.keys() - optional):
                self._world.wrong(f"the {kind} {item_id} never came to the register")
            for item_id in sorted(there.keys() - here.keys()):
                self._world.wrong(f"the register has a {kind} {item_id} that no kiosk has")
        there = _rows(self._there(), "uses")
        pressed = {each for witness in self._world.venue.witnesses.values() for each in witness.pressed}
        for use_id in sorted(there.keys() - pressed):
            self._world.wrong(f"the register has a use {use_id} that nobody confirmed")
        for witness in self._world.venue.witnesses.values():
            for use in witness.announced.values():
                if use.id in there and (different := _difference(use, there[use.id])):
                    self._world.wrong(f"the register has another {use.id} than was announced: {different}")

    def _flags_came_back(self) -> None:
        """What the register found against a use is known at the door that recorded it."""
        found: dict[str, set[str]] = {
            use_id: set(json.loads(row["reasons"])) for use_id, row in _rows(self._there(), "uses").items()
        }
        kiosk_of = {use_id: row["kiosk_id"] for use_id, row in _rows(self._there(), "uses").items()}
        for use_id, reason, because_of in self._there().execute("SELECT use_id, reason, because_of FROM later_reasons"):
            if kiosk_of[use_id] != kiosk_of[because_of]:
                found[use_id].add(reason)
        for machine in self._machines():
            rows = self._here(machine).execute("SELECT item_id, fate, reasons FROM outbox WHERE kind = 'use'")
            for use_id, fate, reasons in rows.fetchall():
                missing = found.get(use_id, set()) - set(json.loads(reasons))
                if missing or (found.get(use_id) and fate != Fate.FLAGGED):
                    self._world.wrong(f"{machine.name} does not know of {use_id}: {' '.join(sorted(missing))}, {fate}")

    async def _doors_agree(self) -> None:
        """Every door has the register's list, and counts every door's visitors."""
        cards = _rows(self._there(), "cards", key="lookup_key", columns="lookup_key, kind, status, area_id, children")
        seats = dict(
            self._there().execute(
                """
                SELECT event_id, sum(own_ticket + children) FROM standing_uses
                WHERE lookup_key IS NOT NULL GROUP BY event_id
                """
            )
        )
        for machine in self._machines():
            here = self._here(machine)
            mine = _rows(
                here,
                "cards",
                key="lookup_key",
                columns="lookup_key, kind, status, area_id, children",
                where="list_id = (SELECT id FROM card_lists WHERE state = 'current')",
            )
            if mine != cards:
                self._world.wrong(f"{machine.name}'s card list is not the register's: {len(mine)} and {len(cards)}")
            counted = await self._counted(machine)
            if counted != seats.get(self._event(), 0):
                self._world.wrong(f"{machine.name} counts {counted} visitors of {seats.get(self._event(), 0)}")

    async def _counted(self, machine: Machine) -> int:
        now = self._world.true.now()
        facts = await self._process(machine).catalogue.facts_without_card(
            self._event(), day=(now, now), online=True, clock_trusted=True
        )
        return facts.quota_used

    def _event(self) -> str:
        return event_id(self._world.day, "concert")

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


def _rows(
    db: sqlite_utils.Database, table: str, *, key: str = "id", columns: str = "*", where: str = "TRUE"
) -> dict[Any, dict[str, Any]]:
    cursor = db.execute(f"SELECT {columns} FROM {table} WHERE {where}")
    names = [name for name, *_ in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return {row[key]: row for row in rows}


def _difference(use: Use, row: dict[str, Any]) -> list[str]:
    """The fields in which the register's record is not what the screen announced."""
    announced = {
        "event_id": use.event_id,
        "kind": use.kind.value,
        "own_ticket": use.tickets.own,
        "children": use.tickets.children,
        "assistants": use.tickets.assistants,
        "clients": use.tickets.clients,
        "decided_at_ms": to_ms(use.decided.at),
        "clock_trusted": use.decided.clock_trusted,
        "boot_id": use.decided.boot_id,
        "monotonic_ms": use.decided.monotonic_ms,
        "offline": use.offline,
        "lookup_key": bytes.fromhex(use.card.lookup_key),
        "sealed_number": use.card.sealed_number,
        "remarks": json.dumps([each.value for each in use.remarks], separators=(",", ":")),
    }
    return [f"{name} {row[name]!r} for {value!r}" for name, value in announced.items() if row[name] != value]
