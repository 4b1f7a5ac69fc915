"""`kiosk doctor --json` on real device nodes: without a kiosk, beside a serving one, as root and as another user."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.gun import PRODUCT, VENDOR, Gun, gun
from tests.support.kiosk import Kiosk, call_kiosk, kiosk_environment, running_kiosk
from tests.support.pins import LABEL, KernelPins, kernel_pins
from tests.support.register import ServingRegister, serving_register

CAMERA = "/dev/video0"
SETTINGS = f"""
[[scanner]]
kind = "hid"
vendor = "{VENDOR:04x}"
product = "{PRODUCT:04x}"
[lamps]
kind = "gpio"
[buttons]
kind = "gpio"
[gpio]
chip = "{LABEL}"
"""
WITH_CAMERA = f"""
[[scanner]]
kind = "camera"
path = "{CAMERA}"
"""
LAMPS = ("red (GPIO 17)", "amber (GPIO 27)", "green (GPIO 22)", "heard (GPIO 23)", "buzzer (GPIO 18)")
LINES = (*LAMPS, "confirm button (GPIO 5)", "cancel button (GPIO 6)")
HELD = "held by the running kiosk"
NOBODY, INPUT, GPIO = 65_534, 1101, 1102
LIMIT_S = 60

AS_ANOTHER = """
import os, sys
import evdev, gpiod, kiosk.cli
user, groups, *words = sys.argv[1:]
os.setgroups([int(group) for group in groups.split(",") if group])
os.setgid(int(user)), os.setuid(int(user))
sys.argv = ["kiosk", *words]
kiosk.cli.main()
"""
"""Becomes another user after the libraries are loaded: that user may not reach where they lie on this machine."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users may go through, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-doctor-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def pins() -> Iterator[KernelPins]:
    with kernel_pins() as pins:
        yield pins


@pytest.fixture
def scanner() -> Iterator[Gun]:
    with gun() as scanner:
        yield scanner


@pytest.fixture
def node(scanner: Gun) -> Path:
    import evdev

    paths = [Path(path) for path in evdev.list_devices()]
    (node,) = [path for path in paths if (_ids(path) == (VENDOR, PRODUCT))]
    return node


def _ids(path: Path) -> tuple[int, int]:
    folder = Path("/sys/class/input") / path.name / "device" / "id"
    return int((folder / "vendor").read_text(), 16), int((folder / "product").read_text(), 16)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[ServingRegister]:
    with serving_register(tmp_path / "register", seed=("--demo",)) as register:
        yield register


@pytest.fixture
async def kiosk(folder: Path, register: ServingRegister, pins: KernelPins, node: Path) -> AsyncIterator[Kiosk]:
    settings = SETTINGS + WITH_CAMERA
    async with running_kiosk(folder / "kiosk", register.url, register.token(), settings=settings) as kiosk:
        await kiosk.until(lambda heard: heard.surroundings.get("event"))
        yield kiosk


def told(done: "subprocess.CompletedProcess[str]") -> dict[str, tuple[str, str]]:
    """State and words of each finding."""
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    assert all(each.keys() == {"name", "state", "saw", "next"} for each in findings)
    assert all(bool(each["next"]) == (each["state"] != "ok") for each in findings)
    return {each["name"]: (each["state"], each["saw"]) for each in findings}


def as_another(config: Path, groups: Sequence[int] = ()) -> "subprocess.CompletedProcess[str]":
    words = [str(NOBODY), ",".join(map(str, groups)), "doctor", "--json", "--config", str(config)]
    return subprocess.run(
        [sys.executable, "-c", AS_ANOTHER, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
        env=kiosk_environment(),
        cwd="/",
    )


def written(folder: Path, settings: str) -> Path:
    config = folder / "kiosk.toml"
    config.write_text(f"[kiosk]\nstate_dir = {json.dumps(str(folder / 'state'))}\n{settings}")
    return config


def named(node: Path) -> str:
    return f"{node}  {VENDOR:04x}:{PRODUCT:04x}  Test scanner"


def test_without_a_kiosk_every_device_is_opened(folder: Path, pins: KernelPins, node: Path) -> None:
    done = call_kiosk("doctor", "--json", "--config", str(written(folder, SETTINGS + WITH_CAMERA)))
    seen = told(done)
    camera, zxing, zbar = (seen.pop(name) for name in ("scanner 2", "decoder zxing-cpp", "decoder zbar"))
    assert seen == {
        "scanner 1": ("ok", f"{named(node)}: opened, taken and given back"),
        **dict.fromkeys(LINES, ("ok", f"free on {pins.chip}")),
    }
    assert camera[1].startswith(f"{CAMERA} (V4L2): pictures of ")
    assert (zxing[0], zbar[0]) == ("ok", "ok")


async def test_beside_a_kiosk_all_is_held_by_it_and_a_card_read_meanwhile_is_the_kiosks(
    kiosk: Kiosk, node: Path, scanner: Gun
) -> None:
    async def read(code: str) -> None:
        before = set(kiosk.heard.presentations)
        await asyncio.to_thread(scanner.type, code)
        await kiosk.until(lambda heard: heard.presentations != before)

    walking = asyncio.create_task(asyncio.to_thread(call_kiosk, "doctor", "--json", "--config", str(kiosk.config)))
    cards = 0
    while not walking.done():
        await read(("DEMO-0001-AIKUINEN\n", "DEMO-0004-VANHA\n")[cards % 2])
        cards += 1
    done = await walking
    seen = told(done)
    zxing, zbar = seen.pop("decoder zxing-cpp"), seen.pop("decoder zbar")
    assert seen == {
        "scanner 1": ("ok", f"lines of {kiosk.config.parent / 'scans'}, a FIFO"),
        "scanner 2": ("ok", f"{named(node)}: {HELD}"),
        "scanner 3": ("ok", f"{CAMERA} (V4L2): {HELD}"),
        **dict.fromkeys(LINES, ("ok", HELD)),
    }
    assert (done.returncode, zxing[0], zbar[0], cards > 1) == (0, "ok", "ok", True)


def test_a_user_without_rights_is_told_the_groups(folder: Path, pins: KernelPins, node: Path) -> None:
    node.chmod(0o600)
    Path(pins.chip).chmod(0o600)
    done = as_another(written(folder, SETTINGS))
    assert (done.returncode, told(done)) == (
        1,
        {
            "scanner 1": ("fail", f"{node} may not be opened: the user must be in the group “input”"),
            "GPIO": ("fail", f"{pins.chip} may not be opened: the user must be in the group “gpio”"),
        },
    )


def test_a_user_of_the_groups_sees_what_root_sees(folder: Path, pins: KernelPins, node: Path) -> None:
    for path, group in ((node, INPUT), (Path(pins.chip), GPIO)):
        os.chown(path, 0, group)
        path.chmod(0o660)
    done = as_another(written(folder, SETTINGS), (INPUT, GPIO))
    assert (done.returncode, told(done)) == (
        0,
        {
            "scanner 1": ("ok", f"{named(node)}: opened, taken and given back"),
            **dict.fromkeys(LINES, ("ok", f"free on {pins.chip}")),
        },
    )


def test_a_scanner_that_another_program_has_fails_and_one_that_is_twice_there_warns(
    folder: Path, pins: KernelPins, node: Path
) -> None:
    import evdev

    config = str(written(folder, SETTINGS))
    other: Any = evdev.InputDevice(str(node))
    other.grab()
    done = call_kiosk("doctor", "--json", "--config", config)
    other.close()
    assert (done.returncode, told(done)["scanner 1"]) == (1, ("fail", f"{named(node)}: held by another program"))
    with gun():
        done = call_kiosk("doctor", "--json", "--config", config)
    state, saw = told(done)["scanner 1"]
    assert (done.returncode, state, saw.count(" Test scanner"), "2 devices fit" in saw) == (0, "warn", 2, True)
