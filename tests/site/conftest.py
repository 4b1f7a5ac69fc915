"""One kiosk for each system: made by the playbook, enrolled, with a register beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site.container import Container, booted, relay
from tests.site.playbook import Desk, Played
from tests.support.register import ServingRegister, serving_register

SCANS = "/var/lib/kiosk/scans"
WHEELHOUSE = Path(os.environ.get("KIOSK_WHEELHOUSE", "dist/wheelhouse"))
SUITES = os.environ.get("KIOSK_TEST_SUITES", "bookworm trixie").split()


@dataclass(frozen=True, slots=True)
class Site:
    """A kiosk as the playbook made it, and what is around it."""

    container: Container
    desk: Desk
    register: ServingRegister
    wheelhouse: Path
    rehearsed: Played
    """The playbook with --check, on the blank machine."""
    first: Played
    second: Played

    def kiosk(self, *words: str, check: bool = True) -> str:
        """What the kiosk's command prints, as the kiosk's own user."""
        return self.container.run("runuser", "-u", "kiosk", "--", "kiosk", *words, check=check).stdout

    def scan(self, code: str) -> None:
        """Let the scanner read `code`."""
        self.container.run("sh", "-c", f"echo {code} >{SCANS}")


@pytest.fixture(scope="session", params=SUITES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp(request.param)
    with (
        serving_register(folder / "register", seed=("--demo", "--numbered", "40")) as register,
        booted(request.param, folder) as container,
        relay(container, "80:deb.debian.org:80", f"{register.port}:127.0.0.1:{register.port}"),
    ):
        desk = Desk(folder, container, variables(register))
        rehearsed = desk.play("site.yml", "--check")
        first = desk.play("site.yml")
        second = desk.play("site.yml")
        container.run("runuser", "-u", "kiosk", "--", "mkfifo", "-m", "600", SCANS, check=False)
        desk.play("enrol.yml", enrol_tokens={"door": register.token()})
        yield Site(container, desk, register, WHEELHOUSE.resolve(), rehearsed, first, second)
    subprocess.run(["rm", "-rf", "--one-file-system", folder / "root"], check=True)


def variables(register: ServingRegister) -> dict[str, object]:
    """The inventory's line for this kiosk."""
    return {
        "kiosk_wheelhouse": str(WHEELHOUSE.resolve()),
        "display_enabled": False,
        "hardening_usb_input_allowed": ["0c2e:0b61"],
        "kiosk_gate_s": 3,
        "kiosk_config": {
            "kiosk": {"name": "Main door", "clock": "trusted"},
            "register": {"url": register.url, "retry_first_s": 0.5, "retry_longest_s": 2.0},
            "scanner": [{"kind": "lines", "path": SCANS}],
        },
    }
