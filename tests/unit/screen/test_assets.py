"""What the browser gets: nothing inline, nothing from elsewhere, colours that can be read."""

import re
from pathlib import Path

import pytest

from kiosk.screen.server import STATIC_FOLDER
from kiosk.screen.stream import BEAT_S

TEMPLATES = sorted((STATIC_FOLDER.parent / "templates").rglob("*.html"))
CSS = (STATIC_FOLDER / "app.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", CSS))
WORST_TEXT = 4.5
WORST_EDGE = 3.0


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_style_or_script_stands_inside_a_page(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\bstyle=|<style|<script(?! src=\"/static/)|\bon[a-z]+=|https?://", text)


def test_nothing_is_fetched_from_elsewhere() -> None:
    for name in ("app.css", "office.css", "alone.js", "app.js", "keys.js", "pin.js"):
        text = (STATIC_FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(r"https?:|@import|url\((?!\"/static/)|\beval\b", text), name


@pytest.mark.parametrize("ground", ["paper", "panel", "tint"])
@pytest.mark.parametrize("text", ["ink", "quiet", "ask", "accept", "refuse"])
def test_text_can_be_read_on_every_ground(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= WORST_TEXT


@pytest.mark.parametrize("ground", ["deep", "accept", "ask", "refuse"])
def test_white_can_be_read_on_every_sign(ground: str) -> None:
    assert contrast(COLOURS["on"], COLOURS[ground]) >= WORST_TEXT


@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("edge", ["edge", "focus"])
def test_the_edge_of_a_button_can_be_seen(edge: str, ground: str) -> None:
    assert contrast(COLOURS[edge], COLOURS[ground]) >= WORST_EDGE


def test_a_page_waits_for_two_beats_and_less_than_a_second() -> None:
    script = (STATIC_FOLDER / "app.js").read_text(encoding="utf-8")
    (gone_after_ms,) = re.findall(r"GONE_AFTER_MS = (\d+)", script)
    assert 2 * BEAT_S * 1000 < int(gone_after_ms) < 1000


def test_everything_made_elsewhere_has_its_licence_beside_it() -> None:
    listed = (STATIC_FOLDER / "LICENCES.md").read_text(encoding="utf-8")
    for file in (STATIC_FOLDER / "fonts").glob("*.woff2"):
        assert f"`fonts/{file.name}`" in listed
    assert "SIL OPEN FONT LICENSE" in (STATIC_FOLDER / "fonts" / "OFL.txt").read_text(encoding="utf-8").upper()
