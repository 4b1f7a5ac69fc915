"""An enrolment that is stopped at any step is taken up again with the same token, on the real register."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from contract.messages import DeviceFacts
from kiosk.cards.model import Identity
from kiosk.store.identity import IdentityFile
from kiosk.sync.address import checked_address, tls_context
from kiosk.sync.client import RegisterClient
from kiosk.sync.enrol import enrol
from tests.support.register import ServingRegister

DEVICE = DeviceFacts(name="Takaovi", software_version="0.0.0")
STEPS = ("secret kept", "token taken", "identity kept", "secret forgotten")


class Pulled(Exception):
    """The plug was pulled here."""


async def enrol_until(step: str | None, register: ServingRegister, token: str, file: IdentityFile) -> Identity:
    """What `kiosk run` does, up to and with `step`."""

    def done(this: str) -> None:
        if this == step:
            raise Pulled

    secret = file.device_secret()
    done("secret kept")
    async with RegisterClient(checked_address(register.url), key=None, tls=tls_context(None)) as client:
        identity = (await enrol(client, token, DEVICE, secret)).identity
    done("token taken")
    file.save(identity)
    done("identity kept")
    file.forget_device_secret()
    done("secret forgotten")
    return identity


@pytest.mark.parametrize("step", STEPS)
def test_the_next_start_has_the_identity_and_the_register_lets_it_in(
    step: str, tmp_path: Path, register: ServingRegister
) -> None:
    token = register.token(kiosk_name=f"Takaovi {step}")
    with pytest.raises(Pulled):
        asyncio.run(enrol_until(step, register, token, IdentityFile(tmp_path / "identity.json")))
    file = IdentityFile(tmp_path / "identity.json")
    identity = file.load() or asyncio.run(enrol_until(None, register, token, file))
    assert file.load() == identity

    async def ask() -> object:
        address = checked_address(register.url)
        async with RegisterClient(address, key=identity.key, tls=tls_context(None)) as client:
            return (await client.profile()).profile

    assert asyncio.run(ask()) is not None


def test_the_secret_is_private_random_and_gone_when_forgotten(tmp_path: Path) -> None:
    first, second = IdentityFile(tmp_path / "a" / "identity.json"), IdentityFile(tmp_path / "b" / "identity.json")
    assert first.device_secret() == first.device_secret() != second.device_secret()
    assert first.secret_path.stat().st_mode & 0o077 == 0
    first.secret_path.write_text("cut of")
    assert len(first.device_secret()) == 43
    first.forget_device_secret()
    first.forget_device_secret()
    assert list((tmp_path / "a").iterdir()) == []
