"""The screen's own program asks each compositor to lay the picture as the inventory says."""

import os
import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "systemd" / "kiosk-screen"
FAKES = {
    "curl": "exit 0",
    "sway": 'grep ^output "$2"',
    "wlr-randr": 'echo "$@"',
    "browser": "exit 0",
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


def test_a_picture_that_is_not_turned_is_left_as_it_is(tmp_path: Path) -> None:
    assert said(tmp_path, "page", KIOSK_COMPOSITOR="cage", KIOSK_ROTATION="normal") == ""
