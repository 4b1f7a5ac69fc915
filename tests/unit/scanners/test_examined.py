"""What a technician is told of a scanner that types, with keyboards that behave as evdev's do."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.errors import DeviceClosed, DeviceError, DeviceMissing
from kiosk.findings import Finding, failed, passed, warned
from kiosk.scanners.examined import examine_hid, examine_lines
from kiosk.scanners.hid import Keyboard
from kiosk.scanners.keyboards import Plugged, Wanted
from tests.support.fake_keyboard import HELD, FakeKeyboard

GUN = Plugged("/dev/input/event4", "Gun 3000", 0x0C2E, 0x0B61)
TWIN = Plugged("/dev/input/event7", "Gun 3000", 0x0C2E, 0x0B61)
NAMED = "/dev/input/event4  0c2e:0b61  Gun 3000"
BOTH = f"{NAMED}; /dev/input/event7  0c2e:0b61  Gun 3000"
WANTED = Wanted(name="Gun")
BY_ID = "Name the one that is meant by its path under /dev/input/by-id."
Device = Callable[[], FakeKeyboard | DeviceError]


def free() -> FakeKeyboard:
    return FakeKeyboard()


def held() -> FakeKeyboard:
    return FakeKeyboard(grab_fault=HELD)


def closed() -> DeviceError:
    return DeviceClosed(GUN.path, "input")


def told(devices: dict[Plugged, Device], *, runs: bool | None, sections: int = 1) -> Finding:
    used: list[FakeKeyboard] = []

    def find(wanted: Wanted) -> Iterator[Keyboard]:
        if not devices:
            raise DeviceMissing("no scanner Gun is plugged in")
        (device,) = [device() for plugged, device in devices.items() if plugged.path == wanted.path]
        if isinstance(device, DeviceError):
            raise device
        used.append(device)
        yield device

    finding = examine_hid("s", WANTED, runs=runs, sections=sections, find=find, identify=lambda _: list(devices))
    assert all(each.did in (["close"], ["grab", "ungrab", "close"]) for each in used)
    return finding


@pytest.mark.parametrize(
    ("devices", "runs", "finding"),
    [
        pytest.param({GUN: free}, False, passed("s", f"{NAMED}: opened, taken and given back"), id="free"),
        pytest.param({GUN: held}, True, passed("s", f"{NAMED}: held by the running kiosk"), id="the kiosk has it"),
        pytest.param(
            {GUN: held},
            False,
            failed(
                "s",
                f"{NAMED}: held by another program",
                "The kiosk is not running, so end the program that has it: `sudo fuser -v /dev/input/event4` names it.",
            ),
            id="another has it",
        ),
        pytest.param(
            {GUN: held},
            None,
            warned(
                "s",
                f"{NAMED}: held, by the kiosk or by another program: this user cannot see whether the kiosk runs",
                "Ask again as root, or as the kiosk's user.",
            ),
            id="somebody has it",
        ),
        pytest.param(
            {GUN: free},
            True,
            warned(
                "s",
                f"{NAMED}: free, though the kiosk runs",
                "If it does not read in a few seconds, look at `journalctl -u kiosk`.",
            ),
            id="the kiosk lacks it",
        ),
        pytest.param(
            {GUN: closed},
            False,
            failed(
                "s",
                "/dev/input/event4 may not be opened: the user must be in the group “input”",
                "`sudo usermod -aG input USER` for the kiosk's user, then start the kiosk anew. "
                "To look only: ask again as root.",
            ),
            id="no rights",
        ),
        pytest.param(
            {},
            False,
            failed(
                "s",
                "no scanner Gun is plugged in",
                "Plug it in. Nothing that types is plugged in; `lsusb` lists what USB sees.",
            ),
            id="not there",
        ),
        pytest.param(
            {GUN: free, TWIN: free},
            False,
            warned(
                "s",
                f"2 devices fit, and the kiosk takes the first that it can have: {BOTH}: opened, taken and given back",
                BY_ID,
            ),
            id="two fit",
        ),
        pytest.param(
            {GUN: held, TWIN: free},
            False,
            warned(
                "s",
                f"2 devices fit, and the kiosk takes the first that it can have: {BOTH}: opened, taken and given back",
                BY_ID,
            ),
            id="two fit and another program has one",
        ),
        pytest.param(
            {GUN: held, TWIN: free},
            True,
            warned(
                "s",
                f"2 devices fit, and the kiosk takes the first that it can have: {BOTH}: held by the running kiosk",
                BY_ID,
            ),
            id="two fit and the kiosk has one",
        ),
    ],
)
def test_each_scanner_is_opened_taken_and_given_back(
    devices: dict[Plugged, Device], runs: bool | None, finding: Finding
) -> None:
    assert told(devices, runs=runs) == finding


def test_two_alike_are_right_where_two_are_configured() -> None:
    assert told({GUN: held, TWIN: held}, runs=True, sections=2) == passed("s", f"{BOTH}: held by the running kiosk")


def test_what_could_be_the_scanner_is_named_where_it_is_not_found() -> None:
    def find(wanted: Wanted) -> Iterator[Keyboard]:
        if wanted == WANTED:
            raise DeviceMissing(f"no scanner {wanted} is plugged in")
        yield FakeKeyboard()

    finding = examine_hid(
        "s", WANTED, runs=False, find=find, identify=lambda wanted: [] if wanted == WANTED else [GUN, TWIN]
    )
    assert finding.next == f"Plug it in. If it is one of these, name that one in [[scanner]]: {BOTH}"


def test_lines_are_not_read_since_each_is_a_card_for_the_kiosk(tmp_path: Path) -> None:
    fifo, file = tmp_path / "fifo", tmp_path / "file"
    missing = "Make the file or FIFO that scanner.path names."
    assert examine_lines("s", str(file)) == failed("s", f"{file}: No such file or directory", missing)
    file.touch()
    os.mkfifo(fifo)
    held = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    os.write(held, b"DEMO-0011\n")
    assert examine_lines("s", str(file)) == passed("s", f"lines of {file}, a file")
    assert examine_lines("s", str(fifo)) == passed("s", f"lines of {fifo}, a FIFO")
    assert examine_lines("s", "-") == passed("s", "lines of standard input")
    assert os.read(held, 100) == b"DEMO-0011\n"
    os.close(held)
    assert examine_lines("s", str(tmp_path)).next == "Name a file or FIFO that can, in scanner.path."
