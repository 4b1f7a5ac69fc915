"""A Debian with its own newest Chromium, kept in the cache: `python -m tests.chromium.root trixie` prints where."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.site.container import CACHE, MIRROR, PACKAGES, root_of

SECURITY = os.environ.get("KIOSK_TEST_SECURITY_MIRROR", "http://deb.debian.org/debian-security")
"""Where Chromium comes from: Debian gives both systems the newest one, weeks before the next point release."""
WANTED = ("chromium", "fonts-dejavu-core")
"""What the playbook's role `display` installs of it."""
ENTER = """
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
for file in resolv.conf hosts; do
  [ -e "$1/etc/$file" ] || : >"$1/etc/$file"
  mount --bind "/etc/$file" "$1/etc/$file"
done
root=$1
shift
exec chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
"""


def root_with_chromium(suite: str) -> Path:
    """The folder of Debian `suite` with Chromium, made once, brought up to date where the mirror can be reached."""
    key = hashlib.sha256(f"{suite} {PACKAGES} {MIRROR} {SECURITY} {WANTED}".encode()).hexdigest()[:16]
    root = CACHE / f"chromium-{suite}-{key}"
    with _alone(root.with_suffix(".lock")):
        if root.exists():
            try:
                _install(root)
            except subprocess.CalledProcessError as error:
                print(f"As it was before, since apt says: {error.stderr[-400:]}", file=sys.stderr)
            return root
        half = root.with_suffix(".half")
        subprocess.run(["rm", "-rf", "--one-file-system", half], check=True)
        subprocess.run(["cp", "-a", "--reflink=auto", root_of(suite), half], check=True)
        sources = [f"deb {MIRROR} {suite} main", f"deb {SECURITY} {suite}-security main"]
        (half / "etc/apt/sources.list").write_text("\n".join(sources) + "\n", encoding="ascii")
        _install(half)
        half.rename(root)
    return root


def version_in(root: Path) -> str:
    """Of which version the Chromium in `root` is, as its package says."""
    return _run(root, "dpkg-query", "--show", "--showformat=${Version}", "chromium")


def _install(root: Path) -> None:
    _run(root, "apt-get", "update", "-q", "-o", "APT::Update::Error-Mode=any")
    _run(root, "apt-get", "install", "-qy", "--no-install-recommends", *WANTED)
    _run(root, "apt-get", "clean")


def _run(root: Path, *command: str) -> str:
    """What `command` prints, run in `root`; what is mounted for it is gone with it."""
    return subprocess.run(
        ["unshare", "--mount", "--propagation=private", "sh", "-euc", ENTER, "enter", root, *command],
        check=True, capture_output=True, text=True, timeout=900, stdin=subprocess.DEVNULL,
    ).stdout  # fmt: skip


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Two that want the same folder wait for each other."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Print the folder, and on the other stream the version."""
    root = root_with_chromium(sys.argv[1])
    print(f"Debian {sys.argv[1]} has Chromium {version_in(root)}", file=sys.stderr)
    print(root)


if __name__ == "__main__":
    main()
