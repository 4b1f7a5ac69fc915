"""A desk without a card, in many backgrounds and lights, is nobody's card."""

import numpy as np

from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.engines import installed_engines
from tests.support.camera_frames import IDLE, Luma, samples

FRAMES = 60


def stripes(rng: np.random.Generator) -> Luma:
    """A railing, a shirt, a keyboard: bars that are no code."""
    widths = rng.integers(2, 9, 400)
    row = np.repeat(np.where(np.arange(400) % 2, 200, 50), widths)[:1280]
    noisy = np.tile(row, (720, 1)) + rng.normal(0, 5, (720, row.size))
    return np.ascontiguousarray(np.clip(noisy, 0, 255).astype(np.uint8))


def test_nothing_is_read_where_nothing_is() -> None:
    decoder = Decoder(installed_engines())
    assert [decoder.read(each.luma) for each in samples(FRAMES, 13, (IDLE,))] == [()] * FRAMES


def test_stripes_are_no_code() -> None:
    decoder = Decoder(installed_engines())
    rng = np.random.default_rng(14)
    assert [decoder.read(stripes(rng)) for _ in range(FRAMES)] == [()] * FRAMES
