"""How loud the buzzer is by day, by night, and in a silent night: whole histories of its pitch and duty cycle."""

import asyncio
import datetime as dt

from kiosk.feedback.fixtures import Tones
from kiosk.feedback.gpio import GpioLamps
from kiosk.feedback.player import Player
from kiosk.feedback.signals import Part
from kiosk.feedback.sound import Loudness
from kiosk.health import Health
from tests.support import desks
from tests.support.clock import FixedClock
from tests.support.pins import MockPins
from tests.support.virtual_time import VirtualTime, settle


class Loud:
    """A buzzer with tones on gpiozero's mock, and every change of its pitch and duty cycle, by milliseconds."""

    def __init__(self, loudness: Loudness, local: dt.datetime) -> None:
        pins = MockPins()
        self.history: list[tuple[int, float, float]] = []
        self.time = VirtualTime(local)
        self._buzzer = pins.factory().pin(18)
        self.player = Player(
            GpioLamps([Tones(18)], pins.factory),
            Health(FixedClock()),
            wait=self.time.wait,
            shown=self._shown,
            volume=lambda: loudness.at(self.time.now().utc.time()),
        )
        self.playing = asyncio.create_task(self.player.run())

    def _shown(self, _: frozenset[Part]) -> None:
        heard = self._buzzer.frequency, self._buzzer.state
        if not self.history or self.history[-1][1:] != heard:
            self.history.append((round(self.time.passed_s * 1000), *heard))

    async def stop(self) -> None:
        self.playing.cancel()
        await asyncio.wait({self.playing})


NIGHT = Loudness(day=100, night=50, night_from=dt.time(21), night_to=dt.time(7))
SILENT_NIGHT = Loudness(day=50, night=0, night_from=dt.time(21), night_to=dt.time(7))


async def heard_twice(loudness: Loudness) -> list[tuple[int, float, float]]:
    """The tones (by milliseconds, Hz and duty cycle) of a use at 20:59:50, and of another ten seconds later."""
    stage = Loud(loudness, dt.datetime(2026, 3, 14, 20, 59, 50, tzinfo=dt.UTC))
    await settle()
    await stage.player.announce(desks.recorded("one"))
    await stage.time.pass_(10)
    await stage.player.announce(desks.recorded("another"))
    await stage.time.pass_(10)
    await stage.stop()
    return stage.history


def tones(at_ms: int, duty: float) -> list[tuple[int, float, float]]:
    """What «recorded» sounds like when it begins at `at_ms`."""
    return [
        (at_ms + 80, 880, duty),
        (at_ms + 140, 1047, duty),
        (at_ms + 200, 1047, 0),
        (at_ms + 320, 1319, duty),
        (at_ms + 380, 1760, duty),
        (at_ms + 440, 1760, 0),
    ]


BEFORE = (0, 1000, 0)


async def test_by_day_a_tone_is_as_loud_as_a_piezo_can_be() -> None:
    assert await heard_twice(Loudness()) == [BEFORE, *tones(0, 0.5), *tones(10_000, 0.5)]


async def test_the_night_begins_between_two_cards_and_half_the_volume_is_a_quarter_of_the_duty() -> None:
    assert await heard_twice(NIGHT) == [BEFORE, *tones(0, 0.5), *tones(10_000, 0.125)]


async def test_in_a_silent_night_the_buzzer_is_not_driven() -> None:
    assert await heard_twice(SILENT_NIGHT) == [BEFORE, *tones(0, 0.125)]
