"""What a printed code or one of two buttons means while somebody walks the venue's pages with it."""

from __future__ import annotations

from enum import StrEnum

from kiosk.cards.commands import PIN_CODES, ButtonHeld, Command, Held
from kiosk.cards.desk_events import CancelPressed, ConfirmPressed, DeskEvent


class PageStep(StrEnum):
    """A step over the controls of a page, as a keyboard takes it; digits are for the field that has the focus."""

    FORWARD = "forward"
    BACK = "back"
    CHOOSE = "choose"
    AWAY = "away"
    """From the drawn keys to their field, else back to the desk."""
    ZERO = "0"
    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    SIX = "6"
    SEVEN = "7"
    EIGHT = "8"
    NINE = "9"


def page_step_of(done: Command | Held | DeskEvent) -> PageStep | None:
    """What `done` means to the page that is walked; None: nothing there, and nothing at the desk either.

    A button of the desk's own page names its card, so it is none of the two.
    """
    match done:
        case Command.FORWARD | ConfirmPressed(presentation_id=None):
            return PageStep.FORWARD
        case Command.BACK | CancelPressed(presentation_id=None):
            return PageStep.BACK
        case Command.CONFIRM | ButtonHeld(confirms=True):
            return PageStep.CHOOSE
        case Command.CANCEL | ButtonHeld():
            return PageStep.AWAY
        case Command() if done in PIN_CODES:
            return PageStep(PIN_CODES[done].value)
        case _:
            return None
