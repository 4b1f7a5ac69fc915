"""What the kernel was told of each line: a lamp that was switched off is told apart from one whose line was let go.

The level of a simulated line says nothing of that, since a line that is let go falls back to its resistor. The kernel's
trace event `gpio:gpio_value` has every level that a program gave a line, and letting go is none.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from kiosk.feedback.gpiochip import ChipPins
from tests.support.pins import KernelPins

TRACING = Path("/sys/kernel/tracing")
_EVENT = TRACING / "events" / "gpio" / "gpio_value" / "enable"
_MARK = 53
"""A line that nothing hangs on; it tells by which number the trace knows the chip's first line."""


class LineHistory:
    """Every level that was given to the lines of one chip since it was made."""

    def __init__(self, pins: KernelPins) -> None:
        (TRACING / "trace").write_text("")
        pin = ChipPins(pins.chip).pin(_MARK)
        pin.output_with_state(True)
        pin.close()
        ((number, _),) = self._all()
        self._first = number - _MARK
        (TRACING / "trace").write_text("")

    def given(self, pin: int) -> list[bool]:
        """The levels of the line, in order: the same one may be given twice."""
        return [level for number, level in self._all() if number == self._first + pin]

    def _all(self) -> list[tuple[int, bool]]:
        told = (TRACING / "trace").read_text()
        return [(int(number), level == "1") for number, level in re.findall(r"gpio_value: (\d+) set (\d)", told)]


@contextlib.contextmanager
def line_history(pins: KernelPins) -> Iterator[LineHistory]:
    """Record while the context lasts."""
    _EVENT.write_text("1")
    try:
        yield LineHistory(pins)
    finally:
        _EVENT.write_text("0")
