"""The tests' own cut network leaves nothing behind that the next test would stumble over."""

import asyncio
import contextlib
import ssl
from pathlib import Path

import pytest

from tests.support.certificates import make_certificates
from tests.support.faulty_proxy import Fault, FaultyProxy

TURNS_OF_A_HANDSHAKE = 30
LIMIT_S = 10


@pytest.mark.parametrize("turns", range(TURNS_OF_A_HANDSHAKE))
async def test_a_connection_cut_in_any_moment_of_its_handshake_is_gone(tmp_path: Path, turns: int) -> None:
    certificates = make_certificates(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificates.ca_file))
    proxy = FaultyProxy(1, certificates.shown)
    await proxy.become(Fault.HANGING)
    calling = asyncio.create_task(asyncio.open_connection("127.0.0.1", proxy.port, ssl=trusting))
    for _ in range(turns):
        await asyncio.sleep(0)
    await proxy.stop()
    transports = asyncio.get_running_loop()._transports.values()  # type: ignore[attr-defined]  # the loop's own books
    served = [each for each in transports if each.get_extra_info("sockname")[1] == proxy.port]
    assert [each for each in served if not each.is_closing()] == []
    calling.cancel()
    with contextlib.suppress(asyncio.CancelledError, OSError):
        _, writer = await calling
        writer.transport.abort()


@pytest.mark.parametrize(
    ("fault", "reached", "word"),
    [
        (Fault.TLS_CALL_FLIPPED, 0, ""),  # asyncio hangs up without the alert
        (Fault.TLS_CALL_CUT, 0, ""),
        (Fault.TLS_REPLY_FLIPPED_STORED, 1, "BAD_RECORD_MAC"),
        (Fault.TLS_REPLY_CUT_STORED, 1, ""),
    ],
)
async def test_tls_breaks_within_a_record_and_not_in_its_handshake(
    tmp_path: Path, fault: Fault, reached: int, word: str
) -> None:
    calls = list[bytes]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood")
        await writer.drain()
        writer.close()

    certificates = make_certificates(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificates.ca_file))
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as behind:
        proxy = FaultyProxy(behind.sockets[0].getsockname()[1], certificates.shown)
        await proxy.become(fault)
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port, ssl=trusting)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        told, came = "", b""
        try:
            async with asyncio.timeout(LIMIT_S):
                came = await reader.read()
        except TimeoutError:
            pytest.fail("nothing broke")
        except OSError as error:
            told = str(error)
        writer.transport.abort()
        await proxy.stop()
    assert (len(calls), came, word in told) == (reached, b"", True)
