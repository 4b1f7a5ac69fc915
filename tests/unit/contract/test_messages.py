"""The wire's own promises: patterns that mean the whole text, and the two ways of reading."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from contract.messages import (
    Annulments,
    CardListed,
    Code,
    Cursor,
    LookupKey,
    ProblemType,
    SealedNumber,
    Texts,
    Uses,
)
from contract.problems import STATUS_OF, TITLE_OF
from contract.reasons import REASONS_OF_ITEMS
from contract.scalars import Id
from contract.strict import decode, decode_strictly

ID = "0190b0c4-7f4e-7c3a-9b1e-2f6d8a4c5e10"
STAMP = {
    "at": "2026-03-10T12:00:00.000Z",
    "clock_trusted": True,
    "boot_id": "b",
    "monotonic_ms": 1,
    "sequence": 1,
}
ANNULMENTS = {"annulments": [{"id": ID, "use_id": ID, "annulled": STAMP}]}


@pytest.mark.parametrize(
    ("kind", "good"),
    [(Id, ID), (LookupKey, "0f" * 16), (SealedNumber, "A" * 64 + "=="), (Code, "card-expired"), (Cursor, "a1.7")],
)
@pytest.mark.parametrize("around", ["{}\n", "\n{}", " {}", "{} ", "{}\x00", "x\n{}"])
def test_a_pattern_means_the_whole_text(kind: Any, good: str, around: str) -> None:
    assert msgspec.convert(good, type=kind) == good
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(around.format(good), type=kind)


def changed(at: tuple[Any, ...]) -> bytes:
    """`ANNULMENTS` with an unknown field inside the object at that path."""
    message = msgspec.json.decode(msgspec.json.encode(ANNULMENTS))
    inner = message
    for step in at:
        inner = inner[step]
    inner["mood"] = "fine"
    return msgspec.json.encode(message)


@pytest.mark.parametrize("at", [(), ("annulments", 0), ("annulments", 0, "annulled")])
def test_the_register_refuses_unknown_fields_at_every_depth_and_the_kiosk_ignores_them(at: tuple[Any, ...]) -> None:
    plain = msgspec.json.decode(msgspec.json.encode(ANNULMENTS), type=Annulments)
    assert decode(changed(at), Annulments) == plain
    with pytest.raises(msgspec.ValidationError, match="unknown field `mood`"):
        decode_strictly(changed(at), Annulments)


def test_strict_reading_takes_what_the_contract_allows() -> None:
    assert decode_strictly(msgspec.json.encode(ANNULMENTS), Annulments) == decode(
        msgspec.json.encode(ANNULMENTS), Annulments
    )


@pytest.mark.parametrize("count", [0, 501])
def test_a_batch_holds_one_to_five_hundred_items(count: int) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"annulments": ANNULMENTS["annulments"] * count}, type=Annulments)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"uses": []}, type=Uses)


def test_every_type_of_problem_has_one_status_and_one_title() -> None:
    assert set(STATUS_OF) == set(TITLE_OF) == set(get_args(ProblemType))
    assert all(400 <= status < 600 for status in STATUS_OF.values())


def test_the_reasons_are_codes_and_each_is_there_once() -> None:
    assert len(set(REASONS_OF_ITEMS)) == len(REASONS_OF_ITEMS)
    for reason in REASONS_OF_ITEMS:
        assert msgspec.convert(reason, type=Code) == reason


def test_messages_are_values() -> None:
    card = CardListed(
        lookup_key="0" * 32,
        kind="personal",
        status="active",
        area_id="a",
        first_valid_day=None,
        last_valid_day=None,
    )
    assert msgspec.json.decode(msgspec.json.encode(card), type=CardListed) == card
    with pytest.raises(AttributeError):
        card.children = 2  # type: ignore[misc]  # that is the test
    assert Texts(fi="a", sv="b", en="c") == Texts(fi="a", sv="b", en="c")
