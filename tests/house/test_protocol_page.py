"""The page about the protocol draws the model that the tests drive."""

from __future__ import annotations

from pathlib import Path

from tests.support.protocol import MOVES, State, Word, as_mermaid

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_the_drawing_is_the_model_s() -> None:
    assert f"```mermaid\n{as_mermaid()}\n```\n" in PAGE, "put this in its place:\n" + as_mermaid()


def test_every_state_can_be_reached_and_every_word_means_something() -> None:
    assert {State.WAITING, *MOVES.values()} == set(State)
    assert {word for _, word in MOVES} == set(Word)
