"""A register that runs, kiosks that it knows, and a bad network in front of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from contract.messages import DeviceFacts
from kiosk.sync.address import checked_address, tls_context
from kiosk.sync.client import RegisterClient
from kiosk.sync.enrol import Enrolled, enrol
from register.store.export import export_uses
from tests.support.certificates import Certificates, make_certificates
from tests.support.faulty_proxy import Fault, FaultyProxy
from tests.support.register import ServingRegister, serving_register


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingRegister]:
    """The real register, in a process of its own, with 3003 cards."""
    folder = tmp_path_factory.mktemp("register")
    with serving_register(folder, seed=("--numbered", "3", "--cards", "3000")) as register:
        yield register


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An invented authority."""
    return make_certificates(Path(tmp_path_factory.mktemp("certificates")))


@pytest.fixture(scope="session")
def doors(register: ServingRegister) -> dict[str, Enrolled]:
    """Two kiosks of one venue, by the name of their door."""
    return {door: asyncio.run(enrolled_at(register, door)) for door in ("Pääovi", "Sivuovi")}


async def enrolled_at(register: ServingRegister, door: str) -> Enrolled:
    """A new kiosk."""
    async with RegisterClient(checked_address(register.url), key=None, tls=tls_context(None)) as client:
        device = DeviceFacts(name=door, software_version="0.0.0")
        return await enrol(client, register.token(kiosk_name=door), device)


def uses_at(register: ServingRegister) -> list[dict[str, Any]]:
    """Every use that the register holds, by its own export, without the time that a program takes to start."""
    with closing(sqlite3.connect(register.database)) as connection:
        return export_uses(sqlite_utils.Database(connection))


@pytest.fixture
async def network(register: ServingRegister, certificates: Certificates) -> AsyncIterator[FaultyProxy]:
    """The way to the register, whole at first."""
    proxy = FaultyProxy(register.port, certificates.shown)
    await proxy.become(Fault.NONE)
    try:
        yield proxy
    finally:
        await proxy.stop()
