"""The register's side as the pusher sees it, in memory, with a script of what goes wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from contract.messages import AnnulmentSent, ItemResult, RefusalSent, UseSent
from kiosk.cards.model import Texts
from kiosk.errors import RegisterError
from kiosk.sync.replies import ItemAnswer
from tests.support.memory_register import MemoryRegister, Sent


class FakeServer:
    """Takes what comes, unless its script has something else for the next call."""

    def __init__(self) -> None:
        self.register = MemoryRegister()
        self.calls: list[tuple[type[Sent], list[str]]] = []
        self.before: deque[RegisterError | None] = deque()
        """What the next calls raise before the register sees anything; None lets one through."""
        self.after: deque[RegisterError | None] = deque()
        """What the next calls raise after the register has stored it."""
        self.rule: Callable[[Sequence[Sent]], RegisterError | None] = lambda _: None
        """What a call with these items raises."""
        self.spoil: Callable[[tuple[ItemAnswer, ...]], tuple[ItemAnswer, ...]] = lambda answers: answers
        """What becomes of the answers on the way."""

    async def send_uses(self, uses: Sequence[UseSent]) -> tuple[ItemAnswer, ...]:
        return self._take(UseSent, uses)

    async def send_annulments(self, annulments: Sequence[AnnulmentSent]) -> tuple[ItemAnswer, ...]:
        return self._take(AnnulmentSent, annulments)

    async def send_refusals(self, refusals: Sequence[RefusalSent]) -> tuple[ItemAnswer, ...]:
        return self._take(RefusalSent, refusals)

    def _take(self, kind: type[Sent], items: Sequence[Sent]) -> tuple[ItemAnswer, ...]:
        self.calls.append((kind, [item.id for item in items]))
        error = (self.before.popleft() if self.before else None) or self.rule(items)
        if error is not None:
            raise error
        results = self.register.receive(items)
        lost = self.after.popleft() if self.after else None
        if lost is not None:
            raise lost
        return self.spoil(tuple(as_answer(result) for result in results))


def as_answer(result: ItemResult) -> ItemAnswer:
    told = result.message
    words = None if told is None else Texts(told.fi, told.sv, told.en)
    return ItemAnswer(result.id, result.outcome, result.reasons, words, result.detail)
