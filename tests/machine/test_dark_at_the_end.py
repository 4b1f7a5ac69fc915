"""Whatever ends it, the kiosk switches its lamps off before it lets them go: a Pi 5 keeps a line's last level."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.kiosk import kiosk_environment, kiosk_program, running_kiosk
from tests.support.line_history import LineHistory, line_history
from tests.support.pins import LABEL, KernelPins, kernel_pins
from tests.support.register import ServingRegister, serving_register

RED, AMBER, GREEN, HEARD, BUZZER = LINES = (17, 27, 22, 23, 18)
LIMIT_S = 60
POLARITIES = pytest.mark.parametrize("active_high", [True, False], ids=["active-high", "active-low"])


def settings(active_high: bool) -> str:
    polarity = json.dumps(active_high)
    return f"""
[lamps]
kind = "gpio"
active_high = {polarity}
buzzer_active_high = {polarity}
[gpio]
chip = "{LABEL}"
"""


@pytest.fixture
def pins() -> Iterator[KernelPins]:
    with kernel_pins() as pins:
        yield pins


@pytest.fixture
def history(pins: KernelPins) -> Iterator[LineHistory]:
    with line_history(pins) as history:
        yield history


@contextmanager
def lamps_walked(folder: Path, *, active_high: bool) -> Iterator[subprocess.Popen[bytes]]:
    config = folder / "kiosk.toml"
    config.write_text(f"[kiosk]\nstate_dir = {json.dumps(str(folder / 'state'))}\n{settings(active_high)}")
    program = [*kiosk_program(), "doctor", "--config", str(config), "lamps"]
    with subprocess.Popen(program, env=kiosk_environment(), stdout=subprocess.DEVNULL) as walking:
        try:
            yield walking
        finally:
            walking.kill()


def last(history: LineHistory) -> dict[int, bool]:
    """The level that each line was given last."""
    return {pin: history.given(pin)[-1] for pin in LINES if history.given(pin)}


def lit_at(pins: KernelPins, pin: int, *, active_high: bool) -> bool:
    """Wait until the lamp is lit: its line is up, or for one that a low level switches on, was up and is down."""
    if active_high:
        return pins.seen_high(pin, LIMIT_S)
    # The lamp before it is off again, which is up.
    return pins.seen_high(RED, LIMIT_S) and pins.seen_high(AMBER, LIMIT_S)


@POLARITIES
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda by: by.name)
def test_the_walk_over_the_lamps_leaves_them_dark_whatever_ends_it(
    tmp_path: Path, pins: KernelPins, history: LineHistory, by: signal.Signals, active_high: bool
) -> None:
    with lamps_walked(tmp_path, active_high=active_high) as walking:
        assert lit_at(pins, AMBER, active_high=active_high)
        walking.send_signal(by)
        assert walking.wait(LIMIT_S) == 128 + by
    given = last(history)
    assert {RED, AMBER} <= given.keys()
    assert given == dict.fromkeys(given, not active_high)
    assert active_high in history.given(AMBER)


def test_a_walk_that_is_killed_leaves_its_lamp_lit_which_shows_that_the_history_can_tell(
    tmp_path: Path, pins: KernelPins, history: LineHistory
) -> None:
    with lamps_walked(tmp_path, active_high=True) as walking:
        assert pins.seen_high(AMBER, LIMIT_S)
        walking.kill()
        walking.wait(LIMIT_S)
    assert (last(history)[AMBER], pins.level(AMBER)) == (True, False)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[ServingRegister]:
    with serving_register(tmp_path / "register", seed=("--demo",)) as register:
        yield register


@POLARITIES
async def test_a_kiosk_that_is_stopped_switches_off_all_that_was_lit(
    tmp_path: Path, register: ServingRegister, pins: KernelPins, history: LineHistory, active_high: bool
) -> None:
    told = settings(active_high)
    async with running_kiosk(tmp_path / "kiosk", register.url, register.token(), settings=told) as kiosk:
        await kiosk.until(lambda heard: heard.surroundings.get("event"))
        await kiosk.show("DEMO-0001-AIKUINEN")
        before = last(history)
        assert await kiosk.stop() == 0
    assert before[GREEN] is active_high
    assert last(history) == dict.fromkeys(LINES, not active_high)
