"""Which input device is the scanner, in a folder laid out as sysfs is."""

import errno
import fcntl
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.errors import DeviceError
from kiosk.scanners.keyboards import Plugged, Wanted, find_keyboards, fitting, plugged

KEYBOARD_64 = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
KEYBOARD_32 = "10000 7 ff9f207a c14057ff febeffdf ffefffff ffffffff fffffffe"
VOLUME_KEYS = (
    "3f000301ff 0 0 483ffff17aff32d bfd4444600000000 1 130ff38b17c000 677bfad9415fed e09effdf01cfffff fffffffffffff800"
)
NO_KEYS = "0"


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    plug(tmp_path, 0, "vc4-hdmi-0", "0000:0000", NO_KEYS)
    plug(tmp_path, 2, "Logitech K120", "046d:c31c", KEYBOARD_64)
    plug(tmp_path, 9, "Honeywell 1470g", "0c2e:0b61", KEYBOARD_64)
    plug(tmp_path, 10, "Honeywell 1470g System Control", "0c2e:0b61", VOLUME_KEYS)
    plug(tmp_path, 11, "Honeywell 1470g", "0c2e:0b61", KEYBOARD_32)
    (tmp_path / "mouse0").mkdir()
    (tmp_path / "event12").mkdir()  # just being unplugged
    return tmp_path


def plug(sysfs: Path, number: int, name: str, ids: str, keys: str) -> None:
    vendor, product = ids.split(":")
    device = sysfs / f"event{number}" / "device"
    for file, content in (("name", name), ("id/vendor", vendor), ("id/product", product), ("capabilities/key", keys)):
        (device / file).parent.mkdir(parents=True, exist_ok=True)
        (device / file).write_text(f"{content}\n")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(
            Wanted(vendor=0x0C2E, product=0x0B61), ["event9", "event11"], id="its keyboards, not its volume keys"
        ),
        pytest.param(Wanted(name="Honeywell"), ["event9", "event11"], id="part of a name"),
        pytest.param(Wanted(vendor=0x046D, product=0xC31C), ["event2"], id="vendor and product"),
        pytest.param(Wanted(name="Honeywell", vendor=0x046D), [], id="all that is named must fit"),
        pytest.param(Wanted(name="vc4"), [], id="what cannot type is no scanner"),
        pytest.param(Wanted(vendor=0x1209, product=0xDEAD), [], id="not plugged in"),
    ],
)
def test_the_devices_that_fit(sysfs: Path, wanted: Wanted, found: list[str]) -> None:
    assert fitting(wanted, sysfs) == found


def test_what_is_plugged_in_is_told_by_name_and_ids(sysfs: Path, tmp_path: Path) -> None:
    gun = Plugged("/dev/input/event9", "Honeywell 1470g", 0x0C2E, 0x0B61)
    assert plugged(Wanted(name="Honeywell"), sysfs)[0] == gun
    assert str(gun) == "/dev/input/event9  0c2e:0b61  Honeywell 1470g"
    by_id = tmp_path / "usb-Honeywell-event-kbd"
    by_id.symlink_to("/dev/input/event9")
    assert plugged(Wanted(path=str(by_id)), sysfs) == [Plugged(str(by_id), "Honeywell 1470g", 0x0C2E, 0x0B61)]
    assert plugged(Wanted(path="/dev/input/event77"), sysfs) == []


def test_a_machine_without_input_devices_has_no_scanner(tmp_path: Path) -> None:
    assert fitting(Wanted(name="any"), tmp_path / "not there") == []


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(vendor=0x1209, product=0xDEAD), "no scanner 1209:dead is plugged in"),
        (Wanted(path="/dev/input/by-id/none"), "no scanner /dev/input/by-id/none is plugged in"),
        (Wanted(path="/dev/null"), "/dev/null cannot be used as a scanner: Inappropriate ioctl for device"),
    ],
)
def test_what_cannot_be_had_is_said_in_words(wanted: Wanted, words: str) -> None:
    pytest.importorskip("evdev")
    with pytest.raises(DeviceError) as raised:
        next(find_keyboards(wanted))
    assert str(raised.value) == words


class Bus:
    """Stands in for evdev and the kernel: devices of which some are gone between the opening and the first question."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, gone: set[str]) -> None:
        self.closed: list[str] = []
        self._gone = gone
        monkeypatch.setitem(sys.modules, "evdev", SimpleNamespace(InputDevice=self._open))
        monkeypatch.setattr(fcntl, "ioctl", self._ioctl)

    def _open(self, path: str) -> SimpleNamespace:
        return SimpleNamespace(path=path, close=lambda: self.closed.append(path))

    def _ioctl(self, device: SimpleNamespace, *_: object) -> None:
        if device.path in self._gone:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def test_a_device_that_goes_while_it_is_opened_is_closed_and_the_next_one_is_the_scanner(
    monkeypatch: pytest.MonkeyPatch, sysfs: Path
) -> None:
    bus = Bus(monkeypatch, {"/dev/input/event9"})
    (keyboard,) = find_keyboards(Wanted(name="Honeywell"), sysfs)
    assert bus.closed == ["/dev/input/event9"]
    keyboard.close()
    assert bus.closed == ["/dev/input/event9", "/dev/input/event11"]


def test_where_no_device_can_be_opened_the_first_one_s_trouble_is_told(
    monkeypatch: pytest.MonkeyPatch, sysfs: Path
) -> None:
    bus = Bus(monkeypatch, {"/dev/input/event9", "/dev/input/event11"})
    with pytest.raises(DeviceError) as raised:
        next(find_keyboards(Wanted(name="Honeywell"), sysfs))
    assert str(raised.value) == "/dev/input/event9 cannot be used as a scanner: No such device"
    assert bus.closed == ["/dev/input/event9", "/dev/input/event11"]
