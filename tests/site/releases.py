"""Other releases than the one in the wheelhouse: a good one, and ones that do not work."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path


def release_in(wheelhouse: Path) -> str:
    """The name of the release in `wheelhouse`."""
    return str(json.loads((wheelhouse / "release.json").read_text(encoding="utf-8"))["release"])


def variant(wheelhouse: Path, folder: Path, appended: Mapping[str, str], migrations: list[str] | None = None) -> Path:
    """A wheelhouse like `wheelhouse`, with text appended to modules of the kiosk (`kiosk/cli.py`)."""
    folder.mkdir()
    with tempfile.TemporaryDirectory() as unpacked:
        inside = Path(unpacked)
        subprocess.run(["tar", "-C", inside, "-xf", wheelhouse / "wheels.tar"], check=True)
        digest = _altered(inside, appended)
        subprocess.run(["tar", "-C", inside, "-cf", folder / "wheels.tar", "."], check=True)
    told = json.loads((wheelhouse / "release.json").read_text(encoding="utf-8"))
    told["release"] = f"{told['release'].split('-')[0]}-{digest[:8]}"
    told["migrations"] = told["migrations"] if migrations is None else migrations
    (folder / "release.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def changed_on_the_way(wheelhouse: Path, folder: Path, appended: Mapping[str, str]) -> Path:
    """The same, by somebody who does not change the hashes."""
    variant(wheelhouse, folder, appended)
    with tempfile.TemporaryDirectory() as unpacked:
        for listed, packed in ((folder, ()), (wheelhouse, ("requirements.txt",))):
            subprocess.run(["tar", "-C", unpacked, "-xf", listed / "wheels.tar", *packed], check=True)
        subprocess.run(["tar", "-C", unpacked, "-cf", folder / "wheels.tar", "."], check=True)
    return folder


def _altered(folder: Path, appended: Mapping[str, str]) -> str:
    """Change the kiosk's wheel in `folder`, and its hash in the list; the hash."""
    (wheel,) = folder.glob("kaikukortti_kiosk-*.whl")
    with zipfile.ZipFile(wheel) as old:
        files = {name: old.read(name) for name in old.namelist()}
    for name, text in appended.items():
        files[name] += text.encode()
    with zipfile.ZipFile(wheel, "w") as new:
        for name, content in files.items():
            new.writestr(name, content)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    listed = (folder / "requirements.txt").read_text(encoding="utf-8")
    (folder / "requirements.txt").write_text(
        re.sub(r"(?<=--hash=sha256:)[0-9a-f]{64}", digest, listed, count=1), encoding="utf-8"
    )
    return digest
