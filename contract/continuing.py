"""How a kiosk that enrols anew proves which kiosks it was before."""

from __future__ import annotations

import hashlib
import hmac

from msgspec import Struct

from contract.scalars import Hash, Id

MOST_CONTINUED = 8
"""So many earlier identities are told, the newest first."""


class Continued(Struct, frozen=True, kw_only=True):
    """An identity that the device had, and the proof of it."""

    kiosk_id: Id
    proof: Hash


def proof_of(key_digest: bytes, kiosk_id: str, token: str) -> str:
    """The proof for this one enrolment: only who once had a key of `kiosk_id` with this SHA-256 can make it.

    Both sides keep no more of an old key than its digest. Bound to the token, the proof is good for nothing else.
    """
    said = b"kaikukiosk continues\0" + kiosk_id.encode() + b"\0" + token.encode()
    return hmac.digest(key_digest, said, hashlib.sha256).hex()


def is_proved(claim: Continued, key_digest: bytes, token: str) -> bool:
    """Whether who enrols with `token` once had the key with this SHA-256."""
    return hmac.compare_digest(claim.proof, proof_of(key_digest, claim.kiosk_id, token))
