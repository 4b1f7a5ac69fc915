"""A scanner that is in the middle of a code when the kiosk begins to read it: the tail of a number is no number."""

import asyncio

import pytest

from kiosk.scanners.assembler import KeyAssembler
from kiosk.scanners.hid import EV_KEY, SILENCE_S
from kiosk.scanners.keymap import CAPS_LOCK, LEFT_ALT, LEFT_SHIFT, TAB, US
from tests.support.fake_keyboard import ENTER, KEY_1, KEY_7, UNPLUGGED, Event, FakeKeyboard
from tests.support.stalled_loop import Stalled
from tests.unit.scanners.test_hid import NAME, Bench
from tests.unit.scanners.test_keys import KEY_A, KEYPAD, UP, press

AUTOREPEAT_S = 0.03
"""The kernel repeats a held key so often."""


def begun(*keys: tuple[int, int], holding: tuple[int, ...] = ()) -> tuple[KeyAssembler, list[str]]:
    """An assembler that began in the middle of `keys`, and the codes in these."""
    assembler = KeyAssembler(US)
    assembler.begin(holding)
    return assembler, [code for key, value in keys if (code := assembler.feed(key, value)) is not None]


@pytest.mark.parametrize("end", [ENTER, TAB])
def test_the_tail_of_a_code_is_a_reading_of_nothing_and_the_next_code_is_whole(end: int) -> None:
    assembler, codes = begun(*press(KEY_1, KEY_7, end, KEY_7, KEY_1, end))
    assert (codes, assembler.thrown_away(), assembler.thrown_away()) == (["", "71"], 2, 0)


def test_a_tail_that_has_no_end_ends_with_silence() -> None:
    assembler, codes = begun(*press(KEY_1, KEY_7))
    assert (codes, assembler.torn, assembler.silence(), assembler.torn) == ([], True, "", False)


def test_a_scanner_that_is_silent_was_in_no_code_and_nothing_is_said() -> None:
    assembler, _ = begun()
    assert (assembler.unfinished, assembler.silence(), assembler.unfinished, assembler.thrown_away()) == (
        True,
        None,
        False,
        0,
    )


def test_the_end_alone_of_a_code_is_no_reading() -> None:
    assert begun(*press(ENTER, KEY_7, ENTER))[1] == ["7"]


def test_a_key_that_was_down_already_types_nothing_when_it_is_repeated_or_let_go() -> None:
    assert begun((KEY_1, 2), (KEY_1, UP), *press(ENTER, KEY_7, ENTER), holding=(KEY_1,))[1] == ["7"]


def test_a_shift_that_was_down_already_counts_until_it_is_let_go() -> None:
    keys = [*press(KEY_7, ENTER, KEY_A), (LEFT_SHIFT, UP), *press(KEY_A, ENTER)]
    assert begun(*keys, holding=(LEFT_SHIFT,))[1] == ["", "Aa"]


def test_an_alt_code_that_was_under_way_is_a_part_of_the_tail() -> None:
    keys = [*press(KEYPAD["5"]), (LEFT_ALT, UP), *press(ENTER, KEY_7, ENTER)]
    assembler, codes = begun(*keys, holding=(LEFT_ALT,))
    assert (codes, assembler.thrown_away()) == (["", "7"], 1)


def test_the_second_press_of_a_caps_lock_does_not_turn_the_letters_of_all_later_codes() -> None:
    assert begun(*press(KEY_A, CAPS_LOCK, ENTER, KEY_A, ENTER))[1] == ["", "a"]


def test_nor_does_one_of_which_the_kernel_lost_the_second_press() -> None:
    assembler = KeyAssembler(US)
    for key, value in press(CAPS_LOCK, KEY_A):
        assembler.feed(key, value)
    assembler.lose_keys()
    codes = [assembler.feed(key, value) for key, value in press(KEY_A, ENTER, KEY_A, ENTER)]
    assert [code for code in codes if code is not None] == ["", "a"]


def test_what_was_thrown_away_when_keys_were_lost_twice_is_counted_once() -> None:
    assembler, _ = begun(*press(KEY_1, KEY_7))
    assert assembler.lose_keys() == 2
    for key, value in press(KEY_1, ENTER):
        assembler.feed(key, value)
    assert assembler.thrown_away() == 1


async def test_a_scanner_that_is_typing_when_it_is_grabbed_hands_over_whole_codes_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keyboard = FakeKeyboard(held=[LEFT_SHIFT])
    keyboard.send(Event(EV_KEY, LEFT_SHIFT, 0))
    keyboard.type(KEY_1, KEY_7, ENTER, KEY_7, KEY_7, ENTER)
    bench = Bench(keyboard)
    assert [await bench.read(), await bench.read()] == ["", "77"]
    assert f"{NAME}: a code was not read from its beginning; 2 characters thrown away" in caplog.text
    await bench.stop()


async def test_so_does_one_that_types_while_it_is_plugged_in_again() -> None:
    first, second = FakeKeyboard(), FakeKeyboard()
    first.send(UNPLUGGED)
    second.type(KEY_1, KEY_7, ENTER, KEY_7, ENTER)
    bench = Bench(first, second)
    assert [await bench.read(), await bench.read()] == ["", "7"]
    await bench.stop()


async def test_a_tail_whose_scanner_is_unplugged_is_counted() -> None:
    keyboard = FakeKeyboard()
    keyboard.type(KEY_1, KEY_7)
    keyboard.send(UNPLUGGED)
    bench = Bench(keyboard)
    await bench.until(ok=False)
    assert "2 characters of an unfinished code were thrown away" in bench.health.parts()[NAME].why
    await bench.stop()


async def test_a_key_that_is_held_down_and_repeated_does_not_keep_a_code_from_its_end() -> None:
    keyboard = FakeKeyboard()
    bench = Bench(keyboard)
    await bench.until(ok=True)
    keyboard.type(KEY_1, KEY_7)
    repeating = asyncio.create_task(_repeat(keyboard))
    assert await bench.read() == "17"
    repeating.cancel()
    await bench.stop()


async def _repeat(keyboard: FakeKeyboard) -> None:
    while True:
        keyboard.send(Event(EV_KEY, KEY_7, 2))
        await asyncio.sleep(AUTOREPEAT_S)  # this is the pace of the device, not a wait for somebody


def test_the_first_card_after_a_start_that_took_long_is_read_whole() -> None:
    async def read_late(loop: Stalled) -> str:
        keyboard = FakeKeyboard()
        bench = Bench(keyboard)
        await keyboard.grabbed.wait()
        keyboard.type(KEY_1, KEY_7, ENTER, after_s=2 * SILENCE_S)
        loop.late_s += 1
        code = await bench.read()
        await bench.stop()
        return code

    loop = Stalled()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(read_late(loop)) == "17"


def test_a_code_is_not_torn_in_two_by_a_loop_that_was_busy() -> None:
    async def read_with_a_leap(loop: Stalled) -> str:
        keyboard = FakeKeyboard()
        bench = Bench(keyboard)
        await bench.until(ok=True)
        keyboard.type(KEY_1)
        await keyboard.events.join()
        loop.late_s += 1
        keyboard.type(KEY_7, ENTER)
        code = await bench.read()
        await bench.stop()
        return code

    loop = Stalled()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(read_with_a_leap(loop)) == "17"
