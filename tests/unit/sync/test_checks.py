"""What only the nation knows, asked while the visitor waits."""

from __future__ import annotations

import pytest

from contract.messages import CheckAnswer, CheckRequest
from kiosk.errors import KeyRevoked, Later, RegisterError, Rejected, Unreachable
from kiosk.sync.checks import CourseChecks
from tests.edge.store.samples import a_key, an_id


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
    assert await CourseChecks(server).course_uses(an_id(1), a_key(2), an_id(3)) == 2
    assert server.asked == [CheckRequest(use_id=an_id(1), lookup_key=a_key(2), event_id=an_id(3), kind="course")]


@pytest.mark.parametrize("fault", [Unreachable("…"), Later("…"), Rejected("…"), KeyRevoked("…")], ids=repr)
async def test_no_answer_is_none_and_never_an_error(fault: RegisterError) -> None:
    assert await CourseChecks(FakeServer(fault)).course_uses(an_id(1), a_key(2), an_id(3)) is None
