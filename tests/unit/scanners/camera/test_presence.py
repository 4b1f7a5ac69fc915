"""Held still once; away and back twice."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanners.camera.presence import AWAY_MS, MISSES, Presence, looked

CARD, OTHER = 1, 2
FRAME_MS = 50


def presentations(looks: list[tuple[int, set[int]]]) -> list[int]:
    presence, shown = Presence(), []
    for at_ms, seen in looks:
        presence, fresh = looked(presence, seen, at_ms)
        shown += sorted(fresh)
    return shown


def steady(seen: set[int], frames: int, start_ms: int = 0) -> list[tuple[int, set[int]]]:
    return [(start_ms + FRAME_MS * frame, seen) for frame in range(frames)]


def test_a_card_held_still_is_read_once() -> None:
    assert presentations(steady({CARD}, 1000)) == [CARD]


def test_a_card_that_was_away_and_is_back_is_read_again() -> None:
    gone = AWAY_MS // FRAME_MS + 2
    looks = steady({CARD}, 5) + steady(set(), gone, 1000) + steady({CARD}, 5, 5000)
    assert presentations(looks) == [CARD, CARD]


def test_a_shaking_hand_is_no_second_presentation() -> None:
    looks = steady({CARD}, 5) + steady(set(), AWAY_MS // FRAME_MS, 1000) + steady({CARD}, 5, 1000 + AWAY_MS)
    assert presentations(looks) == [CARD]


def test_a_rest_without_looks_ends_nothing_however_long() -> None:
    assert presentations([(0, {CARD}), (3_600_000, {CARD}), (3_600_050, set()), (3_600_100, {CARD})]) == [CARD]


def test_two_cards_in_view_are_two_presentations_and_each_ends_for_itself() -> None:
    away = steady({OTHER}, AWAY_MS // FRAME_MS + 2, 1000)
    looks = [*steady({CARD}, 3), *steady({CARD, OTHER}, 3, 500), *away, (9000, {CARD, OTHER})]
    assert presentations(looks) == [CARD, OTHER, CARD]


@given(st.lists(st.tuples(st.integers(1, 2000), st.sets(st.integers(1, 3))), max_size=60))
def test_a_card_is_shown_again_only_after_looks_that_missed_it_for_long_enough(
    steps: list[tuple[int, set[int]]],
) -> None:
    presence, at_ms = Presence(), 0
    last_seen: dict[int, int] = {}
    for step_ms, seen in steps:
        at_ms += step_ms
        presence, fresh = looked(presence, seen, at_ms)
        for mark in fresh & last_seen.keys():
            assert at_ms - last_seen[mark] > AWAY_MS
        assert fresh <= seen
        assert all(presence.holds(mark) for mark in seen)
        last_seen |= dict.fromkeys(seen, at_ms)


def test_a_still_card_that_only_some_looks_can_read_is_read_once() -> None:
    looks = [(2000 * look, {CARD} if look % MISSES == 0 else set[int]()) for look in range(200)]
    assert presentations(looks) == [CARD]
