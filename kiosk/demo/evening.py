"""The scripted evening: every outcome, an undo, the network cut and mended, the kiosk killed and started again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kiosk.demo.desk import Desk
from kiosk.demo.proxy import Wire
from kiosk.errors import KioskError


class Happened(NamedTuple):
    """One row of the table that is printed at the end."""

    what: str
    answer: str
    reasons: str
    then: str


@dataclass
class Evening:
    """Plays at `desk`, over `wire`, with the event ids of the demo by their slug; keeps the rows."""

    desk: Desk
    wire: Wire
    events: Mapping[str, str]
    rows: list[Happened] = field(default_factory=list)

    async def play(self) -> None:
        """All of it, in the order of a real evening."""
        await self._doors_open()
        await self._refusals()
        await self._questions()
        await self._other_events()
        await self._network_cut()

    async def _doors_open(self) -> None:
        await self._visit("an adult", "DEMO-0001-AIKUINEN", "accept", then="confirm")
        await self._visit("a parent with two children", "demo 0002 perhe", "accept", children=2, then="confirm")
        await self._visit("a small group with its worker", "DEMO-0003-YHTEISO", "accept", clients=3, then="confirm")
        await self._visit(
            "a card on its last day, as a link", "https://kortti.example/k/DEMO-0005-TANAAN", "accept", then="confirm"
        )

    async def _refusals(self) -> None:
        await self._visit("an expired card", "DEMO-0004-VANHA", "refuse")
        await self._visit("a card valid from tomorrow", "DEMO-0006-HUOMENNA", "refuse")
        await self._visit("a lost card", "DEMO-0007-KADONNUT", "refuse")
        await self._visit("a card that was never issued", "DEMO-0008-VARASTO", "refuse")
        await self._visit("a card of a closed area", "DEMO-0009-SULJETTU", "refuse")
        await self._visit("a number that nobody knows", "DEMO-9999-KEKSITTY", "refuse")
        await self._visit("a milk carton", "]E06400000000008", "refuse")
        await self._visit("a loyalty card", "kahvikortti", "refuse")

    async def _questions(self) -> None:
        await self._visit("the first adult, back from a break", "DEMO-0001-AIKUINEN", "ask", then="confirm")
        use = await self._visit("one child more than registered", "DEMO-0011-VAPAA", "ask", children=1, then="confirm")
        await self.desk.undo(use)
        self.rows.append(Happened("staff see the mistake", "", "", "undone"))
        for position in (1, 2):
            await self._visit("another adult", f"DEMO-0{1000 + position}-LISA", "accept", then="confirm")
        await self._visit("one more than the quota of 12", "DEMO-01003-LISA", "ask", then="cancel")

    async def _other_events(self) -> None:
        await self._serve("premiere", "staff choose the sold-out premiere")
        await self._visit("an adult", "DEMO-0010-NAAPURI", "refuse")
        await self._serve("swimming-course", "staff choose the swimming course")
        await self._visit("a course place", "DEMO-0005-TANAAN", "accept", then="confirm")
        await self._all_delivered()
        await self._visit("a course place for another", "DEMO-0010-NAAPURI", "accept", then="confirm")
        await self._visit("a second place in the same year", "DEMO-0005-TANAAN", "refuse")
        await self.desk.choose("general")

    async def _network_cut(self) -> None:
        await self.wire.cut()
        await self.desk.until(lambda heard: heard.surroundings.get("online") is False)
        self.rows.append(Happened("the network goes down", "", "", "offline"))
        before = await self._visit("an adult, offline", "DEMO-01004-LISA", "accept", then="confirm")
        await self._visit("a card not on the list, offline", "DEMO-8888-KEKSITTY", "ask", then="confirm")
        await self.desk.kill()
        self.rows.append(Happened("the plug is pulled", "", "", "killed"))
        await self.desk.start()
        self.rows.append(Happened("the kiosk starts again", "", "", "ready"))
        await self.desk.choose("general")
        await self.desk.undo(before)
        self.rows.append(Happened("staff undo a use of before the plug", "", "", "undone"))
        await self._visit("another adult, still offline", "DEMO-01005-LISA", "accept", then="confirm")
        await self.wire.mend()
        await self.desk.until(lambda heard: heard.surroundings.get("online") is True)
        await self._all_delivered()
        self.rows.append(Happened("the network is back", "", "", "all delivered"))

    async def _visit(
        self, who: str, card: str, expected: str, *, children: int = 0, clients: int = 0, then: str = "look"
    ) -> str:
        """One visitor; the id of the use where there is one."""
        said = await self.desk.show(card)
        if children or clients:
            said = await self.desk.count(children=children, clients=clients)
        done = {"confirm": "recorded", "cancel": "sent away"}.get(then, "")
        self.rows.append(Happened(who, said["answer"], ", ".join(said["reasons"]), done))
        if said["answer"] != expected:
            raise KioskError(f"{who}: the desk said {said['answer']} ({', '.join(said['reasons'])}), not {expected}")
        if then == "confirm":
            return await self.desk.confirm()
        if then == "cancel":
            await self.desk.cancel()
        return ""

    async def _serve(self, slug: str, what: str) -> None:
        await self.desk.choose(self.events[slug])
        self.rows.append(Happened(what, "", "", ""))

    async def _all_delivered(self) -> None:
        async with asyncio.timeout(30):
            await self.desk.until(lambda heard: heard.surroundings.get("waiting") == 0)
