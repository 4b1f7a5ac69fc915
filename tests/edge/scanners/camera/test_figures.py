"""What the README says of the camera: its share of read frames, no misread; and the bench, also where no photos lie."""

from pathlib import Path

import pytest

from bench.decode import FRAMES_PER_PICTURE, HELD_DEG, SEED, Passes, main, outcomes
from kiosk.scanners.camera.engines import ZbarEngine, ZxingEngine
from tests.support.camera_frames import KINDS, samples

FRAMES = 200
LEAST_SHARE = 0.983


def test_a_card_held_still_is_read_as_often_as_promised_and_never_wrongly() -> None:
    engines = ZxingEngine(), ZbarEngine()
    frames = list(samples(FRAMES, SEED, tuple(KINDS), slant_deg=HELD_DEG))
    found = outcomes(frames, lambda: Passes(engines, FRAMES_PER_PICTURE))
    assert sum(each.right for each in found) >= LEAST_SHARE * FRAMES
    assert sum(each.wrong for each in found) == 0


def test_the_bench_sets_every_reader_beside_the_others_and_says_that_there_are_no_photos(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--frames", "12", "--photos", str(tmp_path)])
    out = capsys.readouterr().out
    assert f"No photos: there is no {tmp_path}/manifest.json. Name their folder with --photos." in out
    for reader in (
        "zxing-cpp, the first code",
        "zxing-cpp, every code",
        "pyzbar",
        "the kiosk, one frame",
        "the kiosk, a card held still",
    ):
        assert out.count(f" {reader}  ") >= 3  # one row for each set of frames
