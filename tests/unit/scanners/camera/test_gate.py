"""The change gate on scenes that move, flicker and rustle."""

import numpy as np
import pytest
from PIL import Image

from kiosk.demo.card_pictures import Printed, draw_card
from kiosk.scanners.camera.gate import Gate, mark_of
from tests.support.camera_frames import SIZE, Light, Luma, Pose, Rng, background, held, seen

SCENE = background(np.random.default_rng(11))
CARD = held(draw_card(Printed("DEMO4F7K2Q")), SCENE, Pose(px_per_mm=5))


def changes(frames: list[Luma]) -> list[int]:
    gate = Gate()
    return [position for position, frame in enumerate(frames) if gate.changed(frame)]


@pytest.mark.parametrize("noise", [0.0, 3.0, 6.0])
def test_a_still_scene_changes_once_however_noisy_the_camera(noise: float) -> None:
    rng = np.random.default_rng(1)
    assert changes([seen(SCENE, Light(noise=noise), rng) for _ in range(25)]) == [0]


def test_a_driver_that_repeats_a_frame_does_not_make_the_gate_forget_the_noise() -> None:
    rng = np.random.default_rng(1)
    first, *others = [seen(SCENE, Light(noise=5), rng) for _ in range(10)]
    assert changes([*[first] * 20, *others]) == [0]


@pytest.mark.parametrize("light", [Light(), Light(noise=6, gain=0.4)], ids=["bright", "dim"])
def test_a_card_that_comes_and_a_card_that_goes_are_changes(light: Light) -> None:
    rng = np.random.default_rng(2)
    frames = [seen(scene, light, rng) for scene in (*[SCENE] * 12, *[CARD] * 12, *[SCENE] * 12)]
    assert changes(frames) == [0, 12, 24]


def flickering(scene: Image.Image, frames: int, rng: Rng) -> list[Luma]:
    """Under a lamp on mains, whose bands of light wander over the rows."""
    rows = np.arange(SIZE[1])[:, None]
    bands = (0.88 + 0.1 * np.sin(rows / 70 + phase) for phase in range(frames))
    return [np.clip(seen(scene, Light(), rng) * band, 0, 255).astype(np.uint8) for band in bands]


def test_a_lamp_that_flickers_in_bands_is_no_change_and_a_card_under_it_is() -> None:
    rng = np.random.default_rng(3)
    frames = [*flickering(SCENE, 15, rng), *flickering(CARD, 10, rng), *flickering(SCENE, 10, rng)]
    found = changes(frames)
    assert {0, 15, 25} <= set(found)
    assert len(found) < 6


def test_the_gate_gets_used_to_a_lamp_that_was_dimmed() -> None:
    rng = np.random.default_rng(4)
    frames = [seen(SCENE, Light(noise=2), rng) for _ in range(20)]
    frames += [seen(SCENE, Light(noise=9), rng) for _ in range(50)]
    assert [position for position in changes(frames) if position >= 45] == []


def test_daylight_that_fades_slowly_opens_it_now_and_then_and_not_always() -> None:
    rng = np.random.default_rng(5)
    frames = [seen(SCENE, Light(gain=1 - 0.004 * step), rng) for step in range(0, 100, 2)]
    assert len(changes(frames)) < 15


def test_another_size_of_frame_is_a_change() -> None:
    gate = Gate()
    assert [gate.changed(np.zeros(shape, np.uint8)) for shape in ((720, 1280), (480, 640), (480, 640))] == [
        True,
        True,
        False,
    ]


def test_only_the_same_picture_has_the_same_mark() -> None:
    rng = np.random.default_rng(6)
    first, second = seen(SCENE, Light(), rng), seen(SCENE, Light(), rng)
    assert mark_of(first) == mark_of(first.copy())
    assert mark_of(first) != mark_of(second)
