"""The disk that the machine boots from: what the playbook makes of a fresh Debian, kept until any of it changes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.booted.cable import GUEST, HOST
from tests.site.container import CACHE, Container, booted, relay, root_of
from tests.site.playbook import ROOT, Desk

HERE = Path(__file__).parent
WHEELHOUSE = Path(os.environ.get("KIOSK_WHEELHOUSE", "dist/wheelhouse"))
SUITE = os.environ.get("KIOSK_TEST_SUITES", "bookworm").split()[0]
REGISTER_PORT = 8480
"""It stands in the packet filter that the playbook writes."""
SIZE_BYTES = 3 * 1024**3
VARIABLES = {
    "display_enabled": False,
    "base_ntp_servers": [HOST],
    "hardening_usb_input_allowed": ["0c2e:0b61"],
    "hardening_outgoing": [{"protocol": "tcp", "port": REGISTER_PORT}],
    "kiosk_config": {
        "kiosk": {"name": "Main door"},
        "register": {
            "url": f"http://{HOST}:{REGISTER_PORT}", "allow_insecure": True, "token_file": "/etc/kiosk/token",
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
"""The inventory's line for this kiosk, but for the wheels."""


def made_disk(folder: Path) -> Path:
    """A disk from the cache, or made now; `folder` is an empty one to work in. Nobody may write to the disk."""
    image = CACHE / f"disk-{SUITE}-{_key()}"
    if not image.exists():
        for older in CACHE.glob(f"disk-{SUITE}-*"):
            older.unlink()
        half = folder / "disk"
        _make(folder, half)
        # Sparse, as it is: three gigabytes of which a third is used.
        subprocess.run(["cp", "--sparse=always", half, image.with_suffix(".half")], check=True, timeout=300)
        half.unlink()
        image.with_suffix(".half").rename(image)
    return image


def _key() -> str:
    """Changes with whatever the disk is made of."""
    parts = [folder / path for folder in (ROOT / "deploy", ROOT / "systemd", HERE / "guest") for path in _files(folder)]
    content = hashlib.sha256(json.dumps([root_of(SUITE).name, VARIABLES]).encode())
    for part in [Path(__file__), WHEELHOUSE / "wheels.tar", *parts]:
        content.update(part.read_bytes())
    return content.hexdigest()[:16]


def _files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _make(folder: Path, image: Path) -> None:
    with _played(folder) as container:
        container.run("systemctl", "stop", "kiosk.service")
        _lay_the_devices(container)
    root = container.root
    (root / "etc" / "hosts").write_text(f"127.0.0.1 localhost kiosk\n{HOST} register\n{GUEST} door\n")
    (root / "etc" / "fstab").write_text("/dev/ubda / ext4 noatime,data=ordered,barrier=1,errors=remount-ro 0 1\n")
    with image.open("wb") as file:
        file.truncate(SIZE_BYTES)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", "-d", root, image], check=True, timeout=300)
    subprocess.run(["rm", "-rf", "--one-file-system", root], check=True)


@contextlib.contextmanager
def _played(folder: Path) -> Iterator[Container]:
    with booted(SUITE, folder) as container, relay(container, "80:deb.debian.org:80"):
        Desk(folder, container, {**VARIABLES, "kiosk_wheelhouse": str(WHEELHOUSE.resolve())}).play("site.yml")
        yield container


def _lay_the_devices(container: Container) -> None:
    """What only a test has: its devices, and a shell to ask from outside."""
    shutil.copytree(HERE / "guest", container.root / "opt" / "test")
    units = sorted((HERE / "guest" / "units").iterdir())
    for unit in units:
        shutil.copy(unit, container.root / "etc" / "systemd" / "system")
    container.run("systemctl", "enable", *(unit.name for unit in units))
