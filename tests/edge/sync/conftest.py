"""A register that runs, and a bad network in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.certificates import Certificates, make_certificates
from tests.support.faulty_proxy import Fault, FaultyProxy
from tests.support.register import ServingRegister, serving_register


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingRegister]:
    """The real register, in a process of its own; every test enrols a kiosk of its own."""
    with serving_register(tmp_path_factory.mktemp("register")) as register:
        yield register


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An invented authority."""
    return make_certificates(Path(tmp_path_factory.mktemp("certificates")))


@pytest.fixture
async def network(register: ServingRegister, certificates: Certificates) -> AsyncIterator[FaultyProxy]:
    """The way to the register, whole at first."""
    proxy = FaultyProxy(register.port, certificates.shown)
    await proxy.become(Fault.NONE)
    try:
        yield proxy
    finally:
        await proxy.stop()
