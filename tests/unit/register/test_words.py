"""What the register says is said in three languages, and for every reason there is."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from contract.messages import ProblemType, Texts
from contract.reasons import REASONS_OF_ITEMS
from register.rules.words import WORDS_OF, Sighting, words_for
from register.server.problem_words import WORDS_OF as PROBLEM_WORDS_OF

ALL = [*WORDS_OF.items(), *PROBLEM_WORDS_OF.items()]


def test_every_reason_and_every_problem_has_words() -> None:
    assert set(WORDS_OF) == set(REASONS_OF_ITEMS)
    assert set(PROBLEM_WORDS_OF) == set(get_args(ProblemType))


@pytest.mark.parametrize("words", [words for _, words in ALL], ids=[name for name, _ in ALL])
def test_the_words_are_whole_short_sentences_of_their_own_language(words: Texts) -> None:
    said = (words.fi, words.sv, words.en)
    assert len(set(said)) == 3
    for text in said:
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(text) <= 120


def test_several_reasons_are_said_one_after_the_other() -> None:
    both = words_for(("card-expired", "sold-out"))
    assert both is not None
    assert both.en == "The card had expired when it was used. The event was sold out."
    assert both.fi.startswith("Kortin")
    assert words_for(()) is None


def test_a_card_used_twice_is_told_with_the_other_doors_and_their_local_times() -> None:
    noon = dt.datetime(2026, 7, 1, 9, 0, tzinfo=dt.UTC)
    told = words_for(("already-used", "sold-out"), [Sighting("Sivuovi", noon)])
    assert told is not None
    assert told.fi.endswith("Tilaisuus oli loppuunmyyty. Toinen käyttö: 1.7. klo 12.00, Sivuovi.")
    assert told.sv.endswith("Den andra användningen: 1.7 kl. 12.00, Sivuovi.")
    assert told.en.endswith("The other use: 1.7. at 12:00, Sivuovi.")
    assert words_for(("sold-out",), [Sighting("Sivuovi", noon)]) == words_for(("sold-out",))
    many = words_for(("already-used",), [Sighting(f"Ovi {number}", noon) for number in range(9)])
    assert many is not None
    assert many.en.count("The other use") == 3
