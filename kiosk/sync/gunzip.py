"""Lines out of a gzip stream of any length, in bounded memory."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from kiosk.errors import Unreachable

MOST_BYTES_AT_ONCE = 256 * 1024
LONGEST_LINE_BYTES = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS


async def lines_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines in `chunks`, without their ends; empty ones are left out.

    Raises Unreachable for a line longer than any real one.
    """
    rest = b""
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if line:
                yield line
        if len(rest) > LONGEST_LINE_BYTES:
            raise Unreachable("the register's card list has a line without end")
    if rest:
        yield rest


async def inflated(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What the gzip stream in `chunks` holds; raises Unreachable when it is none or breaks off."""
    inflater = zlib.decompressobj(wbits=_GZIP)
    async for chunk in chunks:
        pending, part = chunk, b""
        while pending or len(part) == MOST_BYTES_AT_ONCE:
            try:
                # The limit keeps a small chunk that unpacks to gigabytes from filling the memory.
                part = inflater.decompress(pending, MOST_BYTES_AT_ONCE)
            except zlib.error:
                raise Unreachable("the register's card list is damaged") from None
            pending = b"" if inflater.eof else inflater.unconsumed_tail
            if part:
                yield part
    if not inflater.eof:
        raise Unreachable("the register's card list broke off")
