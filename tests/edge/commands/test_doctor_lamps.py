"""`kiosk doctor lamps`, on gpiozero's simulated pins and on the kernel's lines."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from kiosk.commands.doctor_lamps import walk_lamps
from kiosk.config import Config, parse
from kiosk.exits import Exit
from tests.support.pins import LABEL, kernel_pins

GPIO: Mapping[str, Any] = {"lamps": {"kind": "gpio"}, "gpio": {"chip": LABEL}}
SIGNALS = ["idle", "heard", "accepted", "ask", "refused", "recorded", "out-of-service"]
PARTS = ["red (GPIO 17)", "amber (GPIO 27)", "green (GPIO 22)", "heard (GPIO 23)", "buzzer (GPIO 18)"]
FOLLOWED = "switched on and off, and its line followed; you must have seen or heard it"


async def at_once(_: float) -> None:
    """A pause that nobody waits for."""


def lines(config: Mapping[str, Any], state_dir: object) -> Config:
    return parse({**config, "kiosk": {"state_dir": str(state_dir)}})


def told(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, str]], list[str]]:
    """The findings, and what was said on the way."""
    out, err = capsys.readouterr()
    return json.loads(out), err.splitlines()


def test_every_part_is_lit_by_itself_and_then_every_signal_is_shown(
    tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert walk_lamps(lines({"lamps": {"kind": "simulated"}}, tmp_path), as_json=True, pause=at_once) is Exit.OK
    findings, said = told(capsys)
    assert findings == [{"name": part, "state": "ok", "saw": FOLLOWED, "next": ""} for part in PARTS]
    assert said == [*PARTS, *SIGNALS]


def test_one_lamp_of_all_colours_shows_each_by_its_name(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    config = lines({"lamps": {"kind": "simulated", "colours": "rgb", "buzzer": "tones"}}, tmp_path)
    assert walk_lamps(config, as_json=True, pause=at_once) is Exit.OK
    findings, _ = told(capsys)
    lamp = "of the lamp (GPIO 17, 22, 24)"
    assert [each["name"] for each in findings] == [
        f"red {lamp}",
        f"amber {lamp}",
        f"green {lamp}",
        f"heard {lamp}",
        "buzzer (GPIO 18)",
    ]


def test_each_part_really_goes_on_and_off_and_all_is_dark_at_the_end(tmp_path: object) -> None:
    """The level is read from the other side of the wire while the walk pauses."""
    with kernel_pins() as pins:
        seen: list[list[int]] = []

        async def look(_: float) -> None:
            seen.append([pin for pin in (17, 27, 22, 23, 18) if pins.level(pin)])

        assert walk_lamps(lines(GPIO, tmp_path), as_json=True, pause=look) is Exit.OK
        assert seen[:5] == [[17], [27], [22], [23], [18]]
        assert [pin for pin in (17, 27, 22, 23, 18) if pins.level(pin)] == []


def test_a_dead_lamp_is_said_and_the_walk_goes_on_to_the_next(
    tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with kernel_pins() as pins:
        lamp = pins.factory().pin(27)
        lamp.output_with_state(False)
        assert walk_lamps(lines(GPIO, tmp_path), as_json=True, pause=at_once) is Exit.FAILED
        lamp.close()
    findings, said = told(capsys)
    assert [each["state"] for each in findings] == ["ok", "fail", "ok", "ok", "ok"]
    assert findings[1] == {
        "name": "amber (GPIO 27)",
        "state": "fail",
        "saw": "cannot be switched: amber (GPIO 27): another program holds the pin",
        "next": "`kiosk doctor` says who holds the line; see hw/wiring.md.",
    }
    assert said[-len(SIGNALS) :] == SIGNALS


def test_a_machine_without_a_chip_says_so_of_every_part(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("gpiod")
    config = lines({**GPIO, "gpio": {"chip": "no-such-chip"}}, tmp_path)
    assert walk_lamps(config, as_json=True, pause=at_once) is Exit.FAILED
    findings, _ = told(capsys)
    assert [(each["name"], each["state"]) for each in findings] == [(part, "fail") for part in PARTS]
    assert all("no GPIO chip no-such-chip" in each["saw"] for each in findings)


def test_no_lamps_at_all_is_said(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert walk_lamps(lines({}, tmp_path), as_json=False) is Exit.FAILED
    assert capsys.readouterr().out.splitlines()[0] == "FAIL  lamps  none are configured"
