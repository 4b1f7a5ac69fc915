"""What else must hold: true times, whole chains, and a quota that nobody overran without a word."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from kiosk.store.chain import verify_chain
from register.rules.chains import What, findings_of
from register.store.chain_heads import list_heads
from register.store.links import links_held
from tests.simulation.evidence import TIME_OF, corrections_of, rows_of
from tests.simulation.machine import Machine
from tests.simulation.template import QUOTA

if TYPE_CHECKING:
    from tests.simulation.world import World

HOUR_MS = 3_600_000
AT_ONCE = dt.timedelta()
LACKING = (What.AWAITED, What.MISSING)


class Promises:
    """Says which were broken in a world in which nothing moves any more."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._there = world.register.look(lambda db: db)

    def look(self) -> None:
        for machine in self._world.venue.machines:
            self._times_are_true(machine)
            self._chain_is_whole(machine)
        self._true_times_came()
        self._true_hours_came()
        self._chains_came_whole()
        self._quota_was_kept_or_told()

    def _times_are_true(self, machine: Machine) -> None:
        """A time that was put right is right, unless a time server lied meanwhile; only a doubtful one is touched."""
        assert machine.process is not None
        for item_id, boot_id, monotonic_ms, corrected_ms, trusted in corrections_of(machine.process.connection):
            true_ms = machine.clock.true_ms(boot_id, monotonic_ms)
            if trusted or (boot_id not in machine.clock.misled and corrected_ms != true_ms):
                self._world.wrong(f"{machine.name} put {item_id} to {corrected_ms} for {true_ms}, trusted {trusted}")

    def _true_times_came(self) -> None:
        """What had its true time before it was first sent has it at the register, and the first one beside it."""
        lost = {item_id for machine in self._world.venue.machines for item_id in machine.lost}
        for table, column in TIME_OF.items():
            for item_id, row in rows_of(self._there, table).items():
                if item_id in lost:
                    continue
                if row["uncorrected_at_ms"] is None and item_id in self._world.venue.corrected_first:
                    self._world.wrong(f"the register has the wrong time of {item_id}, which was put right in time")
                if row["uncorrected_at_ms"] is not None and row[column] != self._corrected_ms(item_id):
                    self._world.wrong(f"the register has another true time of {item_id} than its kiosk")

    def _true_hours_came(self) -> None:
        """The same of refusals, of which the register knows the hour."""
        later = dict(self._there.execute("SELECT item_id, at_ms FROM later_times").fetchall())
        for item_id, row in rows_of(self._there, "refusals").items():
            corrected_ms = self._corrected_ms(item_id) if item_id in self._world.venue.corrected_first else None
            if corrected_ms is not None and later.get(item_id, row["hour_ms"]) != corrected_ms // HOUR_MS * HOUR_MS:
                self._world.wrong(f"the register has another hour of {item_id} than its kiosk found out in time")

    def _corrected_ms(self, item_id: str) -> int | None:
        for machine in self._world.venue.machines:
            assert machine.process is not None
            find = "SELECT corrected_at_ms FROM corrections WHERE item_id = ?"
            if (found := machine.process.connection.execute(find, (item_id,)).fetchone()) is not None:
                return int(found[0])
            if item_id in machine.lost_corrections:
                return machine.lost_corrections[item_id]
        return None

    def _chain_is_whole(self, machine: Machine) -> None:
        assert machine.process is not None
        for fault in verify_chain(machine.process.connection).faults:
            self._world.wrong(f"{machine.name}: {fault}")

    def _chains_came_whole(self) -> None:
        """The register finds nothing against a kiosk but the end of a chain that went with its disk."""
        excused = {each.name for each in self._world.venue.machines if each.lost}
        for found in findings_of(links_held(self._there), list_heads(self._there), self._world.true.now(), AT_ONCE):
            if found.what not in LACKING or found.door not in excused:
                places = f"{found.first} to {found.last}"
                self._world.wrong(f"the register finds {found.what} in {found.door}'s chain: {places} {found.use_ids}")

    def _quota_was_kept_or_told(self) -> None:
        """So much as an event was overrun by, so much the register has flagged."""
        standing = "id IN (SELECT id FROM standing_uses)"
        seats: dict[str, int] = {}
        for row in rows_of(self._there, "uses", where=standing).values():
            if row["kind"] == "entrance" and row["event_id"] and "quota-exceeded" not in json.loads(row["reasons"]):
                seats[row["event_id"]] = seats.get(row["event_id"], 0) + row["own_ticket"] + row["children"]
        for event, taken in seats.items():
            if taken > QUOTA:
                self._world.wrong(f"{taken} places of {QUOTA} were taken at {event}, and nobody was told")
