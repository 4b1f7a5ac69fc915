"""Card numbers on their way into the register: normalised, looked up by scrypt, sealed; never kept in clear."""

from __future__ import annotations

import base64
import binascii
import hashlib
import unicodedata

import nacl.exceptions
from nacl.public import PrivateKey, PublicKey, SealedBox

from contract.messages import LookupParameters

LOOKUP_KEY_BYTES = 16
DEFAULT_N, DEFAULT_R, DEFAULT_P = 4096, 8, 1
_SCRYPT_MEMORY_FACTOR = 2
"""OpenSSL wants a little more than the 128·N·r·p bytes that scrypt itself takes."""
_MAX_NUMBER_CHARS = 200


def normal_number(number: str) -> str:
    """`number` in upper case, without spaces and hyphens (DOMAIN.md, Cards)."""
    plain = unicodedata.normalize("NFKC", number).strip().upper()
    return "".join(char for char in plain if char not in " -")


def lookup_key_of(number: str, parameters: LookupParameters) -> bytes:
    """The 16 bytes under which the card with `number` is looked up; some 20 ms of work, by design."""
    return hashlib.scrypt(
        normal_number(number).encode(),
        salt=bytes.fromhex(parameters.salt),
        n=parameters.n,
        r=parameters.r,
        p=parameters.p,
        maxmem=_SCRYPT_MEMORY_FACTOR * 128 * parameters.n * parameters.r * parameters.p + 1024 * 1024,
        dklen=LOOKUP_KEY_BYTES,
    )


def seal(number: str, public_key: PublicKey) -> bytes:
    """`number` as only the register can read it again."""
    return SealedBox(public_key).encrypt(normal_number(number).encode())


def open_seal(sealed: str, private_key: PrivateKey) -> str | None:
    """The number in `sealed` (base64); None where it is not a number that was sealed to this register."""
    try:
        number = SealedBox(private_key).decrypt(base64.b64decode(sealed, validate=True)).decode()
    except (binascii.Error, nacl.exceptions.CryptoError, UnicodeDecodeError, ValueError, TypeError):
        return None
    return number if 0 < len(normal_number(number)) <= _MAX_NUMBER_CHARS else None
