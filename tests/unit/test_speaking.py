"""What is said aloud where everybody hears it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.cards.desk_state import Desk, DeskMode, Notice, Phase
from kiosk.cards.model import CardStatus
from kiosk.config import Config, parse
from kiosk.errors import ConfigError
from kiosk.health import Health
from kiosk.screen.translations import load_translators
from kiosk.speaking import saying_of, voice_of
from tests.support import desks
from tests.support.clock import FixedClock
from tests.unit.cards.examples import HELSINKI

FI, SV, _ = load_translators(HELSINKI).values()
LOCKED = replace(desks.recorded(), mode=DeskMode(locked=True))
ACCEPTED, ASKED, REFUSED = (
    desks.presented(),
    desks.presented(quota_used=6),
    desks.presented(card__status=CardStatus.BLOCKED),
)
NOT_TAKEN = replace(ACCEPTED, notice=Notice.TRAY_FULL, notice_since_ms=65_000)
READING_ON = replace(NOT_TAKEN, phase=Phase.READING)


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        (ACCEPTED, "Tervetuloa sisään!"),
        (ASKED, "Juttele henkilökunnan kanssa"),
        (REFUSED, "Juttele henkilökunnan kanssa"),
        (desks.recorded(), "Kiitos – mukavaa hetkeä!"),
        (replace(desks.ready(), mode=DeskMode(locked=True), notice=Notice.LOCKED), "Juttele henkilökunnan kanssa"),
        (replace(desks.ready(), mode=DeskMode(locked=True), notice=Notice.TRAY_FULL), "Juttele henkilökunnan kanssa"),
        (NOT_TAKEN, "Odota hetki vuoroasi"),
    ],
)
def test_a_verdict_is_the_visitors_sign_and_never_a_reason(desk: Desk, words: str) -> None:
    said = saying_of(desk, FI)
    assert said is not None
    assert said[1] == words


def test_each_card_that_is_not_taken_is_told_so() -> None:
    assert saying_of(replace(NOT_TAKEN, notice_since_ms=70_000), FI) != saying_of(NOT_TAKEN, FI)


@pytest.mark.parametrize("desk", [desks.ready(), desks.reading(), READING_ON, desks.out_of_service(), LOCKED])
def test_where_there_is_no_verdict_nothing_is_said(desk: Desk) -> None:
    assert saying_of(desk, FI) is None


def test_the_same_verdict_of_the_next_card_is_another_saying() -> None:
    assert saying_of(desks.presented("p1"), SV) == saying_of(desks.presented("p1"), SV)
    assert saying_of(desks.presented("p1"), SV) != saying_of(desks.presented("p2"), SV)


def test_nobody_speaks_unless_a_program_is_named_and_then_in_the_language_of_choice() -> None:
    health = Health(FixedClock())
    assert voice_of(Config(), health) is None
    voice = voice_of(parse({"speech": {"program": "espeak-ng", "language": "sv"}}), health)
    assert voice is not None
    assert voice.arguments("x") == ["-v", "sv", "--", "x"]
    usual = voice_of(parse({"speech": {"program": "spd-say"}}), health)
    assert usual is not None
    assert usual.arguments("x")[2] == "fi"
    with pytest.raises(ConfigError, match=r"speech\.language"):
        parse({"speech": {"language": "de"}})
