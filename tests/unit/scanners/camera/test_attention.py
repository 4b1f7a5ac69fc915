"""When a frame is decoded."""

import pytest

from kiosk.scanners.camera.attention import LOOK_AGAIN_MS, PATIENCE_FRAMES, PATIENCE_MS, Attention, attend
from kiosk.scanners.camera.presence import AWAY_MS, MISSES, Presence, looked


def decoded(frames: list[tuple[int, bool]]) -> list[int]:
    attention, at = Attention(), []
    for at_ms, changed in frames:
        attention, wanted = attend(attention, changed=changed, at_ms=at_ms)
        if wanted:
            at.append(at_ms)
    return at


def test_a_still_scene_is_looked_at_for_a_while_and_then_now_and_again() -> None:
    at = decoded([(ms, ms == 0) for ms in range(0, 10_000, 50)])
    last = PATIENCE_MS - 50
    again = [last + LOOK_AGAIN_MS * turn for turn in (1, 2, 3, 4)]
    assert at == [*range(0, PATIENCE_MS, 50), *again]


def test_a_change_wakes_it_at_once() -> None:
    at = decoded([(ms, ms in (0, 5000)) for ms in range(0, 5100, 50)])
    assert [ms for ms in at if ms >= 4990] == [5000, 5050]


def test_a_moving_scene_is_decoded_frame_by_frame() -> None:
    frames = [(ms, True) for ms in range(0, 30_000, 50)]
    assert decoded(frames) == [ms for ms, _ in frames]


def test_the_first_frame_is_decoded_whatever_the_gate_says() -> None:
    assert decoded([(123_456, False)]) == [123_456]


@pytest.mark.parametrize("frames_per_s", [20, 10, 8, 5, 3])
def test_a_card_that_was_away_is_read_again_however_few_frames_a_dark_room_leaves(frames_per_s: int) -> None:
    away_ms = max(AWAY_MS, MISSES * 1000 // frames_per_s) + 2000 // frames_per_s
    attention, presence, shown, before = Attention(), Presence(), 0, False
    for frame in range(frames_per_s * 20):
        at_ms = frame * 1000 // frames_per_s
        there = not 3000 <= at_ms < 3000 + away_ms
        attention, wanted = attend(attention, changed=there is not before, at_ms=at_ms)
        before = there
        if wanted:
            presence, fresh = looked(presence, {1} if there else set(), at_ms)
            shown += len(fresh)
    assert shown == 2


def test_a_slow_camera_is_looked_at_for_some_frames_and_then_now_and_again() -> None:
    at = decoded([(ms, ms == 0) for ms in range(0, 10_000, 200)])
    assert at == [*range(0, 200 * PATIENCE_FRAMES, 200), 4200, 6200, 8200]
