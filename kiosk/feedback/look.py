"""How the kiosk looks and sounds at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.feedback.signals import Part, Step


@dataclass(frozen=True, slots=True)
class Look:
    """Parts that are on, all others off, and how the buzzer sounds."""

    on: frozenset[Part] = frozenset()
    pitch_hz: int = 0
    volume: int = 0
    """0 to 100; in a silent look the buzzer is off."""


DARK = Look()


def look_of(step: Step, volume: int) -> Look:
    """`step` at `volume`; at none, the buzzer is off and the lamps speak alone."""
    if Part.BUZZER not in step.on:
        return Look(step.on)
    return Look(step.on, step.pitch_hz, volume) if volume else Look(step.on - {Part.BUZZER})
