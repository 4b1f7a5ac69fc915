"""Ansible, as a person at a desk would run it: by SSH, as the one user that may come in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
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
SWAPPER = """[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
[Install]
WantedBy=multi-user.target
"""
# A program of one line: from standard input and output to the container's own SSH, whatever its filter lets in.
WAY_IN = (
    f"nsenter -t $(cat {{folder}}/init) -n {sys.executable} -c "
    '\'import socket,os,threading as t;s=socket.create_connection(("127.0.0.1",22));'
    't.Thread(target=lambda:[s.sendall(b) for b in iter(lambda:os.read(0,65536),b"")],daemon=True).start();'
    '[os.write(1,b) for b in iter(lambda:s.recv(65536),b"")]\''
)


def as_the_imager_does(container: Container, public_key: str) -> None:
    """A fresh card: the user that was asked for, with key and password, `pi` with the one that all know, and swap."""
    container.run("useradd", "-m", "-s", "/bin/bash", ADMIN)
    container.run("sh", "-c", f"echo '{ADMIN} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/010_imager")
    home = f"/home/{ADMIN}/.ssh"
    container.run(
        "sh", "-c", f"mkdir -m 700 {home}; echo '{public_key}' >{home}/authorized_keys; chown -R {ADMIN}: {home}"
    )
    container.run("useradd", "-m", "-s", "/bin/bash", "pi")
    container.run("sh", "-c", f"printf 'pi:raspberry\\n{ADMIN}:secret\\n' | chpasswd")
    # What swaps to the card: Raspberry Pi OS 12 has the first two of these, 13 the last.
    (container.root / "usr/lib/systemd/system/dphys-swapfile.service").write_text(SWAPPER, encoding="ascii")
    container.run("systemctl", "enable", "--now", "dphys-swapfile.service")
    container.run("sh", "-c", "echo '/var/swap none swap sw 0 0' >>/etc/fstab")
    (container.root / "usr/lib/systemd/system/rpi-setup-loop@.service").write_text(SWAPPER, encoding="ascii")


def by_another_key(container: Container, public_key: str) -> None:
    """A kiosk that was made before: whoever looks after it now has this key."""
    (container.root / f"home/{ADMIN}/.ssh/authorized_keys").write_text(f"{public_key}\n", encoding="ascii")


@dataclass(frozen=True, slots=True)
class Played:
    """How a playbook ended."""

    text: str
    changed: int
    failed: int
    hosts: list[str]
    """The kiosks that it came to."""


class Desk:
    """The machine of whoever looks after the kiosks: a key, an inventory with one kiosk, the playbooks."""

    def __init__(
        self,
        folder: Path,
        container: Container,
        variables: dict[str, Any],
        *,
        let_in: Callable[[Container, str], None] = as_the_imager_does,
    ) -> None:
        """Make the key, let it into `container` with `let_in`, and write the inventory."""
        self._folder = folder
        self._container = container
        key = folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        public = key.with_suffix(".pub").read_text(encoding="ascii").strip()
        let_in(container, public)
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

    def vault(self, name: str, values: dict[str, Any]) -> tuple[str, ...]:
        """The words that give `values` to a playbook out of a file that ansible-vault encrypted, as the README says."""
        secret, file = self._folder / "vault-password", self._folder / name
        secret.write_text("opens the vault\n", encoding="ascii")
        file.write_text(json.dumps(values), encoding="utf-8")
        vault = [str(BIN / "ansible-vault"), "encrypt", "--vault-password-file", str(secret), str(file)]
        subprocess.run(vault, check=True, capture_output=True, timeout=60)
        assert file.read_text(encoding="ascii").startswith("$ANSIBLE_VAULT;")
        return "-e", f"@{file}", "--vault-password-file", str(secret)

    def play(self, playbook: str, *words: str, check: bool = True, beside: tuple[str, ...] = (), **more: Any) -> Played:
        """Run `playbook` to its end, with further variables; `beside` are further kiosks, after this one."""
        inventory = self._folder / "inventory.json"
        hosts = {host: {**self.variables, **more} for host in [HOST, *beside]}
        inventory.write_text(json.dumps({"kiosks": {"hosts": hosts}}), encoding="utf-8")
        done = subprocess.run(
            [BIN / "ansible-playbook", "-i", inventory, playbook, *words],
            cwd=ANSIBLE, capture_output=True, text=True, check=False, timeout=900,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": str(self._folder / "tmp")},
        )  # fmt: skip
        text = done.stdout + done.stderr
        (self._folder / f"{Path(playbook).stem}.log").write_text(text, encoding="utf-8")
        recaps = RECAP.findall(text)
        assert recaps, text[-3000:]
        assert not check or done.returncode == 0, text[-6000:]
        _, _, changed, unreachable, failed = recaps[0]
        return Played(text, int(changed), int(unreachable) + int(failed), [host for host, *_ in recaps])
