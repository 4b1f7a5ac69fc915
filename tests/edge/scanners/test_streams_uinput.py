"""The streams that other terminals misread, typed by the kernel's own input devices at the speed of USB."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from kiosk.commands.doctor_scanner import Patient, examine_scanner
from kiosk.exits import Exit
from kiosk.scanners.calibration import CALIBRATION
from kiosk.scanners.hid import Keyboard
from kiosk.scanners.keyboards import Wanted, find_keyboards
from kiosk.scanners.keymap import ENTER
from tests.support.streams import Mark, Played, Stream, streams
from tests.support.typist import keys_of, press
from tests.support.uinput_gun import PRODUCT, VENDOR, WANTED, Desk, Gun, Told, evdev, run, stop

pytestmark = pytest.mark.skipif(
    not os.access("/dev/uinput", os.W_OK), reason="this kernel has no uinput; ./dev machine boots one that has"
)
STREAMS = streams(evdev.ecodes)


class Player:
    """Types one scanner's part of a stream, and reads what reaches its desk."""

    def __init__(self, position: int, played: Played) -> None:
        self.played = played
        self.product = PRODUCT + position
        self.gun = Gun(product=self.product)
        self.desk = Desk()
        self.name = run(
            self.desk, Wanted(vendor=VENDOR, product=self.product), name=f"scanner {position}", layout=played.layout
        )
        self.read: list[str] = []

    async def play(self) -> None:
        for mark, keys in _parts(self.played):
            if mark is Mark.AMID:
                await self._plug_in_amid(keys)
                continue
            if mark is not None:
                await self._mark(mark)
            await asyncio.to_thread(self.gun.press, keys)
        while len(self.read) < len(self.played.codes):
            self.read.append(await self.desk.next())

    async def _mark(self, mark: Mark) -> None:
        match mark:
            case Mark.SILENCE:
                self.read.append(await self.desk.next())
            case Mark.LOST:
                self.gun.flood()  # the loop, and with it the scanner's reading, stands still meanwhile
            case Mark.UNPLUG:
                self.gun.unplug()
                await self.desk.until(ok=False, name=self.name)
            case Mark.PLUG:
                self.gun = Gun(product=self.product)
                await self.desk.until(ok=True, name=self.name)
                # On a slow machine the half may have ended by silence before the plug was pulled.
                while not self.desk.scans.empty():
                    self.desk.scans.get_nowait()

    async def _plug_in_amid(self, tail: Sequence[tuple[int, int]]) -> None:
        """Plugged in anew, it types on until the kiosk has it: the keys after that are the tail."""
        self.gun.unplug()
        await self.desk.until(ok=False, name=self.name)
        self.gun = Gun(product=self.product)
        await asyncio.to_thread(self.gun.type_until_grabbed, tail)


def _parts(played: Played) -> Iterator[tuple[Mark | None, list[tuple[int, int]]]]:
    """The keys before the first mark, and each mark with the keys after it."""
    mark: Mark | None = None
    keys: list[tuple[int, int]] = []
    for step in played.steps:
        if isinstance(step, Mark):
            yield mark, keys
            mark, keys = step, []
        else:
            keys.append(step)
    yield mark, keys


@pytest.fixture(autouse=True)
async def stopped() -> AsyncIterator[None]:
    yield
    await stop()


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
async def test_a_stream_that_other_terminals_misread_is_read_right(stream: Stream) -> None:
    players = [Player(position, scanner) for position, scanner in enumerate(stream.scanners)]
    try:
        for player in players:
            await player.desk.until(ok=True, name=player.name)
        await asyncio.gather(*(player.play() for player in players))
    finally:
        for player in players:
            player.gun.unplug()
    assert [tuple(player.read) for player in players] == [scanner.codes for scanner in stream.scanners]
    assert [player.desk.scans.empty() for player in players] == [True] * len(players)


@pytest.mark.parametrize("layout", ["us", "fi", "alt"])
async def test_the_doctor_finds_out_the_layout_of_a_real_scanner(
    layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gun = Gun()
    grabbed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def find_told(wanted: Wanted) -> Iterator[Keyboard]:
        return (Told(keyboard, grabbed, loop) for keyboard in find_keyboards(wanted))

    examining = asyncio.create_task(
        asyncio.to_thread(examine_scanner, Patient(WANTED, None), limit_s=30, as_json=False, find=find_told)
    )
    await asyncio.wait({examining, asyncio.ensure_future(grabbed.wait())}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.to_thread(gun.press, [*keys_of(CALIBRATION, layout), *press(ENTER)])
    assert await examining is Exit.OK
    out = capsys.readouterr().out
    assert f"{layout} reads the calibration code" in out
    assert f'vendor = "{VENDOR:04x}"' in out
    gun.unplug()
