"""What the pages say: every state in every language, and nothing that a bystander may not see."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kiosk.cards.desk_model import ConfirmPressed, EventChoice, EventChosen, Notice, Scanned, TicketsSet, UndoPressed
from kiosk.cards.model import Answer, CardKind, CardStatus, Finding, Language, Reason, Scan, Tickets, UnreadableWhy
from kiosk.cards.trust import TrustLevel
from kiosk.screen import words
from kiosk.screen.board import Board, BoardState
from kiosk.screen.forms import BadForm, read_form
from kiosk.screen.translations import LOCALE_FOLDER, Translator, load_translators
from kiosk.screen.views import staff_view, visitor_sign
from tests.support import desks
from tests.support.clock import NOON, FixedClock

TRANSLATORS = load_translators(ZoneInfo("Europe/Helsinki"))
FI = TRANSLATORS[Language.FI]
NOW = FixedClock().now()
DESKS = {
    "ready": desks.ready(),
    "reading": desks.reading(),
    "accepted": desks.presented(),
    "community": desks.presented(card__kind=CardKind.COMMUNITY),
    "asked": desks.presented(quota_used=6),
    "refused": desks.presented(card__status=CardStatus.BLOCKED),
    "unread": desks.unread(),
    "recorded": desks.recorded(),
    "out of service": desks.out_of_service(),
}


def messages(language: str) -> dict[str, tuple[str, ...]]:
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        catalogue = read_po(file)
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    found = {}
    for message in catalogue:
        if message.id:
            single = message.id if isinstance(message.id, str) else message.id[0]
            found[single] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_text_is_untranslated_and_none_unused(language: str) -> None:
    extracted = extract_from_dir(
        LOCALE_FOLDER.parent,
        [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")],
        strip_comment_tags=False,
    )
    used = {text if isinstance(text, str) else text[0] for _, _, text, _, _ in extracted}
    translated = messages(language)
    assert {text for text, forms in translated.items() if not all(forms)} == set()
    assert set(translated) == used


@pytest.mark.parametrize("name", DESKS)
@pytest.mark.parametrize("t", TRANSLATORS.values(), ids=TRANSLATORS)
def test_every_desk_can_be_shown_in_every_language(name: str, t: Translator) -> None:
    view = staff_view(BoardState(desk=DESKS[name], waiting=2, needs_look=1, failing=("lamps",)), t)
    assert view.phase == DESKS[name].phase.value
    assert (view.verdict is not None) == (DESKS[name].phase.value == "presented")


def test_every_reason_notice_and_level_has_a_sentence_of_its_own() -> None:
    for t in TRANSLATORS.values():
        sentences = [words.sentence(t, Finding(Answer.ASK, reason)) for reason in Reason]
        sentences += [words.notice(t, notice) for notice in Notice]
        sentences += [words.unreadable(t, why) for why in UnreadableWhy]
        sentences += [words.trust(t, level) for level in TrustLevel if level is not TrustLevel.OK]
        assert all(sentences)
        assert len(set(sentences)) == len(sentences)


def test_the_facts_stand_in_the_sentence() -> None:
    finding = Finding(Answer.ASK, Reason.ALREADY_USED, at=NOON, door="Itäovi")
    assert words.sentence(FI, finding) == (
        "Korttia on jo käytetty tässä tapahtumassa. Palaako kävijä takaisin? (24.11.2026 12.00, Itäovi)"
    )


def test_staff_see_two_characters_of_the_number() -> None:
    verdict = staff_view(BoardState(desk=desks.presented()), FI).verdict
    assert verdict is not None
    assert verdict.card == "Kaikukortti •• 17"


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("ready", "welcome"),
        ("reading", "working"),
        ("accepted", "accepted"),
        ("asked", "staff"),
        ("refused", "staff"),
        ("unread", "staff"),
        ("recorded", "thanks"),
        ("out of service", "staff"),
    ],
)
def test_the_visitor_sees_a_sign_and_never_why(name: str, sign: str) -> None:
    assert visitor_sign(DESKS[name]) == sign


TICKETS = {"presentation": "p1", "own": "1", "children": "2", "assistants": "0", "clients": "0"}


def test_each_form_means_one_thing_at_the_desk() -> None:
    at = NOW.monotonic_ms
    assert [
        read_form("/confirm", {"presentation": "p1"}, NOW, FI),
        read_form("/tickets", TICKETS, NOW, FI),
        read_form("/undo", {"use": "u1"}, NOW, FI),
        read_form("/event", {"event": "automatic"}, NOW, FI),
        read_form("/event", {"event": "general"}, NOW, FI),
        read_form("/scan", {"number": " demo "}, NOW, FI),
    ] == [
        ConfirmPressed("p1", at),
        TicketsSet("p1", Tickets(1, 2, 0, 0), at),
        UndoPressed("u1", NOW.utc, at),
        EventChosen(EventChoice(), at),
        EventChosen(EventChoice(automatic=False), at),
        Scanned(Scan("demo", "page"), at),
    ]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/confirm", {}),
        ("/scan", {"number": "   "}),
        ("/scan", {"number": "x" * 201}),
        *(("/tickets", {**TICKETS, "children": bad}) for bad in ("", "-1", "100", "1.5", "²", "two", "9" * 50)),
        ("/tickets", {**TICKETS, "own": "2"}),
    ],
)
def test_a_form_that_cannot_be_used_is_a_sentence(path: str, form: dict[str, str]) -> None:
    with pytest.raises(BadForm, match=r"^[A-ZÄÖÅ].*\.$"):
        read_form(path, form, NOW, FI)


async def test_a_page_gets_the_state_now_and_then_only_the_latest() -> None:
    board = Board()
    states = board.states(quiet_s=0.01)
    first = await anext(states)
    assert first is not None
    board.update(waiting=1)
    board.update(waiting=2)
    second = await anext(states)
    assert second is not None
    assert (first.waiting, second.waiting, await anext(states)) == (0, 2, None)
    await states.aclose()


def test_no_style_or_script_stands_inside_a_page() -> None:
    for template in (Path(LOCALE_FOLDER).parent / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\bstyle=|<style|<script(?! src=\"/static/)|\bon[a-z]+=|https?://", text), template.name
