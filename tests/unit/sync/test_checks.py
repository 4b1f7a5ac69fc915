"""What only the nation knows, asked while the visitor waits."""

from __future__ import annotations

import pytest

from contract.messages import CheckAnswer, CheckRequest
from kiosk.errors import KeyRevoked, Later, RegisterError, Rejected, Unreachable
from kiosk.sync.checks import CourseChecks
from tests.edge.store.samples import a_key, an_id
from tests.support.clock import FixedClock


class FakeServer:
    """Knows of two course places, or fails."""

    def __init__(self, fault: RegisterError | None = None) -> None:
        self.fault = fault
        self.asked: list[CheckRequest] = []

    async def check(self, request: CheckRequest) -> CheckAnswer:
        self.asked.append(request)
        if self.fault is not None:
            raise self.fault
        return CheckAnswer(reasons=(), used=2, limit=3)


async def test_the_register_is_asked_under_the_id_that_the_use_will_carry() -> None:
    server = FakeServer()
    assert await CourseChecks(server, FixedClock()).course_uses(an_id(1), a_key(2), an_id(3)) == 2
    assert server.asked == [CheckRequest(use_id=an_id(1), lookup_key=a_key(2), event_id=an_id(3), kind="course")]


@pytest.mark.parametrize("fault", [Unreachable("…"), Later("…"), Rejected("…"), KeyRevoked("…")], ids=repr)
async def test_no_answer_is_none_and_never_an_error(fault: RegisterError) -> None:
    assert await CourseChecks(FakeServer(fault), FixedClock()).course_uses(an_id(1), a_key(2), an_id(3)) is None


async def test_after_three_answers_that_came_too_late_no_visitor_waits_but_one_in_half_a_minute() -> None:
    server, clock = FakeServer(Unreachable("no answer in time")), FixedClock()
    checks = CourseChecks(server, clock)

    async def ask(visitors: int) -> list[int | None]:
        return [await checks.course_uses(an_id(1), a_key(2), an_id(3)) for _ in range(visitors)]

    assert await ask(20) == [None] * 20
    assert len(server.asked) == 3
    clock.pass_by(29.9)
    await ask(5)
    assert len(server.asked) == 3
    clock.pass_by(0.1)
    await ask(5)
    assert len(server.asked) == 4
    clock.pass_by(30)
    server.fault = None
    assert await ask(5) == [2] * 5


async def test_one_answer_that_is_lost_now_and_then_changes_nothing() -> None:
    server = FakeServer()
    checks = CourseChecks(server, FixedClock())
    for number in range(20):
        server.fault = Unreachable("no answer in time") if number % 3 == 0 else None
        await checks.course_uses(an_id(1), a_key(2), an_id(3))
    assert len(server.asked) == 20
