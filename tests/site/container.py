"""A Debian with its own systemd, as a container beside this machine: booted, looked into, thrown away."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "kaikukortti-kiosk"
MIRROR = os.environ.get("KIOSK_TEST_MIRROR", "http://deb.debian.org/debian")
# What a fresh Raspberry Pi OS Lite has of this; everything else the playbook must bring.
PACKAGES = (
    "systemd,systemd-sysv,udev,dbus,libpam-systemd,python3,python3-apt,sudo,ca-certificates,openssh-server,iproute2"
)
START_LIMIT_S = 60.0


def root_of(suite: str) -> Path:
    """A folder with a fresh Debian `suite`, made once and never changed."""
    key = hashlib.sha256(f"{suite} {PACKAGES} {MIRROR}".encode()).hexdigest()[:16]
    root = CACHE / f"root-{suite}-{key}"
    if not root.exists():
        half = root.with_suffix(".half")
        half.parent.mkdir(parents=True, exist_ok=True)
        # What debootstrap mounts is mounted for it alone, and gone with it: a folder that is removed holds no /proc.
        subprocess.run(["rm", "-rf", "--one-file-system", half], check=True)
        subprocess.run(
            [
                "unshare",
                "--mount",
                "--propagation=private",
                "debootstrap",
                "--variant=minbase",
                f"--include={PACKAGES}",
                suite,
                half,
                MIRROR,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=900,
        )
        half.rename(root)
    return root


class Container:
    """One booted container; `init` is the number of its first process, as this machine sees it."""

    def __init__(self, root: Path, process: subprocess.Popen[bytes], init: int) -> None:
        """Hold a container that `booted` started."""
        self.root = root
        self._process = process
        self.init = init

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

    def kill(self) -> None:
        """Stop it as a pulled plug would."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.init, signal.SIGKILL)
        self._process.wait(30)


@contextlib.contextmanager
def booted(suite: str, folder: Path) -> Iterator[Container]:
    """A container with a fresh copy of Debian `suite` in `folder`, its own network, and nothing of this machine's."""
    root = folder / "root"
    subprocess.run(["cp", "-a", "--reflink=auto", root_of(suite), root], check=True)
    (root / "etc" / "machine-id").write_text("")
    # The container's network has nothing but the loopback, which `relay` brings the mirror to.
    (root / "etc" / "hosts").write_text("127.0.0.1 localhost deb.debian.org kiosk\n")
    (root / "etc" / "hostname").write_text("kiosk\n")
    log = (folder / "console.log").open("wb")
    process = subprocess.Popen(
        ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--timezone=off",
         "--console=pipe", "-M", f"kiosk-{suite}", "-D", str(root), "-b"],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        container = Container(root, process, _init_of(process))
        container.until("systemd", "sh", "-c", "systemctl is-system-running | grep -qE 'running|degraded'")
        yield container
        container.kill()
    finally:
        process.kill()
        process.wait()
        log.close()


@contextlib.contextmanager
def relay(container: Container, *ways: str) -> Iterator[None]:
    """Bring each PORT:HOST:PORT of this machine's network to the container's loopback."""
    process = subprocess.Popen(
        [sys.executable, HERE / "relay.py", str(container.init), *ways], stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


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
