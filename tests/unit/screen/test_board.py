"""Pages follow the state: at once when they come, the latest when it changes, nothing left when they go."""

import pytest

from kiosk.cards.model import Language
from kiosk.screen.board import Board, BoardState
from tests.support import desks


async def test_a_page_gets_the_state_now_and_then_only_the_latest() -> None:
    board = Board()
    states = board.states(quiet_s=60)
    assert await anext(states) == BoardState()
    board.update(waiting=1)
    board.update(waiting=2)
    assert await anext(states) == BoardState(waiting=2)
    await states.aclose()


async def test_a_state_like_the_last_is_no_news() -> None:
    board = Board()
    states = board.states(quiet_s=0)
    await anext(states)
    board.update(waiting=0)
    assert await anext(states) is None
    await states.aclose()


async def test_every_page_hears_of_the_desk() -> None:
    board = Board()
    pages = [board.states(quiet_s=60) for _ in range(3)]
    for page in pages:
        await anext(page)
    await board.announce(desks.ready())
    assert [await anext(page) for page in pages] == [BoardState(desk=desks.ready())] * 3
    for page in pages:
        await page.aclose()


async def test_a_page_that_comes_late_is_right_at_once() -> None:
    board = Board()
    await board.announce(desks.ready())
    states = board.states(quiet_s=60)
    assert await anext(states) == board.state == BoardState(desk=desks.ready())
    await states.aclose()


async def test_a_page_that_goes_leaves_nothing_behind() -> None:
    board = Board()
    states = board.states(quiet_s=60)
    await anext(states)
    assert board.connected == 1
    await states.aclose()
    assert board.connected == 0


async def test_hanging_up_ends_the_pages_of_now_and_not_those_to_come() -> None:
    board = Board()
    states = board.states(quiet_s=60)
    await anext(states)
    board.hang_up()
    with pytest.raises(StopAsyncIteration):
        await anext(states)
    again = board.states(quiet_s=60)
    assert await anext(again) == BoardState()
    await again.aclose()


def test_the_next_language_goes_round_from_that_of_the_page_drawn_last_and_each_word_is_another() -> None:
    board = Board(Language.FI)
    board.drawn_in(Language.SV)
    told = []
    for _ in range(4):
        board.next_language()
        assert board.state.telling is not None
        told.append(board.state.telling)
    assert [each.language for each in told] == [Language.EN, Language.FI, Language.SV, Language.EN]
    assert len({each.id for each in told}) == 4
