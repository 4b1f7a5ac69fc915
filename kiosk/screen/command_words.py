"""The words on the sheet of printed codes."""

from __future__ import annotations

from kiosk.cards.commands import PIN_CODES, Command
from kiosk.screen.translations import Translator


def command(t: Translator, code: Command) -> str:
    """What is printed beside a command's code: the words of its button, where there is one."""
    match code:
        case Command.CONFIRM:
            return t.gettext("Confirm")
        case Command.CANCEL:
            return t.gettext("Cancel")
        case Command.CHILD:
            return t.gettext("One child more")
        case Command.ASSISTANT:
            return t.gettext("One assistant more")
        case Command.CHILD_LESS:
            return t.gettext("One child less")
        case Command.ASSISTANT_LESS:
            return t.gettext("One assistant less")
        case Command.OWN:
            return t.gettext("Own ticket: yes or no")
        case Command.BRING_BACK:
            return t.gettext("Next waiting card")
        case Command.UNDO:
            return t.gettext("Undo the last use")
        case Command.NEXT_EVENT:
            return t.gettext("Next event")
        case Command.NEXT_LANGUAGE:
            return t.gettext("Next language")
        case Command.LOCK:
            return t.gettext("Lock the desk")
        case Command.VENUE_PAGES:
            return t.gettext("The venue's pages")
        case Command.FORWARD:
            return t.gettext("Forward on the page")
        case Command.BACK:
            return t.gettext("Back on the page")
        case _:
            return PIN_CODES[code].value


def pin_sheet(t: Translator) -> tuple[str, str]:
    """The title of the digits' sheet, and how to use it."""
    return (
        t.gettext("The PIN of a locked desk, digit by digit"),
        t.gettext(
            "Read the digits of the PIN and then “Confirm”, so that nobody sees which. “Cancel” begins anew. "
            "The page shows a dot for each digit."
        ),
    )


def pages_sheet(t: Translator) -> tuple[str, str]:
    """The title of the sheet that walks the venue's pages, and how to use it."""
    return (
        t.gettext("The venue's pages, step by step"),
        t.gettext(
            "Read “The venue's pages”, then the digits of the PIN and “Confirm”. “Forward on the page” and “Back on "
            "the page” go over it, “Confirm” chooses, a digit is typed, and “Cancel” leads back to the desk."
        ),
    )


def digit_again(t: Translator) -> str:
    """What stands under each digit: its code may be cut out, and hang where the rest of the sheet does not."""
    return t.gettext("The same again: wait a second")


def command_sheet(t: Translator) -> tuple[str, str, str]:
    """The title of the sheet of commands, how to use it, and the name of its last code."""
    return (
        t.gettext("The desk's buttons as codes"),
        t.gettext("Read a code as you read a card. Wait a second before you read the same code again."),
        t.gettext("Calibration, for the technician"),
    )
