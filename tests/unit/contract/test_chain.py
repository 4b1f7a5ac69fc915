"""The form that is hashed, by an example that every implementation can check itself against."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import msgspec
import pytest

from contract.chain import FIRST, hash_of
from contract.messages import Stamp, UseSent

CHAIN = "01900000-0000-4000-8000-00000000000c"
ID, EVENT = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"
USE = UseSent(
    id=ID,
    lookup_key="0" * 31 + "7",
    sealed_number=None,
    event_id=EVENT,
    kind="entrance",
    own_ticket=1,
    children=2,
    assistants=0,
    clients=0,
    decided=Stamp(
        at=dt.datetime(2026, 3, 14, 10, 0, 0, 5_000, tzinfo=dt.UTC),
        clock_trusted=True,
        boot_id="käynnistys/1",
        monotonic_ms=42,
        sequence=9,
    ),
    offline=False,
    remarks=("already-used",),
)
FORM = (
    f'["kaikukortti-use-1","{CHAIN}",1,"{FIRST}","{ID}",9,"00000000000000000000000000000007",null,"{EVENT}","entrance",'
    '1,2,0,0,1773482400005,true,"käynnistys/1",42,false,["already-used"]]'
)
LABEL = "Avoimet ovet – ’26"
OTHER = {
    "id": EVENT,
    "lookup_key": None,
    "sealed_number": "A" * 64,
    "event_id": None,
    "kind": "course",
    "own_ticket": 0,
    "children": 0,
    "assistants": 1,
    "clients": 1,
    "offline": True,
    "remarks": (),
}


def digest(use: UseSent = USE, chain: str = CHAIN, position: int = 1, previous: str = FIRST) -> str:
    return hash_of(use, chain=chain, position=position, previous=previous)


def test_the_form_is_the_one_that_is_written_down() -> None:
    assert digest() == hashlib.sha256(FORM.encode()).hexdigest()


@pytest.mark.parametrize(("name", "value"), OTHER.items())
def test_whatever_changes_in_a_use_changes_its_hash(name: str, value: Any) -> None:
    assert digest(msgspec.structs.replace(USE, **{name: value})) != digest()


def test_its_times_and_its_place_change_it_too() -> None:
    later = USE.decided.at + dt.timedelta(milliseconds=1)
    changes = {"at": later, "clock_trusted": False, "boot_id": "b", "monotonic_ms": 43, "sequence": 10}
    stamps = [msgspec.structs.replace(USE.decided, **{name: value}) for name, value in changes.items()]
    hashes = {digest(msgspec.structs.replace(USE, decided=stamp)) for stamp in stamps}
    hashes |= {digest(chain=ID), digest(position=2), digest(previous="1" * 64), digest()}
    assert len(hashes) == len(changes) + 4


def test_a_time_that_was_put_right_since_leaves_the_link_as_it_was_recorded() -> None:
    later = USE.decided.at + dt.timedelta(days=20_000)
    corrected = msgspec.structs.replace(USE.decided, at=later, uncorrected_at=USE.decided.at)
    assert digest(msgspec.structs.replace(USE, decided=corrected)) == digest()


def test_a_name_that_staff_gave_the_event_is_hashed_last_and_only_where_there_is_one() -> None:
    labelled = msgspec.structs.replace(USE, event_label=LABEL)
    assert digest(labelled) == hashlib.sha256(f'{FORM[:-1]},"{LABEL}"]'.encode()).hexdigest()
