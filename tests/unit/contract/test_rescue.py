"""The file of rescued records: for the register's eyes, by one kiosk's key, whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from contract.rescue import MAGIC, Rescued, RescueHead, RescueUnreadable, open_rescue, seal_rescue

REGISTER = PrivateKey(bytes(range(32)))
KIOSK = "01900000-0000-7000-8000-000000000001"
KEY = "a kiosk's key"
DIGEST = hashlib.sha256(KEY.encode()).digest()
RECORDS = [Rescued(kind="use", item=msgspec.Raw(b'{"id":"1"}')), Rescued(kind="refusal", item=msgspec.Raw(b"{}"))]


def head(records: int = 2) -> RescueHead:
    made_at = dt.datetime(2026, 3, 14, 10, tzinfo=dt.UTC)
    return RescueHead(kiosk_id=KIOSK, made_at=made_at, software_version="1.0", records=records)


def a_file(records: int = 2) -> bytes:
    return seal_rescue(head(records), RECORDS, key=KEY, register_public_key=bytes(REGISTER.public_key))


def test_what_was_put_in_comes_out_and_its_author_is_known() -> None:
    opened = open_rescue(a_file(), REGISTER)
    told, records = opened.read()
    assert (opened.kiosk_id, opened.is_by(DIGEST), told) == (KIOSK, True, head())
    assert [(record.kind, bytes(record.item)) for record in records] == [("use", b'{"id":"1"}'), ("refusal", b"{}")]


def test_another_key_did_not_make_it() -> None:
    assert not open_rescue(a_file(), REGISTER).is_by(hashlib.sha256(b"another").digest())


def test_the_id_of_another_kiosk_cannot_be_put_on_it() -> None:
    forged = head()
    other = msgspec.structs.replace(forged, kiosk_id=KIOSK[:-1] + "2")
    content = seal_rescue(other, RECORDS, key="another", register_public_key=bytes(REGISTER.public_key))
    assert not open_rescue(content, REGISTER).is_by(DIGEST)


def test_another_register_cannot_read_it() -> None:
    with pytest.raises(RescueUnreadable, match="another register"):
        open_rescue(a_file(), PrivateKey(bytes(32)))


@given(st.data())
def test_any_changed_or_missing_byte_is_seen(data: st.DataObject) -> None:
    content = a_file()
    at = data.draw(st.integers(0, len(content) - 1))
    changed = content[:at] + bytes([content[at] ^ data.draw(st.integers(1, 255))]) + content[at + 1 :]
    for spoiled in (changed, content[:at]):
        with pytest.raises(RescueUnreadable):
            open_rescue(spoiled, REGISTER)


@given(st.binary(max_size=300))
def test_any_other_file_is_refused(content: bytes) -> None:
    for spoiled in (content, MAGIC + content):
        with pytest.raises(RescueUnreadable):
            open_rescue(spoiled, REGISTER)


def test_a_file_with_fewer_records_than_it_speaks_of_is_not_whole() -> None:
    with pytest.raises(RescueUnreadable, match="speaks of 3 records and holds 2"):
        open_rescue(a_file(records=3), REGISTER).read()
