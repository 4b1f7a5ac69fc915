"""`kiosk doctor`: each device of the kiosk, what was seen of it, and what to do next; needs nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk.commands.doctor_camera import Errand, examined_apart
from kiosk.commands.doctor_pins import pins_seen
from kiosk.commands.doctor_stick import stick_seen
from kiosk.commands.findings_shown import report
from kiosk.commands.places import is_served, places_of
from kiosk.config import Config
from kiosk.devices import wanted_scanner
from kiosk.exits import Exit
from kiosk.findings import Finding, failed
from kiosk.scanners.examined import examine_hid, examine_lines, examine_serial
from kiosk.sections_devices import ScannerSection

Apart = Callable[[Errand], list[Finding]]


def doctor(config: Config, *, as_json: bool, apart: Apart = examined_apart) -> Exit:
    """Walk over all devices and print what was seen; FAILED where one fails.

    Works beside the running kiosk, takes nothing from it, and ends by itself: `apart` keeps what may hang or crash in a
    process of its own.
    """
    return report([*_scanners(config, apart), *pins_seen(config), *stick_seen(config)], as_json=as_json)


def _scanners(config: Config, apart: Apart) -> Iterator[Finding]:
    runs = is_served(places_of(config))
    if not config.scanners:
        do = "Add a [[scanner]] to the configuration; `kiosk doctor scanner` lists what could be one."
        yield failed("scanner", "none is configured", do)
    for position, section in enumerate(config.scanners, start=1):
        yield from _scanner(config, f"scanner {position}", section, apart, runs=runs)
    if any(section.kind == "camera" for section in config.scanners):
        yield from apart(Errand("decoders", None, runs))


def _scanner(
    config: Config, name: str, section: ScannerSection, apart: Apart, *, runs: bool | None
) -> Iterator[Finding]:
    path = section.path or ""
    match section.kind:
        case "hid":
            wanted = wanted_scanner(section)
            alike = [each for each in config.scanners if each.kind == "hid" and wanted_scanner(each) == wanted]
            yield examine_hid(name, wanted, runs=runs, sections=len(alike))
        case "serial":
            yield examine_serial(name, path, section.baud, runs=runs)
        case "camera":
            yield from apart(Errand(name, path, runs))
        case _:
            yield examine_lines(name, path)
