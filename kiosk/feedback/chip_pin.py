"""One GPIO line of the kernel, as gpiozero asks for a pin: driven, listened to, or sounding by PWM."""

from __future__ import annotations

import datetime as dt
import errno
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.errors import DeviceError
from kiosk.feedback.pwm import PwmChannel

CONSUMER = "kaikukortti-kiosk"
"""What the kernel calls whoever holds the line."""

Watch = Callable[[int, Callable[[], None]], Callable[[], None]]
"""Call back whenever a file descriptor can be read; returns how to stop that."""

Lost = Callable[[OSError], None]
"""Hears that a line that was listened to is there no more, and why."""


@dataclass(frozen=True, slots=True)
class PinName:
    """What a pin is called, as gpiozero asks for it."""

    name: str


class ChipPin:
    """Guards one line; it is requested when first read or driven, so that a PWM pin never leaves its function."""

    def __init__(
        self, chip: str, number: int, watch: Watch, pwm: Callable[[int], PwmChannel | None], lost: Lost
    ) -> None:
        """Nothing is requested yet."""
        self.info = PinName(f"GPIO{number}")
        self._chip = chip
        self._number = number
        self._watch = watch
        self._find_pwm = pwm
        self._lost = lost
        self._line: Any = None
        self._output = False
        self._level = False
        self._pull = "floating"
        self._bounce_s: float | None = None
        self._changed: Callable[[float, int], None] | None = None
        self._stop_watching: Callable[[], None] | None = None
        self._tone: PwmChannel | None = None
        self._duty = 0.0
        self.edges = "both"

    def __repr__(self) -> str:
        """As gpiozero writes it."""
        return self.info.name

    def close(self) -> None:
        """Give the line back; the kernel keeps its last level, so whoever switches something off does so before."""
        self.when_changed = None
        self.frequency = None
        if self._line is not None:
            self._line.release()
            self._line = None

    def output_with_state(self, state: bool) -> None:  # noqa: FBT001  # gpiozero calls it so
        """Drive the line, at once to `state`: no blip between."""
        self._output, self._level = True, bool(state)
        self._settle()

    def input_with_pull(self, pull: str) -> None:
        """Listen to the line, with a resistor `up`, `down` or `floating`."""
        self._output, self._pull = False, pull
        self._settle()

    @property
    def function(self) -> str:
        """Whether the line is driven or listened to."""
        return "output" if self._output else "input"

    @function.setter
    def function(self, value: str) -> None:
        self._output = value == "output"
        if self._line is not None:
            self._settle()

    @property
    def state(self) -> float:
        """The level, as the kernel reads it back; the duty cycle of a tone."""
        if self._tone is not None:
            return self._duty
        if self._line is None:
            self._settle()
        return int(self._line.get_value(self._number).value)

    @state.setter
    def state(self, value: float) -> None:
        if self._tone is not None:
            self._duty = float(value)
            self._tone.play(self._duty)
            return
        self._level = bool(value)
        if self._line is None or not self._output:
            self._output = True
            self._settle()
        else:
            self._line.set_value(self._number, library("gpiod").line.Value(int(self._level)))

    @property
    def pull(self) -> str:
        """The resistor of a line that is listened to."""
        return self._pull

    @pull.setter
    def pull(self, value: str) -> None:
        self.input_with_pull(value)

    @property
    def frequency(self) -> float | None:
        """Pitch of the tone in Hz; None: the line is plainly on or off."""
        return None if self._tone is None else self._tone.frequency_hz

    @frequency.setter
    def frequency(self, value: float | None) -> None:
        if value is None:
            if self._tone is not None:
                self._tone.close()
            self._tone, self._duty = None, 0.0
            return
        if self._tone is None:
            self._tone = self._find_pwm(self._number)
            if self._tone is None:
                raise library("gpiozero").PinPWMUnsupported(
                    f"GPIO {self._number} has no PWM: only 12, 13, 18 and 19 have, with the overlay “pwm”"
                )
        self._tone.tune(value)
        self._tone.play(self._duty)

    @property
    def bounce(self) -> float | None:
        """Seconds that a level must stay to count; the kernel waits them out."""
        return self._bounce_s

    @bounce.setter
    def bounce(self, value: float | None) -> None:
        self._bounce_s = value
        if self._line is not None:
            self._settle()

    @property
    def when_changed(self) -> Callable[[float, int], None] | None:
        """Who is told of each edge: its time in ticks, and the new level."""
        return self._changed

    @when_changed.setter
    def when_changed(self, value: Callable[[float, int], None] | None) -> None:
        self._listen_no_more()
        self._changed = value
        if value is not None:
            self._settle()
            self._stop_watching = self._watch(self._line.fd, self._edges_came)

    def _edges_came(self) -> None:
        rising = library("gpiod").EdgeEvent.Type.RISING_EDGE
        try:
            events = self._line.read_edge_events()
        except OSError as error:
            # Pulled out with its USB bridge. Its descriptor can be "read" for ever, which would keep the loop busy.
            self._listen_no_more()
            self._lost(error)
            return
        for event in events:
            if self._changed is not None:
                self._changed(event.timestamp_ns / 1e9, int(event.event_type is rising))

    def _listen_no_more(self) -> None:
        if self._stop_watching is not None:
            self._stop_watching()
            self._stop_watching = None

    def _settle(self) -> None:
        """Have the line as it was asked for; raises DeviceError where it is another's or not there, and OSError."""
        settings = {self._number: self._settings()}
        if self._line is not None:
            self._line.reconfigure_lines(settings)
            return
        try:
            self._line = library("gpiod").request_lines(self._chip, consumer=CONSUMER, config=settings)
        except ValueError as error:
            raise DeviceError(f"{self._chip} has no such pin") from error
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise DeviceError("another program holds the pin") from error
            if error.errno == errno.EINVAL:
                raise DeviceError(f"{self._chip} has no such pin") from error
            raise

    def _settings(self) -> Any:
        gpiod: Any = library("gpiod")
        line: Any = gpiod.line
        if self._output:
            return gpiod.LineSettings(direction=line.Direction.OUTPUT, output_value=line.Value(int(self._level)))
        bias = {"up": line.Bias.PULL_UP, "down": line.Bias.PULL_DOWN, "floating": line.Bias.DISABLED}[self._pull]
        if self._changed is None:
            return gpiod.LineSettings(direction=line.Direction.INPUT, bias=bias)
        return gpiod.LineSettings(
            direction=line.Direction.INPUT,
            bias=bias,
            edge_detection=line.Edge.BOTH,
            debounce_period=dt.timedelta(seconds=self._bounce_s or 0),
        )


def library(name: str) -> Any:
    """The hardware library `name`; raises DeviceError where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise DeviceError(f"{name} is not installed; install the package with its “hardware” extra") from None
