"""The page of health calls the kiosk's parts what staff call them."""

import re
from pathlib import Path

import pytest

import kiosk
from kiosk.health import Condition
from kiosk.screen.office.part_words import part
from kiosk.screen.office.views import health_rows
from kiosk.screen.translations import load_translators
from tests.unit.cards.examples import HELSINKI, NOW

TRANSLATORS = load_translators(HELSINKI)
FI, *_ = TRANSLATORS.values()
CODE = [file.read_text(encoding="utf-8") for file in sorted(Path(kiosk.__file__).parent.rglob("*.py"))]
NAMED = re.compile(r'PART = "([^"]+)"|health\.(?:ok|failing)\("([^"]+)"')
ANNOUNCERS = {"page", "lamps", "choice", "announcements", "voice"}
SEVERAL = {"scanner 1 (usb 1a2b:3c4d)", "scanner cards.txt", "camera /dev/video0"}


def names() -> set[str]:
    """What the code calls its parts."""
    return {one or other for text in CODE for one, other in NAMED.findall(text)} | ANNOUNCERS | SEVERAL


def test_every_part_has_a_name_in_every_language() -> None:
    assert {"database", "upload", "clock", "buttons"} <= names()
    for t in TRANSLATORS.values():
        assert [name for name in sorted(names()) if not part(t, name)] == []


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("database", "Laitteen kirjaukset"),
        ("scanner 2 (usb 1a2b:3c4d)", "Lukija 2"),
        ("camera /dev/video0", "Kamera"),
        ("new", ""),
    ],
)
def test_of_several_scanners_each_has_its_number(name: str, called: str) -> None:
    assert part(FI, name) == called


def test_the_technician_reads_the_name_in_the_log_and_the_sentence_there() -> None:
    parts = {"database": Condition(ok=True, since=NOW), "key": Condition(ok=False, since=NOW, why="It is old.")}
    assert health_rows(parts, FI) == [
        ("Laitteen kirjaukset", True, "14.3. 18.30", "database"),
        ("Laitteen avain", False, "14.3. 18.30", "key: It is old."),
    ]
