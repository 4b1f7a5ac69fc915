"""`kiosk print commands`: a page of codes for the desk's buttons, one for a PIN, one for the venue's pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from kiosk.cards.commands import PAGE_CODES, PIN_CODES, Command
from kiosk.commands.barcode import code39_svg
from kiosk.errors import KioskError
from kiosk.scanners.calibration import CALIBRATION
from kiosk.screen import command_words
from kiosk.screen.translations import load_translators

HEIGHT_MM = 16.0
"""Bars of 15 mm and more are hit without aiming."""
_STYLE = """
@page { size: A4; margin: 12mm 10mm }
body { font: 11pt/1.25 sans-serif; color: #000; margin: 0 }
h1 { font-size: 14pt; margin: 0 0 2mm }
p { margin: 0 0 2mm }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 5mm 6mm; margin-top: 5mm }
main + h1 { break-before: page }
figure { margin: 0; break-inside: avoid }
figure.wide { grid-column: 1 / -1; border-top: 0.3mm dashed #000; padding-top: 6mm }
figcaption b { font-size: 14pt }
figcaption b + span { display: block }
code { font-size: 9pt }
figure.digit figcaption { display: flex; align-items: center; gap: 3mm }
small { font-size: 7pt; line-height: 1.1 }
"""


def print_commands(output: Path | None) -> None:
    """Write the page (HTML, A4) to `output` or standard output; raises KioskError when it cannot be written."""
    page = command_sheet()
    if output is None:
        click.echo(page, nl=False)
        return
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise KioskError(f"{output} cannot be written: {error.strerror}.") from error


def command_sheet() -> str:
    """The three pages; their words in Finnish, Swedish and English."""
    translators = tuple(load_translators(ZoneInfo("UTC")).values())
    about = [command_words.command_sheet(t) for t in translators]
    titles, uses, calibration = zip(*about, strict=True)
    pin_titles, pin_uses = zip(*(command_words.pin_sheet(t) for t in translators), strict=True)
    page_titles, page_uses = zip(*(command_words.pages_sheet(t) for t in translators), strict=True)

    again = [command_words.digit_again(t) for t in translators]

    def figures(commands: Iterable[Command]) -> list[str]:
        return [
            _figure(
                each.value,
                [command_words.command(t, each) for t in translators],
                below=again if each in PIN_CODES else [],
            )
            for each in commands
        ]

    return "\n".join(
        [
            '<!doctype html><html lang="fi"><head><meta charset="utf-8">',
            f"<title>{escape(titles[0])}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{escape(' · '.join(titles))}</h1>",
            *(f"<p>{escape(use)}</p>" for use in uses),
            "<main>",
            *figures(command for command in Command if command not in (*PIN_CODES, *PAGE_CODES)),
            "</main>",
            f"<h1>{escape(' · '.join(pin_titles))}</h1>",
            *(f"<p>{escape(use)}</p>" for use in pin_uses),
            "<main>",
            *figures((*PIN_CODES, Command.CONFIRM, Command.CANCEL)),
            _figure(CALIBRATION, calibration, wide=True),
            "</main>",
            f"<h1>{escape(' · '.join(page_titles))}</h1>",
            *(f"<p>{escape(use)}</p>" for use in page_uses),
            "<main>",
            *figures((*PAGE_CODES, Command.CONFIRM, Command.CANCEL)),
            "</main></body></html>",
            "",
        ]
    )


def _figure(text: str, captions: Sequence[str], *, below: Sequence[str] = (), wide: bool = False) -> str:
    first, *others = (escape(caption) for caption in dict.fromkeys(captions))
    kind = ' class="wide"' if wide else ' class="digit"' if below else ""
    beside = f"<span>{' · '.join(others)}</span>" if others else " "
    small = f"<small>{escape(' · '.join(below))}</small>" if below else ""
    return (
        f"<figure{kind}>{code39_svg(text, height_mm=HEIGHT_MM)}"
        f"<figcaption><b>{first}</b>{beside}<code>{escape(text)}</code>{small}</figcaption></figure>"
    )
