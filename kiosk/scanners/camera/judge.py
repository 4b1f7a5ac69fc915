"""From what stood in a frame to the cards that were newly shown: trust and presence together."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Protocol

from kiosk.cards.code39 import ends_with_check_character
from kiosk.cards.commands import command_in
from kiosk.cards.model import CardNumber
from kiosk.cards.number import DEFAULT_FORMS, NumberForms, parse
from kiosk.scanners.camera.presence import Presence, looked
from kiosk.scanners.camera.readings import Look, Reading, Symbology
from kiosk.scanners.camera.trust import (
    Agreement,
    CheckCharacter,
    Listed,
    Meanings,
    agreed,
    believed,
    meanings,
)

MOST_REMEMBERED = 32
WITNESSES_WITHIN_MS = 5000
"""Frames that are further apart are no witnesses of one card."""
UNANSWERED_MS = 200
"""A list that could not answer is asked again so soon: a fault is no answer, and the card still lies there."""
NO_MS = 10_000
"""And one that said no after so long: the register may bring the card meanwhile."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the card list said of a text, and when; None: it could not say."""

    listed: Listed | None
    at_ms: int

    def holds(self, now_ms: int) -> bool:
        """Whether the list need not be asked again yet."""
        if self.listed is None:
            return now_ms - self.at_ms < UNANSWERED_MS
        return self.listed.whole or self.listed.stripped or now_ms - self.at_ms < NO_MS


class KnownCards(Protocol):
    """The card list, as the camera asks it."""

    def __call__(self, number: CardNumber, /) -> Awaitable[bool | None]:
        """Whether `number` is in the list; None when that cannot be found out now."""
        ...


class Judge:
    """Guards what lies under the camera; knows no number longer than it takes to look it up."""

    def __init__(
        self, known: KnownCards, forms: NumberForms = DEFAULT_FORMS, printed: CheckCharacter = CheckCharacter.AUTO
    ) -> None:
        """Believe a Code39 only with the word of `known`; `printed` is what the cards carry."""
        self._printed = printed
        self._known = known
        self._forms = forms
        self._presence = Presence()
        self._agreements: Mapping[int, Agreement] = {}
        """Of each text that was read when bars were read last."""
        self._witnessed_at_ms = 0
        self._answers: dict[int, Answer] = {}

    async def newly_shown(self, look: Look) -> tuple[str, ...]:
        """The texts to hand over for this look: one for each card that was not in view before."""
        if look.at_ms - self._witnessed_at_ms > WITNESSES_WITHIN_MS:
            self._agreements = {}
            self._answers.clear()
        texts: dict[int, str] = {}
        agreements: dict[int, Agreement] = {}
        for reading in look.readings:
            if reading.symbology is Symbology.QR:
                texts[self._mark_of_qr(reading.text)] = reading.text
            elif _is_command(reading.text):
                texts[hash(reading.text)] = reading.text
            elif (number := await self._believed(reading, look, agreements)) is not None:
                texts.setdefault(hash(number.normal), number.normal)
        self._agreements = agreements or self._agreements
        self._presence, fresh = looked(self._presence, texts.keys(), look.at_ms)
        return tuple(text for mark, text in texts.items() if mark in fresh)

    def _mark_of_qr(self, text: str) -> int:
        """One mark for both codes of a card, though the QR code may hold a link."""
        number = parse(text, self._forms)
        return hash(number.normal) if isinstance(number, CardNumber) else hash(text)

    async def _believed(
        self, reading: Reading, look: Look, agreements: MutableMapping[int, Agreement]
    ) -> CardNumber | None:
        what = meanings(reading.text, self._forms, self._printed)
        for number in (what.stripped, what.whole):
            if number is not None and self._presence.holds(hash(number.normal)):
                return number
        mark = hash(reading.text)
        agreements[mark] = agreed(self._agreements.get(mark), reading.text, look.mark)
        self._witnessed_at_ms = look.at_ms
        listed = await self._look_up(reading.text, what, look.at_ms)
        return None if listed is None else believed(what, listed, agreements[mark])

    async def _look_up(self, text: str, what: Meanings, at_ms: int) -> Listed | None:
        """What the list says; it is asked seldom, since a look-up costs the machine some 20 to 100 ms (scrypt)."""
        mark = hash(text)
        known = self._answers.get(mark)
        if known is None or not known.holds(at_ms):
            if len(self._answers) >= MOST_REMEMBERED:
                self._answers.clear()
            self._answers[mark] = known = Answer(await self._ask(what), at_ms)
        return known.listed

    async def _ask(self, what: Meanings) -> Listed | None:
        whole = what.whole is not None and await self._known(what.whole)
        stripped = what.stripped is not None and await self._known(what.stripped)
        # Half an answer is none: two cards could fit.
        return None if whole is None or stripped is None else Listed(whole, stripped)


def _is_command(text: str) -> bool:
    """Whether the bars are a printed code of the desk: no misread comes to that text and to its check character."""
    return command_in(text) is not None and ends_with_check_character(text)
