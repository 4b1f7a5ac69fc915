"""Which reading of the camera may become a card: a QR code at once, a Code39 only with witnesses.

A QR code carries Reed-Solomon words and is read right or not at all. A Code39 need not carry any check, and the one it
may carry cannot be told from the last character of the number: one number in 43 ends, by chance, in the character that
would check the rest. So a Code39 text has up to two meanings, and the card list decides between them:

| the rest without its check character | the whole text | what counts |
| --- | --- | --- |
| in the list | not in the list | the rest, at once |
| not in the list | in the list | the whole text, when two frames agree |
| in the list | in the list | nothing: two cards would fit, and nobody guesses between people |
| valid check, not in the list | cannot be a number | the rest, when three frames agree: "unknown card" |
| valid check, not in the list | not in the list | nothing: a number that is one character short could be sent |
| no valid check | not in the list | nothing |

What counts at once has two witnesses, the check and the list; a misread has one chance in 43 to pass the first, and
then must be another existing card to pass the second. Where all cards are known to carry a check character, or none,
the configuration says so, and one of the two meanings falls away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.cards.code39 import ends_with_check_character
from kiosk.cards.model import CardNumber
from kiosk.cards.number import NumberForms, parse

FRAMES_FOR_A_LISTED_NUMBER = 2
FRAMES_FOR_AN_UNLISTED_NUMBER = 3


class CheckCharacter(StrEnum):
    """Whether the Code39 on the cards ends in one."""

    AUTO = "auto"
    """Some do, or nobody knows."""
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a Code39 text may say; None: nothing that is a card number."""

    whole: CardNumber | None
    stripped: CardNumber | None
    """Only with a valid check character."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Which of the two meanings is a number of the card list."""

    whole: bool = False
    stripped: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many different frames in a row said the same; the text itself is not kept."""

    text_mark: int
    frame_marks: frozenset[int]


def meanings(text: str, forms: NumberForms, printed: CheckCharacter = CheckCharacter.AUTO) -> Meanings:
    """What the Code39 `text` may say."""
    whole = None if printed is CheckCharacter.ALWAYS else _number(text, forms)
    checked = printed is not CheckCharacter.NEVER and ends_with_check_character(text)
    stripped = _number(text[:-1], forms) if checked else None
    # A hyphen or a space at the end is no part of any number, so there it is the check character for sure.
    return Meanings(None if whole == stripped else whole, stripped)


def agreed(earlier: Agreement | None, text: str, frame_mark: int) -> Agreement:
    """The agreement with one more frame that says `text`; another text begins it anew."""
    text_mark = hash(text)
    if earlier is None or earlier.text_mark != text_mark:
        return Agreement(text_mark, frozenset({frame_mark}))
    if len(earlier.frame_marks) >= FRAMES_FOR_AN_UNLISTED_NUMBER:
        return earlier
    return Agreement(text_mark, earlier.frame_marks | {frame_mark})


def believed(what: Meanings, listed: Listed, agreement: Agreement) -> CardNumber | None:
    """The number that counts by the table above, or None."""
    frames = len(agreement.frame_marks)
    match listed.whole, listed.stripped:
        case True, True:
            return None
        case False, True:
            return what.stripped
        case True, False:
            return what.whole if frames >= FRAMES_FOR_A_LISTED_NUMBER else None
        case _:
            certain = what.whole is None and frames >= FRAMES_FOR_AN_UNLISTED_NUMBER
            return what.stripped if certain else None


def _number(text: str, forms: NumberForms) -> CardNumber | None:
    number = parse(text, forms)
    return number if isinstance(number, CardNumber) else None
