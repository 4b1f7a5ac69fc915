"""The printed sheet of commands, read back from its own drawing."""

import re
from pathlib import Path

import pytest
import zxingcpp

from kiosk.cards.commands import PAGE_CODES, PIN_CODES, Command, command_in
from kiosk.commands.barcode import NARROW_MM, QUIET_MODULES, code39_svg
from kiosk.commands.command_sheet import command_sheet, print_commands
from kiosk.errors import KioskError
from kiosk.scanners.calibration import PRINTED

SVG = re.compile(r'<svg [^>]*width="([\d.]+)mm"[^>]*viewBox="0 0 (\d+) 1"[^>]*><path [^>]*d="([^"]*)"/></svg>')
BAR = re.compile(r"M(\d+) 0h(\d+)v1h-\2z")


def drawn(svg: str, pixels: int = 3, height: int = 60) -> memoryview:
    """The picture that a browser makes of the drawing."""
    found = SVG.search(svg)
    assert found
    width = int(found[2])
    row = bytearray(b"\xff" * width * pixels)
    for start, length in BAR.findall(found[3]):
        row[int(start) * pixels : (int(start) + int(length)) * pixels] = bytes(int(length) * pixels)
    return memoryview(bytes(row) * height).cast("B", (height, width * pixels))


def read(svg: str) -> list[str]:
    codes = zxingcpp.read_barcodes(drawn(svg), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code39))
    return [code.text for code in codes]


def test_every_code_of_the_sheet_reads_back_as_its_text() -> None:
    svgs = [found[0] for found in SVG.finditer(command_sheet())]
    texts = [text for svg in svgs for text in read(svg)]
    buttons = [command for command in Command if command not in (*PIN_CODES, *PAGE_CODES)]
    printed = [*buttons, *PIN_CODES, Command.CONFIRM, Command.CANCEL]
    calibration = len(printed)
    assert texts.pop(calibration) == PRINTED
    printed += [*PAGE_CODES, Command.CONFIRM, Command.CANCEL]
    assert [command_in(text) for text in texts] == printed
    assert [text[:-1] for text in texts] == [command.value for command in printed]


def test_bars_are_as_wide_as_the_narrowest_that_every_scanner_reads_and_stand_free() -> None:
    found = SVG.search(code39_svg("KIOSKUNDO", height_mm=16))
    assert found
    assert float(found[1]) == pytest.approx(int(found[2]) * NARROW_MM, abs=0.01)
    assert NARROW_MM >= 0.34
    bars = [(int(start), int(length)) for start, length in BAR.findall(found[3])]
    assert bars[0][0] == QUIET_MODULES
    assert int(found[2]) - sum(bars[-1]) == QUIET_MODULES


def test_the_words_are_there_in_three_languages() -> None:
    page = command_sheet()
    words = ("Yksi lapsi lisää", "Ett barn till", "One child more", "Kalibrointi", "Kalibrering", "Calibration")
    assert [word for word in words if word not in page] == []


def test_each_digit_tells_by_itself_to_wait_before_it_is_read_again_since_the_sheet_is_cut_apart() -> None:
    waits = "Sama uudestaan: odota sekunti · Samma igen: vänta en sekund · The same again: wait a second"
    cards = re.findall(r"<figure.*?</figure>", command_sheet(), re.DOTALL)
    names = [found[1] for card in cards if waits in card and (found := re.search(r"<code>(\w+)</code>", card))]
    assert names == list(PIN_CODES)


def test_nothing_of_the_page_comes_from_elsewhere() -> None:
    assert re.findall(r"(?:src|href|url|@import)\W", command_sheet()) == []


def test_it_is_written_to_a_file_and_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    print_commands(tmp_path / "sheet.html")
    assert (tmp_path / "sheet.html").read_text(encoding="utf-8") == command_sheet()
    with pytest.raises(KioskError, match="cannot be written: No such file or directory"):
        print_commands(tmp_path / "missing" / "sheet.html")


def test_what_code39_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        code39_svg("ä", height_mm=16)
