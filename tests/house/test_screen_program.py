"""The screen's own program asks each compositor to lay the picture as the inventory says."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "systemd" / "kiosk-screen"
POLICY = ROOT / "deploy" / "ansible" / "roles" / "display" / "templates" / "policy.json.j2"
FAKES = {
    "curl": "exit 0",
    "sway": 'grep ^output "$2"',
    "wlr-randr": 'echo "$@"',
    "browser": "exit 0",
    "cage": 'echo "$@"',
    "telling": 'echo "$@"',
}


def said(folder: Path, *words: str, **settings: str) -> str:
    """What the program tells the compositor, which is a fake, in `settings`."""
    programs = folder / "programs"
    programs.mkdir()
    for name, script in FAKES.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        (programs / name).chmod(0o755)
    found = {"PATH": f"{programs}:{os.environ['PATH']}", "RUNTIME_DIRECTORY": str(folder), "KIOSK_BROWSER": "browser"}
    done = subprocess.run(
        [PROGRAM, *words], env={**found, **settings}, capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout.strip()


@pytest.mark.parametrize("clockwise", ["90", "180", "270"])
def test_on_sway_the_picture_is_turned_clockwise(clockwise: str, tmp_path: Path) -> None:
    settings = {"KIOSK_COMPOSITOR": "sway", "KIOSK_ROTATION": clockwise}
    assert said(tmp_path, **settings) == f"output * transform {clockwise}"


@pytest.mark.parametrize(("clockwise", "transform"), [("90", "270"), ("180", "180"), ("270", "90")])
def test_on_cage_too_though_wayland_counts_the_other_way_round(clockwise: str, transform: str, tmp_path: Path) -> None:
    settings = {"KIOSK_COMPOSITOR": "cage", "KIOSK_ROTATION": clockwise, "KIOSK_OUTPUT": "HDMI-A-1"}
    assert said(tmp_path, "page", **settings) == f"--output HDMI-A-1 --transform {transform}"


def test_the_browser_offers_nothing_but_the_page_and_tells_of_no_crash(tmp_path: Path) -> None:
    crashed = tmp_path / "profile" / "Default" / "Preferences"
    crashed.parent.mkdir(parents=True)
    crashed.write_text('{"profile": {"exit_type": "Crashed"}}', encoding="ascii")
    words = said(tmp_path, "page", KIOSK_BROWSER="telling").split()
    assert {
        "--kiosk",
        "--force-app-mode",
        "--app=http://127.0.0.1:8080/",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-session-crashed-bubble",
        "--hide-crash-restore-bubble",
        "--noerrdialogs",
        "--disable-infobars",
        "--disable-pinch",
        "--overscroll-history-navigation=0",
        f"--user-data-dir={tmp_path}/profile",
    } <= set(words)
    assert not crashed.exists()


def test_no_key_leaves_cage_for_another_console(tmp_path: Path) -> None:
    """Its -s would let Ctrl, Alt and a function key through."""
    assert said(tmp_path, KIOSK_COMPOSITOR="cage") == f"-d -- {PROGRAM} page"


def test_nor_sway_and_no_key_is_bound_to_anything(tmp_path: Path) -> None:
    settings = PROGRAM.with_name("kiosk-screen.sway").read_text(encoding="utf-8").splitlines()
    assert "input type:keyboard xkb_options srvrkeys:none" in settings
    assert [line for line in settings if line.startswith(("bind", "mode", "bar"))] == []


def test_neither_a_dialog_of_files_nor_another_person_is_offered_by_the_browser() -> None:
    rules = json.loads(re.sub(r"\{\{.*?\}\}", "the page", POLICY.read_text(encoding="utf-8")))
    wanted = {
        "AllowFileSelectionDialogs": False,
        "BrowserAddPersonEnabled": False,
        "BrowserGuestModeEnabled": False,
        "DeveloperToolsAvailability": 2,
        "DownloadRestrictions": 3,
        "PrintingEnabled": False,
        "TaskManagerEndProcessEnabled": False,
        "URLBlocklist": ["*", "chrome://*"],
    }
    assert {name: rules.get(name) for name in wanted} == wanted


def test_a_picture_that_is_not_turned_is_left_as_it_is(tmp_path: Path) -> None:
    assert said(tmp_path, "page", KIOSK_COMPOSITOR="cage", KIOSK_ROTATION="normal") == ""
