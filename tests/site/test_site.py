"""A blank Debian becomes a kiosk, by looks that know nothing of the roles."""

import json
import re

from tests.site.conftest import Site


def test_the_rehearsal_touches_nothing_and_ends_well(site: Site) -> None:
    assert site.rehearsed.failed == 0


def test_a_second_run_changes_nothing(site: Site) -> None:
    assert site.first.changed > 0
    assert site.second.changed == 0, site.second.text[-4000:]


def test_the_desk_serves_and_is_enrolled(site: Site) -> None:
    assert site.container.property("kiosk.service", "ActiveState") == "active"
    assert site.container.property("kiosk.service", "NRestarts") == "0"
    lines = {line["what"]: line["ok"] for line in json.loads(site.at_desk.kiosk("check", "--json", check=False))}
    assert {what for what, ok in lines.items() if not ok} == set()


def test_nothing_failed_and_the_timers_run(site: Site) -> None:
    failed = site.container.run("systemctl", "--failed", "--plain", "--no-legend").stdout
    assert [line for line in failed.splitlines() if "kiosk" in line] == []
    timers = site.container.run("systemctl", "list-timers", "--all", "--no-legend", "--plain").stdout
    assert set(re.findall(r"\bkiosk-\w+(?:-\w+)*\.timer", timers)) == {
        "kiosk-backup.timer", "kiosk-check.timer", "kiosk-storage.timer", "kiosk-log-tail.timer",
    }  # fmt: skip


def test_ssh_lets_in_one_user_by_key_and_nobody_else(site: Site) -> None:
    told = site.container.run("sshd", "-T").stdout
    wanted = {
        "permitrootlogin no",
        "passwordauthentication no",
        "kbdinteractiveauthentication no",
        "allowusers kioskadmin",
    }
    assert wanted <= set(told.splitlines())


def test_no_account_has_a_password_and_the_images_user_no_shell(site: Site) -> None:
    shadow = site.container.run("cat", "/etc/shadow").stdout
    assert [line.split(":")[0] for line in shadow.splitlines() if line.split(":")[1].startswith("$")] == []
    assert site.container.run("getent", "passwd", "pi").stdout.strip().endswith("/usr/sbin/nologin")


def test_what_is_not_asked_for_is_dropped(site: Site) -> None:
    rules = json.loads(site.container.run("nft", "-j", "list", "ruleset").stdout)["nftables"]
    policies = {rule["chain"]["hook"]: rule["chain"]["policy"] for rule in rules if "chain" in rule}
    assert policies == {"input": "drop", "forward": "drop", "output": "drop"}


def test_no_console_offers_a_login(site: Site) -> None:
    for unit in ("getty@tty1.service", "serial-getty@ttyS0.service", "ctrl-alt-del.target"):
        assert site.container.property(unit, "LoadState") == "masked", unit


def test_the_journal_is_in_memory(site: Site) -> None:
    assert site.container.run("sh", "-c", "ls /var/log/journal 2>/dev/null", check=False).stdout == ""
    assert site.container.run("sh", "-c", "ls /run/log/journal").stdout != ""


def test_there_is_no_compiler(site: Site) -> None:
    assert site.container.run("sh", "-c", "command -v gcc cc make", check=False).stdout == ""


def test_the_sandbox_is_on(site: Site) -> None:
    pid = site.container.property("kiosk.service", "MainPID")
    status = site.container.run("cat", f"/proc/{pid}/status").stdout
    found = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert (found["CapEff"].strip("0"), found["NoNewPrivs"], found["Seccomp"]) == ("", "1", "2")
    assert site.container.run("nsenter", "-t", pid, "-m", "touch", "/usr/x", check=False).returncode != 0
