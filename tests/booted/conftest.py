"""A disk that the playbook filled, a register at the other end of a cable, and a machine on it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.booted.machine import GUEST, HOST, Machine, disk_of, machine, network
from tests.site.container import booted, relay
from tests.site.playbook import Desk
from tests.support.register import ServingRegister, serving_register

WHEELHOUSE = Path(os.environ.get("KIOSK_WHEELHOUSE", "dist/wheelhouse"))
PORT = 8480
SUITE = os.environ.get("KIOSK_TEST_SUITES", "bookworm").split()[0]


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingRegister]:
    """At the other end of the cable."""
    folder = tmp_path_factory.mktemp("register")
    with (
        network(),
        serving_register(
            folder,
            seed=("--demo", "--numbered", "400"),
            # The port stands in the packet filter that the playbook writes.
            extra=("--host", HOST, "--port", str(PORT), "--insecure"),
        ) as register,
    ):
        yield register


@pytest.fixture(scope="session")
def disk(register: ServingRegister, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the playbook makes, as a disk to boot from."""
    folder = tmp_path_factory.mktemp("disk")
    with booted(SUITE, folder) as container, relay(container, "80:deb.debian.org:80"):
        desk = Desk(folder, container, variables(register))
        desk.play("site.yml")
        container.run("systemctl", "stop", "kiosk.service")
    root = folder / "root"
    (root / "etc" / "hosts").write_text(f"127.0.0.1 localhost kiosk\n{HOST} register\n{GUEST} door\n")
    image = folder / "disk"
    disk_of(root, image)
    subprocess.run(["rm", "-rf", "--one-file-system", root], check=True)
    yield image
    image.unlink()


@pytest.fixture
def kiosk(disk: Path, register: ServingRegister, tmp_path: Path) -> Iterator[Machine]:
    """A machine with a fresh disk and a token of its own, switched off."""
    with machine(disk, tmp_path, f"test.token={register.token()}") as made:
        yield made


def variables(register: ServingRegister) -> dict[str, object]:
    """The inventory's line for this kiosk."""
    return {
        "kiosk_wheelhouse": str(WHEELHOUSE.resolve()),
        "display_enabled": False,
        "hardening_usb_input_allowed": ["0c2e:0b61"],
        "hardening_outgoing": [{"protocol": "tcp", "port": register.port}],
        "kiosk_config": {
            "kiosk": {"name": "Main door", "clock": "trusted"},
            "register": {
                "url": register.url, "allow_insecure": True, "token_file": "/etc/kiosk/token",
                "retry_first_s": 0.5, "retry_longest_s": 2.0,
            },
            "scanner": [{"kind": "hid", "vendor": "0c2e", "product": "0b61"}],
            "lamps": {"kind": "gpio"},
            "buttons": {"kind": "gpio"},
            "gpio": {"chip": "kiosk-test"},
            "announcements": {"lines": "/run/kiosk/announcements"},
            "desk": {"recorded_shown_s": 0.2},
        },
    }  # fmt: skip
