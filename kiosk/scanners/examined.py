"""What a technician is told of a scanner: whether it is there, may be opened, and can be had alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from kiosk.errors import DeviceBusy, DeviceClosed, DeviceError, DeviceMissing
from kiosk.findings import Finding, State, failed, passed, warned
from kiosk.scanners.hid import Keyboard, take
from kiosk.scanners.keyboards import Plugged, Wanted, find_keyboards, plugged
from kiosk.scanners.replay import STANDARD_INPUT
from kiosk.scanners.serial import open_line

KIOSK_RUNS = "held by the running kiosk"
MOST_NAMED = 5
"""Other devices that are named where the scanner is not found."""


def examine_hid(
    name: str,
    wanted: Wanted,
    *,
    runs: bool | None,
    sections: int = 1,
    find: Callable[[Wanted], Iterable[Keyboard]] = find_keyboards,
    identify: Callable[[Wanted], list[Plugged]] = plugged,
) -> Finding:
    """Open every device that `wanted` names, take it for a moment and give it back; no key of it is read.

    `runs`: whether the kiosk does, None where that cannot be seen. `sections` of the configuration want the same.
    A scanner that the kiosk holds is not disturbed: the kernel refuses to give it, and the kiosk notices nothing.
    """
    found = identify(wanted)
    if not found:
        # A path that is no input device is told by opening it.
        error = _tried(find(wanted)) or DeviceError(f"{wanted} cannot be seen in sysfs")
        return _refused(name, error, _others(identify))
    tried = [_tried(find(Wanted(path=each.path))) for each in found]
    named = "; ".join(map(str, found))
    if any(isinstance(each, DeviceBusy) for each in tried) and (runs or None not in tried):
        return _counted(_held(name, named, " ".join(each.path for each in found), runs=runs), len(found), sections)
    if None in tried:
        seen = _unused(name, named) if runs else passed(name, f"{named}: opened, taken and given back")
        return _counted(seen, len(found), sections)
    return _refused(name, next(each for each in tried if each is not None), _others(identify))


def examine_serial(name: str, path: str, baud: int, *, runs: bool | None) -> Finding:
    """Open the line and let it go; what arrives on a line that the kiosk holds stays the kiosk's."""
    try:
        os.close(open_line(path, baud))
    except DeviceBusy:
        return _held(name, path, path, runs=runs)
    except DeviceError as error:
        return _refused(name, error, "/dev/serial/by-id has the lines that are there.")
    return _unused(name, path) if runs else passed(name, f"{path}: opened at {baud} baud and let go")


def examine_lines(name: str, path: str) -> Finding:
    """Whether the lines can be read; nothing is read of them, since each is a card for the kiosk."""
    if path == STANDARD_INPUT:
        return passed(name, "lines of standard input")
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        return failed(name, f"{path}: {error.strerror}", "Make the file or FIFO that scanner.path names.")
    kind = "a FIFO" if stat.S_ISFIFO(mode) else "a file" if stat.S_ISREG(mode) else None
    if stat.S_ISDIR(mode) or not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        return failed(name, f"{path} cannot be read by this user", "Name a file or FIFO that can, in scanner.path.")
    return passed(name, f"lines of {path}" + (f", {kind}" if kind else ""))


def _tried(found: Iterable[Keyboard]) -> DeviceError | None:
    """Take and give back; what is wrong with it."""
    try:
        keyboard = take(found)
    except DeviceError as error:
        return error
    try:
        keyboard.ungrab()
    except OSError as error:
        return DeviceMissing(f"the scanner is gone ({error.strerror})")
    finally:
        keyboard.close()
    return None


def _counted(finding: Finding, devices: int, sections: int) -> Finding:
    if devices <= sections or finding.state is State.FAIL:
        return finding
    saw = f"{devices} devices fit, and the kiosk takes the first that it can have: {finding.saw}"
    return warned(finding.name, saw, "Name the one that is meant by its path under /dev/input/by-id.")


def _held(name: str, named: str, path: str, *, runs: bool | None) -> Finding:
    """Of a device that another program has."""
    if runs:
        return passed(name, f"{named}: {KIOSK_RUNS}")
    if runs is None:
        saw = f"{named}: held, by the kiosk or by another program: this user cannot see whether the kiosk runs"
        return warned(name, saw, "Ask again as root, or as the kiosk's user.")
    do = f"The kiosk is not running, so end the program that has it: `sudo fuser -v {path}` names it."
    return failed(name, f"{named}: held by another program", do)


def _unused(name: str, named: str) -> Finding:
    """Of a device that can be had though the kiosk should have it."""
    do = "If it does not read in a few seconds, look at `journalctl -u kiosk`."
    return warned(name, f"{named}: free, though the kiosk runs", do)


def _refused(name: str, error: DeviceError, hint: str) -> Finding:
    match error:
        case DeviceClosed():
            do = f"`sudo usermod -aG {error.group} USER` for the kiosk's user, then start the kiosk anew."
            return failed(name, str(error), f"{do} To look only: ask again as root.")
        case DeviceMissing():
            return failed(name, str(error), f"Plug it in. {hint}")
        case _:
            return failed(name, str(error), f"Name another device. {hint}")


def _others(identify: Callable[[Wanted], Sequence[Plugged]]) -> str:
    others: Iterator[str] = map(str, identify(Wanted())[:MOST_NAMED])
    listed = "; ".join(others)
    if not listed:
        return "Nothing that types is plugged in; `lsusb` lists what USB sees."
    return f"If it is one of these, name that one in [[scanner]]: {listed}"
