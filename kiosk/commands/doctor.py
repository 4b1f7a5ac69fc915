"""`kiosk doctor`: each device of the kiosk, what it shows, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from kiosk.commands.doctor_pins import pins_seen
from kiosk.config import Config
from kiosk.devices import wanted_scanner
from kiosk.exits import Exit
from kiosk.findings import Finding
from kiosk.scanners.keyboards import plugged
from kiosk.sections import ScannerSection


def doctor(config: Config, *, as_json: bool) -> Exit:
    """Walk over all devices and print what was seen; FAILED where one needs something done."""
    walked = (*_scanners(config), *pins_seen(config))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in walked], ensure_ascii=False))
    else:
        show(walked)
    return Exit.OK if all(finding.ok for finding in walked) else Exit.FAILED


def show(walked: Sequence[Finding]) -> None:
    """Print `walked`, one line each, and below it what to do."""
    width = max((len(finding.what) for finding in walked), default=0)
    for finding in walked:
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what:<{width}}  {finding.seen}")
        if finding.do:
            click.echo(f"      {'':<{width}}  → {finding.do}")


def _scanners(config: Config) -> Iterator[Finding]:
    if not config.scanners:
        yield Finding("scanner", ok=False, seen="none is configured", do="Add a [[scanner]]; `kiosk doctor scanner`.")
    for position, section in enumerate(config.scanners, start=1):
        yield _scanner(f"scanner {position}", section)


def _scanner(what: str, section: ScannerSection) -> Finding:
    if section.kind == "hid":
        wanted = wanted_scanner(section)
        if found := plugged(wanted):
            return Finding(what, ok=True, seen=f"{found[0]}; layout {section.layout}")
        return Finding(what, ok=False, seen=f"no scanner {wanted} is plugged in", do="Plug it in; see `lsusb`.")
    if section.kind == "camera":
        return _camera(what, section)
    if section.path == "-" or (section.path and Path(section.path).exists()):
        return Finding(what, ok=True, seen=f"{section.kind} {section.path}")
    do = "Plug it in; see /dev/serial/by-id." if section.kind == "serial" else "Make the file or FIFO."
    return Finding(what, ok=False, seen=f"there is no {section.path}", do=do)


def _camera(what: str, section: ScannerSection) -> Finding:
    try:
        # Only a kiosk with a camera has numpy and Pillow.
        from kiosk.scanners.camera.examined import examine
        from kiosk.scanners.camera.sources import source_of
    except ImportError as error:
        return Finding(what, ok=False, seen=str(error), do="Install the package with its “camera” extra.")
    return examine(what, source_of(section.path or ""))
