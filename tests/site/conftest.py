"""One kiosk for each system: made by the playbook, enrolled, with a register beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site.container import Container, booted, empty_disk, in_memory, packages_kept, relay
from tests.site.desk import SCANS, KioskDesk
from tests.site.outside import TABLET
from tests.site.playbook import ADMIN, Desk, Played
from tests.support.register import ServingRegister, serving_register

WHEELHOUSE = Path(os.environ.get("KIOSK_WHEELHOUSE", "dist/wheelhouse"))
SUITES = os.environ.get("KIOSK_TEST_SUITES", "bookworm trixie").split()

# One kiosk goes through all of them; each file leaves it as it found it, until the last one wipes it.
ORDER = [
    "test_site",
    "test_units",
    "test_enrol",
    "test_checks",
    "test_camera",
    "test_outside",
    "test_speech",
    "test_update",
    "test_display",
    "test_storage",
    "test_wipe",
]

WRITTEN_BY_THE_SYSTEM = (
    "/var/log/", "/var/lib/systemd/", "/var/lib/apt/", "/var/cache/apt/", f"/home/{ADMIN}/.ansible", "/root/.ansible",
    f"/home/{ADMIN}/.sudo_as_admin_successful",
    "/tmp/systemd-private-", "/var/tmp/systemd-private-",
)  # fmt: skip
WRITTEN_BY_THE_KIOSK = ("/data/state/", "/data/log/", "/var/lib/kiosk/")
COMING_AND_GOING = ("/kiosk.db-wal", "/kiosk.db-shm", "/kiosk.on", "/kiosk.sending", "/kiosk.lock")
"""With each start and end of the kiosk."""

DIVIDED = os.environ.get("KIOSK_TEST_DIVIDED") == "1"
"""Whether what hardly depends on the system is played on one of them only, as before each change."""
PLAYED_ON = {
    "test_the_rehearsal_touches_nothing_and_ends_well": "trixie",
    "test_keys_that_are_none_lock_nobody_out": "trixie",
    "test_a_module_that_a_kiosk_never_needs_is_refused_by_name": "trixie",
    "test_speech": "bookworm",
    "test_outside": "trixie",
    "test_a_release_that_changed_the_records_serves_on_where_the_copy_cannot_be_put_back": "trixie",
    "test_a_wheel_that_was_changed_on_the_way_is_refused": "trixie",
    "test_a_release_that_does_not_know_the_records_is_refused_while_they_wait": "bookworm",
    "test_the_oldest_releases_make_room": "bookworm",
    "test_what_waits_is_collected_into_a_sealed_file": "trixie",
    "test_a_rehearsed_update_touches_nothing": "trixie",
    "test_storage": "trixie",
    "test_wipe": "bookworm",
}
WITHOUT_SYSTEM = "bookworm"
"""With which of them the tests run that play parts of the playbook on a folder."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One system after the other, each in the order of a kiosk's life."""
    here = [item for item in items if isinstance(item, pytest.Function) and item.path.parent == Path(__file__).parent]
    ours = [item for item in here if "site" in item.fixturenames]
    ours.sort(key=lambda item: (SUITES.index(str(item.callspec.params["site"])), ORDER.index(item.path.stem)))
    ordered = [item for item in items if item not in ours] + ours
    elsewhere = [item for item in here if DIVIDED and not _is_played(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in ordered if item not in elsewhere]


def _is_played(item: pytest.Function) -> bool:
    if "site" not in item.fixturenames:
        return WITHOUT_SYSTEM in SUITES
    on = PLAYED_ON.get(item.path.stem) or PLAYED_ON.get(item.originalname)
    return on in {None, str(item.callspec.params["site"])}


@dataclass(frozen=True, slots=True)
class Site:
    """A kiosk as the playbook made it, and what is around it."""

    container: Container
    desk: Desk
    """Of whoever looks after the kiosks."""
    at_desk: KioskDesk
    """Of the kiosk itself."""
    register: ServingRegister
    wheelhouse: Path
    token: str
    """What it was enrolled with."""
    rehearsed: Played
    """The playbook with --check, on the blank machine."""
    touched: list[str]
    """The files and folders that it changed, made or removed."""
    first: Played
    second: Played
    enrolled: Played
    """The playbook of the enrolment, telling as much as it ever tells."""


@pytest.fixture(scope="session", params=SUITES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    first = Path("/proc/1/cmdline").read_text(encoding="utf-8")
    assert "pytest" in first, "tests/site/apart runs these: what they start must end with them, even if they are killed"
    folder = tmp_path_factory.mktemp(request.param)
    with (
        in_memory(folder),
        serving_register(folder / "register", seed=("--demo", "--numbered", "40")) as register,
        empty_disk(folder) as disk,
        booted(request.param, folder, disk) as container,
        packages_kept(container),
        relay(container, "80:deb.debian.org:80", f"{register.port}:127.0.0.1:{register.port}"),
    ):
        desk = Desk(folder, container, variables(register, disk))
        before = all_files(container)
        # Nobody pays for it who does not look at it: it takes as long as half of the making.
        looked_at = any("rehearsal" in item.name and request.param in item.name for item in request.session.items)
        rehearsed = desk.play("site.yml", "--check") if looked_at else Played("", 0, 0, [])
        touched = changed_since(container, before)
        made = desk.play("site.yml")
        made_again = desk.play("site.yml")
        at_desk = KioskDesk(container)
        at_desk.lay_the_scanner()
        token = register.token()
        enrolled = desk.play("enrol.yml", "-vvv", *desk.vault("tokens.yml", {"enrol_tokens": {"door": token}}))
        at_desk.until_it_serves()
        yield Site(
            container,
            desk,
            at_desk,
            register,
            WHEELHOUSE.resolve(),
            token,
            rehearsed,
            touched,
            made,
            made_again,
            enrolled,
        )
    subprocess.run(["rm", "-rf", "--one-file-system", folder / "root"], check=True)


def variables(register: ServingRegister, disk: Path) -> dict[str, object]:
    """The inventory's line for this kiosk."""
    return {
        "kiosk_wheelhouse": str(WHEELHOUSE.resolve()),
        "display_enabled": False,
        "storage_data_device": str(disk),
        "hardening_pages_from": [TABLET],
        "kiosk_gate_s": 3,
        "kiosk_config": {
            "kiosk": {"name": "Main door", "clock": "trusted"},
            "register": {"url": register.url, "retry_first_s": 0.5, "retry_longest_s": 2.0},
            "scanner": [{"kind": "lines", "path": SCANS}],
        },
    }


def all_files(container: Container) -> dict[str, str]:
    """Each file and folder of the root and of the kiosk's own partition, and what tells that it was changed.

    Left out is what a system at work writes; of what a kiosk at work writes, and of folders, it tells only that it is
    there.
    """
    # Releases and records are on the partition, and mounted from there: /data is all of them, once it is there.
    look = "find / $(mountpoint -q /data && echo /data) -ignore_readdir_race -xdev -printf '%p\\t%y %s %m %U %C@\\n'"
    found = dict(line.split("\t", 1) for line in container.run("sh", "-c", look).stdout.splitlines())
    return {
        path: "there" if told.startswith("d ") or path.startswith(WRITTEN_BY_THE_KIOSK) else told
        for path, told in found.items()
        if not path.startswith(WRITTEN_BY_THE_SYSTEM) and not path.endswith(COMING_AND_GOING)
    }


def changed_since(container: Container, before: dict[str, str]) -> list[str]:
    """What came, went, or is not as it was `before`."""
    now = all_files(container)
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
