"""What must hold between the screens, the kiosks' records and the register's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlite_utils

from kiosk.cards.exchange import Fate
from register.store.turns import ended_reasons
from tests.simulation.evidence import Rows, difference, rows_of
from tests.simulation.machine import Machine, Process
from tests.simulation.template import QUOTA, event_id

if TYPE_CHECKING:
    from tests.simulation.world import World

PARKED_BECAUSE = ("refused by the register:", "rejected by the register")
KINDS = {"use": "uses", "annulment": "annulments", "refusal": "refusals"}


class Records:
    """Says what is wrong with the records of a world in which nothing moves any more."""

    def __init__(self, world: World) -> None:
        self._world = world

    def parked_for_a_reason(self, machine: Machine) -> None:
        for item_id, error in self._here(machine).execute(
            "SELECT item_id, last_error FROM outbox WHERE fate = 'parked'"
        ):
            if self._world.moods.born_as(item_id) == "deadly" and not (error or "").startswith(PARKED_BECAUSE):
                continue  # it failed alone for a day
            if item_id not in self._world.moods.parked or not (error or "").startswith(PARKED_BECAUSE):
                self._world.wrong(f"{machine.name} parked {item_id} without the register's word: {error}")

    def what_is_here(self, machine: Machine) -> None:
        """The kiosk's own files against what its screen said."""
        here, witness = self._here(machine), self._world.venue.witnesses[machine.name]
        uses, annulments = rows_of(here, "uses"), rows_of(here, "annulments")
        for use in witness.announced.values():
            if use.id not in uses and use.id not in machine.lost:
                self._world.wrong(f"{machine.name} announced {use.id}, and it is not on its disk")
        annulled = {row["use_id"] for row in annulments.values()}
        if not machine.lost:
            for use_id in sorted(witness.undone - annulled):
                self._world.wrong(f"{machine.name} announced that {use_id} is taken back, and it is not")
        for use_id in sorted(annulled - witness.undo_pressed):
            self._world.wrong(f"{machine.name} took {use_id} back, and nobody asked for it")
        queued = {row[0]: row[1] for row in here.execute("SELECT item_id, kind FROM outbox")}
        kept = {item_id: kind for kind, table in KINDS.items() for item_id in rows_of(here, table)}
        if queued != kept:
            self._world.wrong(f"{machine.name}'s queue and its records differ: {sorted(queued.items() ^ kept.items())}")

    def what_is_there(self) -> None:
        """The register's records against the kiosks' and the screens'."""
        lost = {item_id for machine in self._world.venue.machines for item_id in machine.lost}
        for kind, table in KINDS.items():
            here: Rows = {}
            for machine in self._world.venue.machines:
                here |= rows_of(self._here(machine), table)
            there = rows_of(self._there(), table)
            for item_id in sorted(here.keys() - there.keys()):
                self._world.wrong(f"the {kind} {item_id} never came to the register")
            for item_id in sorted(there.keys() - here.keys() - lost):
                self._world.wrong(f"the register has a {kind} {item_id} that no kiosk has")
        there = rows_of(self._there(), "uses")
        pressed = {each for witness in self._world.venue.witnesses.values() for each in witness.pressed}
        for use_id in sorted(there.keys() - pressed):
            self._world.wrong(f"the register has a use {use_id} that nobody confirmed")
        for witness in self._world.venue.witnesses.values():
            for use in witness.announced.values():
                if use.id in there and (different := difference(use, there[use.id])):
                    self._world.wrong(f"the register has another {use.id} than was announced: {different}")

    def flags_came_back(self) -> None:
        """What stands against a use at the register is known at the door that recorded it, and no more than that."""
        found: dict[str, set[str]] = {
            use_id: set(json.loads(row["reasons"])) for use_id, row in rows_of(self._there(), "uses").items()
        }
        kiosk_of = {use_id: row["kiosk_id"] for use_id, row in rows_of(self._there(), "uses").items()}
        for use_id, reason, because_of in self._there().execute("SELECT use_id, reason, because_of FROM later_reasons"):
            if kiosk_of[use_id] != kiosk_of[because_of]:
                found[use_id].add(reason)
        found = {use_id: reasons - ended_reasons(self._there(), use_id) for use_id, reasons in found.items()}
        for machine in self._machines():
            rows = self._here(machine).execute("SELECT item_id, fate, reasons FROM outbox WHERE kind = 'use'")
            for use_id, fate, reasons in rows.fetchall():
                ended = set(json.loads(reasons)) & ended_reasons(self._there(), use_id)
                if ended:
                    self._world.wrong(f"{machine.name} was not told that {' '.join(sorted(ended))} ended for {use_id}")
                missing = found.get(use_id, set()) - set(json.loads(reasons))
                if missing or (found.get(use_id) and fate != Fate.FLAGGED):
                    self._world.wrong(f"{machine.name} does not know of {use_id}: {' '.join(sorted(missing))}, {fate}")

    def the_venues_word_came(self) -> None:
        """What the venue took back is known at the door that recorded it."""
        for (use_id,) in self._there().execute("SELECT use_id FROM venue_annulments").fetchall():
            for machine in self._machines():
                known = self._here(machine).execute("SELECT 1 FROM annulments_elsewhere WHERE use_id = ?", (use_id,))
                recorded = use_id in self._world.venue.witnesses[machine.name].announced
                if recorded and not machine.lost and known.fetchone() is None:
                    self._world.wrong(f"{machine.name} does not know that the venue took {use_id} back")

    async def doors_agree(self) -> None:
        """Every door has the register's list, and counts every door's visitors."""
        cards = rows_of(self._there(), "cards", key="lookup_key", columns="lookup_key, kind, status, area_id, children")
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
            mine = rows_of(
                here,
                "cards",
                key="lookup_key",
                columns="lookup_key, kind, status, area_id, children",
                where="list_id = (SELECT id FROM card_lists WHERE state = 'current')",
            )
            if mine != cards:
                self._world.wrong(f"{machine.name}'s card list is not the register's: {len(mine)} and {len(cards)}")
            counted, there = await self._counted(machine), seats.get(self._event(), 0)
            # What went with a destroyed disk the register has, and no feed tells a door of its own uses.
            if counted != there and not machine.lost:
                self._world.wrong(f"{machine.name} counts {counted} visitors of {there}")

    async def screens_agree(self) -> None:
        """Every page says what its kiosk's files say, and what the other doors' pages say."""
        by_time: set[str | None] = set()
        for machine in self._machines():
            process = self._process(machine)
            shown, depth = process.shown, await process.outbox.depth()
            if shown is None or (shown.online, shown.queue) != (True, depth):
                self._world.wrong(f"{machine.name}'s page does not say {depth} and online: {shown}")
                continue
            event = None if shown.chosen is None else shown.chosen.id
            left = max(0, QUOTA - await self._counted(machine))
            if event == self._event() and shown.quota_left != left:
                self._world.wrong(f"{machine.name}'s page says {shown.quota_left} places of {left}")
            if process.flow.desk.choice.automatic:
                by_time.add(event)
        if len(by_time) > 1:
            self._world.wrong(f"the doors' pages do not agree on the event: {by_time}")

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
