"""What a technician is told of a scanner that read the calibration code, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.cards.number import bare_texts
from kiosk.findings import Finding, failed, passed, warned
from kiosk.scanners.calibration import CALIBRATION, Calibration, Ending, Verdict, capitals


def findings(calibration: Calibration) -> tuple[Finding, ...]:
    """All that `calibration` tells, the reading first; never quotes a code that may be a card's."""
    match calibration.verdict:
        case Verdict.NOTHING:
            seen = "no key arrived"
            do = (
                "Hold the calibration code to the scanner. If it beeps and nothing arrives, it is not set to “USB "
                "keyboard” (HID), or another device was named."
            )
        case Verdict.KEYS_LOST:
            seen = "keys were lost on their way"
            do = "Read the code again; if it happens often, set a delay between characters in the scanner."
        case Verdict.OTHER_CODE:
            seen = f"{calibration.typed} characters that are not the calibration code"
            do = (
                "Read the calibration code of the sheet that `kiosk print commands` prints; if you did, set the "
                "scanner to the US keyboard."
            )
        case Verdict.OTHER_LAYOUT:
            shown = "; ".join(f"{layout}: {text!r}" for layout, text in calibration.readings.items())
            seen = f"no layout of the kiosk reads it ({shown})"
            do = "Set the scanner to the US keyboard, or to Alt codes."
        case Verdict.READ:
            return tuple(_of_reading(calibration))
    return (failed("reading", seen, do),)


def _of_reading(seen: Calibration) -> Iterator[Finding]:
    yield passed("layout", f"{seen.layout} reads the calibration code")
    if seen.ending is Ending.SILENCE:
        yield warned(
            "end of a code",
            "nothing: the kiosk waits for 0.1 s of silence",
            "Set the scanner to send Enter (CR) after each code: answers come sooner, and two quick codes stay two.",
        )
    else:
        yield passed("end of a code", seen.ending.value)
    after = seen.after[1:] if seen.check_character else seen.after
    around = f"{seen.before!r} before and {after!r} after the code"
    if not (seen.before or after):
        yield passed("prefix and suffix", "none")
    elif {capitals(text) for text in bare_texts(seen.before + CALIBRATION + after)} == {CALIBRATION}:
        yield passed("prefix and suffix", f"{around}; the kiosk takes them off")
    else:
        yield failed(
            "prefix and suffix",
            f"{around}, which the kiosk would take for a part of the number",
            "Switch the scanner's own prefix and suffix off; AIM identifiers, STX and ETX may stay.",
        )
    if seen.check_character and "]A1" not in seen.before:
        yield warned(
            "check character",
            "passed on",
            "If your cards' Code39 carries one, set the scanner to check it and not to send it (Code39 mod 43), or "
            "to send AIM identifiers as well.",
        )
    if seen.small_letters:
        yield warned(
            "capitals",
            "arrive as small letters; card numbers do not mind, links in QR codes may",
            "Set the scanner's letter case to “as in the code”, and caps lock off.",
        )
