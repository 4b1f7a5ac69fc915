"""What a reading or press is, before anything happens: a command, the same one still, meant for a lock of before."""

from __future__ import annotations

from kiosk.cards.commands import HELD_FOR as COMMAND_HELD_FOR
from kiosk.cards.commands import BothHeld, ButtonHeld, Command, Held, command_in
from kiosk.cards.desk_events import CancelPressed, ConfirmPressed, DeskEvent, Scanned
from kiosk.cards.desk_state import Desk, Phase
from kiosk.cards.model import Scan
from kiosk.cards.repeat import LastReading, heard


class Hearing:
    """Guards what was read last, of which it keeps hashes alone."""

    def __init__(self, *, command_codes: bool) -> None:
        """Know printed codes where `command_codes`."""
        self._command_codes = command_codes
        self._last_readings: dict[str, LastReading] = {}
        """By the reader: what lies under one of them goes on lying there while another reads."""
        self._last_command: LastReading | None = None

    def command_in(self, event: object) -> Command | None:
        """The printed code that was read; it is never looked up as a card."""
        if not self._command_codes or not isinstance(event, Scanned):
            return None
        return command_in(event.scan.text)

    def means_nothing(self, code: Command | None, event: DeskEvent | Held, desk: Desk) -> bool:
        """Whether the code or button of `event` asks for nothing: the code is still the one that was read before.

        So does one from before the desk was locked or opened: meant for its PIN it must undo no use, and a button that
        was meant for a visitor is no part of a PIN.
        """
        return (code is not None and not self._is_fresh(code, event.at_ms)) or (
            (code is not None or is_of_metal(event)) and event.at_ms < desk.lock_turned_ms
        )

    def is_held(self, event: DeskEvent, desk: Desk) -> bool:
        """Whether a reader merely still sees the card that lies on the desk: that is neither a scan nor a confirm."""
        if not isinstance(event, Scanned):
            return False
        reader = event.scan.source
        self._last_readings[reader], fresh = heard(self._last_readings.get(reader), event.scan, event.at_ms)
        # A locked desk is ready again at once, and its card still lies there.
        return not fresh and (desk.mode.locked or desk.phase not in (Phase.READY, Phase.OUT_OF_SERVICE))

    def _is_fresh(self, command: Command, at_ms: int) -> bool:
        """Whether the code of `command` was read anew; held to the reader it is read once."""
        self._last_command, fresh = heard(self._last_command, Scan(command.value, "command"), at_ms, COMMAND_HELD_FOR)
        return fresh


def is_of_metal(event: DeskEvent | Held) -> bool:
    """Whether `event` is a hardware button; one of a page names its card."""
    match event:
        case ButtonHeld() | BothHeld() | ConfirmPressed(presentation_id=None) | CancelPressed(presentation_id=None):
            return True
        case _:
            return False
