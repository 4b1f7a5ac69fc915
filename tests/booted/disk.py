"""The disks that a machine boots from: what the playbook makes of a fresh Debian, kept until any of it changes."""

from __future__ import annotations

import fcntl
import hashlib
import inspect
import json
import os
import shutil
import subprocess
import tarfile
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
    "backup": {"stick_folder": "/srv/kiosk-copies"},
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
    """A disk from the cache, or made now; `folder` is an empty one to work in. Nobody may write to the disk.

    A change of the kiosk's own packages is laid onto the disk that is there; of anything else it is made of, a new one
    is played.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    key = key_of(kind)
    image = CACHE / f"disk-{kind.name}-{key}-{_release()}"
    with (CACHE / f"disk-{kind.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not image.exists():
            half = image.with_suffix(".half")
            if olds := list(CACHE.glob(f"disk-{kind.name}-{key}-{'?' * 8}")):
                copied(olds[0], half)
                _lay_the_release(half, folder)
            else:
                _make(folder, kind, folder / "disk")
                copied(folder / "disk", half)
                (folder / "disk").unlink()
            half.rename(image)
            # Only now: where this one cannot be made, the one before is wanted again.
            for older in CACHE.glob(f"disk-{kind.name}-*"):
                if older != image:
                    older.unlink()
    return image


def copied(disk: Path, to: Path) -> None:
    # Sparse, as it is: three gigabytes of which a third is used.
    subprocess.run(["cp", "--sparse=always", disk, to], check=True, timeout=300)


def variables_of(kind: Kind) -> dict[str, Any]:
    return {**VARIABLES, "kiosk_config": kind.config}


def key_of(kind: Kind) -> str:
    """Changes with whatever the disk is made of, but the kiosk's own packages."""
    made_by = [Path(__file__), Path(inspect.getfile(kind.before)), ROOT / "requirements" / "kiosk.txt"]
    parts = [path for folder in (ROOT / "deploy", ROOT / "systemd", HERE / "guest") for path in _files(folder)]
    content = hashlib.sha256(json.dumps([root_of(kind.suite).name, variables_of(kind)]).encode())
    for part in [*made_by, *parts]:
        content.update(part.read_bytes())
    return content.hexdigest()[:16]


def _release() -> str:
    """Changes with the kiosk's own packages."""
    return hashlib.sha256((WHEELHOUSE / "wheels.tar").read_bytes()).hexdigest()[:8]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _make(folder: Path, kind: Kind, image: Path) -> None:
    with booted(kind.suite, folder) as container, relay(container, "80:deb.debian.org:80"):
        container.run("apt-get", "update", "-q", limit_s=300)
        kind.before(container)
        variables = {**variables_of(kind), "kiosk_wheelhouse": str(WHEELHOUSE.resolve())}
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


def _lay_the_release(image: Path, folder: Path) -> None:
    """Put the kiosk's own packages of now in the place of those that are in `image`."""
    place = folder / "mounted"
    place.mkdir()
    with tarfile.open(WHEELHOUSE / "wheels.tar") as wheels:
        wheel = next(name for name in wheels.getnames() if Path(name).name.startswith("kaikukortti_kiosk-"))
        wheels.extract(wheel, folder, filter="data")
    subprocess.run(["mount", "-o", "loop", image, place], check=True, timeout=60)
    try:
        there = place / "tmp" / Path(wheel).name
        shutil.copy(folder / wheel, there)
        pip = "/opt/kiosk/current/bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index"
        install = ["/usr/sbin/chroot", str(place), *pip, "--no-deps", "--force-reinstall", f"/tmp/{there.name}"]
        subprocess.run(install, check=True, timeout=300, env={"PATH": os.defpath, "HOME": "/root"})
        there.unlink()
    finally:
        subprocess.run(["umount", place], check=True, timeout=120)


def _lay_the_devices(container: Container) -> None:
    """What only a test has: its devices, and a shell to ask from outside."""
    shutil.copytree(HERE / "guest", container.root / "opt" / "test")
    units = sorted((HERE / "guest" / "units").iterdir())
    for unit in units:
        shutil.copy(unit, container.root / "etc" / "systemd" / "system")
    container.run("systemctl", "enable", *(unit.name for unit in units))
