"""What hangs on the machine, as the configuration names it."""

import datetime as dt
from typing import Any

import pytest

from kiosk.config import parse
from kiosk.devices import buttons_of, fixtures_of, lamps_of, loudness_of
from kiosk.feedback.buttons import Press
from kiosk.feedback.fixtures import Fixture, Lamp, ThreeColours, Tones
from kiosk.feedback.signals import Part
from kiosk.feedback.silent import NoLamps
from kiosk.feedback.sound import Loudness
from kiosk.health import Health
from tests.support.clock import FixedClock

PLAIN_LAMPS = [Lamp(Part.RED, 17), Lamp(Part.AMBER, 27), Lamp(Part.GREEN, 22), Lamp(Part.HEARD, 23)]


@pytest.mark.parametrize(
    ("lamps", "fixtures"),
    [
        pytest.param({}, [*PLAIN_LAMPS, Lamp(Part.BUZZER, 18)], id="the pins of the wiring guide"),
        pytest.param(
            {"heard_pin": False, "active_high": False, "buzzer": "tones"},
            [*(Lamp(lamp.part, lamp.pin, active_high=False) for lamp in PLAIN_LAMPS[:3]), Tones(18)],
            id="no lamp for heard, all on low levels, a buzzer with tones",
        ),
        pytest.param(
            {"colours": "rgb", "buzzer_pin": False},
            [ThreeColours((17, 22, 24))],
            id="one lamp of all colours, no buzzer",
        ),
    ],
)
def test_each_wiring_has_its_fixtures(lamps: dict[str, Any], fixtures: list[Fixture]) -> None:
    assert fixtures_of(parse({"lamps": {"kind": "gpio", **lamps}}).lamps) == fixtures


def test_a_kiosk_without_lamps_touches_no_pin() -> None:
    assert isinstance(lamps_of(parse({})), NoLamps)


def test_the_night_is_read_from_the_configuration() -> None:
    sound = {"volume": 70, "night_volume": 0, "night_from": "21:30", "night_to": "7:00"}
    assert loudness_of(parse({"sound": sound})) == Loudness(70, 0, dt.time(21, 30), dt.time(7))
    assert loudness_of(parse({})) == Loudness(100, 20, None, None)


async def _nobody(_press: Press, _at_ms: int) -> None:
    raise AssertionError("nothing was pressed")


@pytest.mark.parametrize(
    ("buttons", "services"),
    [({}, []), ({"kind": "gpio"}, ["buttons"]), ({"kind": "gpio", "confirm_pin": False, "cancel_pin": False}, [])],
)
def test_buttons_are_served_where_there_are_any(buttons: dict[str, Any], services: list[str]) -> None:
    assert list(buttons_of(parse({"buttons": buttons}), _nobody, Health(FixedClock()))) == services
