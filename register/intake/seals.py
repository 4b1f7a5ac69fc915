"""Opening sealed card numbers and making their lookup keys, before any transaction: a seal costs a scrypt."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from contract.messages import UseSent
from register.model import CardNamed
from register.store.numbers import lookup_key_of, open_seal
from register.store.opening import Register


async def cards_named_by(uses: Sequence[UseSent], register: Register) -> list[CardNamed | None]:
    """For each use in its turn the card that it names; None where it names no card, or two."""
    return [await _card_named_by(use, register) for use in uses]


async def _card_named_by(use: UseSent, register: Register) -> CardNamed | None:
    if use.lookup_key is not None and use.sealed_number is None:
        return CardNamed(bytes.fromhex(use.lookup_key))
    if use.sealed_number is not None and use.lookup_key is None:
        return await asyncio.to_thread(_open, use.sealed_number, register)
    return None


def _open(sealed: str, register: Register) -> CardNamed:
    number = open_seal(sealed, register.private_key)
    return CardNamed(None if number is None else lookup_key_of(number, register.lookup))
