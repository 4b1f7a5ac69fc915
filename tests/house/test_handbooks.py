"""The operator's handbook says the same in Finnish, Swedish and English, in the very words of the page."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kiosk.cards.model import Language
from kiosk.screen.translations import LOCALE_FOLDER

DOCS = Path(__file__).parents[2] / "docs"
HANDBOOKS = {Language.FI: "operator.fi.md", Language.SV: "operator.sv.md", Language.EN: "operator.md"}
TEXTS = {language: (DOCS / name).read_text(encoding="utf-8") for language, name in HANDBOOKS.items()}
EMPHASISED = re.compile(r"(?<![*\w])\*{1,2}([^*]+)\*{1,2}")
NOT_THE_PAGES = {"Tab", "Enter", "Codes", "Two buttons", "Undone by the venue"}
"""Emphasised words that no button or heading of a page has."""
OTHER = pytest.mark.parametrize("language", [Language.FI, Language.SV])


def said(language: Language) -> Iterator[tuple[str, str]]:
    """Each short text of the pages: as the code has it, and in `language`."""
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        for message in read_po(file, locale=language):
            if isinstance(message.id, str) and message.id:
                yield message.id, str(message.string)


def sections(language: Language) -> list[str]:
    """The handbook by its headings; the first part is empty."""
    return re.split(r"^#+ ", TEXTS[language], flags=re.MULTILINE)


def shape(language: Language) -> list[tuple[str, str]]:
    """Headings, items, rows, dashes, pictures and links as they follow each other, without their words."""
    parts = re.findall(r"(^(?:#+|-|\d+\.|\|(?= \S))| – )|\]\(([^)]+)\)|(`[^`]+`)", TEXTS[language], re.MULTILINE)
    return [
        (mark or code, target.replace(f"-{language}-", "-en-")) for mark, target, code in parts if target not in books()
    ]


def books() -> tuple[str, ...]:
    return tuple(HANDBOOKS.values())


def emphasised(text: str) -> list[str]:
    return [" ".join(words.split()).rstrip(".") for words in EMPHASISED.findall(text)]


@OTHER
def test_a_handbook_has_the_sections_lists_tables_and_pictures_of_the_english_one(language: Language) -> None:
    assert shape(language) == shape(Language.EN)


@pytest.mark.parametrize("language", Language)
def test_a_handbook_leads_to_the_two_others_and_shows_its_own_language_alone(language: Language) -> None:
    targets = re.findall(r"\]\(([^)]+)\)", TEXTS[language])
    assert [target for target in targets if target in books()] == [
        name for other, name in HANDBOOKS.items() if other is not language
    ]
    pictures = [target for target in targets if target.endswith(".png")]
    assert [target for target in pictures if f"-{language}-" not in target] == []


def test_the_english_handbook_emphasises_what_the_pages_say() -> None:
    known = {english for english, _ in said(Language.EN)} | NOT_THE_PAGES
    assert [words for words in emphasised(TEXTS[Language.EN]) if words not in known] == []


@OTHER
def test_what_a_handbook_emphasises_is_what_the_page_says_in_its_language(language: Language) -> None:
    translations = dict(said(language))
    for english, other in zip(sections(Language.EN), sections(language), strict=True):
        wanted = Counter(translations[words] for words in emphasised(english) if words not in NOT_THE_PAGES)
        assert wanted - Counter(emphasised(other)) == Counter(), english.splitlines()[:1]
