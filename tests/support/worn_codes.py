"""Code39s of worn cards in a bad light: scratched, blurred and noisy; small, so that thousands are quick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter

from kiosk.cards.code39 import check_character
from tests.support.camera_frames import Luma, Rng, number_of

PX_PER_NARROW_BAR = 3
HEIGHT = 48
DARK, BRIGHT = 60.0, 160.0


@dataclass(frozen=True, slots=True)
class Worn:
    """One card's bars, seen in several frames: the scratches stay, the noise does not."""

    number: str
    text: str
    frames: tuple[Luma, ...]


def worn_codes(count: int, seed: int, *, frames_each: int = 3) -> Iterator[Worn]:
    """`count` cards, every other one with a check character; the same seed gives the same."""
    for position in range(count):
        rng = np.random.default_rng((seed, position))
        number = number_of(rng)
        text = number + (check_character(number) if position % 2 else "")
        bars = _scratched(text, rng)
        streaks, noise = rng.uniform(6, 24), rng.uniform(1, 5)
        fixed = bars + rng.standard_normal(bars.shape[1]) * streaks
        yield Worn(number, text, tuple(_noisy(fixed, rng, noise) for _ in range(frames_each)))


def _scratched(text: str, rng: Rng) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    drawn = np.asarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code39Std).to_image(scale=1))[:1]
    wide = Image.fromarray(drawn).resize((drawn.shape[1] * PX_PER_NARROW_BAR, HEIGHT), Image.Resampling.NEAREST)
    blurred = wide.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.6, 1.3))))
    bars = np.asarray(blurred, dtype=np.float64) / 255 * (BRIGHT - DARK) + DARK
    for _ in range(int(rng.integers(0, 6))):
        left, width = int(rng.integers(0, bars.shape[1] - 6)), int(rng.integers(2, 6))
        bars[:, left : left + width] = rng.choice([DARK, BRIGHT])
    return bars


def _noisy(bars: np.ndarray[tuple[int, ...], np.dtype[np.float64]], rng: Rng, noise: float) -> Luma:
    return np.clip(bars + rng.standard_normal(bars.shape) * noise, 0, 255).astype(np.uint8)
