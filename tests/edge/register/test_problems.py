"""Every error is a problem document, whatever went wrong."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zlib
from collections.abc import AsyncIterator

import pytest

from register.server.bodies import MAX_BODY_BYTES
from tests.edge.register.house import House
from tests.edge.register.samples import a_heartbeat, a_use

JSON = {"Content-Type": "application/json"}


async def test_an_unknown_address_is_not_found(house: House) -> None:
    for path in ("/", "/v1", "/v1/uses/7", "/v2/uses", "/v1/%00", "/v1/../etc"):
        assert (await house.stranger.get(path)).problem == (404, "not-found")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_another_method_is_not_allowed_and_the_right_one_is_named(house: House, method: str) -> None:
    reply = await house.stranger.call(method, "/v1/uses")
    assert reply.problem == (405, "method-not-allowed")
    assert reply.headers["Allow"] == "POST"


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/xml", "application/json; charset=latin-1"])
async def test_what_is_not_json_is_not_looked_at(house: House, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    reply = await (await house.door()).call("POST", "/v1/uses", data=b"{}", headers=headers)
    assert reply.problem == (415, "unsupported-media-type")


NO_BATCHES = [
    *(b"", b"{", b"{}", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000),
    *(b'{"uses": []}', b'{"uses": 7}', b'{"uses": [{}], "more": 1}', b'{"uses": [{}]} x'),
]


@pytest.mark.parametrize("body", NO_BATCHES)
async def test_a_body_that_is_no_batch_is_malformed(house: House, body: bytes) -> None:
    reply = await (await house.door()).call("POST", "/v1/uses", data=body, headers=JSON)
    assert reply.problem == (400, "malformed")


async def test_a_body_nested_too_deeply_is_malformed(house: House) -> None:
    body = b'{"software_version":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    reply = await (await house.door()).call("POST", "/v1/heartbeats", data=body, headers=JSON)
    assert reply.problem == (400, "malformed")


async def test_a_body_over_the_limit_is_too_large_whether_or_not_it_says_so(house: House) -> None:
    door, body = await house.door(), b" " * (MAX_BODY_BYTES + 1)

    async def piecewise() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    for data in (io.BytesIO(body), piecewise()):
        reply = await door.call("POST", "/v1/uses", data=data, headers=JSON)
        assert reply.problem == (413, "too-large")


async def test_a_small_body_that_unpacks_to_a_large_one_is_too_large(house: House) -> None:
    packed = gzip.compress(b" " * (20 * MAX_BODY_BYTES))
    reply = await (await house.door()).call(
        "POST", "/v1/uses", data=packed, headers={**JSON, "Content-Encoding": "gzip"}
    )
    assert reply.problem == (413, "too-large")


async def test_a_packed_body_is_read(house: House) -> None:
    packed = zlib.compress(json.dumps(a_heartbeat()).encode())
    reply = await (await house.door()).call(
        "POST", "/v1/heartbeats", data=packed, headers={**JSON, "Content-Encoding": "deflate"}
    )
    assert reply.status == 200


async def test_a_body_that_is_not_packed_as_it_says_is_malformed(house: House) -> None:
    reply = await (await house.door()).call(
        "POST", "/v1/uses", data=b"not gzip at all", headers={**JSON, "Content-Encoding": "gzip"}
    )
    assert reply.problem == (400, "malformed")


async def test_a_database_that_cannot_be_used_is_unavailable_and_says_when_to_come_back(house: House) -> None:
    door = await house.door()
    house.register.database.close()
    for reply in (await door.get("/v1/kiosk"), await door.send(a_use("0" * 32))):
        assert reply.problem == (503, "unavailable")
        assert int(reply.headers["Retry-After"]) > 0


async def test_a_kiosk_that_hangs_up_in_the_middle_of_its_batch_does_no_harm(house: House) -> None:
    door = await house.door()
    host, port = house.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"POST /v1/uses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {door.key}\r\nContent-Type: application/json\r\n"
        'Content-Length: 1000\r\n\r\n{"uses":['.encode()
    )
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await reader.read() == b""
    assert (await door.send(a_use(house.key_of("AIKUINEN")))).outcomes == [("stored", [])]
