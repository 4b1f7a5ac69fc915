"""Reading what a kiosk sends, strictly, and writing what it gets."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
from aiohttp import hdrs, web
from msgspec import Meta, Raw, Struct

from contract.messages import MAX_BATCH_ITEMS
from contract.operations import JSON
from contract.strict import decode_strictly
from register.errors import Declined

MAX_BODY_BYTES = 1024 * 1024
"""Five hundred uses with sealed numbers take a little less than half of this."""
MAX_DETAIL_CHARS = 300
Message = TypeVar("Message")
RawItems = Annotated[tuple[Raw, ...], Meta(min_length=1, max_length=MAX_BATCH_ITEMS)]


class RawUses(Struct, frozen=True, forbid_unknown_fields=True):
    """The envelope of a batch of uses, its items unread."""

    uses: RawItems


class RawAnnulments(Struct, frozen=True, forbid_unknown_fields=True):
    """The envelope of a batch of annulments, its items unread."""

    annulments: RawItems


class RawRefusals(Struct, frozen=True, forbid_unknown_fields=True):
    """The envelope of a batch of refusals, its items unread."""

    refusals: RawItems


async def read_message(request: web.Request, kind: type[Message]) -> Message:
    """The body as `kind`, unknown fields refused; raises Declined."""
    return _decoded(await _body_of(request), kind, strictly=True)


async def read_envelope(request: web.Request, kind: type[Message]) -> Message:
    """The envelope of a batch, which is strict about itself and does not look at its items; raises Declined."""
    return _decoded(await _body_of(request), kind, strictly=False)


def answer(message: Any) -> web.Response:
    """`message` as JSON."""
    return web.Response(body=msgspec.json.encode(message), content_type=JSON, headers={hdrs.CACHE_CONTROL: "no-store"})


async def _body_of(request: web.Request) -> bytes:
    if request.content_type != JSON or (request.charset or "utf-8").lower() != "utf-8":
        raise Declined("unsupported-media-type", f"send {JSON} in UTF-8")
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise Declined("too-large", f"at most {MAX_BODY_BYTES} bytes")
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Declined("too-large", f"at most {MAX_BODY_BYTES} bytes") from None
    except web.RequestPayloadError:
        raise Declined("malformed", "the body cannot be read as it is encoded") from None


def _decoded(body: bytes, kind: type[Message], *, strictly: bool) -> Message:
    try:
        return decode_strictly(body, kind) if strictly else msgspec.json.decode(body, type=kind)
    except UnicodeDecodeError:
        raise Declined("malformed", "text is not UTF-8") from None
    except RecursionError:
        raise Declined("malformed", "nested too deeply") from None
    except msgspec.MsgspecError as error:
        raise Declined("malformed", str(error)[:MAX_DETAIL_CHARS]) from None
