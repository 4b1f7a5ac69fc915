"""Reading the register's answers piece by piece, so that one odd piece spoils nothing else (pure)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from contract import messages as m
from kiosk.cards.news import News, Profile
from kiosk.errors import Unreachable
from kiosk.sync.replies import ItemAnswer
from kiosk.sync.wire import news_of, profile_of, texts_of, unverifiable, utc

Message = TypeVar("Message")
UNREADABLE = (msgspec.DecodeError, ValueError, OverflowError)
"""What decoding and translating raise: no JSON, not the contract's, half a byte, a time before the year 1."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece that this version cannot read."""

    what: str
    """Its kind, fit for logs: never content of the piece."""
    stand_in: News | None = None
    """News to go on with in its place."""


@dataclass(frozen=True, slots=True)
class Head:
    """The start of a snapshot: where the feed stood before the list was read, and when."""

    cursor: str
    server_time: dt.datetime


@dataclass(frozen=True, slots=True)
class End:
    """The end of a snapshot that came whole."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the long poll."""

    news: tuple[News, ...]
    unread: tuple[Unread, ...]
    cursor: str
    more: bool
    server_time: dt.datetime


@dataclass(frozen=True, slots=True)
class ProfileTold:
    """The profile with the register's time; None: it holds something that this version cannot read."""

    profile: Profile | None
    server_time: dt.datetime


class _Envelope(msgspec.Struct, frozen=True):
    cursor: m.Cursor
    changes: tuple[msgspec.Raw, ...]
    more: bool
    server_time: m.UtcTime


class _Dated(msgspec.Struct, frozen=True):
    server_time: m.UtcTime


class _Results(msgspec.Struct, frozen=True):
    results: tuple[msgspec.Raw, ...]


class _Result(msgspec.Struct, frozen=True):
    id: str
    outcome: str
    reasons: tuple[str, ...] = ()
    message: m.Texts | None = None
    detail: str = ""


class _Piece(msgspec.Struct, frozen=True):
    type: str


class _CardPiece(msgspec.Struct, frozen=True):
    lookup_key: m.LookupKey
    area_id: str = ""


_CHANGE = msgspec.json.Decoder(m.Change)
_LINE = msgspec.json.Decoder(m.SnapshotLine)
_KNOWN_TYPES = frozenset(
    (
        "head",
        "end",
        "card",
        "card-removed",
        "event",
        "event-removed",
        "profile",
        "use",
        "annulment",
        "verdict",
    )
)


def message(body: bytes, kind: type[Message]) -> Message:
    """The contract's message in `body`, unknown fields ignored; raises Unreachable."""
    try:
        return msgspec.json.decode(body, type=kind)
    except UNREADABLE:
        raise Unreachable("the register's answer cannot be understood") from None  # the cause might quote it


def problem(body: bytes) -> m.Problem | None:
    """The contract's problem document in `body`; None where it is anything else."""
    try:
        return msgspec.json.decode(body, type=m.Problem)
    except UNREADABLE:
        return None


def page(body: bytes) -> Page:
    """The page of changes in `body`; raises Unreachable when not even its frame can be read."""
    envelope = message(body, _Envelope)
    pieces = [_read_change(bytes(raw)) for raw in envelope.changes]
    return Page(
        news=tuple(news for piece in pieces if (news := news_in(piece)) is not None),
        unread=tuple(piece for piece in pieces if isinstance(piece, Unread)),
        cursor=envelope.cursor,
        more=envelope.more,
        server_time=_time(envelope.server_time),
    )


def snapshot_line(line: bytes) -> Head | End | News | Unread:
    """One line of a snapshot; raises Unreachable for no JSON, and for a head or end that cannot be read."""
    try:
        piece = _LINE.decode(line)
    except msgspec.ValidationError:
        unread = _read_slowly(line)
        if unread.what in ("head", "end"):
            raise Unreachable("the register's card list cannot be understood") from None
        return unread
    except UNREADABLE:
        raise Unreachable("the register's card list is damaged") from None
    match piece:
        case m.SnapshotHead():
            return Head(piece.cursor, _time(piece.server_time))
        case m.SnapshotEnd():
            return End()
        case _:
            return _translate(piece, line)


def news_in(piece: News | Unread) -> News | None:
    """The news to put down for `piece`."""
    return piece.stand_in if isinstance(piece, Unread) else piece


def profile_told(body: bytes) -> ProfileTold:
    """The answer of `GET /v1/kiosk`; raises Unreachable when not even its time can be read."""
    server_time = _time(message(body, _Dated).server_time)
    try:
        return ProfileTold(profile_of(msgspec.json.decode(body, type=m.Profile)), server_time)
    except UNREADABLE:
        return ProfileTold(None, server_time)


def item_answers(body: bytes) -> tuple[ItemAnswer, ...]:
    """The answers of a batch that can be read; raises Unreachable when there is no list of answers."""
    answers = []
    for raw in message(body, _Results).results:
        try:
            result = msgspec.json.decode(raw, type=_Result)
        except UNREADABLE:
            continue
        words = None if result.message is None else texts_of(result.message)
        answers.append(ItemAnswer(result.id, result.outcome, result.reasons, words, result.detail))
    return tuple(answers)


def _read_change(raw: bytes) -> News | Unread:
    try:
        change = _CHANGE.decode(raw)
    except UNREADABLE:
        return _read_slowly(raw)
    return _translate(change, raw)


def _translate(change: m.Change, raw: bytes) -> News | Unread:
    try:
        return news_of(change)
    except UNREADABLE:
        return _read_slowly(raw)


def _read_slowly(raw: bytes) -> Unread:
    """What can be made of a piece that is not quite the contract's."""
    try:
        kind = msgspec.json.decode(raw, type=_Piece).type
    except UNREADABLE:
        return Unread("something without a type")
    if kind not in _KNOWN_TYPES:
        return Unread("another kind of news")
    if kind != "card":
        return Unread(kind)
    try:
        card = msgspec.json.decode(raw, type=_CardPiece)
    except UNREADABLE:
        return Unread(kind)
    return Unread(kind, stand_in=unverifiable(card.lookup_key, card.area_id))


def _time(instant: dt.datetime) -> dt.datetime:
    try:
        return utc(instant)
    except OverflowError:
        raise Unreachable("the register's time cannot be understood") from None
