"""Buttons on pins, pressed from the other side of the wire."""

import asyncio
import select
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from gpiozero import DigitalOutputDevice

from kiosk.feedback.buttons import PART, STUCK, Buttons, ButtonWiring, Press
from kiosk.feedback.chip_pin import Lost
from kiosk.feedback.gpiochip import ChipPins, watched_by_the_loop
from kiosk.health import Health
from tests.support.clock import FixedClock
from tests.support.pins import Pins, kernel_pins, pins_of

CONFIRM, CANCEL = 5, 6
WIRING = ButtonWiring({Press.CONFIRM: CONFIRM, Press.CANCEL: CANCEL}, bounce_s=0)
LIMIT_S = 10


@pytest.fixture(params=["mock", "kernel"])
def pins(request: pytest.FixtureRequest) -> Iterator[Pins]:
    with pins_of(request.param) as pins:
        yield pins


class Hand:
    """Presses, and what the desk was told."""

    def __init__(self, pins: Pins, wiring: ButtonWiring, factory: Callable[[Lost], Any]) -> None:
        self._pins = pins
        self._told: asyncio.Queue[tuple[Press, int]] = asyncio.Queue()
        self.free = asyncio.Event()
        self.free.set()
        self.now_s = 5.0
        self.made = asyncio.Event()
        self.health = Health(FixedClock())
        self._changed = asyncio.Event()
        self.health.watch(self._changed.set)
        self.retry = asyncio.Event()
        self.waiting = asyncio.Event()
        self.buttons = Buttons(
            wiring, self._pressed, self.health, factory=factory, pause=self._pause, now_s=self._now_s
        )

    async def _pressed(self, press: Press, waited_ms: int) -> None:
        self._told.put_nowait((press, waited_ms))
        await self.free.wait()

    def _now_s(self) -> float:
        self.made.set()
        return self.now_s

    async def _pause(self, _: float) -> None:
        self.waiting.set()
        await self.retry.wait()

    def push(self, pin: int, *, up: bool = False) -> None:
        self._pins.drive(pin, high=up)

    async def pushed(self, pin: int) -> None:
        """Press, and hold until it was noticed: the kernel reads the level a moment after the edge."""
        self.made.clear()
        self.push(pin)
        async with asyncio.timeout(LIMIT_S):
            await self.made.wait()

    def let_go(self, pin: int, *, up: bool = False) -> None:
        self._pins.drive(pin, high=not up)

    async def released(self, pin: int) -> None:
        """Let go, and wait until it was noticed."""
        self.made.clear()
        self.let_go(pin)
        async with asyncio.timeout(LIMIT_S):
            await self.made.wait()

    async def told(self) -> Press:
        press, _ = await self.told_and_waited_ms()
        return press

    async def told_and_waited_ms(self) -> tuple[Press, int]:
        async with asyncio.timeout(LIMIT_S):
            return await self._told.get()

    def told_nothing_more(self) -> bool:
        return self._told.empty()

    async def until_health(self, *, ok: bool) -> None:
        async with asyncio.timeout(LIMIT_S):
            while PART not in self.health.parts() or self.health.parts()[PART].ok != ok:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def hand_on(
    pins: Pins, wiring: ButtonWiring = WIRING, *, ready: bool = True, factory: Callable[[Lost], Any] | None = None
) -> AsyncIterator[Hand]:
    hand = Hand(pins, wiring, factory or pins.factory)
    serving = asyncio.create_task(hand.buttons.run())
    try:
        if ready:
            await hand.until_health(ok=True)
        yield hand
    finally:
        serving.cancel()
        await asyncio.wait({serving})


async def test_each_button_says_what_it_means(pins: Pins) -> None:
    async with hand_on(pins) as hand:
        hand.push(CANCEL)
        told = [await hand.told()]
        hand.push(CONFIRM)
        told.append(await hand.told())
    assert told == [Press.CANCEL, Press.CONFIRM]


async def test_a_button_that_is_held_is_one_press_and_letting_it_go_is_none(pins: Pins) -> None:
    async with hand_on(pins) as hand:
        hand.push(CONFIRM)
        told = [await hand.told()]
        hand.let_go(CONFIRM)
        hand.push(CANCEL)
        told.append(await hand.told())
    assert told == [Press.CONFIRM, Press.CANCEL]


async def test_a_short_press_counts_when_it_ends_and_a_long_one_is_another_where_that_is_wanted(pins: Pins) -> None:
    async with hand_on(pins, replace(WIRING, hold_s=30)) as hand:
        told = []
        for pin in (CANCEL, CONFIRM):
            await hand.pushed(pin)
            hand.let_go(pin)
            told.append(await hand.told())
    assert told == [Press.CANCEL, Press.CONFIRM]
    async with hand_on(pins, replace(WIRING, hold_s=30)) as hand:
        for pin in (CONFIRM, CANCEL):
            await hand.pushed(pin)
            hand.now_s += 30
            hand.let_go(pin)
            told.append(await hand.told())
    assert told[2:] == [Press.CONFIRM_HELD, Press.CANCEL_HELD]


async def test_two_buttons_that_are_held_together_are_one_press_which_counts_before_it_ends(pins: Pins) -> None:
    async with hand_on(pins, replace(WIRING, hold_s=0.4)) as hand:
        await hand.pushed(CONFIRM)
        hand.push(CANCEL)
        told = [await hand.told()]
        for pin in (CANCEL, CONFIRM):
            await hand.released(pin)
        await hand.pushed(CANCEL)
        hand.let_go(CANCEL)
        told.append(await hand.told())
    assert told == [Press.BOTH_HELD, Press.CANCEL]


async def test_two_buttons_that_are_let_go_of_too_soon_are_no_press_at_all(pins: Pins) -> None:
    """A visitor would be let in by hands that meant the lock."""
    async with hand_on(pins, replace(WIRING, hold_s=30)) as hand:
        for first, second in ((CONFIRM, CANCEL), (CANCEL, CONFIRM)):
            await hand.pushed(first)
            await hand.pushed(second)
            await hand.released(first)
            await hand.released(second)
        assert hand.told_nothing_more()
        await hand.pushed(CANCEL)
        hand.let_go(CANCEL)
        assert await hand.told() is Press.CANCEL
        assert hand.told_nothing_more()


async def test_after_two_were_down_together_nothing_counts_until_both_are_up(pins: Pins) -> None:
    """A thumb that slips off and comes back must let nobody in."""
    async with hand_on(pins, replace(WIRING, hold_s=30)) as hand:
        await hand.pushed(CANCEL)
        for _ in range(2):
            await hand.pushed(CONFIRM)
            await hand.released(CONFIRM)
        await hand.pushed(CONFIRM)
        hand.now_s += 40
        await hand.released(CONFIRM)
        await hand.released(CANCEL)
        await hand.pushed(CANCEL)
        hand.let_go(CANCEL)
        assert await hand.told() is Press.CANCEL
        assert hand.told_nothing_more()


async def test_a_press_while_the_other_is_still_down_after_it_has_counted_is_never_itself(pins: Pins) -> None:
    async with hand_on(pins, replace(WIRING, hold_s=0.02)) as hand:
        await hand.pushed(CONFIRM)
        told = [await hand.told()]
        await hand.pushed(CANCEL)
        await hand.released(CANCEL)
        await hand.released(CONFIRM)
        hand.push(CANCEL)
        told.append(await hand.told())
        assert hand.told_nothing_more()
    assert told == [Press.CONFIRM_HELD_LONG, Press.CANCEL_HELD_LONG]


async def test_a_button_that_no_hand_would_hold_so_long_keeps_the_other_from_nothing(pins: Pins) -> None:
    """That it came up was never heard, or its spring is stuck."""
    async with hand_on(pins, replace(WIRING, hold_s=30)) as hand:
        await hand.pushed(CONFIRM)
        await hand.pushed(CANCEL)
        await hand.released(CANCEL)
        hand.now_s += STUCK * 30
        await hand.pushed(CANCEL)
        hand.let_go(CANCEL)
        assert await hand.told() is Press.CANCEL
        assert hand.told_nothing_more()


async def test_a_press_of_twice_that_length_is_one_more_and_counts_before_it_ends(pins: Pins) -> None:
    async with hand_on(pins, replace(WIRING, hold_s=0.02)) as hand:
        hand.push(CONFIRM)
        told = [await hand.told()]
        await hand.released(CONFIRM)  # of two lines that change at one instant gpio-sim stamps the lower first
        hand.push(CANCEL)
        told.append(await hand.told())
        await hand.released(CANCEL)
        hand.push(CONFIRM)
        told.append(await hand.told())
    assert told == [Press.CONFIRM_HELD_LONG, Press.CANCEL_HELD_LONG, Press.CONFIRM_HELD_LONG]


async def test_a_press_that_waited_for_the_one_before_says_how_long(pins: Pins) -> None:
    """So that the second of two quick presses does not confirm the next visitor's card."""
    async with hand_on(pins) as hand:
        hand.free.clear()
        hand.push(CONFIRM)
        told = [await hand.told_and_waited_ms()]
        hand.made.clear()
        hand.push(CANCEL)
        async with asyncio.timeout(LIMIT_S):
            await hand.made.wait()
        hand.now_s = 7.5
        hand.free.set()
        told.append(await hand.told_and_waited_ms())
    assert told == [(Press.CONFIRM, 0), (Press.CANCEL, 2500)]


async def test_a_press_to_three_volts_when_the_wiring_says_so(pins: Pins) -> None:
    async with hand_on(pins, ButtonWiring({Press.CONFIRM: CONFIRM}, pull_up=False, bounce_s=0)) as hand:
        hand.push(CONFIRM, up=True)
        assert await hand.told() is Press.CONFIRM


async def test_a_spring_that_bounces_is_no_press_and_a_hand_that_stays_is_one() -> None:
    """Only the kernel waits out a bounce: each short touch is over before its time, the long one stays."""
    with kernel_pins() as pins:
        wiring = ButtonWiring({Press.CONFIRM: CONFIRM, Press.CANCEL: CANCEL}, bounce_s=0.2)
        async with hand_on(pins, wiring) as hand:
            for _ in range(20):
                hand.push(CONFIRM)
                hand.let_go(CONFIRM)
            hand.push(CANCEL)
            assert await hand.told() is Press.CANCEL
            assert hand.told_nothing_more()


async def test_buttons_that_another_holds_are_said_and_had_when_they_are_free(pins: Pins) -> None:
    holder = DigitalOutputDevice(CANCEL, pin_factory=pins.factory())
    async with hand_on(pins, ready=False) as hand:
        await hand.until_health(ok=False)
        why = hand.health.parts()[PART].why
        holder.close()
        await hand.waiting.wait()
        hand.retry.set()
        await hand.until_health(ok=True)
        hand.push(CANCEL)
        assert await hand.told() is Press.CANCEL
    assert why is not None
    assert why.startswith("cancel (GPIO 6) cannot be used: ")


async def test_a_chip_that_is_pulled_out_is_said_and_had_again_when_it_is_back() -> None:
    """Its descriptor stays readable for ever: read on and on, it would keep the desk from its work."""
    watched = []

    def watch(descriptor: int, readable: Callable[[], None]) -> Callable[[], None]:
        watched.append(descriptor)
        return watched_by_the_loop(descriptor, readable)

    with kernel_pins() as pins:
        wiring = ButtonWiring({Press.CANCEL: CANCEL}, bounce_s=0)
        async with hand_on(pins, wiring, factory=lambda lost: ChipPins(pins.chip, watch=watch, lost=lost)) as hand:
            hand.push(CANCEL)
            # On purpose without a turn of the loop: the kernel has the edge to tell, and then no chip to ask for it.
            edge = select.poll()
            edge.register(watched[0], select.POLLIN)
            assert edge.poll(LIMIT_S * 1000)
            pins.pull_out()
            await hand.until_health(ok=False)
            why = hand.health.parts()[PART].why
            await hand.waiting.wait()
            pins.plug_in()
            hand.retry.set()
            await hand.until_health(ok=True)
            hand.push(CANCEL)
            told = await hand.told()
    assert (why, told) == ("the GPIO chip is gone (No such device)", Press.CANCEL)


async def test_the_pins_are_free_at_the_end(pins: Pins) -> None:
    async with hand_on(pins):
        pass
    with DigitalOutputDevice(CONFIRM, pin_factory=pins.factory()) as lamp:
        lamp.on()
        assert pins.level(CONFIRM)
