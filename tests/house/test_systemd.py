"""The units are understood by systemd, and the desk's own service is as closed as it says."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.clock import STANDING_FILE

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
STORAGE = ROOT / "deploy" / "ansible" / "roles" / "storage"
STICK = "KIOSKCOPY"
MOST_EXPOSURE = 15  # tenths
INSTALLED = re.compile(r"/opt/kiosk/current/bin/kiosk|/usr/local/lib/kiosk/[a-z-]+")

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")


def units() -> list[Path]:
    return sorted(path for path in UNITS.iterdir() if path.suffix in {".service", ".timer", ".mount"})


def system_version() -> int:
    told = subprocess.run(["systemd-analyze", "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.split()[1])


def laid_out(folder: Path) -> list[Path]:
    """The units as an installed kiosk has them, with programs that are there; those for a newer systemd left out."""
    for unit in units():
        (folder / unit.name).write_text(INSTALLED.sub("/bin/true", unit.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "kiosk.service.d").mkdir()
    for extra in (UNITS / "optional").glob("*.conf"):
        if extra.name != "restart-steps.conf" or system_version() >= 254:
            shutil.copy(extra, folder / "kiosk.service.d")
    return sorted(path for path in folder.iterdir() if path.is_file())


@needs_systemd
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    made = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=one", "--man=no", *laid_out(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in made.stderr.splitlines() if "kiosk" in line or str(tmp_path) in line]
    assert (ours, made.returncode) == ([], 0)


@needs_systemd
def test_the_desk_is_exposed_as_little_as_can_be() -> None:
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSURE}", UNITS / "kiosk.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout


@needs_systemd
def test_nor_is_it_with_all_that_a_configuration_may_ask_for(tmp_path: Path) -> None:
    further = [extra.read_text(encoding="utf-8") for extra in sorted((UNITS / "optional").glob("*.conf"))]
    unit = tmp_path / "kiosk.service"
    unit.write_text("\n".join([(UNITS / "kiosk.service").read_text(encoding="utf-8"), *further]), encoding="utf-8")
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSURE}", str(unit)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, len(further) > 3) == (0, True), told.stdout


@needs_systemd
def test_every_switch_that_is_not_used_is_explained() -> None:
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", UNITS / "kiosk.service"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    unused = {match[1] for match in re.finditer(r"^✗ ([A-Za-z]+)=", told, flags=re.MULTILINE)}
    comments = "\n".join(
        line for line in (UNITS / "kiosk.service").read_text(encoding="utf-8").splitlines() if line.startswith("#")
    )
    named = {"RootDirectory", "PrivateDevices", "PrivateNetwork", "ProcSubset"}
    assert named <= unused, "systemd-analyze writes its table in another way"
    assert [switch for switch in sorted(unused) if switch not in comments] == []


def test_a_kiosk_that_keeps_failing_is_never_given_up() -> None:
    text = (UNITS / "kiosk.service").read_text(encoding="utf-8")
    assert {"Restart=always", "StartLimitIntervalSec=0", "Type=notify"} <= set(text.splitlines())


def test_what_the_screen_runs_is_in_this_folder() -> None:
    wanted = {
        Path(found).name
        for unit in units()
        for found in re.findall(
            r"^ExecStart=(/usr/local/lib/kiosk/\S+)", unit.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert wanted
    assert [name for name in sorted(wanted) if not (UNITS / name).stat().st_mode & 0o111] == []


def test_the_desk_may_note_how_the_clock_stands_in_a_folder_that_outlives_it() -> None:
    folder = STANDING_FILE.parent
    unit = (UNITS / "kiosk.service").read_text(encoding="utf-8").splitlines()
    made = (UNITS / "tmpfiles.d" / "kiosk.conf").read_text(encoding="utf-8").splitlines()
    assert f"d {folder} 0755 kiosk kiosk -" in made
    assert f"ReadWritePaths=-{folder}" in unit
    assert f"RuntimeDirectory={folder.name}" not in unit


@needs_systemd
def test_the_stick_for_copies_is_mounted_when_its_device_comes(tmp_path: Path) -> None:
    """The link that systemd makes of the unit lies under the very name that it gives the stick's device."""
    escape = ["systemd-escape", "--path", "--suffix=device"]
    device = subprocess.run([*escape, f"/dev/disk/by-label/{STICK}"], capture_output=True, text=True, check=True)
    mount = r"srv-kiosk\x2dcopies.mount"
    system = tmp_path / "etc" / "systemd" / "system"
    system.mkdir(parents=True)
    shutil.copy(STORAGE / "templates" / "srv-kiosk-copies.mount.j2", system / mount)
    subprocess.run(["systemctl", f"--root={tmp_path}", "enable", mount], capture_output=True, check=False)
    links = [path.relative_to(system) for path in system.rglob("*") if path.is_symlink()]
    assert links == [Path(f"{device.stdout.strip()}.wants") / mount]


def test_no_rule_of_the_kiosks_looks_at_what_a_later_one_finds_out() -> None:
    """`60-kiosk` is read before `60-persistent-storage` (labels) and `70-power-switch` (tags)."""
    rules = (UNITS / "udev" / "60-kiosk.rules").read_text(encoding="utf-8").splitlines()
    assert [rule for rule in rules if re.search(r"^[^#].*(ID_FS_|power-switch)", rule)] == []
