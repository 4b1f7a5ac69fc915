"""The disks that a machine boots from: what the playbook makes of a fresh Debian, kept until any of it changes."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.booted.cable import GUEST, HOST
from tests.site.container import CACHE, Container, booted, relay, root_of
from tests.site.playbook import ROOT, Desk

HERE = Path(__file__).parent
WHEELHOUSE = Path(os.environ.get("KIOSK_WHEELHOUSE", "dist/wheelhouse"))
REGISTER_PORT = 8480
"""It stands in the packet filter that the playbook writes."""
SIZE_BYTES = 3 * 1024**3
SCANNER = {"kind": "hid", "vendor": "0c2e", "product": "0b61"}
VARIABLES = {
    "display_enabled": False,
    "base_ntp_servers": [HOST],
    "hardening_usb_input_allowed": ["0c2e:0b61"],
    "hardening_outgoing": [{"protocol": "tcp", "port": REGISTER_PORT}],
}
CONFIG = {
    "kiosk": {"name": "Main door"},
    "register": {
        "url": f"http://{HOST}:{REGISTER_PORT}", "allow_insecure": True, "token_file": "/etc/kiosk/token",
        "retry_first_s": 0.5, "retry_longest_s": 2.0,
    },
    "scanner": [SCANNER],
    "lamps": {"kind": "gpio"},
    "buttons": {"kind": "gpio"},
    "gpio": {"chip": "kiosk-test"},
    "announcements": {"lines": "/run/kiosk/announcements"},
    "desk": {"recorded_shown_s": 0.2},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What a disk is made of."""

    name: str
    suite: str
    config: Mapping[str, object]
    """What the inventory says of the kiosk's settings."""
    before: Callable[[Container], None] = lambda _: None
    """What a Pi's system has and Debian has not, laid into the fresh system before it is played on."""


PLAIN = Kind("plain", os.environ.get("KIOSK_TEST_SUITES", "bookworm").split()[0], CONFIG)


def made_disk(folder: Path, kind: Kind = PLAIN) -> Path:
    """A disk from the cache, or made now; `folder` is an empty one to work in. Nobody may write to the disk."""
    image = CACHE / f"disk-{kind.name}-{_key(kind)}"
    if not image.exists():
        _make(folder, kind, folder / "disk")
        half = image.with_suffix(".half")
        # Sparse, as it is: three gigabytes of which a third is used.
        subprocess.run(["cp", "--sparse=always", folder / "disk", half], check=True, timeout=300)
        (folder / "disk").unlink()
        # Only now: where this one cannot be made, the one before is wanted again.
        for older in CACHE.glob(f"disk-{kind.name}-*"):
            if older != half:
                older.unlink()
        half.rename(image)
    return image


def _variables(kind: Kind) -> dict[str, Any]:
    return {**VARIABLES, "kiosk_config": kind.config}


def _key(kind: Kind) -> str:
    """Changes with whatever the disk is made of."""
    made_by = [Path(__file__), Path(inspect.getfile(kind.before)), WHEELHOUSE / "wheels.tar"]
    parts = [path for folder in (ROOT / "deploy", ROOT / "systemd", HERE / "guest") for path in _files(folder)]
    content = hashlib.sha256(json.dumps([root_of(kind.suite).name, _variables(kind)]).encode())
    for part in [*made_by, *parts]:
        content.update(part.read_bytes())
    return content.hexdigest()[:16]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _make(folder: Path, kind: Kind, image: Path) -> None:
    with booted(kind.suite, folder) as container, relay(container, "80:deb.debian.org:80"):
        kind.before(container)
        variables = {**_variables(kind), "kiosk_wheelhouse": str(WHEELHOUSE.resolve())}
        Desk(folder, container, variables).play("site.yml")
        container.run("systemctl", "stop", "kiosk.service")
        _lay_the_devices(container)
    root = container.root
    (root / "etc" / "hosts").write_text(f"127.0.0.1 localhost kiosk\n{HOST} register\n{GUEST} door\n")
    (root / "etc" / "fstab").write_text("/dev/ubda / ext4 noatime,data=ordered,barrier=1,errors=remount-ro 0 1\n")
    with image.open("wb") as file:
        file.truncate(SIZE_BYTES)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", "-d", root, image], check=True, timeout=300)
    subprocess.run(["rm", "-rf", "--one-file-system", root], check=True)


def _lay_the_devices(container: Container) -> None:
    """What only a test has: its devices, and a shell to ask from outside."""
    shutil.copytree(HERE / "guest", container.root / "opt" / "test")
    units = sorted((HERE / "guest" / "units").iterdir())
    for unit in units:
        shutil.copy(unit, container.root / "etc" / "systemd" / "system")
    container.run("systemctl", "enable", *(unit.name for unit in units))
