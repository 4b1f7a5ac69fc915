"""Card numbers: normalised, looked up, sealed."""

from __future__ import annotations

import base64
import hashlib

import pytest
from nacl.public import PrivateKey, SealedBox

from contract.messages import LookupParameters
from register.store.numbers import lookup_key_of, normal_number, open_seal, seal

PARAMETERS = LookupParameters(salt="00ff" * 8, n=16, r=8, p=1)
KEY = PrivateKey(bytes(range(32)))


def sealed(text: bytes) -> str:
    return base64.b64encode(SealedBox(KEY.public_key).encrypt(text)).decode()


@pytest.mark.parametrize("written", ["DEMO1", "demo-1", " De mo-1 ", "ＤＥＭＯ１"])
def test_a_number_is_one_number_however_it_is_written(written: str) -> None:
    assert normal_number(written) == "DEMO1"
    assert lookup_key_of(written, PARAMETERS) == lookup_key_of("DEMO1", PARAMETERS)


def test_the_lookup_key_is_scrypt_as_the_contract_says() -> None:
    expected = hashlib.scrypt(b"DEMO1", salt=bytes.fromhex("00ff" * 8), n=16, r=8, p=1, dklen=16)
    assert lookup_key_of("DEMO1", PARAMETERS) == expected


def test_the_default_parameters_fit_into_memory() -> None:
    assert len(lookup_key_of("DEMO1", LookupParameters(salt="00" * 16, n=4096, r=8, p=1))) == 16


def test_only_the_register_opens_a_seal() -> None:
    assert open_seal(base64.b64encode(seal("demo-1", KEY.public_key)).decode(), KEY) == "DEMO1"
    assert open_seal(sealed(b"DEMO1"), PrivateKey.generate()) is None


@pytest.mark.parametrize("text", [b"", b" - ", b"\xff\xfe", b"X" * 201])
def test_what_is_no_number_under_a_seal_is_unreadable(text: bytes) -> None:
    assert open_seal(sealed(text), KEY) is None


@pytest.mark.parametrize(
    "text",
    ["", "A" * 64, "not base64 at all!", sealed(b"DEMO1")[:-8], "ä" * 64],
    ids=["empty", "no seal", "no base64", "cut short", "not ASCII"],  # a seal differs each time; an id must not
)
def test_what_is_no_seal_is_unreadable(text: str) -> None:
    assert open_seal(text, KEY) is None
