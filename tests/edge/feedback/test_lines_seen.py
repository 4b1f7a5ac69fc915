"""What the kernel tells of lines that this or another program holds."""

from typing import Any

from kiosk.feedback.gpiochip import ChipPins
from kiosk.feedback.lines_seen import KIOSK_RUNS, lines_of, pin_findings
from kiosk.findings import failed, passed
from tests.support.pins import LINES, kernel_pins


def test_each_pin_is_free_or_held_by_somebody_or_not_there() -> None:
    import gpiod

    line: Any = gpiod.line
    with kernel_pins() as pins:
        kiosk: Any = ChipPins(pins.chip).pin(17)
        kiosk.output_with_state(True)
        fan = gpiod.request_lines(
            pins.chip, consumer="fan", config={27: gpiod.LineSettings(direction=line.Direction.OUTPUT)}
        )
        wanted = {"red": 17, "amber": 27, "green": 22, "heard": LINES}
        found = list(pin_findings(wanted, pins.chip, lines_of(pins.chip)))
        still_lit = pins.level(17)
        fan.release()
        kiosk.close()
        overlay = "Choose another pin, or take the overlay that uses it out of /boot/firmware/config.txt."
        assert found == [
            passed("red (GPIO 17)", KIOSK_RUNS),
            failed("amber (GPIO 27)", "held by fan", overlay),
            passed("green (GPIO 22)", f"free on {pins.chip}"),
            failed(f"heard (GPIO {LINES})", f"{pins.chip} has no such line", "Name a pin of the 40-pin header."),
        ]
        assert still_lit
