"""The .po files hold what the code says, all of it and nothing else, finished."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kiosk.screen.translations import LOCALE_FOLDER

SCREEN = LOCALE_FOLDER.parent
PLACES = re.compile(r"%(?:\(\w+\))?[sd]")


def translated(language: str) -> list[Message]:
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def forms_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_text_is_translated_and_none_is_left_over(language: str) -> None:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
    said = {text for _, _, text, _, _ in extract_from_dir(SCREEN, methods)}
    said = {(text[0], text[1]) if isinstance(text, tuple) else text for text in said}
    assert {
        message.id if isinstance(message.id, str) else tuple(message.id) for message in translated(language)
    } == said


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_translation_is_finished(language: str) -> None:
    assert [message.id for message in translated(language) if message.fuzzy or not all(forms_of(message))] == []
    assert [
        message.id for message in translated(language) if message.pluralizable and len(forms_of(message)) != 2
    ] == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_translation_takes_the_same_facts(language: str) -> None:
    for message in translated(language):
        wanted = PLACES.findall(message.id if isinstance(message.id, str) else message.id[1])
        for form in forms_of(message):
            # A singular may say "the only" where the plural counts.
            assert PLACES.findall(form) in ([wanted, []] if message.pluralizable else [wanted]), message.id


def test_english_says_what_the_code_says() -> None:
    assert [message.id for message in translated("en") if forms_of(message) not in ((message.id,), message.id)] == []


NAMES = {"Kaikukortti"}
"""What is called the same in every language."""


@pytest.mark.parametrize("template", sorted((SCREEN / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(template: Path) -> None:
    drawn = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    told = re.findall(r'\b(?:aria-label|title|alt|placeholder)="([^"]*)"', drawn)
    words = re.findall(r"[^\W\d_]{2,}", " ".join([re.sub(r"<[^>]*>", " ", drawn), *told]))
    assert [word for word in words if word not in NAMES] == []
