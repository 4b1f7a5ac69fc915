"""The regular checks in their own sandbox: a timer starts them, and what is wrong is seen among the failed units."""

import contextlib
import re
from collections.abc import Iterator

import pytest

from tests.site.conftest import Site

CHECK = "kiosk-check.service"
CONFIG = "/etc/kiosk/kiosk.toml"
SET = "/run/systemd/timesync/synchronized"
PAGE = "/var/lib/kiosk/page.pem"
TAIL = "/data/log/kiosk-tail.log"


@contextlib.contextmanager
def configured(site: Site, script: str) -> Iterator[None]:
    """The configuration as `sed` changes it, for a while."""
    site.container.run("cp", "-a", CONFIG, f"{CONFIG}.before")
    site.container.run("sed", "-i", script, CONFIG)
    try:
        yield
    finally:
        site.container.run("mv", f"{CONFIG}.before", CONFIG)


def checked(site: Site) -> tuple[bool, str]:
    """Whether the check was content, and what it said."""
    # More often in ten seconds than systemd lets a unit start: it is told to forget them.
    site.container.run("systemctl", "reset-failed", CHECK, check=False)
    done = site.container.run("systemctl", "start", CHECK, check=False)
    invocation = site.container.property(CHECK, "InvocationID")
    said = site.container.run("journalctl", "--no-pager", "-o", "cat", f"_SYSTEMD_INVOCATION_ID={invocation}").stdout
    failed = site.container.run("systemctl", "is-failed", CHECK, check=False).returncode == 0
    assert failed == (done.returncode != 0)
    return not failed, said


def test_all_is_well(site: Site) -> None:
    content, said = checked(site)
    assert content, said
    done = site.container.run("systemctl", "start", "kiosk-storage.service", check=False)
    assert done.returncode == 0, site.container.run("journalctl", "-n", "20", "--no-pager").stdout


def test_a_clock_that_nobody_set_is_a_fault_until_somebody_did(site: Site) -> None:
    with configured(site, "/^clock = /d"):
        content, said = checked(site)
        assert (content, re.findall(r"^FAIL  (\S+)", said, re.MULTILINE)) == (False, ["clock"])
        site.container.run("sh", "-c", f"mkdir -p $(dirname {SET}) && touch {SET}")
        content, said = checked(site)
        site.container.run("rm", SET)
    assert content, said


@pytest.mark.parametrize(("days", "fine"), [(5, False), (90, True)])
def test_a_certificate_of_the_pages_that_ends_soon_is_a_fault(site: Site, days: int, *, fine: bool) -> None:
    site.container.run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-subj", "/CN=kiosk", "-days", str(days), "-keyout", "/dev/null", "-out", PAGE,
    )  # fmt: skip
    with configured(site, f'$a [screen]\\ncertificate = "{PAGE}"\\ncertificate_key = "{PAGE}"'):
        content, said = checked(site)
    site.container.run("rm", PAGE)
    assert content is fine, said
    assert ("days only: bring a new one" in said) is not fine
    assert checked(site)[0]


def test_the_timer_starts_the_check_thrice_a_day_and_by_itself(site: Site) -> None:
    timer = "kiosk-check.timer"
    assert re.search(r" (06|12|18):(0\d|1[0-5]):", site.container.property(timer, "NextElapseUSecRealtime"))
    folder = f"/run/systemd/system/{timer}.d"
    # What is looked for in the night comes in a second here.
    site.container.run("sh", "-c", f"mkdir {folder}; printf '[Timer]\\nOnActiveSec=1s\\n' >{folder}/soon.conf")
    site.container.run("sh", "-c", f"printf 'RandomizedDelaySec=0\\nAccuracySec=100ms\\n' >>{folder}/soon.conf")
    before = site.container.property(CHECK, "InvocationID")
    site.container.run("systemctl", "daemon-reload")
    site.container.run("systemctl", "restart", timer)
    site.container.until(
        "the check", "sh", "-c", f"[ $(systemctl show --property=InvocationID --value {CHECK}) != '{before}' ]"
    )
    site.container.run("rm", "-r", folder)
    site.container.run("systemctl", "daemon-reload")
    site.container.run("systemctl", "restart", timer)


def test_the_nightly_copy_goes_to_a_stick_that_root_formatted(site: Site) -> None:
    """A fresh file system belongs to root; the check of the copy is what SQLite says of it."""
    place = "/srv/kiosk-copies"
    site.container.run("systemctl", "start", "kiosk-backup.service")
    assert site.container.run("ls", place).stdout == ""  # without a stick nothing is written where it would be
    site.container.run("mount", "-t", "tmpfs", "-o", "mode=755", "stick", place)
    done = site.container.run("systemctl", "start", "kiosk-backup.service", check=False)
    said = site.container.run("journalctl", "-n", "20", "--no-pager", "-u", "kiosk-backup.service").stdout
    assert done.returncode == 0, said
    look = (
        "import glob,sqlite3;(f,)=glob.glob('/srv/kiosk-copies/*.db');"
        "print(sqlite3.connect(f).execute('PRAGMA integrity_check').fetchone()[0])"
    )
    assert site.container.run("python3", "-c", look).stdout == "ok\n"
    assert site.container.run("stat", "-c", "%U %a", place).stdout == "kiosk 700\n"
    site.container.run("umount", place)


def test_the_newest_warnings_are_kept_on_the_disk_and_written_only_when_there_are_new_ones(site: Site) -> None:
    def kept() -> str:
        site.container.run("systemctl", "start", "kiosk-log-tail.service")
        return site.container.run("stat", "-c", "%U %a %i", TAIL).stdout

    site.container.run("sh", "-c", "echo the lamp fell off | systemd-cat --priority=warning")
    first = kept()
    assert first.startswith("root 600 ")
    assert "the lamp fell off" in site.container.run("cat", TAIL).stdout
    assert kept() == first
    site.container.run("sh", "-c", "echo and broke | systemd-cat --priority=warning")
    assert kept() != first
    assert "and broke" in site.container.run("cat", TAIL).stdout
