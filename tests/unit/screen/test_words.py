"""Every sentence: there is one for each thing, in each language, with its facts in it."""

import datetime as dt
import re

import pytest

from kiosk.cards.desk_state import Notice
from kiosk.cards.model import Answer, CardKind, Finding, Language, Reason, Tickets
from kiosk.cards.trust import TrustLevel
from kiosk.cards.unreadable import UnreadableWhy
from kiosk.errors import StoreFault
from kiosk.screen import words
from kiosk.screen.translations import Translator, load_translators
from tests.unit.cards.examples import HELSINKI, NOW

TRANSLATORS = load_translators(HELSINKI)
FI, SV, EN = TRANSLATORS.values()
DAY = dt.date(2026, 3, 13)


@pytest.mark.parametrize("t", TRANSLATORS.values(), ids=TRANSLATORS)
def test_every_reason_notice_and_level_has_a_sentence_of_its_own(t: Translator) -> None:
    sentences = [words.sentence(t, Finding(Answer.ASK, reason)) for reason in Reason]
    sentences += [
        words.sentence(t, Finding(Answer.ASK, reason, day=DAY, at=NOW, door="Itäovi", count=7)) for reason in FACTUAL
    ]
    sentences += [words.notice(t, notice) for notice in Notice]
    sentences += [words.unreadable(t, why) for why in UnreadableWhy]
    sentences += [words.trust(t, level) for level in TrustLevel if level is not TrustLevel.OK]
    sentences += [words.out_of_service(t, why) for why in ("starting", "not-enrolled", "key-revoked", *StoreFault)]
    assert [text for text in sentences if not re.fullmatch(r"[A-ZÅÄÖ].*[.?]", text) or "%" in text] == []
    assert len(set(sentences)) == len(sentences)


FACTUAL = (
    Reason.CARD_EXPIRED,
    Reason.CARD_NOT_YET_VALID,
    Reason.ALREADY_USED,
    Reason.QUOTA_FULL,
    Reason.COURSE_LIMIT,
    Reason.MORE_CHILDREN_THAN_REGISTERED,
)


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        (
            Finding(Answer.REFUSE, Reason.CARD_EXPIRED, day=DAY),
            (
                "Kortti oli voimassa 13.3.2026 asti.",
                "Kortet var giltigt till och med 13 mars 2026.",
                "The card was valid until 13 Mar 2026.",
            ),
        ),
        (
            Finding(Answer.ASK, Reason.ALREADY_USED, at=NOW, door="Itäovi"),
            (
                "Korttia on jo käytetty: 14.3. 18.30, Itäovi. Palaako kävijä takaisin?",
                "Kortet har redan använts: 14 mars 18:30, Itäovi. Kommer besökaren tillbaka?",
                "The card has already been used: 14 Mar 18.30, Itäovi. Is the visitor coming back in?",
            ),
        ),
        (
            Finding(Answer.ASK, Reason.QUOTA_FULL, count=1),
            (
                "Kaikukortti-paikat eivät riitä: niitä on yhteensä 1.",
                "Kaikukortsplatserna räcker inte: det finns sammanlagt 1.",
                "There are not enough places for cards: 1 in all.",
            ),
        ),
        (
            Finding(Answer.REFUSE, Reason.COURSE_LIMIT, count=1),
            (
                "Kortin ainoa kurssipaikka tällä kaudella on käytetty.",
                "Kortets enda kursplats under perioden har använts.",
                "The card's only course place for this period has been used.",
            ),
        ),
        (
            Finding(Answer.REFUSE, Reason.COURSE_LIMIT, count=2),
            (
                "Kortin kaikki 2 kurssipaikkaa tällä kaudella on käytetty.",
                "Kortets alla 2 kursplatser under perioden har använts.",
                "All 2 course places of the card for this period have been used.",
            ),
        ),
        (
            Finding(Answer.ASK, Reason.MORE_CHILDREN_THAN_REGISTERED, count=0),
            (
                "Lapsia on enemmän kuin rekisterissä (0).",
                "Fler barn än i registret (0).",
                "More children than the register says (0).",
            ),
        ),
    ],
)
def test_the_facts_stand_in_the_sentence(finding: Finding, told: tuple[str, str, str]) -> None:
    assert tuple(words.sentence(t, finding) for t in TRANSLATORS.values()) == told


@pytest.mark.parametrize("reason", [Reason.QUOTA_FULL, Reason.MORE_CHILDREN_THAN_REGISTERED])
def test_a_count_in_a_sentence_is_written_as_the_language_writes_numbers(reason: Reason) -> None:
    told = [words.sentence(t, Finding(Answer.ASK, reason, count=12_345)) for t in (FI, SV, EN)]
    assert ["12\N{NO-BREAK SPACE}345" in sentence for sentence in told] == [True] * 3


def test_a_use_at_a_door_without_a_name_is_told_by_its_time() -> None:
    finding = Finding(Answer.ASK, Reason.ALREADY_USED, at=NOW, door="")
    assert words.sentence(EN, finding) == (
        "The card has already been used: 14 Mar 18.30. Is the visitor coming back in?"
    )


def test_tickets_are_listed_with_their_counts() -> None:
    everyone = Tickets(own=1, children=1, clients=2, assistants=3)
    assert [words.tickets(t, everyone) for t in TRANSLATORS.values()] == [
        "oma lippu, 1 lapsi, 2 asiakasta, 3 avustajaa",
        "egen biljett, 1 barn, 2 klienter, 3 assistenter",
        "own ticket, 1 child, 2 clients, 3 assistants",
    ]
    assert words.tickets(FI, Tickets(own=0)) == ""


def test_counts_at_the_top_are_short() -> None:
    assert [words.queue(FI, 1), words.needs_look(FI, 2), words.failing(FI, 2), words.quota(FI, 0)] == [
        "1 odottaa lähetystä",
        "2 tarkistettavaa",
        "2 vikaa: kerro tekniselle tuelle",
        "0 Kaikukortti-paikkaa jäljellä",
    ]


def test_both_kinds_of_card_have_a_name() -> None:
    assert [words.card_kind(SV, kind) for kind in CardKind] == ["Kaikukort", "Gemenskapens Kaikukort"]


def test_times_are_the_venues_on_both_sides_of_the_summer_time_change() -> None:
    before = dt.datetime(2026, 3, 29, 0, 59, tzinfo=dt.UTC)
    assert [FI.day_and_time(before), FI.day_and_time(before + dt.timedelta(minutes=1))] == [
        "29.3. 2.59",
        "29.3. 4.00",
    ]


def test_a_short_day_is_written_as_people_write_it_and_none_of_english_can_be_taken_for_a_month() -> None:
    day = dt.date(2026, 3, 1)
    assert [(t.day_of_month(day), t.short_weekday(day)) for t in TRANSLATORS.values()] == [
        ("1.3.", "su 1.3."),
        ("1.3", "sön 1 mars"),
        ("1 Mar", "Sun, 1 Mar"),
    ]


def test_a_sign_that_is_not_known_sends_to_the_staff() -> None:
    assert words.sign(TRANSLATORS[Language.EN], "no such sign") == "Please talk to the staff"
