"""The HID scanner on the kernel's own input devices, made through uinput.

Where this machine's kernel has none, `./dev machine` runs these on one that has.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.errors import DeviceError
from kiosk.scanners.assembler import Press
from kiosk.scanners.hid import EV_KEY, EV_SYN, SILENCE_S, SYN_REPORT
from kiosk.scanners.keyboards import Wanted, find_keyboards
from tests.support.uinput_gun import KEYS, PRODUCT, VENDOR, WANTED, Desk, Gun, Told, evdev, find, run, stop, wait_for

pytestmark = pytest.mark.skipif(
    not os.access("/dev/uinput", os.W_OK), reason="this kernel has no uinput; ./dev machine boots one that has"
)


@pytest.fixture
def gun() -> Iterator[Gun]:
    gun = Gun()
    wait_for(lambda: bool(find(VENDOR, PRODUCT)))
    yield gun
    gun.unplug()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await stop()


async def test_a_code_at_full_speed_is_read_whole_with_shift_and_equal_neighbours(gun: Gun, desk: Desk) -> None:
    await desk.until(ok=True, name=run(desk))
    await asyncio.to_thread(gun.type, "DEMO-0011-Vapaa\n")
    assert await desk.next() == "DEMO-0011-Vapaa"


async def test_tab_ends_a_code_and_silence_does_too(gun: Gun, desk: Desk) -> None:
    await desk.until(ok=True, name=run(desk))
    await asyncio.to_thread(gun.type, "one\ttwo")
    assert [await desk.next(), await desk.next()] == ["one", "two"]


async def test_codes_that_come_while_the_desk_is_busy_are_whole(gun: Gun, desk: Desk) -> None:
    codes = [f"demo-{number:04}-abcdefghij" for number in range(10)]  # each more than the kernel keeps
    await desk.until(ok=True, name=run(desk))
    desk.free.clear()
    for code in codes:
        await asyncio.to_thread(gun.type, f"{code}\n")
    desk.free.set()
    assert [await desk.next() for _ in codes] == codes


async def test_codes_that_come_while_the_event_loop_does_nothing_are_whole(gun: Gun, desk: Desk) -> None:
    """The database, a start, another program: whatever keeps the loop from its turn keeps no key from the kiosk."""
    codes = [f"demo-{number:04}-abcdefghij" for number in range(10)]  # each more than the kernel keeps
    await desk.until(ok=True, name=run(desk))
    with ThreadPoolExecutor() as hand:
        # On purpose without a turn of the loop until all is typed.
        hand.submit(gun.type, "".join(f"{code}\n" for code in codes)).result()
    assert [await desk.next() for _ in codes] == codes


async def test_a_card_that_nobody_has_time_to_read_waits_in_the_kernel(gun: Gun) -> None:
    card = "demo-011-vapaa\n"  # with what is told beside its keys this would be more than the kernel keeps
    keyboard = next(iter(find_keyboards(WANTED)))
    try:
        await asyncio.to_thread(gun.type, card)
        coming, heard = keyboard.async_read_loop(), []
        while (event := await anext(coming)).code != KEYS["\n"] or event.value != Press.UP:
            heard.append((event.type, event.code, event.value))
    finally:
        keyboard.close()
    assert [code for kind, code, value in heard if kind == EV_KEY and value == Press.DOWN] == [KEYS[c] for c in card]
    assert {(kind, code) for kind, code, _ in heard if kind != EV_KEY} == {(EV_SYN, SYN_REPORT)}


async def test_no_key_reaches_anyone_else(gun: Gun, desk: Desk) -> None:
    other = evdev.InputDevice(find(VENDOR, PRODUCT)[0])
    gun.type("x")
    assert other.read_one() is not None
    while other.read_one() is not None:
        pass
    await desk.until(ok=True, name=run(desk))
    await asyncio.to_thread(gun.type, "secret\n")
    assert await desk.next() == "secret"
    assert other.read_one() is None
    other.close()


async def test_a_scanner_that_somebody_else_holds_is_said(gun: Gun, desk: Desk) -> None:
    other = evdev.InputDevice(find(VENDOR, PRODUCT)[0])
    other.grab()
    name = run(desk)
    assert await desk.until(ok=False, name=name) == "another program holds the scanner"
    other.ungrab()
    await desk.until(ok=True, name=name)
    await asyncio.to_thread(gun.type, "mine\n")
    assert await desk.next() == "mine"
    other.close()


async def test_a_scanner_that_stops_gives_its_keys_back(gun: Gun, desk: Desk) -> None:
    await desk.until(ok=True, name=run(desk))
    (running,) = [task for task in asyncio.all_tasks() if task.get_name() == "scanner"]
    running.cancel()
    await asyncio.wait({running})
    other = evdev.InputDevice(find(VENDOR, PRODUCT)[0])
    other.grab()
    other.close()


async def test_unplugged_in_the_middle_of_a_code_and_plugged_in_again(desk: Desk) -> None:
    gun = Gun()
    wait_for(lambda: bool(find(VENDOR, PRODUCT)))
    name = run(desk)
    await desk.until(ok=True, name=name)
    await asyncio.to_thread(gun.type, "half")
    gun.unplug()
    await desk.until(ok=False, name=name)
    assert [why for why in desk.told if "the scanner is gone (No such device)" in why]
    again = Gun()
    await desk.until(ok=True, name=name)
    await asyncio.to_thread(again.type, "whole\n")
    # The half may have ended by silence just before the plug was pulled; it never becomes part of the next code.
    read = await desk.next()
    assert (await desk.next() if read in {"h", "ha", "hal", "half"} else read) == "whole"
    again.unplug()


async def test_a_scanner_that_is_typing_when_it_is_grabbed_hands_over_no_tail(gun: Gun, desk: Desk) -> None:
    other = evdev.InputDevice(find(VENDOR, PRODUCT)[0])
    typing = asyncio.create_task(asyncio.to_thread(gun.type, f"{'0123456789' * 30}\ndemo-0022\n"))
    await asyncio.to_thread(wait_for, lambda: bool(other.active_keys()))
    other.close()
    run(desk)
    assert [await desk.next(), await desk.next()] == ["", "demo-0022"]
    await typing


async def test_a_first_card_while_the_kiosk_still_starts_is_read_whole(gun: Gun, desk: Desk) -> None:
    """The silence before it tells that it is whole, also when the loop had no turn to hear that silence."""
    grabbed, loop = asyncio.Event(), asyncio.get_running_loop()

    def typed_later() -> None:
        time.sleep(2 * SILENCE_S)  # this is the visitor, who comes so long after the scanner was opened
        gun.type("demo-0023\n")

    run(desk, find=lambda wanted: (Told(each, grabbed, loop) for each in find_keyboards(wanted)))
    await grabbed.wait()
    with ThreadPoolExecutor() as hand:
        # On purpose without a turn of the loop until all is typed.
        hand.submit(typed_later).result()
    assert await desk.next() == "demo-0023"


async def test_a_shift_that_is_down_when_the_scanner_is_grabbed_counts_until_it_is_let_go(gun: Gun, desk: Desk) -> None:
    shift, key_a = evdev.ecodes.KEY_LEFTSHIFT, evdev.ecodes.KEY_A
    await asyncio.to_thread(gun.press, [(shift, 1)])
    await desk.until(ok=True, name=run(desk))
    await asyncio.to_thread(gun.press, [(key_a, 1), (key_a, 0), (shift, 0)])
    await asyncio.to_thread(gun.type, "a\n")
    assert await desk.next() == "Aa"


async def test_two_scanners_at_once_keep_their_codes_apart(gun: Gun, desk: Desk) -> None:
    second = Gun(product=PRODUCT + 1)
    wait_for(lambda: bool(find(VENDOR, PRODUCT + 1)))
    await desk.until(ok=True, name=run(desk))
    await desk.until(ok=True, name=run(desk, Wanted(vendor=VENDOR, product=PRODUCT + 1), name="second"))
    await asyncio.gather(asyncio.to_thread(gun.type, "first\n"), asyncio.to_thread(second.type, "second\n"))
    assert {await desk.next(), await desk.next()} == {"first", "second"}
    second.unplug()


async def test_two_scanners_of_one_kind_share_themselves_out(gun: Gun, desk: Desk) -> None:
    twin = Gun()
    wait_for(lambda: len(find(VENDOR, PRODUCT)) == 2)
    await desk.until(ok=True, name=run(desk, name="one"))
    await desk.until(ok=True, name=run(desk, name="other"))
    for each, text in ((gun, "left"), (twin, "right")):
        await asyncio.to_thread(each.type, f"{text}\n")
        assert await desk.next() == text
    twin.unplug()


async def test_a_path_such_as_by_id_names_the_scanner(gun: Gun, desk: Desk, tmp_path: Path) -> None:
    by_id = tmp_path / "usb-test-event-kbd"
    by_id.symlink_to(find(VENDOR, PRODUCT)[0])
    await desk.until(ok=True, name=run(desk, Wanted(path=str(by_id))))
    await asyncio.to_thread(gun.type, "here\n")
    assert await desk.next() == "here"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as somebody else")
def test_a_user_who_may_not_open_it_is_told_the_group(gun: Gun) -> None:
    (path,) = find(VENDOR, PRODUCT)
    os.seteuid(65_534)
    try:
        with pytest.raises(DeviceError, match=f"{path} may not be opened: the user must be in the group “input”"):
            next(find_keyboards(WANTED))
    finally:
        os.seteuid(0)
