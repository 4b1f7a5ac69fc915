"""Practice and real cards at the flow's border: each is known only where it belongs, and practice leaves no record."""

from __future__ import annotations

import pytest

from kiosk.cards.desk_events import Decided, Unread
from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import Answer, Scan
from kiosk.cards.practice import PracticeCard
from kiosk.cards.unreadable import UnreadableWhy
from tests.support.clock import FixedClock
from tests.unit.cards.examples import NOW
from tests.unit.flow.test_today import Store, answerer


async def test_a_practice_card_is_answered_in_practice_without_asking_the_store() -> None:
    store = Store()
    answer = await answerer(store, FixedClock(NOW)).look_up(
        Scan(PracticeCard.OLD.value, "t"), EventChoice(), practice=True
    )
    assert isinstance(answer, Decided)
    assert (answer.decision.answer, store.asked) == (Answer.REFUSE, [])


@pytest.mark.parametrize(
    ("text", "practice", "why"),
    [
        (PracticeCard.GOOD.value, False, UnreadableWhy.PRACTICE_CARD),
        ("DEMO-0001", True, UnreadableWhy.NO_PRACTICE_CARD),
    ],
)
async def test_a_card_is_known_only_where_it_belongs(text: str, *, practice: bool, why: UnreadableWhy) -> None:
    answer = await answerer(Store(), FixedClock(NOW)).look_up(Scan(text, "t"), EventChoice(), practice=practice)
    assert isinstance(answer, Unread)
    assert answer.why is why
