"""From what a scanner read or a hand typed to one normalised card number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from kiosk.cards.code39 import ends_with_check_character
from kiosk.cards.model import CardNumber
from kiosk.cards.unreadable import Unreadable, UnreadableWhy

MAX_SCAN_CHARS = 1024
"""Longer readings are not looked at: no card, and no link to a card, needs so much."""


@dataclass(frozen=True, slots=True)
class NumberForms:
    """What a card number looks like, and where a link may hold it; open in DOMAIN.md, hence configured."""

    bare: str = "(?=[A-Z0-9]*[0-9])[A-Z0-9]{4,32}"
    """Regular expression of the whole number after normalising; by default 4 to 32 letters A-Z and digits,
    at least one of them a digit."""
    link_hosts: tuple[str, ...] = ()
    """Hosts whose links are believed; empty: any."""
    link_parameters: tuple[str, ...] = ("number", "tunnus", "kortti", "card", "id", "n")
    """Query parameters that may hold the number, the surest first; upper and lower case are the same."""


DEFAULT_FORMS = NumberForms()

_ECI = re.compile(r"\\[0-9]{6}")
_BETWEEN_CODES = re.compile(
    r"[\r\n\t\u2028\u2029]+"  # what scanners send after each code
    r"|\x03\s*\x02"  # the end of one frame and the start of the next
    r"|(?=\][A-Za-z][0-9])"  # an AIM prefix opens a new code
    r"|(?=https?://)",  # and so does a link
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://", re.IGNORECASE)
_AIM_PREFIX = re.compile(r"\](?P<symbology>[A-Za-z])(?P<modifier>[0-9])")
_PRODUCT_SYMBOLOGIES = ("E", "e")  # EAN/UPC and GS1 DataBar: a milk carton, not a card
_CODE39_WITH_CHECK_CHARACTER = ("A1", "A5")
_FRAME = "\x01\x02\x03\x04\x1c\x1d\x1e\x1f"  # SOH STX ETX EOT FS GS RS US around a reading
_DASHES_THAT_UNICODE_CALLS_OTHERWISE = "\u2212\u2043\u02d7"  # minus sign, hyphen bullet, modifier minus


def parse(text: str, forms: NumberForms = DEFAULT_FORMS) -> CardNumber | Unreadable:
    """The card number in `text`, or why there is none; never raises, whatever the text.

    A code that was read twice in one go is one code; two different ones are never guessed between. A bare
    13-digit product code cannot be told from a card number and reads as one wherever the form allows it (the
    register then does not know it); with the scanner's AIM prefix `]E…` it is surely not a card.
    """
    if len(text) > MAX_SCAN_CHARS:
        return Unreadable(UnreadableWhy.TOO_LONG)
    readings = {_read(aim, body, forms) for aim, body in _bodies(text)}
    if not readings:
        return Unreadable(UnreadableWhy.EMPTY)
    if len(readings) > 1:
        return Unreadable(UnreadableWhy.TWO_CODES)
    return readings.pop()


def bare_texts(text: str) -> frozenset[str]:
    """The texts of the codes in `text`, without what scanners put around them (AIM, ECI, GS, STX, asterisks)."""
    return frozenset(body.strip("*") for _, body in _bodies(text[: MAX_SCAN_CHARS + 1]))


def _bodies(text: str) -> Iterator[tuple[str, str]]:
    """Each code in `text`: its AIM symbology and modifier, such as `Q1` or nothing, and what stands in it."""
    for piece in _BETWEEN_CODES.split(_ECI.sub("", _plain(text))):
        body = _unframed(piece)
        aim = _AIM_PREFIX.match(body)
        if aim is not None:
            body = _unframed(body[aim.end() :])
        if body:
            yield (aim["symbology"] + aim["modifier"] if aim is not None else ""), body


def _read(aim: str, body: str, forms: NumberForms) -> CardNumber | Unreadable:
    if any(unicodedata.category(char) == "Cc" for char in body):
        return Unreadable(UnreadableWhy.CONTROL_CHARACTERS)
    if aim[:1] in _PRODUCT_SYMBOLOGIES:
        return Unreadable(UnreadableWhy.NOT_A_CARD)
    if _LINK.match(body):
        return _in_link(body, forms)
    if aim in _CODE39_WITH_CHECK_CHARACTER:
        body = _without_check_character(body)
    return _bare(body, forms) or Unreadable(UnreadableWhy.NOT_A_CARD)


def _plain(text: str) -> str:
    """`text` with one look for all look-alikes: compatibility forms, dashes, and nothing invisible."""
    compatible = unicodedata.normalize("NFKC", text)
    return "".join(_plain_character(char) for char in compatible if unicodedata.category(char) != "Cf")


def _plain_character(char: str) -> str:
    if unicodedata.category(char) == "Pd" or char in _DASHES_THAT_UNICODE_CALLS_OTHERWISE:
        return "-"
    return char


def _unframed(text: str) -> str:
    while text and (text[0] in _FRAME or text[0].isspace()):
        text = text[1:]
    while text and (text[-1] in _FRAME or text[-1].isspace()):
        text = text[:-1]
    return text


def _bare(text: str, forms: NumberForms) -> CardNumber | None:
    kept = (char for char in text.strip("*") if char not in "- ")  # Code39 frames its text in asterisks
    normal = "".join(_upper(char) for char in kept)
    return CardNumber(normal) if re.fullmatch(forms.bare, normal) else None


def _upper(char: str) -> str:
    """`char` in upper case where a single one leads back: ß is not SS, and a dotless i is no I."""
    upper = char.upper()
    return upper if upper.lower() == char else char


def _without_check_character(text: str) -> str:
    """Code39 whose scanner passed the check character on, which is no part of the number."""
    framed = text.strip("*").upper()
    return framed[:-1] if ends_with_check_character(framed) else text


def _in_link(link: str, forms: NumberForms) -> CardNumber | Unreadable:
    for places in _places_in_link(link, forms):
        numbers = {number for place in places if (number := _bare(_unframed(_plain(place)), forms)) is not None}
        if len(numbers) > 1:
            return Unreadable(UnreadableWhy.TWO_CODES)
        if numbers:
            return numbers.pop()
    return Unreadable(UnreadableWhy.NOT_A_CARD)


def _places_in_link(link: str, forms: NumberForms) -> Iterator[list[str]]:
    """The texts in `link` that may be the number, the surest places first."""
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:  # such as half an IPv6 address; then it is no link
        return
    if forms.link_hosts and host not in {allowed.lower() for allowed in forms.link_hosts}:
        return
    parameters = [(name.lower(), value) for name, value in parse_qsl(parts.query)]
    for wanted in forms.link_parameters:
        yield [value for name, value in parameters if name == wanted.lower()]
    yield [unquote(parts.path.rstrip("/").rpartition("/")[2])]
    yield [unquote(parts.fragment.rstrip("/").rpartition("/")[2].rpartition("=")[2])]
