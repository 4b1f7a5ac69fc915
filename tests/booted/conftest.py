"""A disk that the playbook filled, a register at the other end of a cable, and a machine on it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.booted.cable import HOST, Cable, cable
from tests.booted.camera import INTERPRETER, WITH_CAMERA
from tests.booted.data_disk import empty_disk
from tests.booted.desk import Desk
from tests.booted.disk import REGISTER_PORT, made_disk
from tests.booted.machine import kernel, machine
from tests.booted.read_only import made_disks
from tests.site.playbook import ROOT
from tests.support.register import ServingRegister, serving_register

FIGURES = ROOT / "dist" / "booted.json"
NUMBERED = 1000


@pytest.fixture(scope="session")
def wire() -> Iterator[Cable]:
    first = Path("/proc/1/cmdline").read_text(encoding="utf-8")
    assert "pytest" in first, "tests/site/apart runs these: what they start must end with them, even if they are killed"
    with cable() as made:
        yield made


@pytest.fixture(scope="session")
def register(wire: Cable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingRegister]:
    """At the other end of the cable."""
    folder = tmp_path_factory.mktemp("register")
    with serving_register(
        folder,
        seed=("--demo", "--numbered", str(NUMBERED)),
        extra=("--host", HOST, "--port", str(REGISTER_PORT), "--insecure"),
    ) as register:
        with sqlite3.connect(register.database) as db:
            db.execute("UPDATE events SET removed = 1")  # general admission: no number of places ends the evening
        db.close()
        yield register


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_disk(tmp_path_factory.mktemp("disk"))


@pytest.fixture(scope="session")
def boots_on() -> Path:
    return kernel()


@pytest.fixture
def desk(disk: Path, boots_on: Path, register: ServingRegister, wire: Cable, tmp_path: Path) -> Iterator[Desk]:
    """The desk of a machine with a fresh disk and a token of its own, switched off."""
    with desk_on(disk, boots_on, register, wire, tmp_path) as desk:
        yield desk


@pytest.fixture(scope="module")
def second_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nothing is on it, and the machine does not use it by itself."""
    return empty_disk(tmp_path_factory.mktemp("machine") / "second")


@pytest.fixture(scope="module")
def open_desk(disk: Path, boots_on: Path, register: ServingRegister, wire: Cable, second_disk: Path) -> Iterator[Desk]:
    """The same for all tests of a file: switched on, with its card list. Each test leaves it as it was."""
    with desk_on(disk, boots_on, register, wire, second_disk.parent, f"ubd1={second_disk}") as desk:
        desk.switch_on()
        desk.until_it_trusts_its_list()
        yield desk


@contextlib.contextmanager
def desk_on(
    disk: Path, kernel: Path, register: ServingRegister, wire: Cable, folder: Path, *words: str
) -> Iterator[Desk]:
    wire.plug_in()
    with machine(kernel, disk, folder, f"test.token={register.token()}", *words) as made:
        yield Desk(made, wire)


@pytest.fixture
def desk_with_camera(boots_on: Path, register: ServingRegister, wire: Cable, tmp_path: Path) -> Iterator[Desk]:
    """The same with a Debian 13, and the Pi's own camera beside the scanner."""
    if not INTERPRETER.exists():
        pytest.skip("Python 3.13 is not installed: picamera2 cannot be made for Debian 13")
    with desk_on(made_disk(tmp_path, WITH_CAMERA), boots_on, register, wire, tmp_path) as desk:
        yield desk


@pytest.fixture
def desk_read_only(
    disk: Path, boots_on: Path, register: ServingRegister, wire: Cable, tmp_path: Path
) -> Iterator[Desk]:
    """The same as `desk`, with a root that is only read, and a partition of the kiosk's own."""
    made = made_disks(tmp_path, disk, boots_on)
    with desk_on(made.root, boots_on, register, wire, tmp_path, *made.words()) as desk:
        yield desk


@pytest.fixture(scope="session")
def figures() -> Iterator[dict[str, str]]:
    """What was measured, printed at the end and kept in dist/booted.json."""
    measured: dict[str, str] = {}
    yield measured
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print("", *(f"{what}: {figure}" for what, figure in measured.items()), sep="\n")
