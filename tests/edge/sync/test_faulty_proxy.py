"""The tests' own cut network leaves nothing behind that the next test would stumble over."""

import asyncio
import contextlib
import ssl
from pathlib import Path

import pytest

from tests.support.certificates import make_certificates
from tests.support.faulty_proxy import Fault, FaultyProxy

TURNS_OF_A_HANDSHAKE = 30


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
