"""`kiosk doctor buttons` on the kernel's lines, as a process that a hand answers."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.commands.doctor_buttons import try_buttons
from kiosk.config import parse
from kiosk.exits import Exit
from tests.support.kiosk import kiosk_environment, kiosk_program
from tests.support.pins import LABEL, kernel_pins

CONFIRM, CANCEL = 5, 6
LIMIT_S = 60
HAND_S = 0.2
"""How long a hand holds a button down: the speed of the thing, not a wait for somebody."""

WIRES = "Look at the wires from the pin through the button to ground (hw/wiring.md), and at buttons.pull_up."


@contextmanager
def asked(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    config = folder / "kiosk.toml"
    state = json.dumps(str(folder / "state"))
    config.write_text(f'[kiosk]\nstate_dir = {state}\n[buttons]\nkind = "gpio"\n[gpio]\nchip = "{LABEL}"\n')
    program = [*kiosk_program(), "doctor", "--config", str(config), "buttons", "--json", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, env=kiosk_environment(), stdout=pipe, stderr=pipe, text=True) as asking:
        try:
            yield asking
        finally:
            asking.kill()


def test_each_button_is_asked_for_and_pressed(tmp_path: Path) -> None:
    with kernel_pins() as pins, asked(tmp_path) as asking:
        assert asking.stderr is not None
        for name, pin in (("confirm", CONFIRM), ("cancel", CANCEL)):
            assert asking.stderr.readline() == f"Press {name} (GPIO {pin}) once, and let it go. Waiting 20 s.\n"
            pins.drive(pin, high=False)
            time.sleep(HAND_S)
            pins.drive(pin, high=True)
        answer, _ = asking.communicate(timeout=LIMIT_S)
    told = json.loads(answer)
    assert [each["name"] for each in told] == ["confirm button (GPIO 5)", "cancel button (GPIO 6)"]
    assert all(each["saw"].startswith("high at rest, low when pressed, ") for each in told)


def test_a_button_that_nobody_presses_and_one_that_another_program_has(tmp_path: Path) -> None:
    with kernel_pins() as pins:
        lamp = pins.factory().pin(CONFIRM)
        lamp.output_with_state(False)
        with asked(tmp_path, "--limit", "0.2") as asking:
            answer, _ = asking.communicate(timeout=LIMIT_S)
        lamp.close()
    assert asking.returncode == Exit.FAILED
    assert json.loads(answer) == [
        {
            "name": "confirm button (GPIO 5)",
            "state": "fail",
            "saw": "another program holds the pin",
            "next": "`kiosk doctor` says who holds the line.",
        },
        {
            "name": "cancel button (GPIO 6)",
            "state": "fail",
            "saw": "no press within 0.2 s; its level stayed high",
            "next": WIRES,
        },
    ]


def test_a_kiosk_without_buttons_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert try_buttons(parse({}), as_json=True) is Exit.FAILED
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["saw"], told["next"]) == (
        "none are configured",
        "Set buttons.kind to “gpio”; docs/technician.md says how.",
    )
