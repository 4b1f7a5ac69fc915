"""The four outcomes of asking for a course place while the visitor waits (ADR 15), with the real register."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from contract.messages import UseSent
from kiosk.clock import SystemClock
from kiosk.ids import new_id
from kiosk.sync.address import checked_address, tls_context
from kiosk.sync.checks import CourseChecks
from kiosk.sync.client import RegisterClient
from kiosk.sync.enrol import Enrolled
from kiosk.sync.replies import ItemAnswer
from kiosk.sync.wire import use_sent
from register.demo.events import EVENTS, event_id_of
from tests.edge.store.samples import a_use
from tests.edge.sync.conftest import uses_at
from tests.support.certificates import Certificates
from tests.support.faulty_proxy import Fault, FaultyProxy
from tests.support.register import ServingRegister

COURSE = next(event_id_of(event) for event in EVENTS if event.slug == "swimming-course")


class Door:
    """A kiosk that asks and sends, and a card that nobody has used yet."""

    def __init__(self, client: RegisterClient, card: str) -> None:
        self.client = client
        self.card = card
        self.at = dt.datetime.now(dt.UTC)
        self.checks = CourseChecks(client, SystemClock())

    async def ask(self, use_id: str) -> int | None:
        return await self.checks.course_uses(use_id, self.card, COURSE)

    async def send(self, use_id: str) -> ItemAnswer:
        (answer,) = await self.client.send_uses([self.course_use(use_id)])
        return answer

    def course_use(self, use_id: str) -> UseSent:
        sent = use_sent(a_use(1, key=self.card, at=self.at), 1)
        return UseSent(
            **{name: getattr(sent, name) for name in sent.__struct_fields__}
            | {"id": use_id, "kind": "course", "event_id": COURSE}
        )


@pytest.fixture
async def door(
    register: ServingRegister, doors: dict[str, Enrolled], network: FaultyProxy, certificates: Certificates
) -> AsyncIterator[Door]:
    with closing(sqlite3.connect(register.database)) as db:
        (key,) = db.execute(
            "SELECT lookup_key FROM cards WHERE lookup_key NOT IN (SELECT lookup_key FROM uses) LIMIT 1"
        ).fetchone()
    address = checked_address(f"https://127.0.0.1:{network.port}")
    identity = doors["Pääovi"].identity
    async with RegisterClient(address, key=identity.key, tls=tls_context(certificates.ca_file)) as client:
        yield Door(client, key.hex())


def a_use_id() -> str:
    return new_id(dt.datetime.now(dt.UTC))


async def test_1_answered_in_time_with_a_place_left_the_use_follows_under_the_same_id(door: Door) -> None:
    use_id = a_use_id()
    assert await door.ask(use_id) == 0
    assert (await door.send(use_id)).outcome == "stored"
    # Asked once more under this id, its own use is not held against it.
    assert await door.ask(use_id) == 0


async def test_2_answered_in_time_with_no_place_left_nothing_is_recorded(door: Door, register: ServingRegister) -> None:
    await door.send(a_use_id())
    refused = a_use_id()
    assert await door.ask(refused) == 1
    assert refused not in {use["id"] for use in uses_at(register)}


@pytest.mark.parametrize("fault", [Fault.SLOW_STORED, Fault.HANGING_STORED, Fault.REPLY_LOST_STORED])
async def test_3_asked_and_the_answer_came_too_late_the_use_goes_later_under_the_same_id_and_is_one(
    fault: Fault, door: Door, network: FaultyProxy, register: ServingRegister
) -> None:
    use_id = a_use_id()
    await network.become(fault)
    assert await door.ask(use_id) is None
    await network.become(Fault.NONE)
    assert (await door.send(use_id)).outcome == "stored"
    assert (await door.send(use_id)).outcome == "duplicate"
    assert [use["id"] for use in uses_at(register)].count(use_id) == 1


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.RESET, Fault.HANGING, Fault.UNTRUSTED_CERTIFICATE])
async def test_4_never_reached_the_use_goes_later_and_the_register_finds_what_the_kiosk_could_not_know(
    fault: Fault, door: Door, network: FaultyProxy
) -> None:
    await door.send(a_use_id())
    use_id = a_use_id()
    await network.become(fault)
    assert await door.ask(use_id) is None
    await network.become(Fault.NONE)
    answer = await door.send(use_id)
    assert (answer.outcome, "course-limit" in answer.reasons) == ("flagged", True)
