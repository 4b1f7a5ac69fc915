"""Recording what a scanner types, from a keyboard that behaves as evdev's does."""

import asyncio

import pytest

from kiosk.errors import DeviceError
from kiosk.scanners.hid import EV_KEY
from kiosk.scanners.recording import Recording, record_keys
from tests.support.fake_keyboard import ENTER, KEY_1, LOST, REPORT, UNPLUGGED, Event, FakeKeyboard

AUTOREPEAT_S = 0.03
HELD_DOWN = Event(EV_KEY, KEY_1, 2)


async def test_all_keys_to_the_pause_are_recorded_and_the_keyboard_is_given_back() -> None:
    keyboard = FakeKeyboard()
    keyboard.type(KEY_1, ENTER)
    recording = await record_keys(keyboard, limit_s=10, settle_s=0.01)
    assert recording == Recording(((KEY_1, 1), (KEY_1, 0), (ENTER, 1), (ENTER, 0)), lost=False)
    assert keyboard.did == ["ungrab", "close"]
    assert str(KEY_1) not in repr(recording)


async def test_nothing_in_time_is_an_empty_recording() -> None:
    assert await record_keys(FakeKeyboard(), limit_s=0) == Recording((), lost=False)


async def test_lost_keys_are_told() -> None:
    keyboard = FakeKeyboard()
    keyboard.send(LOST)
    assert await record_keys(keyboard, limit_s=10, settle_s=0.01) == Recording((), lost=True)


async def test_unplugged_meanwhile_is_an_error_in_words() -> None:
    keyboard = FakeKeyboard()
    keyboard.type(KEY_1)
    keyboard.send(UNPLUGGED)
    with pytest.raises(DeviceError, match="the scanner is gone"):
        await record_keys(keyboard, limit_s=10)
    assert keyboard.did == ["gone", "ungrab", "close"]


async def test_a_key_that_is_stuck_ends_the_recording() -> None:
    keyboard = FakeKeyboard(endless=True)
    async with asyncio.timeout(20):
        recording = await record_keys(keyboard, limit_s=10)
    assert (len(recording.keys), EV_KEY) == (20_000, 1)


async def test_a_key_that_is_held_down_and_repeated_does_not_keep_the_recording_from_its_end() -> None:
    keyboard = FakeKeyboard()
    keyboard.type(KEY_1)
    repeating = asyncio.create_task(_repeat(keyboard))
    async with asyncio.timeout(10):
        recording = await record_keys(keyboard, limit_s=10, settle_s=0.1)
    repeating.cancel()
    assert recording.keys[:2] == ((KEY_1, 1), (KEY_1, 0))
    assert set(recording.keys[2:]) == {(KEY_1, 2)}


async def test_what_is_no_key_does_not_make_it_wait_longer() -> None:
    keyboard = FakeKeyboard()
    reporting = asyncio.create_task(_repeat(keyboard, REPORT))
    async with asyncio.timeout(10):
        recording = await record_keys(keyboard, limit_s=0.1)
    reporting.cancel()
    assert recording == Recording((), lost=False)


async def _repeat(keyboard: FakeKeyboard, event: Event = HELD_DOWN) -> None:
    while True:
        keyboard.send(event)
        await asyncio.sleep(AUTOREPEAT_S)  # this is the pace of the device, not a wait for somebody
