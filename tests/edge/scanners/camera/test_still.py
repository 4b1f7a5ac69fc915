"""A slanted card that lies still for half a minute, read by the real decoder through noise, is handed over once."""

import numpy as np
import pytest

from kiosk.demo.card_pictures import Printed, draw_card
from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.engines import installed_engines
from kiosk.scanners.camera.frames import Frame
from kiosk.scanners.camera.judge import Judge
from kiosk.scanners.camera.watch import Eye
from tests.support.camera_frames import KINDS, Light, Pose, background, held, seen
from tests.support.cameras import CardList

NUMBER = "DEMO00001A"
FRAME_MS = 50
STILL_MS = 30_000


class Still:
    """A camera before which nothing moves but the noise."""

    def __init__(self, kind: str, slant_deg: float) -> None:
        rng = np.random.default_rng(1)
        card = draw_card(Printed(NUMBER, **KINDS[kind]))
        scene = held(card, background(rng), Pose(px_per_mm=9.0, slant_deg=slant_deg))
        lit = seen(scene, Light(blur_px=0.6, noise=0, gain=0.8), rng).astype(np.int16)
        self._frames = [
            np.clip(lit + rng.normal(0, 3, lit.shape).astype(np.int16), 0, 255).astype(np.uint8) for _ in range(5)
        ]
        self.at_ms = 0

    def open(self) -> None:
        pass

    def newest(self) -> Frame:
        self.at_ms += FRAME_MS
        return Frame(self._frames[self.at_ms // FRAME_MS % len(self._frames)], self.at_ms)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("kind", "slant_deg"),
    [("Code39 with check", 22.0), ("Code39 with check", 40.0), ("Code39", 22.0), ("both", 22.0)],
)
async def test_a_slanted_card_that_lies_still_is_one_presentation(kind: str, slant_deg: float) -> None:
    camera, eye, judge = Still(kind, slant_deg), Eye(Decoder(installed_engines())), Judge(CardList(NUMBER))
    shown: list[str] = []
    while camera.at_ms < STILL_MS:
        look = eye.look(camera)
        if look is not None:
            shown += await judge.newly_shown(look)
    assert shown == [NUMBER]
