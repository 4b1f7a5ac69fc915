"""How loud the kiosk may be."""

import datetime as dt

import pytest

from kiosk.feedback.sound import Loudness, duty_of

OVER_MIDNIGHT = Loudness(day=80, night=10, night_from=dt.time(21, 30), night_to=dt.time(7))
AFTER_NOON = Loudness(day=80, night=0, night_from=dt.time(13), night_to=dt.time(14))


@pytest.mark.parametrize(
    ("loudness", "local", "volume"),
    [
        (OVER_MIDNIGHT, dt.time(21, 29, 59), 80),
        (OVER_MIDNIGHT, dt.time(21, 30), 10),
        (OVER_MIDNIGHT, dt.time(0), 10),
        (OVER_MIDNIGHT, dt.time(6, 59, 59), 10),
        (OVER_MIDNIGHT, dt.time(7), 80),
        (AFTER_NOON, dt.time(12, 59), 80),
        (AFTER_NOON, dt.time(13), 0),
        (AFTER_NOON, dt.time(14), 80),
        (Loudness(day=80), dt.time(3), 80),
        (Loudness(day=80, night=0, night_from=dt.time(3), night_to=dt.time(3)), dt.time(3), 80),
    ],
)
def test_the_night_has_a_volume_of_its_own(loudness: Loudness, local: dt.time, volume: int) -> None:
    assert loudness.at(local) == volume


def test_the_ear_hears_half_the_volume_as_a_quarter_of_the_duty() -> None:
    assert [duty_of(volume) for volume in (0, 50, 100)] == [0, 0.125, 0.5]
