"""Lookup keys and sealed numbers: the same for the same card, and useless without the register."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from kiosk.cards.model import CardNumber
from kiosk.cards.news import LookupParameters
from kiosk.errors import StoreError
from kiosk.store.seal import CardKeys, LookupKeys, seal

SALT = b"NaCl"
FEW_ROUNDS = LookupParameters(SALT, 16, 8, 1)
REGISTER = PrivateKey(bytes(range(32)))
NUMBERS = st.text(min_size=1, max_size=64).map(CardNumber)


def test_a_key_is_the_scrypt_of_rfc_7914_cut_to_16_bytes() -> None:
    """Second test vector of RFC 7914, section 12: scrypt(«password», «NaCl», N=1024, r=8, p=16)."""
    keys = LookupKeys(LookupParameters(SALT, 1024, 8, 16))
    assert keys.derive(CardNumber("password")) == "fdbabe1c9d3472007856e7190d01e9fe"


def test_the_registers_default_parameters_can_be_used() -> None:
    assert len(LookupKeys(LookupParameters(SALT, 4096, 8, 1)).derive(CardNumber("DEMO0042"))) == 32


def test_the_heaviest_parameters_allowed_can_be_used() -> None:
    assert len(LookupKeys(LookupParameters(SALT, 32_768, 8, 1)).derive(CardNumber("DEMO0042"))) == 32


async def test_a_key_made_beside_the_event_loop_is_the_same_key() -> None:
    keys = LookupKeys(FEW_ROUNDS)
    assert await keys.key_of(CardNumber("DEMO0042")) == keys.derive(CardNumber("DEMO0042"))


def test_another_salt_makes_another_key() -> None:
    number = CardNumber("DEMO0042")
    other = LookupParameters(b"another salt", 16, 8, 1)
    assert LookupKeys(FEW_ROUNDS).derive(number) != LookupKeys(other).derive(number)


@given(NUMBERS, NUMBERS)
def test_two_numbers_share_a_key_only_when_they_are_the_same(one: CardNumber, other: CardNumber) -> None:
    keys = LookupKeys(FEW_ROUNDS)
    assert (keys.derive(one) == keys.derive(other)) == (one == other)


@pytest.mark.parametrize(
    ("n", "r", "p"),
    [(0, 8, 1), (1, 8, 1), (4095, 8, 1), (-4096, 8, 1), (4096, 0, 1), (4096, 8, 0), (1_048_576, 64, 1)],
)
def test_parameters_that_would_fail_or_fill_the_memory_are_refused(n: int, r: int, p: int) -> None:
    with pytest.raises(StoreError, match=f"cannot be used here: N={n}, r={r}, p={p}"):
        LookupKeys(LookupParameters(SALT, n, r, p))


@given(NUMBERS)
def test_the_register_and_nobody_else_reads_a_sealed_number(number: CardNumber) -> None:
    sealed = seal(number, bytes(REGISTER.public_key))
    assert SealedBox(REGISTER).decrypt(base64.b64decode(sealed)) == number.normal.encode()


def test_a_number_sealed_twice_does_not_look_the_same() -> None:
    keys = CardKeys(LookupKeys(FEW_ROUNDS), bytes(REGISTER.public_key))
    assert keys.seal(CardNumber("DEMO0042")) != keys.seal(CardNumber("DEMO0042"))


async def test_card_keys_look_up_as_the_parameters_say() -> None:
    keys = CardKeys(LookupKeys(FEW_ROUNDS), bytes(REGISTER.public_key))
    assert await keys.key_of(CardNumber("DEMO0042")) == LookupKeys(FEW_ROUNDS).derive(CardNumber("DEMO0042"))
