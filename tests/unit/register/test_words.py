"""What the register says is said in three languages, and for every reason there is."""

from __future__ import annotations

from typing import get_args

import pytest

from contract.messages import REASONS_OF_ITEMS, ProblemType, Texts
from register.rules.words import WORDS_OF, words_for
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
