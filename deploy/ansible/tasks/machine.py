"""Print eight digits that change with what a release finds on its machine, beside itself: machine.py [PROJECT].

That is what `systemd/` holds, and what the roles `base` and `kiosk` lay beside it (packages, folders, conditions); not
what `update.yml` brings itself. `site.yml` notes them on the machine; a wheelhouse holds those of its release.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath

PARTS = ("systemd", "deploy/ansible/roles/base", "deploy/ansible/roles/kiosk")
BROUGHT_BY_UPDATES = {"tasks/release.yml", "tasks/which.yml", "tasks/prune.yml"}


def counts(inside: PurePath) -> bool:
    """Words about settings do not, nor what an editor or a file manager leaves behind."""
    left_behind = inside.name.startswith(".") or inside.name.endswith("~")
    return not left_behind and inside.parts[0] != "meta" and inside.as_posix() not in BROUGHT_BY_UPDATES


def files(project: Path) -> Iterator[Path]:
    """Each file that counts, in the same order everywhere."""
    for part in PARTS:
        found = sorted((project / part).rglob("*"))
        yield from (path for path in found if path.is_file() and counts(path.relative_to(project / part)))


def digits(project: Path) -> str:
    """The same for the same content under the same names, wherever the project lies."""
    seen = hashlib.sha256()
    for path in files(project):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        seen.update(f"{content} {path.relative_to(project).as_posix()}\n".encode())
    return seen.hexdigest()[:8]


if __name__ == "__main__":
    print(digits(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).resolve().parents[3]))
