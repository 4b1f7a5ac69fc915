"""Card numbers made useless to a thief: lookup keys, and numbers sealed to the register (REGISTER-API.md)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import dataclass, field

from nacl.public import PublicKey, SealedBox

from kiosk.cards.model import CardNumber
from kiosk.cards.news import LookupParameters
from kiosk.errors import StoreError

KEY_BYTES = 16
MOST_MEMORY_BYTES = 64 * 1024 * 1024
"""What one key may take of a Pi's memory; the default parameters take 4 MB."""


class LookupKeys:
    """Turns card numbers into lookup keys; takes tens of milliseconds on purpose."""

    def __init__(self, parameters: LookupParameters) -> None:
        """Use the register's `parameters`; raises StoreError where they cannot be used on this machine."""
        n, r, p = parameters.n, parameters.r, parameters.p
        # RFC 7914: V holds N blocks of 128·r bytes, B holds p, and two to work in.
        needed = 128 * r * (n + p + 2)
        if n <= 1 or n & (n - 1) or r < 1 or p < 1 or needed > MOST_MEMORY_BYTES:
            raise StoreError(f"The register's lookup parameters cannot be used here: N={n}, r={r}, p={p}.")
        self._parameters = parameters
        self._memory_bytes = needed + 128 * 1024  # OpenSSL refuses at its limit, not above it

    async def key_of(self, number: CardNumber) -> str:
        """The lookup key of `number`, made in a thread: the event loop goes on meanwhile."""
        return await asyncio.to_thread(self.derive, number)

    def derive(self, number: CardNumber) -> str:
        """The lookup key of `number`: 32 hexadecimal characters; blocks."""
        return hashlib.scrypt(
            number.normal.encode(),
            salt=self._parameters.salt,
            n=self._parameters.n,
            r=self._parameters.r,
            p=self._parameters.p,
            maxmem=self._memory_bytes,
            dklen=KEY_BYTES,
        ).hex()


@dataclass(frozen=True, slots=True)
class CardKeys:
    """Both ways to hide a number, as one enrolled kiosk uses them."""

    lookup: LookupKeys
    register_public_key: bytes = field(repr=False)

    async def key_of(self, number: CardNumber) -> str:
        """The lookup key of `number`."""
        return await self.lookup.key_of(number)

    def seal(self, number: CardNumber) -> str:
        """`number`, readable for the register alone."""
        return seal(number, self.register_public_key)


def seal(number: CardNumber, public_key: bytes) -> str:
    """The normal form of `number` (UTF-8) in a libsodium sealed box to `public_key` (32 bytes), base64."""
    return base64.b64encode(SealedBox(PublicKey(public_key)).encrypt(number.normal.encode())).decode()
