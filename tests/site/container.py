"""A Debian with its own systemd, as a container beside this machine: booted, looked into, thrown away."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "kaikukortti-kiosk"
MIRROR = os.environ.get("KIOSK_TEST_MIRROR", "http://deb.debian.org/debian")
# What a fresh Raspberry Pi OS Lite has of this; everything else the playbook must bring.
PACKAGES = (
    "systemd,systemd-sysv,udev,dbus,libpam-systemd,python3,python3-apt,sudo,ca-certificates,openssh-server,iproute2"
)
KEPT = ("var/cache/apt/archives", "var/lib/apt/lists")
KEPT_S = 30 * 24 * 3600.0
ENOUGH_KIB = 8 * 1024**2
"""What two of them need beside the rest of the tests."""
START_LIMIT_S = 60.0
HIERARCHIES = [Path("/sys/fs/cgroup/systemd"), Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup")]


def root_of(suite: str) -> Path:
    """A folder with a fresh Debian `suite`, made once and never changed."""
    key = hashlib.sha256(f"{suite} {PACKAGES} {MIRROR}".encode()).hexdigest()[:16]
    root = CACHE / f"root-{suite}-{key}"
    CACHE.mkdir(parents=True, exist_ok=True)
    # Whoever comes second waits and finds it made: two runs at a time would remove each other's half.
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            half = root.with_suffix(".half")
            subprocess.run(["rm", "-rf", "--one-file-system", half], check=True)
            words = ["--quiet", "--variant=minbase", f"--include={PACKAGES}", suite, str(half), MIRROR]
            # What it mounts is mounted for it alone, and gone with it: a folder that is removed holds no /proc.
            own_mounts = ["unshare", "--mount", "--propagation=private"]
            subprocess.run([*own_mounts, "mmdebstrap", *words], check=True, stdin=subprocess.DEVNULL, timeout=900)
            half.rename(root)
    return root


class Container:
    """One container, booted again and again; `init` is the number of its first process, as this machine sees it."""

    def __init__(self, suite: str, folder: Path, disk: Path | None) -> None:
        """Hold a container whose files lie in `folder`; it is given the block device `disk`."""
        self.root = folder / "root"
        self.disk = disk
        self.init = 0
        self.suite = suite
        self._folder = folder
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._ways: tuple[str, ...] = ()
        self._relay: subprocess.Popen[bytes] | None = None

    def start(self, *, read_only: bool = False) -> None:
        """Boot; with `read_only` what is written beside `disk` goes into memory only, as with an overlay on a Pi."""
        words = [f"--bind={self.disk}"] if self.disk else []
        words += ["--volatile=overlay"] if read_only else []
        with (self._folder / "console.log").open("ab") as log:
            self._nspawn = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--timezone=off",
                 "--console=pipe", "-M", f"kiosk-{self.suite}", "-D", str(self.root), *words, "-b"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.init = _init_of(self._nspawn)
        (self._folder / "init").write_text(str(self.init), encoding="ascii")
        self.until("systemd", "sh", "-c", "systemctl is-system-running | grep -qE 'running|degraded'")
        self.bring(*self._ways)

    def bring(self, *ways: str) -> None:
        """Bring each PORT:HOST:PORT of this machine's network to the container's loopback, and no other any more."""
        if self._relay is not None:
            self._relay.kill()
            self._relay.wait()
        self._ways, self._relay = ways, None
        if ways:
            words = [sys.executable, str(HERE / "relay.py"), str(self.init), *ways]
            self._relay = subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True)
            assert self._relay.stdout is not None
            with self._relay.stdout as told:
                assert told.readline() == b"ready\n"

    def pull_the_plug(self) -> None:
        """End it at once, whatever it was doing."""
        with contextlib.suppress(ProcessLookupError):
            if self.init:
                os.kill(self.init, signal.SIGKILL)
        self.init = 0
        if self._nspawn is not None:
            self._nspawn.kill()
            self._nspawn.wait(30)
            self._nspawn = None

    def enter(self, *command: str) -> list[str]:
        """The words that run `command` inside."""
        return ["nsenter", "-t", str(self.init), "-m", "-u", "-i", "-n", "-p", "-r", "-w", "--", *command]

    def run(self, *command: str, check: bool = True, limit_s: float = 60) -> subprocess.CompletedProcess[str]:
        """Run `command` inside to its end."""
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        # In a group of its own: what is killed inside is never this process.
        done = subprocess.run(
            self.enter(*command), capture_output=True, text=True, check=False, timeout=limit_s, env=environment,
            start_new_session=True,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def property(self, unit: str, name: str) -> str:
        """What systemd says of `unit`."""
        return self.run("systemctl", "show", f"--property={name}", "--value", unit).stdout.strip()

    def until(self, what: str, *command: str, limit_s: float = START_LIMIT_S) -> subprocess.CompletedProcess[str]:
        """Run `command` inside again and again, until it succeeds; fails saying `what` was waited for."""
        end = time.monotonic() + limit_s
        waiting = threading.Event()
        while (done := self.run(*command, check=False)).returncode != 0:
            assert time.monotonic() < end, f"waited in vain for {what}: {done.stdout}{done.stderr}"
            waiting.wait(0.25)
        return done


@contextlib.contextmanager
def booted(suite: str, folder: Path, disk: Path | None = None) -> Iterator[Container]:
    """A container with a fresh copy of Debian `suite` in `folder`, its own network, and nothing of this machine's.

    The files stay in `folder`, for whoever wants them afterwards.
    """
    root = folder / "root"
    subprocess.run(["cp", "-a", "--reflink=auto", root_of(suite), root], check=True)
    (root / "etc" / "machine-id").write_text("")
    # The container's network has nothing but the loopback, which `relay` brings the mirror to.
    (root / "etc" / "hosts").write_text("127.0.0.1 localhost deb.debian.org kiosk\n")
    (root / "etc" / "hostname").write_text("kiosk\n")
    with booted_as_it_is(suite, folder, disk) as container:
        yield container


@contextlib.contextmanager
def booted_as_it_is(suite: str, folder: Path, disk: Path | None = None) -> Iterator[Container]:
    """A container with the system that lies in `folder`/root already, and its own network."""
    with _group_of_its_own():
        container = Container(suite, folder, disk)
        try:
            container.start()
            yield container
        finally:
            container.bring()
            container.pull_the_plug()


@contextlib.contextmanager
def in_memory(folder: Path) -> Iterator[None]:
    """Let `folder` lie in memory where there is enough; what is made in it then costs the disk nothing.

    On a file system as a card has it: systemd keeps no key of a machine on one that it knows to be memory. It is
    given back with the last process of this space of mounts (`apart`).
    """
    told = Path("/proc/meminfo").read_text(encoding="ascii").split("MemAvailable:")[1]
    if int(told.split()[0]) >= ENOUGH_KIB:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ENOUGH_KIB // 2}k", "site", folder], check=True)
        image = folder / "system.img"
        with image.open("wb") as file:
            file.truncate(ENOUGH_KIB * 1024)
        subprocess.run(["/sbin/mkfs.ext4", "-q", "-O", "^has_journal", image], check=True)
        subprocess.run(["mount", "-o", "loop,noatime,discard", image, folder], check=True)
    yield


@contextlib.contextmanager
def packages_kept(container: Container) -> Iterator[None]:
    """Give `container` the packages and lists that earlier ones downloaded, and keep what it downloads itself.

    They are still installed, one by one; apt looks at each list whether it is the newest.
    """
    for place in KEPT:
        kept, there = CACHE / f"apt-{container.suite}" / Path(place).name, container.root / place
        if kept.exists():
            subprocess.run(["cp", "--recursive", "--update", f"{kept}/.", there], check=True)
        os.utime(there, (0, 0))  # Ansible goes by it: lists that were just made, or laid here, are not taken for new
    yield
    for place in KEPT:
        kept, there = CACHE / f"apt-{container.suite}" / Path(place).name, container.root / place
        kept.mkdir(parents=True, exist_ok=True)
        for old in kept.iterdir():
            if time.time() - old.stat().st_mtime > KEPT_S:
                old.unlink()
        for new in there.iterdir():
            known = kept / new.name
            if new.is_file() and not (known.exists() and known.stat().st_size == new.stat().st_size):
                # In one step: two runs at a time keep whole files, be they the same.
                half = kept / f"{new.name}.{os.getpid()}"
                shutil.copyfile(new, half)
                half.rename(known)


@contextlib.contextmanager
def relay(container: Container, *ways: str) -> Iterator[None]:
    """Bring each PORT:HOST:PORT of this machine's network to the container's loopback, over every start of it."""
    container.bring(*ways)
    try:
        yield
    finally:
        container.bring()


@contextlib.contextmanager
def empty_disk(folder: Path) -> Iterator[Path]:
    """A block device with an empty ext4 of 2 GB, gone when the last space of mounts that knows it is gone."""
    image, place = folder / "disk.img", folder / "disk"
    with image.open("wb") as file:
        file.truncate(2 * 1024**3)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-L", "kioskdata", image], check=True)
    place.mkdir()
    subprocess.run(["mount", "-o", "loop", image, place], check=True)
    found = subprocess.run(["findmnt", "-no", "SOURCE", place], capture_output=True, text=True, check=True)
    try:
        yield Path(found.stdout.strip())
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        image.unlink()


@contextlib.contextmanager
def _group_of_its_own() -> Iterator[None]:
    """Where no systemd rules this machine: a control group for this run, so that two containers never share one."""
    ruled = Path("/run/systemd/system").exists()
    name = f"kiosk-site-{uuid.uuid4().hex[:8]}"
    groups = [each / name for each in HIERARCHIES if not ruled and (each / "cgroup.procs").exists()]
    for group in groups:
        _sweep(group.parent)
        group.mkdir()
        (group / "cgroup.procs").write_text("0", encoding="ascii")
    try:
        yield
    finally:
        for group in groups:
            (group.parent / "cgroup.procs").write_text("0", encoding="ascii")
            _sweep(group.parent)


def _sweep(hierarchy: Path) -> None:
    """Remove the groups of runs that are gone, whoever ended them."""
    for run in hierarchy.glob("kiosk-site-*"):
        with contextlib.suppress(OSError):
            groups = sorted(run.glob("**/"), reverse=True)
            # Of a run that lives, none, also if it is empty: a mount has one, from which systemd unmounts it.
            if not any((group / "cgroup.procs").read_text(encoding="ascii") for group in groups):
                for group in groups:
                    group.rmdir()


def _init_of(process: subprocess.Popen[bytes]) -> int:
    end = time.monotonic() + START_LIMIT_S
    waiting = threading.Event()
    while time.monotonic() < end:
        assert process.poll() is None, "systemd-nspawn ended; console.log says why"
        for child in _descendants(process.pid):
            status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
            ids = next(line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
            if len(ids) > 1 and ids[-1] == "1" and Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return child
        waiting.wait(0.1)
    raise AssertionError("the container has no first process")


def _descendants(pid: int) -> Iterator[int]:
    with contextlib.suppress(FileNotFoundError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            yield int(child)
            yield from _descendants(int(child))
