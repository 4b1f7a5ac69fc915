"""A tone on a pin through the kernel's PWM (Documentation/driver-api/pwm.rst): steady, and without a thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

ROOT = Path("/sys/class/pwm")
CHANNELS: Mapping[str, Mapping[int, int]] = MappingProxyType(
    {
        "brcm,bcm2835-pwm": MappingProxyType({12: 0, 13: 1, 18: 0, 19: 1}),
        "raspberrypi,rp1-pwm": MappingProxyType({12: 0, 13: 1, 18: 2, 19: 3}),
    }
)
"""The chip's name in the device tree, and which of its channels each GPIO can be (BCM2711 and RP1 peripherals)."""
NS_PER_S = 1_000_000_000
PAUSE_S = 0.01
MOST_PAUSES = 50
"""Half a second: the kernel makes a channel's files for root, and udev gives them to the group a moment later."""


def find_channel(gpio: int, root: Path = ROOT, *, pause: Callable[[float], None] = time.sleep) -> PwmChannel | None:
    """The PWM channel of the pin `gpio`; None where this machine has none for it (no overlay, another pin)."""
    for chip in sorted(root.glob("pwmchip*")):
        try:
            names = (chip / "device" / "of_node" / "compatible").read_text(encoding="ascii").split("\0")
        except OSError:
            continue
        for name in names:
            if (channel := CHANNELS.get(name, {}).get(gpio)) is not None:
                return PwmChannel(chip, channel, pause=pause)
    return None


class PwmChannel:
    """Guards one exported channel: pitch and duty cycle; silent when closed."""

    def __init__(self, chip: Path, channel: int, *, pause: Callable[[float], None] = time.sleep) -> None:
        """Use the channel of the chip's folder in sysfs; nothing is touched until `tune`."""
        self._pause = pause
        self._export = chip / "export"
        self._channel = channel
        self._folder = chip / f"pwm{channel}"
        self._period_ns = 0

    @property
    def frequency_hz(self) -> float | None:
        """The pitch; None before the first."""
        return NS_PER_S / self._period_ns if self._period_ns else None

    def tune(self, frequency_hz: float) -> None:
        """Take the pitch; silent until `play`. Raises OSError."""
        if not self._folder.exists():
            self._export.write_text(str(self._channel), encoding="ascii")
            self._until_given()
        # The kernel refuses a period that is shorter than the duty cycle of the moment.
        self._write("duty_cycle", 0)
        self._period_ns = round(NS_PER_S / frequency_hz)
        self._write("period", self._period_ns)
        self._write("enable", 1)

    def _until_given(self) -> None:
        """Wait for udev, at most half a second, and once in the life of a channel: nobody else waits meanwhile."""
        for _ in range(MOST_PAUSES):
            try:
                self._write("duty_cycle", 0)
            except (PermissionError, FileNotFoundError):
                self._pause(PAUSE_S)
            else:
                return

    def play(self, duty: float) -> None:
        """Be on for `duty` (0 to 1) of each period; raises OSError."""
        self._write("duty_cycle", round(self._period_ns * duty))

    def close(self) -> None:
        """Be silent; raises OSError."""
        if self._period_ns:
            self._write("duty_cycle", 0)
            self._write("enable", 0)
            self._period_ns = 0

    def _write(self, name: str, value: int) -> None:
        (self._folder / name).write_text(str(value), encoding="ascii")
