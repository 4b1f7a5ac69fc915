"""Ansible, as a person at a desk would run it: by SSH, as the one user that may come in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.site.container import Container

ROOT = Path(__file__).parents[2]
ANSIBLE = ROOT / "deploy" / "ansible"
BIN = Path(os.environ.get("KIOSK_ANSIBLE_BIN", ROOT / ".venv" / "deploy" / "bin"))
ADMIN = "kioskadmin"
HOST = "door"
RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
# A program of one line: from standard input and output to the container's own SSH, whatever its filter lets in.
WAY_IN = (
    f"nsenter -t $(cat {{folder}}/init) -n {sys.executable} -c "
    '\'import socket,os,threading as t;s=socket.create_connection(("127.0.0.1",22));'
    't.Thread(target=lambda:[s.sendall(b) for b in iter(lambda:os.read(0,65536),b"")],daemon=True).start();'
    '[os.write(1,b) for b in iter(lambda:s.recv(65536),b"")]\''
)


@dataclass(frozen=True, slots=True)
class Played:
    """How a playbook ended."""

    text: str
    changed: int
    failed: int


class Desk:
    """The machine of whoever looks after the kiosks: a key, an inventory with one kiosk, the playbooks."""

    def __init__(self, folder: Path, container: Container, variables: dict[str, Any]) -> None:
        """Make the key, let it into `container` as the imager would, and write the inventory."""
        self._folder = folder
        self._container = container
        key = folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        public = key.with_suffix(".pub").read_text(encoding="ascii").strip()
        _as_the_imager_does(container, public)
        self.variables = {
            "ansible_host": HOST,
            "ansible_user": ADMIN,
            "ansible_ssh_private_key_file": str(key),
            "ansible_ssh_common_args": "-o ProxyCommand=" + json.dumps(f"sh {folder}/way-in")
            + f" -o StrictHostKeyChecking=no -o UserKnownHostsFile={folder}/known -o ControlPath={folder}/c",
            "hardening_admin_keys": [public],
            **variables,
        }  # fmt: skip
        (folder / "way-in").write_text(f"exec {WAY_IN.format(folder=folder)}\n", encoding="utf-8")

    def play(self, playbook: str, *words: str, check: bool = True, **more: Any) -> Played:
        """Run `playbook` to its end, with further variables."""
        inventory = self._folder / "inventory.json"
        inventory.write_text(json.dumps({"kiosks": {"hosts": {HOST: {**self.variables, **more}}}}), encoding="utf-8")
        done = subprocess.run(
            [BIN / "ansible-playbook", "-i", inventory, playbook, *words],
            cwd=ANSIBLE, capture_output=True, text=True, check=False, timeout=900,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": str(self._folder / "tmp")},
        )  # fmt: skip
        text = done.stdout + done.stderr
        (self._folder / f"{Path(playbook).stem}.log").write_text(text, encoding="utf-8")
        recap = RECAP.search(text)
        assert recap is not None, text[-3000:]
        assert not check or done.returncode == 0, text[-6000:]
        return Played(text, changed=int(recap[3]), failed=int(recap[4]) + int(recap[5]))


def _as_the_imager_does(container: Container, public_key: str) -> None:
    """The users of a fresh card: the one that was asked for, with its key, and `pi` with the password that all know."""
    container.run("useradd", "-m", "-s", "/bin/bash", ADMIN)
    container.run("sh", "-c", f"echo '{ADMIN} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/010_imager")
    home = f"/home/{ADMIN}/.ssh"
    container.run(
        "sh", "-c", f"mkdir -m 700 {home}; echo '{public_key}' >{home}/authorized_keys; chown -R {ADMIN}: {home}"
    )
    container.run("useradd", "-m", "-s", "/bin/bash", "pi")
    container.run("sh", "-c", "echo pi:raspberry | chpasswd")
