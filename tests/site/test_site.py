"""A blank Debian becomes a kiosk, by looks that know nothing of the roles."""

import json
import re

import pytest

from tests.site.conftest import Site

NO_CAUSE_TO_LOAD = [
    "dccp", "sctp", "rds", "tipc", "firewire_core", "cramfs", "hfs", "hfsplus", "jffs2", "udf",
    "bluetooth", "btusb", "joydev", "usbmouse", "usbkbd",
]  # fmt: skip
"""Modules that a kiosk never needs; those of Bluetooth and of plain keyboards among them."""


def test_the_rehearsal_touches_nothing_and_ends_well(site: Site) -> None:
    assert (site.rehearsed.failed, site.touched) == (0, [])


def test_a_word_that_no_role_knows_is_refused_before_anything_is_done(site: Site) -> None:
    refused = site.desk.play("site.yml", check=False, display_rotate="90")
    assert (refused.failed, refused.changed) == (1, 0)
    assert "No role knows display_rotate" in " ".join(refused.text.split())


def test_a_second_run_changes_nothing(site: Site) -> None:
    assert site.first.changed > 0
    assert site.second.changed == 0, site.second.text[-4000:]


def test_it_notes_which_units_it_made_as_the_wheelhouse_asks_for_them(site: Site) -> None:
    asked = json.loads((site.wheelhouse / "release.json").read_text(encoding="utf-8"))["machine"]
    assert site.container.run("cat", "/etc/kiosk/machine").stdout == f"{asked}\n"


def test_it_looks_whether_the_kiosk_is_well_before_anybody_enrolled_it_and_after(site: Site) -> None:
    looked = re.compile(r"^TASK \[See that it can be asked, and still serves a moment later\] \**\nok: ", re.MULTILINE)
    assert [len(looked.findall(played.text)) for played in (site.first, site.second)] == [1, 1]


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


def test_the_register_is_let_out_to_whatever_its_port(site: Site) -> None:
    assert (
        f"tcp dport {site.register.port} accept"
        in site.container.run("nft", "list", "chain", "inet", "kiosk", "output").stdout
    )


def test_a_module_that_a_kiosk_never_needs_is_refused_by_name(site: Site) -> None:
    """A Pi has kmod from the beginning; this system has no modules, so that any other is just not found."""
    site.container.run("apt-get", "install", "-qy", "--no-install-recommends", "kmod", limit_s=120)
    tried = {
        module: site.container.run("modprobe", module, check=False).stderr for module in [*NO_CAUSE_TO_LOAD, "btrfs"]
    }
    refused = [module for module, said in tried.items() if f"install command '/bin/false' for module {module}" in said]
    assert (refused, "btrfs not found" in tried["btrfs"]) == (NO_CAUSE_TO_LOAD, True), tried


def test_keys_that_are_none_lock_nobody_out(site: Site) -> None:
    keys = site.container.run("cat", "/home/kioskadmin/.ssh/authorized_keys").stdout
    example = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleExam someone@example"
    refused = site.desk.play("site.yml", "--tags", "hardening", check=False, hardening_admin_keys=[example])
    assert refused.failed == 1
    assert site.container.run("cat", "/home/kioskadmin/.ssh/authorized_keys").stdout == keys


def test_every_keyboard_is_refused_that_no_scanner_of_the_configuration_is(site: Site) -> None:
    rules = site.container.run("cat", "/etc/udev/rules.d/59-kiosk-usb.rules").stdout
    assert [line for line in rules.splitlines() if not line.startswith("#")][-2:] == [
        'ATTR{authorized}="0"', 'LABEL="kiosk_usb_end"',
    ]  # fmt: skip
    assert "idVendor" not in rules  # this kiosk's scanner is no keyboard


def test_this_udev_understands_every_rule(site: Site) -> None:
    if int(site.container.run("udevadm", "--version").stdout) < 254:
        pytest.skip("this udev cannot verify rules: seen on Debian 13")
    found = site.container.run("sh", "-c", "ls /etc/udev/rules.d/*kiosk*").stdout.split()
    assert len(found) > 1
    site.container.run("udevadm", "verify", "--resolve-names=late", "--no-style", *found)


def test_security_updates_come_in_their_window_and_from_nowhere_else(site: Site) -> None:
    for timer in ("apt-daily.timer", "apt-daily-upgrade.timer"):
        assert re.search(r" 0(3:[345]|4:0)\d:", site.container.property(timer, "NextElapseUSecRealtime")), timer
        assert site.container.property(timer, "ActiveState") == "active"
    told = site.container.run("unattended-upgrade", "--dry-run", "--debug", limit_s=300).stdout
    (allowed,) = [line for line in told.splitlines() if line.startswith("Allowed origins are:")]
    assert set(re.findall(r"origin=([^,']+)", allowed)) == {"Debian", "Raspberry Pi Foundation"}
    assert "label=Debian-Security" in allowed
    assert 'Automatic-Reboot-Time "04:15"' in site.container.run("apt-config", "dump").stdout


def test_no_console_offers_a_login(site: Site) -> None:
    for unit in ("getty@tty1.service", "serial-getty@ttyS0.service", "ctrl-alt-del.target"):
        assert site.container.property(unit, "LoadState") == "masked", unit


def test_the_journal_is_in_memory(site: Site) -> None:
    assert site.container.run("sh", "-c", "ls /var/log/journal 2>/dev/null", check=False).stdout == ""
    assert site.container.run("sh", "-c", "ls /run/log/journal").stdout != ""


def test_it_was_made_without_a_compiler(site: Site) -> None:
    assert site.container.run("sh", "-c", "command -v gcc cc make", check=False).stdout == ""


def test_the_sandbox_is_on(site: Site) -> None:
    pid = site.container.property("kiosk.service", "MainPID")
    status = site.container.run("cat", f"/proc/{pid}/status").stdout
    found = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert (found["CapEff"].strip("0"), found["NoNewPrivs"], found["Seccomp"]) == ("", "1", "2")
    assert site.container.run("nsenter", "-t", pid, "-m", "touch", "/usr/x", check=False).returncode != 0
