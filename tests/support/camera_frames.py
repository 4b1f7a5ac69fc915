"""Frames as a camera over a door's desk gives them: cards held at some angle, blurred, noisy, dark; all from a seed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from kiosk.demo.card_pictures import CARD_MM, PX_PER_MM, Printed, draw_card

SIZE = (1280, 720)
Luma = NDArray[np.uint8]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Pose:
    """How a card is held."""

    px_per_mm: float = 9.0
    slant_deg: float = 0.0
    tilt: float = 0.0
    """Perspective: how much smaller one side is than the other, 0 to 0.3."""
    x: float = 0.5
    y: float = 0.5
    """Where its middle lies, as shares of the frame."""


@dataclass(frozen=True, slots=True)
class Light:
    """What the camera makes of it."""

    blur_px: float = 0.6
    noise: float = 3.0
    gain: float = 1.0
    """1: as bright as can be; 0.3: a dim foyer."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A frame and what is to be read in it."""

    luma: Luma
    kind: str
    number: str | None
    blur_px: float = 0.0
    """How far the lens was out of focus; a photo of somebody else's does not say."""


def number_of(rng: Rng) -> str:
    """An invented number that looks invented."""
    return "DEMO" + "".join(rng.choice(list("0123456789ACDEFHJKLMNPRTUVWXY"), 6))


def background(rng: Rng) -> Image.Image:
    """A desk, sleeves and shadows; no code in it."""
    small = rng.integers(40, 190, (9, 16), dtype=np.uint8)
    scene = Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC)
    for _ in range(int(rng.integers(3, 9))):
        size = (int(rng.integers(30, 400)), int(rng.integers(20, 250)))
        patch = Image.new("L", size, int(rng.integers(20, 230)))
        scene.paste(patch, (int(rng.integers(-50, SIZE[0])), int(rng.integers(-50, SIZE[1]))))
    return scene


def held(card: Image.Image, scene: Image.Image, pose: Pose) -> Image.Image:
    """`scene` with the card held into it."""
    width, height = (side * pose.px_per_mm for side in CARD_MM)
    slant = math.radians(pose.slant_deg)
    corners = []
    for right, down in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        shrunk = 1 - pose.tilt * (1 + right) / 2
        x, y = right * width / 2, down * height / 2 * shrunk
        corners.append(
            (
                SIZE[0] * pose.x + x * math.cos(slant) - y * math.sin(slant),
                SIZE[1] * pose.y + x * math.sin(slant) + y * math.cos(slant),
            )
        )
    shrink = max(1, int(PX_PER_MM // pose.px_per_mm))
    card = card.reduce(shrink) if shrink > 1 else card
    of_card = ((0, 0), (card.width, 0), (card.width, card.height), (0, card.height))
    coefficients = _perspective(corners, of_card)
    seen = card.transform(SIZE, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    where = Image.new("L", card.size, 255).transform(SIZE, Image.Transform.PERSPECTIVE, coefficients)
    return Image.composite(seen, scene, where)


def seen(scene: Image.Image, light: Light, rng: Rng) -> Luma:
    """The luma plane that the camera makes of `scene`."""
    if light.blur_px:
        scene = scene.filter(ImageFilter.GaussianBlur(light.blur_px))
    exact = np.asarray(scene, dtype=np.float32) * light.gain
    noisy = exact + rng.standard_normal(exact.shape, dtype=np.float32) * light.noise
    return np.clip(noisy, 0, 255).astype(np.uint8)


KINDS = {
    "QR": {"qr": True, "code39": False},
    "Code39": {"qr": False, "code39": True, "check_character": False},
    "Code39 with check": {"qr": False, "code39": True, "check_character": True},
    "both": {"qr": True, "code39": True, "check_character": True},
}
IDLE = "no code"


def sample(kind: str, rng: Rng, *, slant_deg: float = 25.0) -> Sample:
    """One frame of `kind` (of KINDS, or IDLE), in a pose and light that `rng` chooses."""
    scene = background(rng)
    light = Light(
        blur_px=float(rng.uniform(0.3, 1.2)), noise=float(rng.uniform(1, 7)), gain=float(rng.uniform(0.35, 1.0))
    )
    if kind == IDLE:
        return Sample(seen(scene, light, rng), kind, None, light.blur_px)
    number = number_of(rng)
    pose = Pose(
        px_per_mm=float(rng.uniform(7, 11)),
        slant_deg=float(rng.uniform(-slant_deg, slant_deg)),
        tilt=float(rng.uniform(0, 0.2)),
        x=float(rng.uniform(0.44, 0.56)),
        y=float(rng.uniform(0.44, 0.56)),
    )
    luma = seen(held(draw_card(Printed(number, **KINDS[kind])), scene, pose), light, rng)
    return Sample(luma, kind, number, light.blur_px)


def samples(count: int, seed: int, kinds: tuple[str, ...], *, slant_deg: float = 25.0) -> Iterator[Sample]:
    """`count` frames, each kind in its turn; the same seed gives the same frames."""
    for position in range(count):
        yield sample(kinds[position % len(kinds)], np.random.default_rng((seed, position)), slant_deg=slant_deg)


def _perspective(seen_at: Any, of_card: Any) -> tuple[float, ...]:
    """Pillow's eight coefficients, which lead from the frame back to the card."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(seen_at, of_card, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return tuple(float(each) for each in np.linalg.solve(np.array(rows), np.array(wanted)))
