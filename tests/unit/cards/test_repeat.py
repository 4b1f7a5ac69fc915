"""Two readings of one presentation are one scan."""

from __future__ import annotations

from kiosk.cards.model import Scan
from kiosk.cards.repeat import LastReading, heard

CARD = Scan("DEMO-0001-AIKUINEN", "camera")
OTHER_CARD = Scan("DEMO-0002-LAPSI", "camera")


def new_presentations(*readings: tuple[int, Scan]) -> list[int]:
    """The times of those readings that are new presentations."""
    last: LastReading | None = None
    new: list[int] = []
    for at_ms, scan in readings:
        last, is_new = heard(last, scan, at_ms)
        if is_new:
            new.append(at_ms)
    return new


def test_the_first_reading_is_new() -> None:
    assert new_presentations((5, CARD)) == [5]


def test_the_same_text_within_three_seconds_is_the_same_presentation() -> None:
    assert new_presentations((0, CARD), (2_999, CARD)) == [0]


def test_the_same_text_after_three_seconds_is_a_new_presentation() -> None:
    assert new_presentations((0, CARD), (3_000, CARD)) == [0, 3_000]


def test_a_card_that_lies_under_the_camera_is_presented_once() -> None:
    assert new_presentations(*((at_ms, CARD) for at_ms in range(0, 60_000, 100))) == [0]


def test_another_text_is_new_at_once_and_so_is_the_first_one_after_it() -> None:
    assert new_presentations((0, CARD), (100, OTHER_CARD), (200, CARD)) == [0, 100, 200]


def test_the_text_is_not_kept() -> None:
    last, _ = heard(None, CARD, 0)
    assert CARD.text not in repr(last)
    assert last == LastReading(hash(CARD.text), 0)
