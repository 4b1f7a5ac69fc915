"""The HID scanner against a keyboard that behaves as evdev's does."""

import asyncio
import contextlib
from collections.abc import Iterator

import pytest

from kiosk.cards.model import Scan
from kiosk.errors import DeviceError
from kiosk.health import Health
from kiosk.scanners.handover import MOST_UNANSWERED
from kiosk.scanners.hid import EV_KEY, HidScanner, Keyboard
from kiosk.scanners.looking import SOON_S
from tests.support.clock import FixedClock
from tests.support.fake_keyboard import ENTER, HELD, KEY_1, KEY_7, LOST, REPORT, UNPLUGGED, Event, FakeKeyboard

NAME = "scanner 1"


class Bench:
    """A desk, and a scanner that at each look finds what is next in `plugged`."""

    def __init__(self, *plugged: FakeKeyboard | DeviceError | tuple[FakeKeyboard, ...]) -> None:
        self.plugged = list(plugged)
        self.scans: asyncio.Queue[str] = asyncio.Queue()
        self.free = asyncio.Event()
        self.free.set()
        self.looked_again = asyncio.Event()
        self.health = Health(FixedClock())
        self.told = asyncio.Event()
        self.health.watch(self.told.set)
        self.waits: list[float | None] = []
        self.scanner = HidScanner(NAME, "us", self, self.health, find=self.find, listen=self.listen)
        self.running = asyncio.create_task(self.scanner.run())

    async def scan(self, scan: Scan) -> None:
        assert scan.source == NAME
        self.scans.put_nowait(scan.text)
        await self.free.wait()

    def find(self) -> Iterator[Keyboard]:
        found = self.plugged.pop(0)
        if isinstance(found, DeviceError):
            raise found
        yield from found if isinstance(found, tuple) else (found,)

    @contextlib.contextmanager
    def listen(self, subsystem: str) -> Iterator["Bench"]:
        assert subsystem == "input"
        yield self

    async def next(self, within_s: float | None = None) -> None:
        """Something is plugged in as long as there is something to find."""
        self.waits.append(within_s)
        self.looked_again.set()
        if not self.plugged:
            await asyncio.get_running_loop().create_future()
        await asyncio.sleep(0)

    async def read(self) -> str:
        async with asyncio.timeout(10):
            return await self.scans.get()

    async def until(self, *, ok: bool) -> None:
        """Until the scanner is heard to be in the middle of no code, or gone."""
        async with asyncio.timeout(10):
            while NAME not in self.health.parts() or self.health.parts()[NAME].ok is not ok:
                await self.told.wait()
                self.told.clear()

    async def stop(self) -> None:
        self.running.cancel()
        await asyncio.wait({self.running})
        assert self.running.cancelled()


@pytest.fixture
def keyboard() -> FakeKeyboard:
    return FakeKeyboard()


async def test_keys_become_a_scan_and_the_keyboard_is_the_kiosks_alone(keyboard: FakeKeyboard) -> None:
    bench = Bench(keyboard)
    await bench.until(ok=True)
    keyboard.type(KEY_1, KEY_7, ENTER)
    assert await bench.read() == "17"
    await bench.stop()
    assert keyboard.did == ["grab", "ungrab", "close"]


async def test_a_code_without_enter_ends_with_silence(keyboard: FakeKeyboard) -> None:
    bench = Bench(keyboard)
    await bench.until(ok=True)
    keyboard.type(KEY_1, KEY_7)
    assert await bench.read() == "17"
    keyboard.type(KEY_7, ENTER)
    assert await bench.read() == "7"
    await bench.stop()


async def test_the_next_code_is_read_while_the_desk_is_busy_with_the_first(keyboard: FakeKeyboard) -> None:
    bench = Bench(keyboard)
    bench.free.clear()
    await bench.until(ok=True)
    keyboard.type(KEY_1, ENTER, KEY_7, ENTER)
    assert await bench.read() == "1"
    await keyboard.events.join()
    assert bench.scans.empty()
    bench.free.set()
    assert await bench.read() == "7"
    await bench.stop()


async def test_codes_in_one_breath_are_two_scans_where_the_scanner_marked_them(keyboard: FakeKeyboard) -> None:
    left_ctrl, key_b, key_c = 29, 48, 46
    bench = Bench(keyboard)
    await bench.until(ok=True)
    for mark, digit in ((key_b, KEY_1), (key_c, None), (key_b, KEY_7), (key_c, ENTER)):
        keyboard.send(Event(EV_KEY, left_ctrl, 1))
        keyboard.type(mark)
        keyboard.send(Event(EV_KEY, left_ctrl, 0))
        keyboard.type(*([] if digit is None else [digit]))
    assert [await bench.read(), await bench.read()] == ["1", "7"]
    await bench.stop()


async def test_a_scanner_that_goes_mad_does_not_fill_the_memory(
    keyboard: FakeKeyboard, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(keyboard)
    bench.free.clear()
    await bench.until(ok=True)
    for _ in range(MOST_UNANSWERED + 10):
        keyboard.type(KEY_1, ENTER)
    await keyboard.events.join()
    assert "one more was thrown away" in caplog.text
    bench.free.set()
    assert [await bench.read() for _ in range(MOST_UNANSWERED)] == ["1"] * MOST_UNANSWERED
    await bench.stop()


async def test_unplugged_in_the_middle_of_a_code_it_throws_the_half_away_and_reads_on_when_back() -> None:
    first, second = FakeKeyboard(), FakeKeyboard()
    bench = Bench(first, second)
    await bench.until(ok=True)
    first.type(KEY_1, KEY_1)
    first.send(UNPLUGGED)
    await bench.until(ok=False)
    await bench.until(ok=True)
    second.type(KEY_7, ENTER)
    assert await bench.read() == "7"
    assert first.did == ["grab", "gone", "ungrab", "close"]
    await bench.stop()


async def test_what_is_gone_is_said_with_the_half_code_counted_and_not_quoted(keyboard: FakeKeyboard) -> None:
    bench = Bench(keyboard)
    await bench.until(ok=True)
    keyboard.type(KEY_1, KEY_7)
    keyboard.send(UNPLUGGED)
    await bench.looked_again.wait()
    condition = bench.health.parts()[NAME]
    assert (condition.ok, condition.why) == (
        False,
        "the scanner is gone (No such device); 2 characters of an unfinished code were thrown away",
    )
    # Most faults are a pulled plug, of which udev tells; of a line that broke for a moment nobody does.
    assert bench.waits == [SOON_S]
    await bench.stop()


async def test_a_code_that_lost_keys_is_read_as_nothing_and_the_next_one_whole(keyboard: FakeKeyboard) -> None:
    bench = Bench(keyboard)
    await bench.until(ok=True)
    keyboard.type(KEY_1)
    keyboard.send(LOST, Event(EV_KEY, ENTER, 1), REPORT)
    keyboard.type(KEY_7, ENTER, KEY_1, KEY_1, ENTER)
    # The Enter between the loss and the report is not believed, and the 7 after it is the tail of a torn code.
    assert [await bench.read(), await bench.read()] == ["", "11"]
    await bench.stop()


async def test_a_scanner_that_another_program_holds_is_said_and_tried_again() -> None:
    held, free = FakeKeyboard(grab_fault=HELD), FakeKeyboard()
    bench = Bench(held)
    await bench.looked_again.wait()
    assert bench.health.parts()[NAME].why == "another program holds the scanner"
    assert held.did == ["close"]
    # Nobody tells when the other lets go.
    assert bench.waits == [SOON_S]
    await bench.stop()
    bench = Bench(held, free)
    await bench.until(ok=True)
    free.type(KEY_1, ENTER)
    assert await bench.read() == "1"
    assert bench.health.parts()[NAME].ok
    await bench.stop()


async def test_of_two_scanners_of_one_kind_it_takes_the_one_that_is_free() -> None:
    taken, free = FakeKeyboard(grab_fault=HELD), FakeKeyboard()
    bench = Bench((taken, free))
    await bench.until(ok=True)
    free.type(KEY_1, ENTER)
    assert await bench.read() == "1"
    assert (taken.did, free.did) == (["close"], ["grab"])
    await bench.stop()


async def test_a_scanner_that_is_not_there_is_said_and_looked_for_again() -> None:
    late = FakeKeyboard()
    bench = Bench(DeviceError("no scanner is plugged in"))
    await bench.looked_again.wait()
    assert bench.health.parts()[NAME].why == "no scanner is plugged in"
    assert bench.waits == [None]
    await bench.stop()
    bench = Bench(DeviceError("no scanner is plugged in"), late)
    await bench.until(ok=True)
    late.type(KEY_1, ENTER)
    assert await bench.read() == "1"
    await bench.stop()
