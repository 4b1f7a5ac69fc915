"""The desk's unit under systemd: ready when it is, and started anew whatever ended it."""

import json
import re
import shlex

from tests.site.conftest import Site

WATCHDOG_S = 30
MANY = 10


def main_pid(site: Site) -> str:
    site.container.until("a process", "sh", "-c", "systemctl is-active -q kiosk")
    pid = site.container.property("kiosk.service", "MainPID")
    assert pid != "0", "to kill 0 is to kill this test"
    return pid


def until_another_serves(site: Site, pid: str, limit_s: float) -> None:
    site.container.until(
        "another process that is ready",
        "sh", "-c",
        f"systemctl is-active -q kiosk && [ $(systemctl show -p MainPID --value kiosk) != {pid} ]",
        limit_s=limit_s,
    )  # fmt: skip


def test_ready_means_that_the_page_is_served(site: Site) -> None:
    site.container.run("systemctl", "restart", "kiosk.service")
    site.container.run("curl", "-sf", "-o", "/dev/null", "http://127.0.0.1:8080/")
    assert site.container.property("kiosk.service", "StatusText") != ""


def test_a_desk_that_hangs_is_started_anew(site: Site) -> None:
    pid = main_pid(site)
    site.container.run("kill", "-STOP", pid)
    until_another_serves(site, pid, WATCHDOG_S + 15)


def test_a_desk_that_is_killed_again_and_again_is_never_given_up(site: Site) -> None:
    for _ in range(7):
        pid = main_pid(site)
        site.container.run("kill", "-KILL", pid)
        until_another_serves(site, pid, 60)


def test_the_doctor_finds_nothing_that_failed(site: Site) -> None:
    findings = json.loads(site.at_desk.kiosk("doctor", "--json"))
    assert findings
    assert [finding for finding in findings if finding["state"] == "fail"] == []


def test_this_systemd_understands_every_unit_as_it_was_laid_down(site: Site) -> None:
    units = site.container.run(
        "find", "/etc/systemd/system", "-maxdepth", "1", "-type", "f", "-name", "*kiosk*"
    ).stdout.split()
    assert len(units) > MANY
    verified = site.container.run(
        "systemd-analyze", "verify", "--recursive-errors=one", "--man=no", *units, check=False
    )
    said = verified.stdout + verified.stderr
    assert ([line for line in said.splitlines() if "kiosk" in line], verified.returncode) == ([], 0)


def test_the_desk_may_open_scanners_and_pins_and_no_other_device(site: Site) -> None:
    """As systemd has it; that the kernel goes by it a container cannot show."""
    told = site.container.run("systemctl", "show", "--property=DevicePolicy,DeviceAllow", "kiosk.service").stdout
    # systemd's own: for ProtectClock=, and for a token that is encrypted with the machine's key (on Debian 12 and 13).
    of_systemd = {"DeviceAllow=char-rtc r", "DeviceAllow=/dev/tpmrm0 rw", "DeviceAllow=char-tpm rw"}
    assert set(told.splitlines()) - of_systemd == {
        "DevicePolicy=closed",
        "DeviceAllow=char-gpiochip rw",
        "DeviceAllow=char-input rw",
    }


def test_memory_that_can_be_written_is_never_run(site: Site) -> None:
    """Asked for where the kiosk itself would: in its unit, just before its start."""
    tries = "import mmap; mmap.mmap(-1, 4096, prot=3); print('may be written'); mmap.mmap(-1, 4096, prot=7)"
    place = "/run/systemd/system/kiosk.service.d"
    drop_in = f'[Service]\nExecStartPre=-/usr/bin/python3 -c "{tries}"\n'
    site.container.run("sh", "-c", f"mkdir -p {place} && printf %s {shlex.quote(drop_in)} >{place}/tries.conf")
    site.container.run("systemctl", "daemon-reload")
    site.container.run("systemctl", "restart", "kiosk.service")
    invocation = site.container.property("kiosk.service", "InvocationID")
    said = site.container.run("journalctl", "--no-pager", "-o", "cat", f"_SYSTEMD_INVOCATION_ID={invocation}").stdout
    site.container.run("rm", "-r", place)
    site.container.run("systemctl", "daemon-reload")
    assert "may be written" in said
    assert "PermissionError" in said


def test_this_systemd_finds_the_desk_exposed_as_little_as_can_be(site: Site) -> None:
    done = site.container.run("systemd-analyze", "security", "--threshold=15", "kiosk.service", check=False)
    assert done.returncode == 0, done.stdout
    # It speaks of the unit that runs, with everything that was laid beside it.
    assert "NoNewPrivileges" in done.stdout


def test_every_switch_that_this_systemd_knows_and_the_desk_does_not_use_is_explained(site: Site) -> None:
    told = site.container.run("systemd-analyze", "security", "kiosk.service").stdout
    unused = set(re.findall(r"^✗ ([A-Za-z]+)=", told, flags=re.MULTILINE))
    assert {"RootDirectory", "PrivateDevices"} <= unused, "systemd-analyze writes its table in another way"
    unit = site.container.run("cat", "/etc/systemd/system/kiosk.service").stdout
    comments = "\n".join(line for line in unit.splitlines() if line.startswith("#"))
    assert [switch for switch in sorted(unused) if f"{switch}=" not in comments] == []
