"""A line of the paper form becomes one use, whatever the rules would say, and only once."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from dataclasses import dataclass, field

import pytest

from kiosk.cards.model import CardNumber, Stamp, Tickets, UseKind
from kiosk.cards.number import NumberForms
from kiosk.flow.paper import PaperDesk
from kiosk.flow.ports import Senses
from tests.support.clock import FixedClock
from tests.unit.cards.examples import DAY, NOW
from tests.unit.flow.test_recording import Disk

ENTRY = "01900000-0000-7000-8000-0000000000a1"


class Keys:
    """A seal that is never the same twice, as the real one."""

    async def key_of(self, number: CardNumber) -> str:
        return "ab" * 16

    def seal(self, number: CardNumber) -> str:
        return base64.b64encode(secrets.token_bytes(8)).decode()


def paper_at(disk: Disk, *, enrolled: bool = True) -> PaperDesk:
    senses = Senses(
        keys=Keys if enrolled else lambda: None, online=lambda: True, recorded=lambda: None, beat=lambda: None
    )
    return PaperDesk(NumberForms("[A-Z]+[0-9]+", (), ()), disk, senses, FixedClock(NOW))


@dataclass(frozen=True, slots=True)
class Line:
    number: str = "demo 17"
    at: dt.datetime = NOW - DAY
    kind: UseKind = UseKind.ENTRANCE
    tickets: Tickets = field(default_factory=Tickets)


GOOD = Line()


async def put(paper: PaperDesk, line: Line = GOOD) -> str:
    return await paper.record(
        entry_id=ENTRY, number=line.number, at=line.at, kind=line.kind, tickets=line.tickets, event_label="Runoilta"
    )


async def test_a_line_is_a_use_of_its_own_time_with_the_number_sealed() -> None:
    disk = Disk()
    assert await put(paper_at(disk)) == ""
    (use,) = disk.uses.values()
    assert (use.id, use.kind, use.offline, use.decided) == (
        ENTRY,
        UseKind.ENTRANCE,
        True,
        Stamp(NOW - DAY, True, "paper", 0),
    )
    assert use.card.sealed_number
    assert (use.event_id, use.event_label) == (None, "Runoilta")


async def test_the_same_form_sent_twice_is_one_use() -> None:
    disk = Disk()
    paper = paper_at(disk)
    assert [await put(paper), await put(paper)] == ["", ""]
    assert len(disk.uses) == 1


async def test_a_course_is_a_course_place_offline_of_which_no_rule_was_asked() -> None:
    disk = Disk()
    tickets = Tickets(assistants=1)
    assert await put(paper_at(disk), Line(kind=UseKind.COURSE, tickets=tickets)) == ""
    (use,) = disk.uses.values()
    assert (use.kind, use.event_id, use.event_label, use.tickets) == (UseKind.COURSE, None, "Runoilta", tickets)
    assert (use.offline, use.remarks, use.quota_places) == (True, (), 0)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (Line(number="?"), "number"),
        (Line(at=NOW + DAY), "time"),
        (Line(at=NOW - 61 * DAY), "time"),
        (Line(tickets=Tickets(own=0)), "tickets"),
        (Line(kind=UseKind.COURSE, tickets=Tickets(own=0)), "tickets"),
        (Line(kind=UseKind.COURSE, tickets=Tickets(children=1)), "course"),
        (Line(kind=UseKind.COURSE, tickets=Tickets(clients=1)), "course"),
    ],
)
async def test_a_line_that_cannot_be_is_said(line: Line, why: str) -> None:
    disk = Disk()
    assert await put(paper_at(disk), line) == why
    assert disk.uses == {}


async def test_a_kiosk_that_is_not_enrolled_cannot_make_keys() -> None:
    assert await put(paper_at(Disk(), enrolled=False)) == "keys"
