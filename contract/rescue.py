"""The file that carries records past the network: sealed to the register, and proved to be by one kiosk.

    kaikukortti-rescue-1 <line feed>
    libsodium sealed box to the register's public key (X25519):
        36 bytes  the kiosk's id (UUID, ASCII)
        32 bytes  HMAC-SHA256 of everything here but itself; its key is SHA-256 of the kiosk's bearer key
        the rest  zlib: lines of JSON, a `RescueHead` first, then one `Rescued` for each record

The register keeps the SHA-256 of each bearer key and nothing else of it, so that is what both sides can prove with.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec
import nacl.exceptions
from msgspec import Meta, Raw, Struct
from nacl.public import PrivateKey, PublicKey, SealedBox

from contract.messages import UtcTime
from contract.scalars import Id

MAGIC = b"kaikukortti-rescue-1\n"
KIOSK_ID_BYTES = 36
MAC_BYTES = 32
MOST_BYTES = 1024 * 1024 * 1024
"""A million records take less, unpacked."""


class RescueHead(Struct, frozen=True, kw_only=True):
    """First line: who made the file, when, and how many records must follow."""

    kiosk_id: Id
    made_at: UtcTime
    software_version: str
    records: Annotated[int, Meta(ge=0)]


class Rescued(Struct, frozen=True, kw_only=True):
    """One record, exactly as the kiosk would have sent it in a batch."""

    kind: Literal["use", "annulment", "refusal"]
    item: Raw


class RescueUnreadable(ValueError):
    """The file is none of these, is not for this register, or was cut or changed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose seal was opened; nothing of it is to be believed before `is_by` said so."""

    kiosk_id: str
    _mac: bytes = field(repr=False)
    _body: bytes = field(repr=False)

    def is_by(self, key_digest: bytes) -> bool:
        """Whether whoever made the file holds the bearer key with this SHA-256."""
        return hmac.compare_digest(self._mac, _mac_of(key_digest, self.kiosk_id.encode(), self._body))

    def read(self) -> tuple[RescueHead, list[Rescued]]:
        """What the file holds; raises RescueUnreadable where it is not whole."""
        try:
            lines = _unpacked(self._body).split(b"\n")
            head = msgspec.json.decode(lines[0], type=RescueHead)
            records = [msgspec.json.decode(line, type=Rescued) for line in lines[1:]]
        except (zlib.error, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise RescueUnreadable(f"its content cannot be read: {error}") from None
        if len(records) != head.records or head.kiosk_id != self.kiosk_id:
            raise RescueUnreadable(f"it speaks of {head.records} records and holds {len(records)}")
        return head, records


def seal_rescue(head: RescueHead, records: Iterable[Rescued], *, key: str, register_public_key: bytes) -> bytes:
    """The file: only the register can read it, and it can tell that whoever made it holds the bearer `key`."""
    author = head.kiosk_id.encode()
    body = b"".join(_packed(head, records))
    mac = _mac_of(hashlib.sha256(key.encode()).digest(), author, body)
    return MAGIC + SealedBox(PublicKey(register_public_key)).encrypt(author + mac + body)


def open_rescue(content: bytes, private_key: PrivateKey) -> Opened:
    """The file's seal opened; raises RescueUnreadable."""
    if not content.startswith(MAGIC):
        raise RescueUnreadable("it is not a file that `kiosk queue export` wrote")
    try:
        inner = SealedBox(private_key).decrypt(content[len(MAGIC) :])
        kiosk_id = inner[:KIOSK_ID_BYTES].decode("ascii")
    except (nacl.exceptions.CryptoError, ValueError, TypeError):
        raise RescueUnreadable("it was cut or changed, or sealed for another register") from None
    after = KIOSK_ID_BYTES + MAC_BYTES
    return Opened(kiosk_id, inner[KIOSK_ID_BYTES:after], inner[after:])


def _mac_of(key_digest: bytes, author: bytes, body: bytes) -> bytes:
    return hmac.digest(key_digest, MAGIC + author + body, "sha256")


def _packed(head: RescueHead, records: Iterable[Rescued]) -> Iterator[bytes]:
    packer = zlib.compressobj()
    yield packer.compress(msgspec.json.encode(head))
    for record in records:
        yield packer.compress(b"\n" + msgspec.json.encode(record))
    yield packer.flush()


def _unpacked(body: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(body, MOST_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise RescueUnreadable("it is not whole")
    return content
