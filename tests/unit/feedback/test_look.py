"""What a step looks and sounds like at a volume."""

import datetime as dt

from kiosk.feedback.look import DARK, Look, look_of
from kiosk.feedback.signals import Part, Step

SOUNDING = Step(frozenset({Part.GREEN, Part.BUZZER}), dt.timedelta(seconds=1), 880)


def test_a_step_sounds_at_its_pitch_and_the_volume_of_the_hour() -> None:
    assert look_of(SOUNDING, 40) == Look(frozenset({Part.GREEN, Part.BUZZER}), 880, 40)


def test_at_no_volume_the_buzzer_is_off_and_the_lamp_stays() -> None:
    assert look_of(SOUNDING, 0) == Look(frozenset({Part.GREEN}))


def test_a_step_without_a_sound_has_none_at_any_volume() -> None:
    assert look_of(Step(frozenset({Part.RED}), None), 100) == Look(frozenset({Part.RED}))


def test_the_dark_is_dark() -> None:
    assert Look(frozenset(), 0, 0) == DARK
