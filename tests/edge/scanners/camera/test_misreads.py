"""No misread becomes a card: thousands of frames of worn codes, and weaker rules that fail on them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.engines import ZbarEngine, ZxingEngine
from kiosk.scanners.camera.judge import Judge
from kiosk.scanners.camera.readings import Look, Reading
from tests.support.camera_frames import number_of
from tests.support.cameras import CardList
from tests.support.worn_codes import worn_codes

CARDS, FRAMES_EACH = 1000, 3
OTHERS_ON_THE_LIST = 20_000


@dataclass(frozen=True)
class Shown:
    number: str
    text: str
    looks: tuple[tuple[Reading, ...], ...]


@cache
def decoded() -> tuple[Shown, ...]:
    """Every card with what the decoders said of each of its frames."""
    decoder = Decoder([ZxingEngine(), ZbarEngine()])
    worn = worn_codes(CARDS, seed=11, frames_each=FRAMES_EACH)
    return tuple(Shown(each.number, each.text, tuple(decoder.read(frame) for frame in each.frames)) for each in worn)


def card_list() -> CardList:
    """All the cards that are shown, and as many again that a misread could hit."""
    rng = np.random.default_rng(12)
    others = (number_of(rng) for _ in range(OTHERS_ON_THE_LIST))
    return CardList(*(each.number for each in decoded()), *others)


async def test_of_three_thousand_worn_frames_no_misread_becomes_a_card() -> None:
    known = card_list()
    read, wrong = 0, []
    for shown in decoded():
        judge = Judge(known)
        for position, readings in enumerate(shown.looks):
            texts = await judge.newly_shown(Look(readings, position * 50, mark=position))
            read += texts == (shown.number,)
            wrong += [text for text in texts if text != shown.number]
    assert wrong == []
    assert read > CARDS / 10


async def test_nor_does_one_of_a_card_that_the_list_does_not_hold() -> None:
    nothing_known = CardList()
    wrong = []
    for shown in decoded():
        judge = Judge(nothing_known)
        for position, readings in enumerate(shown.looks):
            texts = await judge.newly_shown(Look(readings, position * 50, mark=position))
            wrong += [text for text in texts if text != shown.number]
    assert wrong == []


def believes_everything(shown: Shown) -> set[str]:
    return {reading.text for readings in shown.looks for reading in readings}


def believes_two_frames_without_asking_the_list(shown: Shown) -> set[str]:
    counted = Counter(reading.text for readings in shown.looks for reading in readings)
    return {text for text, frames in counted.items() if frames > 1}


@pytest.mark.parametrize("rule", [believes_everything, believes_two_frames_without_asking_the_list])
def test_a_weaker_rule_takes_misreads_for_cards_on_these_very_frames(rule: Callable[[Shown], set[str]]) -> None:
    wrong = [text for shown in decoded() for text in rule(shown) if text != shown.text]
    assert wrong
