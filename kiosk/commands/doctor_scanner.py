"""`kiosk doctor scanner`: reads the calibration code, and says which layout and settings fit the scanner."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import click

from kiosk.commands.findings_shown import report
from kiosk.config import Config
from kiosk.devices import wanted_scanner
from kiosk.errors import DeviceClosed, DeviceError, KioskError
from kiosk.exits import Exit
from kiosk.findings import Finding, failed, none_failed, passed
from kiosk.scanners.advice import findings
from kiosk.scanners.calibration import Calibration, Verdict, examine
from kiosk.scanners.hid import Keyboard, take
from kiosk.scanners.keyboards import Plugged, Wanted, find_keyboards, plugged
from kiosk.scanners.looking import Held
from kiosk.scanners.recording import Recording, record_keys

SETTINGS = "settings to write"
"""The finding whose `saw` is the `[[scanner]]` for the configuration."""
ASK = "Read the calibration code now; it is on the sheet that `kiosk print commands` prints. Waiting {limit_s:g} s."


@dataclass(frozen=True, slots=True)
class Patient:
    """The scanner to be examined."""

    wanted: Wanted
    layout: str | None
    """As configured; None when it is named by its device alone."""


def configured_scanner(config: Config, position: int | None) -> Patient:
    """The HID scanner at `position` (from 1) of the configuration, or its only one; raises KioskError."""
    hid = {place: each for place, each in enumerate(config.scanners, start=1) if each.kind == "hid"}
    if position is None and len(hid) == 1:
        (position,) = hid
    if position in hid:
        return Patient(wanted_scanner(hid[position]), hid[position].layout)
    if position is not None:
        raise KioskError(f"Scanner {position} is not a scanner of kind “hid” in the configuration.")
    if hid:
        raise KioskError(f"There are several scanners; name one with --scanner {' or '.join(map(str, hid))}.")
    raise KioskError("No scanner of kind “hid” is configured; name its device with --device. " + candidates())


def candidates() -> str:
    """A sentence with all that is plugged in and could be a scanner."""
    found = plugged(Wanted())
    if not found:
        return "Nothing that could be one is plugged in."
    return "\n  ".join(["These could be one:", *map(str, found)])


def examine_scanner(
    patient: Patient,
    *,
    limit_s: float,
    as_json: bool,
    find: Callable[[Wanted], Iterable[Keyboard]] = find_keyboards,
    identify: Callable[[Wanted], list[Plugged]] = plugged,
) -> Exit:
    """Read the calibration code and print what it tells.

    OK: it reads, and the configuration says so already. FAILED: something is to be changed. UNREADABLE: another code
    was read. DEVICE: the scanner is not there, is held by another program, or said nothing in time.
    """
    try:
        keyboard = take(find(patient.wanted))
        click.echo(ASK.format(limit_s=limit_s), err=True)
        recording: Recording = asyncio.run(record_keys(keyboard, limit_s=limit_s))
    except DeviceError as error:
        report((failed("scanner", str(error), _remedy(error)),), as_json=as_json)
        return Exit.DEVICE
    seen = examine(recording.keys, lost=recording.lost)
    told = (*findings(seen), *_configured(seen, patient.layout))
    if seen.layout:
        lines = settings_of(patient.wanted, identify(patient.wanted), seen.layout)
        told = (*told, passed(SETTINGS, lines))
    report(told, as_json=as_json)
    return _exit(seen, told)


def _remedy(error: DeviceError) -> str:
    if isinstance(error, Held):
        return "Stop the kiosk first: systemctl stop kiosk"
    if isinstance(error, DeviceClosed):
        return "Ask as root, or as the kiosk's user."
    return f"Plug it in, or name another with --device. {candidates()}"


def settings_of(wanted: Wanted, found: list[Plugged], layout: str) -> str:
    """The lines of the configuration for this scanner: by vendor and product where it has them."""
    if found and (found[0].vendor or found[0].product):
        which = f'vendor = "{found[0].vendor:04x}"\nproduct = "{found[0].product:04x}"'
    elif wanted.path is not None:
        which = f"path = {json.dumps(wanted.path)}"
    else:
        which = f"name = {json.dumps(wanted.name, ensure_ascii=False)}"
    return f'[[scanner]]\nkind = "hid"\n{which}\nlayout = "{layout}"'


def _configured(seen: Calibration, layout: str | None) -> tuple[Finding, ...]:
    if seen.layout is None or layout is None:
        return ()
    if layout == seen.layout:
        return (passed("configuration", f'layout = "{layout}", as it must be'),)
    do = f'Write layout = "{seen.layout}" for this scanner, and start the kiosk anew.'
    return (failed("configuration", f'layout = "{layout}"', do),)


def _exit(seen: Calibration, told: tuple[Finding, ...]) -> Exit:
    match seen.verdict:
        case Verdict.NOTHING:
            return Exit.DEVICE
        case Verdict.OTHER_CODE:
            return Exit.UNREADABLE
        case _:
            return Exit.OK if none_failed(told) else Exit.FAILED
