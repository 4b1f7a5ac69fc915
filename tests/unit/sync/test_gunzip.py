"""Lines out of a gzip stream."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import Unreachable
from kiosk.sync.gunzip import LONGEST_LINE_BYTES, MOST_BYTES_AT_ONCE, inflated, lines_of


async def in_pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def read(data: bytes, size: int = 1000) -> list[bytes]:
    return [line async for line in lines_of(inflated(in_pieces(data, size)))]


@given(
    lines=st.lists(st.binary(min_size=1, max_size=50).filter(lambda line: b"\n" not in line), max_size=20),
    size=st.integers(1, 200),
)
async def test_lines_come_out_as_they_went_in_however_they_were_cut_on_the_way(lines: list[bytes], size: int) -> None:
    assert await read(gzip.compress(b"\n".join(lines)), size) == lines


async def test_much_from_little_comes_in_bounded_parts() -> None:
    packed = gzip.compress(b"\n" * (10 * MOST_BYTES_AT_ONCE + 5))
    parts = [len(part) async for part in inflated(in_pieces(packed, len(packed)))]
    assert (max(parts), sum(parts)) == (MOST_BYTES_AT_ONCE, 10 * MOST_BYTES_AT_ONCE + 5)


@pytest.mark.parametrize("exactly", [MOST_BYTES_AT_ONCE - 1, MOST_BYTES_AT_ONCE, MOST_BYTES_AT_ONCE + 1])
async def test_a_stream_may_end_anywhere_near_the_limit_of_a_part(exactly: int) -> None:
    packed = gzip.compress(b"\n" * exactly)
    assert sum([len(part) async for part in inflated(in_pieces(packed, 7))]) == exactly


@pytest.mark.parametrize(
    "spoilt",
    [
        gzip.compress(b'{"a":1}\n' * 100)[:-1],
        gzip.compress(b'{"a":1}\n' * 100)[:20],
        gzip.compress(b'{"a":1}\n' * 100)[:-8] + b"\0" * 8,
        b"",
        b"<html>Log in</html>",
        gzip.compress(b"x" * (LONGEST_LINE_BYTES + MOST_BYTES_AT_ONCE)),
    ],
    ids=["last byte missing", "cut", "wrong checksum", "empty", "no gzip", "line without end"],
)
async def test_a_cut_or_spoilt_stream_is_noticed(spoilt: bytes) -> None:
    with pytest.raises(Unreachable):
        await read(spoilt)
