"""When a frame is decoded."""

from kiosk.scanners.camera.attention import LOOK_AGAIN_MS, PATIENCE_MS, Attention, attend


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
