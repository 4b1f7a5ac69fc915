"""What can hang on the pins: a lamp, a lamp of three colours, a buzzer with one tone, a buzzer with many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from kiosk.feedback.look import Look
from kiosk.feedback.signals import Part
from kiosk.feedback.sound import duty_of

Colour = tuple[int, int, int]
COLOURS: Mapping[Part, Colour] = MappingProxyType(
    {Part.RED: (1, 0, 0), Part.AMBER: (1, 1, 0), Part.GREEN: (0, 1, 0), Part.HEARD: (0, 0, 1)}
)
"""Red, green and blue of each lamp that one lamp of three colours stands for."""
FIRST_HZ = 1000
"""Before the first tone; at no volume."""


class Fixture(Protocol):
    """One thing on one or more pins."""

    @property
    def name(self) -> str:
        """As a technician knows it, such as `amber (GPIO 27)`."""
        ...

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it can be, one after the other."""
        ...

    def open(self, gpiozero: Any, factory: Any) -> Any:
        """The library's device for it, switched off."""
        ...

    def show(self, device: Any, look: Look) -> frozenset[Part]:
        """Have `device` as `look` says; the parts that are on, read back from its pins."""
        ...


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp, or a buzzer with one tone: on or off."""

    part: Part
    pin: int
    active_high: bool = True

    @property
    def name(self) -> str:
        """The part and its pin."""
        return f"{self.part.value} (GPIO {self.pin})"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The one."""
        return (self.part,)

    def open(self, gpiozero: Any, factory: Any) -> Any:
        """A DigitalOutputDevice."""
        return gpiozero.DigitalOutputDevice(self.pin, active_high=self.active_high, pin_factory=factory)

    def show(self, device: Any, look: Look) -> frozenset[Part]:
        """On when the look has the part."""
        device.value = self.part in look.on
        return frozenset({self.part}) if device.value else frozenset()


@dataclass(frozen=True, slots=True)
class ThreeColours:
    """One lamp for all colours; what shines together is mixed."""

    pins: tuple[int, int, int]
    """Red, green, blue."""
    active_high: bool = True

    @property
    def name(self) -> str:
        """All three pins."""
        return f"lamp (GPIO {', '.join(map(str, self.pins))})"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every colour that it stands for."""
        return tuple(COLOURS)

    def open(self, gpiozero: Any, factory: Any) -> Any:
        """An RGBLED whose colours are on or off: no pin has to be dimmed."""
        return gpiozero.RGBLED(*self.pins, active_high=self.active_high, pwm=False, pin_factory=factory)

    def show(self, device: Any, look: Look) -> frozenset[Part]:
        """The colours of all lamps in the look."""
        parts = look.on & COLOURS.keys()
        mixed = tuple(max((COLOURS[part][primary] for part in parts), default=0) for primary in range(3))
        device.value = mixed
        return frozenset(parts) if device.value == mixed else frozenset()


@dataclass(frozen=True, slots=True)
class Tones:
    """A buzzer that sounds as it is driven: its pitch is the frequency, its volume the duty cycle."""

    pin: int
    active_high: bool = True

    @property
    def name(self) -> str:
        """The buzzer and its pin."""
        return f"{Part.BUZZER.value} (GPIO {self.pin})"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The buzzer."""
        return (Part.BUZZER,)

    def open(self, gpiozero: Any, factory: Any) -> Any:
        """A PWMOutputDevice, silent."""
        return gpiozero.PWMOutputDevice(
            self.pin, active_high=self.active_high, initial_value=0, frequency=FIRST_HZ, pin_factory=factory
        )

    def show(self, device: Any, look: Look) -> frozenset[Part]:
        """Sound at the look's pitch and volume."""
        if Part.BUZZER not in look.on:
            device.value = 0
            return frozenset()
        device.frequency = look.pitch_hz
        device.value = duty_of(look.volume)
        return frozenset({Part.BUZZER}) if device.value else frozenset()
