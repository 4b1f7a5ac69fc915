"""How long until the lamps show a new signal in place of the running one, beside a bare line of the kernel."""

from __future__ import annotations

import asyncio
import time

from bench.figures import Figure
from kiosk.cards.model import CardStatus
from kiosk.feedback.chip_pin import library
from kiosk.feedback.fixtures import Fixture, Lamp
from kiosk.feedback.gpio import GpioLamps
from kiosk.feedback.player import Player
from kiosk.feedback.signals import Part
from kiosk.health import Health
from tests.support import desks
from tests.support.clock import FixedClock
from tests.support.pins import KernelPins

SIGNALS = 200
PINS = {Part.RED: 17, Part.AMBER: 27, Part.GREEN: 22, Part.BUZZER: 24}
BARE_LINE = 10
MID_BLINK_S = 0.03


async def signal_figures(pins: KernelPins) -> list[Figure]:
    """Two figures: the floor, and the time from the news to its lamp on and the old one off, read from the kernel."""
    fixtures: list[Fixture] = [Lamp(part, pin) for part, pin in PINS.items()]
    player = Player(GpioLamps(fixtures, pins.factory), Health(FixedClock()))
    playing = asyncio.create_task(player.run())
    gpiod = library("gpiod")
    output = gpiod.LineSettings(direction=gpiod.line.Direction.OUTPUT)
    floor, took = [], []
    with gpiod.request_lines(pins.chip, consumer="bench", config={BARE_LINE: output}) as line:
        for position in range(SIGNALS):
            on = gpiod.line.Value(position % 2)
            start_ns = time.perf_counter_ns()
            line.set_value(BARE_LINE, on)
            while pins.level(BARE_LINE) is not bool(position % 2):
                pass
            floor.append((time.perf_counter_ns() - start_ns) / 1e6)
            await asyncio.sleep(MID_BLINK_S)  # the signal before is in the middle of its blinking
            refused = position % 2 == 0
            desk = desks.presented(f"p{position}", **({"card__status": CardStatus.BLOCKED} if refused else {}))
            start_ns = time.perf_counter_ns()
            await player.announce(desk)
            while (pins.level(PINS[Part.RED]), pins.level(PINS[Part.GREEN])) != (refused, not refused):
                pass
            took.append((time.perf_counter_ns() - start_ns) / 1e6)
    playing.cancel()
    await asyncio.wait({playing})
    return [
        Figure("floor: one bare line set, and its level read back", floor),
        Figure("a new signal in place of the running one", took, floor),
    ]
