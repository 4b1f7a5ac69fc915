"""Exit codes of every command, as scripts may rely on them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command's end means; `EXPLANATIONS` says it in words."""

    OK = 0
    FAILED = 1
    USAGE = 2
    ASK = 3
    REFUSE = 4
    UNREADABLE = 5
    PENDING = 6
    DEVICE = 7


EXPLANATIONS = {
    Exit.OK: "done; for `scan`: accepted",
    Exit.FAILED: "failed: the last line says why; for `check` and `doctor`: something is to be done",
    Exit.USAGE: "wrong words on the command line, or a configuration that cannot be used; nothing was started",
    Exit.ASK: "`scan`: staff have to decide",
    Exit.REFUSE: "`scan`: refused",
    Exit.UNREADABLE: "`scan`: the text is not a card number; `doctor scanner`: another code was read",
    Exit.PENDING: "`wipe`: refused, because records wait for the register and were not exported",
    Exit.DEVICE: "`doctor scanner`: the scanner is not there, is held, or said nothing in time",
}


def exit_codes_help() -> str:
    """The table of exit codes for the end of `kiosk --help`."""
    return "\n".join(["\b", "Exit codes:", *(f"  {code.value}  {words}" for code, words in EXPLANATIONS.items())])
