"""Real decoders on frames that look like a camera's."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from kiosk.cards.code39 import check_character
from kiosk.demo.card_pictures import Printed, draw_card
from kiosk.errors import DeviceError
from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.engines import Engine, ZbarEngine, ZxingEngine, installed_engines
from kiosk.scanners.camera.lines import along_lines, sharpened
from kiosk.scanners.camera.readings import Symbology
from tests.support.camera_frames import Light, Luma, Pose, background, held, seen

NUMBER = "DEMO4F7K2Q"
CHECKED = NUMBER + check_character(NUMBER)
ENGINES = (ZxingEngine, ZbarEngine)


def frame(pose: Pose, *, qr: bool = True, code39: bool = True, check: bool = True) -> Luma:
    rng = np.random.default_rng(21)
    card = draw_card(Printed(NUMBER, qr=qr, code39=code39, check_character=check))
    return seen(held(card, background(rng), pose), Light(), rng)


def said(decoder: Decoder, luma: Luma) -> set[tuple[Symbology, str]]:
    return {(reading.symbology, reading.text) for reading in decoder.read(luma)}


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_read_both_codes_with_the_check_character_left_on(engine: Callable[[], Engine]) -> None:
    both = {(Symbology.QR, NUMBER), (Symbology.CODE39, CHECKED)}
    found = said(Decoder([engine()]), frame(Pose()))
    assert found <= both
    assert (Symbology.QR, NUMBER) in found
    bare = said(Decoder([engine()]), frame(Pose(px_per_mm=11), qr=False, check=False))
    assert bare == {(Symbology.CODE39, NUMBER)}


def test_a_qr_code_is_one_also_where_bars_with_the_same_text_are_found_first() -> None:
    """The bars alone would need two frames and the card list."""
    rng = np.random.default_rng(1)
    of_qr = draw_card(Printed(NUMBER, code39=False))
    of_bars = draw_card(Printed(NUMBER, qr=False, check_character=False))
    scene = held(of_qr, background(rng), Pose(px_per_mm=8.5, x=0.72))
    scene = held(of_bars, scene, Pose(px_per_mm=8, x=0.27))
    shown = seen(scene, Light(noise=0), rng).astype(float)
    shown[:, 720:] += rng.normal(0, 80, shown[:, 720:].shape)  # a QR code that only the smaller scale shows
    luma = np.ascontiguousarray(np.clip(shown, 0, 255).astype(np.uint8))
    found = [(each.symbology, each.text) for each in ZxingEngine().whole(luma)]
    assert found == [(Symbology.QR, NUMBER), (Symbology.CODE39, NUMBER)]


def test_two_cards_that_carry_bars_alone_are_both_read() -> None:
    rng = np.random.default_rng(3)
    scene = background(rng)
    for number, x in (("DEMO0001", 0.26), ("DEMO0007", 0.74)):
        card = draw_card(Printed(number, qr=False, check_character=False))
        scene = held(card, scene, Pose(px_per_mm=7, x=x))
    luma = seen(scene, Light(noise=0), rng)
    assert {each.text for each in ZxingEngine().whole(luma)} == {"DEMO0001", "DEMO0007"}


@pytest.mark.parametrize("slant_deg", [-40, -30, -22, -15, 0, 15, 22, 30, 40])
def test_a_slanted_code39_is_read_within_two_frames(slant_deg: float) -> None:
    decoder = Decoder([ZxingEngine()])
    luma = frame(Pose(px_per_mm=9, slant_deg=slant_deg), qr=False)
    assert (Symbology.CODE39, CHECKED) in said(decoder, luma) | said(decoder, luma)


def test_the_whole_pass_alone_reads_no_slanted_code39_which_is_why_there_is_another() -> None:
    luma = frame(Pose(slant_deg=22), qr=False)
    assert ZxingEngine().whole(luma) == ()


@pytest.mark.parametrize("slant_deg", [90, 180, 270])
def test_a_card_that_lies_upside_down_or_on_its_side_is_read(slant_deg: float) -> None:
    luma = frame(Pose(px_per_mm=8, slant_deg=slant_deg), qr=False)
    assert said(Decoder([ZxingEngine()]), luma) == {(Symbology.CODE39, CHECKED)}


def test_each_unread_frame_gets_another_pass_and_in_its_turn_the_other_engine() -> None:
    class Blind:
        def __init__(self, name: str) -> None:
            self.name = name

        def whole(self, luma: Luma) -> tuple[()]:
            passes.append(self.name)
            return ()

        def lines(self, luma: Luma) -> tuple[()]:
            passes.append(luma.shape[0])
            return ()

    passes: list[str | int] = []
    decoder = Decoder([Blind("first"), Blind("second")])
    empty = np.zeros((720, 1280), np.uint8)
    flat, steep, sharp = (
        lines.shape[0] for lines in (along_lines(empty, 22), along_lines(empty, 40), sharpened(empty))
    )
    for _ in range(4):
        decoder.read(empty)
    one_round = ["first", flat, flat, sharp, "first", steep, steep, sharp, "first", "second"]
    assert passes == [*one_round, "first", flat, flat, sharp]


def test_bars_that_the_lens_has_run_together_are_read_when_sharpened() -> None:
    rng = np.random.default_rng(22)
    card = draw_card(Printed(NUMBER, qr=False))
    blurred = seen(held(card, background(rng), Pose(px_per_mm=8)), Light(blur_px=1.4, noise=2), rng)
    assert ZxingEngine().whole(blurred) == ()
    assert said(Decoder([ZxingEngine()]), blurred) == {(Symbology.CODE39, CHECKED)}


def test_lines_run_where_they_are_said_to() -> None:
    luma = np.zeros((720, 1280), np.uint8)
    columns = np.arange(1280)
    luma[np.clip(np.round(360 + (columns - 640) * np.tan(np.radians(22))).astype(int), 0, 719), columns] = 255
    lightest: Any = along_lines(luma, 22).max(axis=0)  # the types of numpy differ between its versions
    assert int(lightest.min()) in (0, 255)
    assert (along_lines(luma, 22) == 255).all(axis=1).sum() <= 1
    assert (along_lines(luma, -22) == 255).all(axis=1).sum() == 0


def no_library() -> Engine:
    raise ImportError("no such library")


def test_without_zxing_the_other_does_it_and_without_both_it_is_said(caplog: pytest.LogCaptureFixture) -> None:
    kinds: Sequence[Callable[[], Engine]] = (no_library, ZbarEngine)
    (only,) = installed_engines(kinds)
    assert caplog.messages == ["a decoder cannot be loaded: no such library; `kiosk doctor` says what that costs"]
    assert (Symbology.QR, NUMBER) in said(Decoder([only]), frame(Pose()))
    with pytest.raises(DeviceError, match="install zxing-cpp"):
        installed_engines((no_library, no_library))


def test_pyzbar_falling_over_a_code_that_is_spread_over_several_is_an_unread_frame() -> None:
    def decode(luma: Luma, symbols: object) -> list[object]:
        raise ValueError("4294967295 is not a valid ZBarOrientation")

    assert ZbarEngine(decode).whole(np.zeros((720, 1280), np.uint8)) == ()


def test_a_reading_does_not_show_its_text() -> None:
    (reading, *_) = Decoder([ZxingEngine()]).read(frame(Pose()))
    assert NUMBER not in repr(reading)


@pytest.mark.parametrize("shape", [(1, 1), (1, 100), (100, 1), (7, 9), (480, 640)])
def test_a_frame_of_any_size_is_looked_at(shape: tuple[int, int]) -> None:
    decoder = Decoder(installed_engines())
    assert [decoder.read(np.full(shape, 128, np.uint8)) for _ in range(4)] == [()] * 4
