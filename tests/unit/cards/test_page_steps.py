"""What each code and each press of two buttons means to a page of the venue: enough to reach everything."""

import pytest

from kiosk.cards.commands import PIN_CODES, Command, Held
from kiosk.cards.desk_events import CancelPressed, ConfirmPressed, DeskEvent, NothingToDo
from kiosk.cards.page_steps import PageStep, page_step_of
from kiosk.devices import event_of
from kiosk.feedback.buttons import Press

AT_MS = 62_000
BY_CODE = {
    Command.FORWARD: PageStep.FORWARD,
    Command.BACK: PageStep.BACK,
    Command.CONFIRM: PageStep.CHOOSE,
    Command.CANCEL: PageStep.AWAY,
} | {code: PageStep(key.value) for code, key in PIN_CODES.items()}
BY_PRESS = {
    Press.CONFIRM: PageStep.FORWARD,
    Press.CANCEL: PageStep.BACK,
    Press.CONFIRM_HELD: PageStep.CHOOSE,
    Press.CONFIRM_HELD_LONG: PageStep.CHOOSE,
    Press.CANCEL_HELD: PageStep.AWAY,
    Press.CANCEL_HELD_LONG: PageStep.AWAY,
}
WALKING = {PageStep.FORWARD, PageStep.BACK, PageStep.CHOOSE, PageStep.AWAY}


@pytest.mark.parametrize("code", Command)
def test_a_code_is_a_step_or_nothing(code: Command) -> None:
    assert page_step_of(code) is BY_CODE.get(code)


@pytest.mark.parametrize("press", Press)
def test_a_press_is_a_step_or_nothing(press: Press) -> None:
    assert page_step_of(event_of(press, AT_MS)) is BY_PRESS.get(press)


def test_codes_reach_every_step_and_buttons_all_but_the_digits_which_are_on_the_drawn_keys() -> None:
    assert (set(BY_CODE.values()), set(BY_PRESS.values())) == (set(PageStep), WALKING)


@pytest.mark.parametrize("other", [ConfirmPressed("p1", AT_MS), CancelPressed("p1", AT_MS), NothingToDo(AT_MS)])
def test_a_button_of_the_desks_own_page_is_none(other: DeskEvent | Held) -> None:
    assert page_step_of(other) is None
