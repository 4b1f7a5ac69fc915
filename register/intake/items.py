"""Reading the items of a batch one by one, so that a malformed one spoils none of the others."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from contract.messages import AnnulmentSent, ItemResult, RefusalSent, Stamp, Texts, UseSent
from contract.strict import decode_strictly
from register.model import Kiosk
from register.rules.words import words_for

MAX_ID_CHARS = 64
MAX_DETAIL_CHARS = 300
EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(9999, 12, 1, tzinfo=dt.UTC)
"""Room for a kiosk whose clock starts at 1970, and none for instants that no calendar can count on from."""


Item = TypeVar("Item", bound=UseSent | AnnulmentSent | RefusalSent)
Message = TypeVar("Message", bound=msgspec.Struct)


def read_items(raw_items: Sequence[msgspec.Raw], kind: type[Item]) -> list[Item | ItemResult]:
    """Each item as `kind`, or, where it does not follow the contract, its answer `refused`."""
    return [_read(bytes(raw), kind) for raw in raw_items]


def refused(item_id: str, reason: str, detail: str = "") -> ItemResult:
    """The answer to an item that is not stored; `detail` is for technicians."""
    return ItemResult(
        id=item_id,
        outcome="refused",
        reasons=(reason,),
        message=words_for((reason,)),
        detail=detail[:MAX_DETAIL_CHARS],
    )


def stored(item_id: str) -> ItemResult:
    """The answer to an item that was recorded, with nothing against it."""
    return ItemResult(id=item_id, outcome="stored")


def answer_again(
    item_id: str, content: bytes, recorded: bytes, reasons: tuple[str, ...] = (), message: Texts | None = None
) -> ItemResult:
    """The answer to an item whose id was `recorded` before: the first one's where the content is the same."""
    if content != recorded:
        return refused(item_id, "id-reused")
    return ItemResult(id=item_id, outcome="duplicate", reasons=reasons, message=message or words_for(reasons))


def content_of(item: UseSent | AnnulmentSent | RefusalSent, author: Kiosk) -> bytes:
    """A digest that is the same for the same content from the same venue.

    The venue and not the kiosk, so that a kiosk that had to enrol again may send its queue again. A time that the
    kiosk put right since it sent the item first is no other content: what counts is what its clock said then.
    """
    match item:
        case UseSent(decided=stamp):
            item = msgspec.structs.replace(item, decided=_as_it_was(stamp))
        case AnnulmentSent(annulled=stamp):
            item = msgspec.structs.replace(item, annulled=_as_it_was(stamp))
        case RefusalSent():
            item = msgspec.structs.replace(item, hour=item.uncorrected_hour or item.hour, uncorrected_hour=None)
    return hashlib.sha256(msgspec.json.encode((author.venue_id, item), order="deterministic")).digest()


def _as_it_was(stamp: Stamp) -> Stamp:
    return msgspec.structs.replace(stamp, at=stamp.uncorrected_at or stamp.at, uncorrected_at=None)


def in_utc(instant: dt.datetime) -> dt.datetime:
    """`instant` in UTC, cut to milliseconds; raises ValueError where no calendar can count on from it."""
    if not EARLIEST <= instant < LATEST:
        raise ValueError("time is not between the years 1970 and 9999")
    utc = instant.astimezone(dt.UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def _read(raw: bytes, kind: type[Item]) -> Item | ItemResult:
    try:
        return _with_times_in_utc(decode_strictly(raw, kind))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return refused(_id_in(raw), "malformed", _in_words(error))


def _with_times_in_utc(message: Message) -> Message:
    changed: dict[str, Any] = {}
    for name in message.__struct_fields__:
        value = getattr(message, name)
        if isinstance(value, dt.datetime):
            changed[name] = in_utc(value)
        elif isinstance(value, msgspec.Struct):
            changed[name] = _with_times_in_utc(value)
    return msgspec.structs.replace(message, **changed)


def _id_in(raw: bytes) -> str:
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
    item_id = found.get("id") if isinstance(found, dict) else None
    return item_id if isinstance(item_id, str) and len(item_id) <= MAX_ID_CHARS else ""


def _in_words(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "text is not UTF-8"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
