"""What people press and type: each form means one thing, and bad input is a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.cards.desk_events import (
    BroughtBack,
    CancelPressed,
    ConfirmPressed,
    DeskEvent,
    EventChosen,
    Scanned,
    TicketsSet,
    UndoPressed,
)
from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import Language, Scan, Tickets
from kiosk.screen.forms import MOST_FIELDS, PATHS, BadForm, fields_of, read_form
from kiosk.screen.translations import load_translators
from tests.support.clock import FixedClock
from tests.unit.cards.examples import HELSINKI

TRANSLATORS = load_translators(HELSINKI)
FI = TRANSLATORS[Language.FI]
NOW = FixedClock().now()
AT_MS = NOW.monotonic_ms
TICKETS = {"presentation": "p1", "own": "1", "children": "2", "assistants": "3", "clients": "4"}
MISSING = "Jotain puuttuu: mitään ei muutettu. Yritä uudelleen."
OUT_OF_RANGE = "Lippujen määrän on oltava 0–99."


@pytest.mark.parametrize(
    ("path", "form", "event"),
    [
        ("/confirm", {"presentation": "p1"}, ConfirmPressed("p1", AT_MS)),
        ("/cancel", {"presentation": "p1"}, CancelPressed("p1", AT_MS)),
        ("/bring-back", {"presentation": "p1"}, BroughtBack("p1", AT_MS)),
        ("/undo", {"use": "u1"}, UndoPressed("u1", NOW.utc, AT_MS)),
        ("/tickets", TICKETS, TicketsSet("p1", Tickets(own=1, children=2, assistants=3, clients=4), AT_MS)),
        ("/event", {"event": "automatic"}, EventChosen(EventChoice(), AT_MS)),
        ("/event", {"event": "general"}, EventChosen(EventChoice(automatic=False), AT_MS)),
        ("/event", {"event": "e1"}, EventChosen(EventChoice(automatic=False, event_id="e1"), AT_MS)),
        ("/scan", {"number": " demo 17 "}, Scanned(Scan("demo 17", "page"), AT_MS)),
    ],
)
def test_each_form_means_one_thing_at_the_desk(path: str, form: dict[str, str], event: DeskEvent) -> None:
    assert read_form(path, form, NOW, FI) == event


@pytest.mark.parametrize(
    ("path", "form", "sentence"),
    [
        ("/confirm", {}, MISSING),
        ("/confirm", {"presentation": "x" * 65}, MISSING),
        ("/cancel", {"presentation": " "}, MISSING),
        ("/bring-back", {}, MISSING),
        ("/undo", {"presentation": "p1"}, MISSING),
        ("/event", {"event": ""}, MISSING),
        ("/scan", {}, "Kirjoita ensin kortin tunnus."),
        ("/scan", {"number": " \t"}, "Kirjoita ensin kortin tunnus."),
        ("/scan", {"number": "x" * 201}, "Liian pitkä kortin tunnukseksi."),
        ("/tickets", {**TICKETS, "presentation": ""}, MISSING),
        ("/tickets", {**TICKETS, "own": "2"}, "Kortilla saa yhden oman lipun."),
        ("/tickets", {"presentation": "p1"}, OUT_OF_RANGE),
        *(
            ("/tickets", {**TICKETS, name: bad}, OUT_OF_RANGE)
            for name in ("own", "children", "assistants", "clients")
            for bad in ("", " 1", "-1", "+1", "100", "1.5", "1e1", "²", "٣", "two", "0x1", "9" * 50)
        ),
    ],
)
def test_a_form_that_cannot_be_used_is_a_sentence(path: str, form: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadForm) as bad:
        read_form(path, form, NOW, FI)
    assert str(bad.value) == sentence


@given(st.sampled_from(PATHS), st.dictionaries(st.sampled_from([*TICKETS, "use", "event", "number"]), st.text()))
def test_any_form_at_all_is_an_event_or_a_sentence(path: str, form: dict[str, str]) -> None:
    for t in TRANSLATORS.values():
        try:
            read_form(path, form, NOW, t)
        except BadForm as bad:
            assert str(bad).endswith(".")  # noqa: PT017  # either outcome is right


def test_a_typed_number_does_not_show_itself() -> None:
    assert "demo" not in repr(read_form("/scan", {"number": "demo 17"}, NOW, FI))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"number=demo+17&x=", {"number": "demo 17", "x": ""}),
        (b"number=%C3%A4", {"number": "ä"}),
        (b"number=1&number=2", {"number": "2"}),
        (b"", {}),
        (b"\xff\xfe", {}),
        (b"&".join([b"a=b"] * (MOST_FIELDS + 1)), {}),
        (b"number=%zz", {"number": "%zz"}),
    ],
)
def test_a_body_becomes_fields_or_none(body: bytes, fields: dict[str, str]) -> None:
    assert fields_of(body) == fields
