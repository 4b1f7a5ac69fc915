"""The disks of a kiosk whose root is only read: the plain one's, played on once more, with its first RAM disk."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.booted.disk import PLAIN, WHEELHOUSE, copied, key_of, variables_of
from tests.booted.machine import BUILDER
from tests.site.container import CACHE, Container, booted_as_it_is, packages_kept, relay
from tests.site.playbook import Desk, by_another_key

CONFIGS = [BUILDER.with_name("kernel") / f"{name}.config" for name in ("small", "booted")]
PARTITION_BYTES = 1024**3
LABEL = "kioskdata"
VARIABLES = {"storage_data_device": f"LABEL={LABEL}", "storage_read_only_root": True}
TAGS = "storage,hardening"
"""The roles that look at these."""


@dataclass(frozen=True, slots=True)
class Disks:
    """What a machine with a root that is only read starts from."""

    root: Path
    """Nobody may write to it."""
    partition: Path
    """The kiosk's own, which the machine writes to."""
    initrd: Path
    """The first RAM disk, as it lies in the root's /boot."""

    def words(self) -> tuple[str, str]:
        """What its kernel is told of them, beside the root."""
        return f"ubd1={self.partition}", f"initrd={self.initrd}"


def made_disks(folder: Path, plain: Path, kernel: Path) -> Disks:
    """The disks for `kernel`, with the release that is on the disk `plain`; the partition lies in `folder`."""
    kept = _kept(folder, plain, kernel)
    partition = folder / "partition.img"
    copied(kept / "partition", partition)
    with _mounted(plain, folder / "plain", "ro,noload"), _mounted(partition, folder / "partition"):
        release = folder / "plain" / "opt" / "kiosk"
        subprocess.run(["cp", "-a", f"{release}/.", folder / "partition" / "opt"], check=True, timeout=120)
    return Disks(kept / "root", partition, kept / "initrd")


def _kept(folder: Path, plain: Path, kernel: Path) -> Path:
    """Where root, RAM disk and an empty partition lie, from the cache or made now."""
    told = subprocess.run([kernel, "--version"], capture_output=True, text=True, check=True, timeout=20)
    version = told.stdout.strip()
    kept = CACHE / f"read-only-{_key(version)}"
    with (CACHE / "read-only.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            half = kept.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            _make(folder, plain, version, half)
            half.rename(kept)
            for older in CACHE.glob("read-only-*"):
                if older != kept:
                    shutil.rmtree(older)
    return kept


def _key(version: str) -> str:
    """Changes with whatever they are made of, but the kiosk's own packages: these lie on the partition."""
    content = hashlib.sha256(json.dumps([key_of(PLAIN), VARIABLES, TAGS, version]).encode())
    for part in [Path(__file__), *CONFIGS]:
        content.update(part.read_bytes())
    return content.hexdigest()[:16]


def _make(folder: Path, plain: Path, version: str, made: Path) -> None:
    copied(plain, made / "root")
    with (made / "partition").open("wb") as file:
        file.truncate(PARTITION_BYTES)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", "-L", LABEL, made / "partition"], check=True, timeout=60)
    with _mounted(made / "root", folder / "root"), _mounted(made / "partition", folder / "disk") as device:
        hosts = folder / "root" / "etc" / "hosts"
        told = hosts.read_text(encoding="ascii")
        hosts.write_text("127.0.0.1 localhost deb.debian.org kiosk\n", encoding="ascii")
        with (
            booted_as_it_is(PLAIN.suite, folder, device) as container,
            packages_kept(container),
            relay(container, "80:deb.debian.org:80"),
        ):
            _lay_the_ram_disk(container, version)
            _play(folder, container)
        hosts.write_text(told, encoding="ascii")
        shutil.copy(folder / "root" / "boot" / f"initrd.img-{version}", made / "initrd")


def _lay_the_ram_disk(container: Container, version: str) -> None:
    """What Raspberry Pi OS brings: one for its kernel, and made anew when what belongs in it is installed."""
    container.run("apt-get", "update", "-q", limit_s=300)
    install = "apt-get", "install", "-qy", "--no-install-recommends", "initramfs-tools", "zstd"
    container.run(*install, limit_s=300)
    # Of the kernel that lies outside: its name, how it was configured, and that it has no modules.
    boot = container.root / "boot"
    (boot / f"vmlinuz-{version}").touch()
    told = "".join(config.read_text(encoding="ascii") for config in CONFIGS)
    (boot / f"config-{version}").write_text(told, encoding="ascii")
    (container.root / "lib" / "modules" / version).mkdir(parents=True)
    container.run("update-initramfs", "-c", "-k", version, limit_s=300)


def _play(folder: Path, container: Container) -> None:
    # A partition is never laid over records. A fresh kiosk has none, and nobody who has to serve afterwards.
    container.run("systemctl", "disable", "--now", "kiosk.service")
    container.run("sh", "-c", "rm -r /opt/kiosk/* /var/lib/kiosk/*")
    # A container has no udev.
    container.run("sh", "-c", f"mkdir -p /dev/disk/by-label; ln -s {container.disk} /dev/disk/by-label/{LABEL}")
    variables = {**variables_of(PLAIN), **VARIABLES, "kiosk_wheelhouse": str(WHEELHOUSE.resolve())}
    Desk(folder, container, variables, let_in=by_another_key).play("site.yml", "--tags", TAGS)
    container.run("systemctl", "enable", "kiosk.service")


@contextlib.contextmanager
def _mounted(image: Path, place: Path, options: str = "rw") -> Iterator[Path]:
    """Let `image` lie at `place`, which is made; the block device that it is meanwhile."""
    place.mkdir()
    subprocess.run(["mount", "-o", f"loop,{options}", image, place], check=True, timeout=60)
    try:
        found = subprocess.run(["findmnt", "-no", "SOURCE", place], capture_output=True, text=True, check=True)
        yield Path(found.stdout.strip())
    finally:
        subprocess.run(["umount", place], check=True, timeout=120)
        place.rmdir()
