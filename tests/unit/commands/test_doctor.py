"""`kiosk doctor`, and `kiosk doctor scanner` with a keyboard that behaves as evdev's does."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.commands.doctor import doctor
from kiosk.commands.doctor_camera import Errand
from kiosk.commands.doctor_scanner import Patient, configured_scanner, examine_scanner, settings_of
from kiosk.config import Config
from kiosk.errors import DeviceError, KioskError
from kiosk.exits import Exit
from kiosk.findings import Finding, passed
from kiosk.scanners.calibration import CALIBRATION
from kiosk.scanners.hid import EV_KEY, Keyboard
from kiosk.scanners.keyboards import Plugged, Wanted
from kiosk.scanners.keymap import ENTER
from kiosk.sections import KioskSection
from kiosk.sections_devices import ScannerSection
from tests.support.fake_keyboard import HELD, UNPLUGGED, Event, FakeKeyboard
from tests.support.typist import keys_of, press

WANTED = Wanted(name="Gun")
GUN = Plugged("/dev/input/event4", "Gun 3000", 0x0C2E, 0x0B61)


def gun(text: str = CALIBRATION, layout: str = "fi") -> FakeKeyboard:
    keyboard = FakeKeyboard()
    keyboard.send(*(Event(EV_KEY, *key) for key in [*keys_of(text, layout), *press(ENTER)]))
    return keyboard


def examined(keyboard: FakeKeyboard | DeviceError, layout: str | None = None, limit_s: float = 10) -> Exit:
    def find(wanted: Wanted) -> Iterator[Keyboard]:
        assert wanted == WANTED
        if isinstance(keyboard, DeviceError):
            raise keyboard
        yield keyboard

    patient = Patient(WANTED, layout)
    return examine_scanner(patient, limit_s=limit_s, as_json=True, find=find, identify=lambda _: [GUN])


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    told: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return told


def test_the_layout_is_found_and_the_lines_for_the_configuration_are_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    keyboard = gun()
    assert examined(keyboard) is Exit.OK
    lines = '[[scanner]]\nkind = "hid"\nvendor = "0c2e"\nproduct = "0b61"\nlayout = "fi"'
    assert printed(capsys) == [
        {"name": "layout", "state": "ok", "saw": "fi reads the calibration code", "next": ""},
        {"name": "end of a code", "state": "ok", "saw": "Enter", "next": ""},
        {"name": "prefix and suffix", "state": "ok", "saw": "none", "next": ""},
        {"name": "settings to write", "state": "ok", "saw": lines, "next": ""},
    ]
    assert keyboard.did == ["grab", "ungrab", "close"]


@pytest.mark.parametrize(("configured", "code"), [("fi", Exit.OK), ("us", Exit.FAILED)])
def test_a_layout_that_is_configured_wrong_is_said(
    capsys: pytest.CaptureFixture[str], configured: str, code: Exit
) -> None:
    assert examined(gun(), configured) is code
    (line,) = [each for each in printed(capsys) if each["name"] == "configuration"]
    assert line["state"] == ("ok" if code is Exit.OK else "fail")


def test_another_code_is_not_shown_since_it_may_be_a_card(capsys: pytest.CaptureFixture[str]) -> None:
    assert examined(gun("DEMO-0011")) is Exit.UNREADABLE
    out, err = capsys.readouterr()
    assert "9 characters that are not the calibration code" in out
    assert "DEMO" not in out + err


def unplugged() -> FakeKeyboard:
    keyboard = FakeKeyboard()
    keyboard.send(UNPLUGGED)
    return keyboard


@pytest.mark.parametrize(
    ("keyboard", "seen", "do"),
    [
        (FakeKeyboard, "no key arrived", "USB keyboard"),
        (lambda: FakeKeyboard(grab_fault=HELD), "another program holds the scanner", "systemctl stop kiosk"),
        (
            lambda: DeviceError("no scanner Gun is plugged in"),
            "no scanner Gun is plugged in",
            "Plug it in, or name another with --device.",
        ),
        (unplugged, "the scanner is gone", "Plug it in"),
    ],
)
def test_a_scanner_that_cannot_be_read_is_told_with_what_to_do(
    capsys: pytest.CaptureFixture[str], keyboard: Callable[[], FakeKeyboard | DeviceError], seen: str, do: str
) -> None:
    assert examined(keyboard(), limit_s=0.05) is Exit.DEVICE
    out = capsys.readouterr().out
    assert seen in out
    assert do in out


HID = ScannerSection(name="Gun", layout="fi")
LINES = ScannerSection(kind="lines", path="-")


@pytest.mark.parametrize(("scanners", "position"), [((HID,), None), ((LINES, HID), None), ((LINES, HID, HID), 2)])
def test_the_scanner_meant_is_the_only_one_or_the_one_named(
    scanners: tuple[ScannerSection, ...], position: int | None
) -> None:
    assert configured_scanner(Config(scanners=scanners), position) == Patient(WANTED, "fi")


@pytest.mark.parametrize(
    ("scanners", "position", "words"),
    [
        ((HID, LINES, HID), None, "name one with --scanner 1 or 3"),
        ((HID, LINES), 2, "Scanner 2 is not a scanner of kind “hid”"),
        ((LINES,), None, "name its device with --device"),
    ],
)
def test_a_scanner_that_is_not_clear_is_asked_for(
    scanners: tuple[ScannerSection, ...], position: int | None, words: str
) -> None:
    with pytest.raises(KioskError, match=words):
        configured_scanner(Config(scanners=scanners), position)


@pytest.mark.parametrize(
    ("wanted", "found", "line"),
    [
        (Wanted(path="/dev/input/event4"), [GUN], 'vendor = "0c2e"'),
        (Wanted(path="/dev/input/by-id/x"), [Plugged("x", "Bluetooth", 0, 0)], 'path = "/dev/input/by-id/x"'),
        (Wanted(name="Gun"), [], 'name = "Gun"'),
    ],
)
def test_the_configuration_names_the_scanner_by_what_it_has(wanted: Wanted, found: list[Plugged], line: str) -> None:
    assert line in settings_of(wanted, found, "us").splitlines()


def nothing_apart(errand: Errand) -> list[Finding]:
    return [passed(errand.name, f"{errand.camera} was looked at; the kiosk runs: {errand.runs}")]


def test_the_walk_tells_of_every_scanner_and_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = tmp_path / "line"
    serial = ScannerSection(kind="serial", path=str(line))
    camera = ScannerSection(kind="camera", path="picamera")
    at = KioskSection(state_dir=str(tmp_path))
    config = Config(kiosk=at, scanners=(serial, camera, LINES))
    assert doctor(config, as_json=False, apart=nothing_apart) is Exit.FAILED
    assert capsys.readouterr().out.splitlines() == [
        f"FAIL  scanner 1  no scanner {line} is plugged in",
        "                 → Plug it in. /dev/serial/by-id has the lines that are there.",
        "ok    scanner 2  picamera was looked at; the kiosk runs: False",
        "ok    scanner 3  lines of standard input",
        "ok    decoders   None was looked at; the kiosk runs: False",
        "ok    lamps      none are configured",
    ]
    assert doctor(Config(kiosk=at, scanners=(LINES,)), as_json=True, apart=nothing_apart) is Exit.OK
    assert json.loads(capsys.readouterr().out) == [
        {"name": "scanner 1", "state": "ok", "saw": "lines of standard input", "next": ""},
        {"name": "lamps", "state": "ok", "saw": "none are configured", "next": ""},
    ]


def test_a_kiosk_without_scanners_is_told_so(tmp_path: Path) -> None:
    assert doctor(Config(kiosk=KioskSection(state_dir=str(tmp_path))), as_json=True) is Exit.FAILED
