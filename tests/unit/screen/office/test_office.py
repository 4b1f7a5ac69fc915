"""Days, lines of the paper form, CSV and other machines, each by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from aiohttp.test_utils import make_mocked_request

from kiosk.cards.exchange import UseOfDay
from kiosk.cards.model import Texts, Tickets, UseKind
from kiosk.screen.guard import is_this_machine
from kiosk.screen.office.days import around, bounds, day_asked_for, days_until, months_until, time_asked_for, time_typed
from kiosk.screen.office.event_forms import BadEvent, read_event
from kiosk.screen.office.others import is_open
from kiosk.screen.office.paper_csv import harmless, uses_as_csv
from kiosk.screen.office.paper_forms import BadLine, Line, read_line
from kiosk.screen.office.paper_heads import form_heads
from kiosk.screen.translations import Translator, load_translators
from tests.unit.cards.examples import CONCERT, HELSINKI, HOUR, NOW, TODAY, a_use

TRANSLATORS = tuple(load_translators(HELSINKI).values())
FI, *_ = TRANSLATORS
ENTRY = "01900000-0000-7000-8000-0000000000a1"
FORM = {
    "entry": ENTRY,
    "number": " demo 17 ",
    "day": "2026-03-13",
    "time": "19:05",
    "course": "0",
    "own": "1",
    "children": "2",
    "clients": "0",
    "assistants": "0",
}


def test_a_line_is_read_in_the_venues_time() -> None:
    at = dt.datetime(2026, 3, 13, 17, 5, tzinfo=dt.UTC)
    assert read_line(FORM, HELSINKI) == Line(ENTRY, "demo 17", at, UseKind.ENTRANCE, Tickets(children=2))


def wrong_in(form: dict[str, str]) -> tuple[str, ...]:
    """The fields for which a line is refused."""
    with pytest.raises(BadLine) as refused:
        read_line(form, HELSINKI)
    return refused.value.wrong


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"number": " "}, ("number",)),
        ({"number": "x" * 201}, ("number",)),
        ({"time": "25:00"}, ("time",)),
        ({"time": ""}, ("time",)),
        ({"event": "x" * 81}, ("event",)),
        ({"own": "2"}, ("own",)),
        ({"own": "1", "children": "-1"}, ("children",)),
        ({"children": "١"}, ("children",)),
        ({"clients": ""}, ("clients",)),
        ({"assistants": "100"}, ("assistants",)),
        ({"assistants": "x", "own": "", "time": "x", "number": ""}, ("number", "time", "own", "assistants")),
        ({"entry": "x", "number": ""}, ()),
        ({"day": "", "number": ""}, ()),
        ({"day": "0001-01-01", "time": "1.30"}, ("day",)),
        ({"course": "yes", "number": ""}, ()),
    ],
    ids=str,
)
def test_a_line_that_is_none_is_refused_with_every_field_that_is_to_be_mended(
    change: dict[str, str], wrong: tuple[str, ...]
) -> None:
    assert wrong_in(FORM | change) == wrong


@pytest.mark.parametrize(
    ("left_out", "wrong"), [("own", ("own",)), ("number", ("number",)), ("entry", ()), ("day", ())]
)
def test_a_line_of_which_something_is_missing_is_refused(left_out: str, wrong: tuple[str, ...]) -> None:
    assert wrong_in({name: value for name, value in FORM.items() if name != left_out}) == wrong


@pytest.mark.parametrize(
    ("text", "day"), [("2026-03-01", dt.date(2026, 3, 1)), ("2027-01-01", TODAY), ("", TODAY), ("'", TODAY)]
)
def test_a_day_that_is_none_or_yet_to_come_is_today(text: str, day: dt.date) -> None:
    assert day_asked_for(text, TODAY) == day


def test_a_month_and_a_year_are_whole_and_end_today_at_the_latest() -> None:
    assert time_asked_for({}, TODAY) == (dt.date(2026, 3, 1), TODAY, "month")
    assert time_asked_for({"day": "2026-02-11"}, TODAY) == (dt.date(2026, 2, 1), dt.date(2026, 2, 28), "month")
    assert time_asked_for({"day": "2025-12-31", "period": "year"}, TODAY) == (
        dt.date(2025, 1, 1),
        dt.date(2025, 12, 31),
        "year",
    )


def test_a_day_has_23_hours_when_summer_comes() -> None:
    spring = dt.date(2026, 3, 29)
    start, end = bounds(HELSINKI, spring, spring)
    assert end - start == dt.timedelta(hours=23)


def test_there_is_no_day_after_today() -> None:
    assert around(TODAY, TODAY) == {"before": "2026-03-13", "after": ""}
    assert around(TODAY - dt.timedelta(days=1), TODAY)["after"] == "2026-03-14"


@pytest.mark.parametrize("t", TRANSLATORS, ids=lambda t: t.language.value)
def test_the_csv_has_the_forms_columns_in_its_order_without_the_cards_number_and_last_the_category(
    t: Translator,
) -> None:
    (heading, _) = uses_as_csv((), {}, t, HELSINKI).removeprefix("\ufeff").split("\r\n")
    number, *others = form_heads(t)
    assert (number, heading.split(";")) == (t.gettext("Card number"), [*others, t.gettext("Category")])


def test_the_csv_has_nothing_of_the_card_and_no_annulled_use() -> None:
    nasty = replace(CONCERT, name=Texts("=HYPERLINK(1)", "", ""))
    with_children = replace(a_use(), tickets=Tickets(children=2))
    uses = (UseOfDay(with_children, None), UseOfDay(a_use("gone"), NOW))
    lines = uses_as_csv(uses, {CONCERT.id: nasty}, FI, HELSINKI).split("\r\n")
    assert lines == [
        "\ufeffPäivä;Aika;Tapahtuma;Kurssi;Oma lippu;Omat lapset;Asiakkaat alle 16 v;Avustajat;Ala",
        "2026-03-14;18.30;'=HYPERLINK(1);0;1;2;0;0;Kulttuuri",
        "",
    ]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("remote", "own"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("192.168.1.7", False), (None, False), ("x", False)],
)
def test_which_machine_is_this_one(remote: str | None, *, own: bool) -> None:
    assert is_this_machine(remote) is own


@pytest.mark.parametrize(
    ("path", "open_"),
    [
        ("/", False),
        ("/events", False),
        ("/events?page=staff", False),
        ("/confirm", False),
        ("/venue", False),
        ("/venue/pin", True),
        ("/visitor", True),
        ("/events?page=visitor", True),
        ("/static/app.css", True),
    ],
)
def test_what_another_machine_may_see_before_the_pin(path: str, *, open_: bool) -> None:
    assert is_open(make_mocked_request("GET", path)) is open_


TYPED = {"entry": ENTRY, "name": " Avoimet\u200b\tovet ", "time": "18:05"}


def test_an_event_with_a_time_lasts_three_hours_and_one_without_all_day() -> None:
    at = dt.datetime(2026, 3, 14, 16, 5, tzinfo=dt.UTC)
    timed = read_event(TYPED, TODAY, HELSINKI)
    assert (timed.id, timed.name.sv, timed.starts_at, timed.ends_at) == (ENTRY, "Avoimet ovet", at, at + 3 * HOUR)
    assert (timed.by_hand, timed.whole_day, timed.category) == (True, False, None)
    whole = read_event(TYPED | {"time": ""}, TODAY, HELSINKI)
    assert ((whole.starts_at, whole.ends_at), whole.whole_day) == (bounds(HELSINKI, TODAY, TODAY), True)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": " \n "}, ("name",)),
        ({"name": "x" * 81}, ("name",)),
        ({"time": "25:00"}, ("time",)),
        ({"time": "noon"}, ("time",)),
        ({"name": "", "time": "noon"}, ("name", "time")),
        ({"entry": "1", "name": ""}, ()),
    ],
    ids=str,
)
def test_an_event_that_is_none_is_refused_with_every_field_that_is_to_be_mended(
    change: dict[str, str], wrong: tuple[str, ...]
) -> None:
    with pytest.raises(BadEvent) as refused:
        read_event(TYPED | change, TODAY, HELSINKI)
    assert refused.value.wrong == wrong


def test_a_line_of_the_paper_form_keeps_what_stands_under_event() -> None:
    assert read_line(FORM | {"event": " Avoimet  ovet"}, HELSINKI).event == "Avoimet ovet"


def test_a_line_of_the_paper_form_may_be_a_course() -> None:
    assert read_line(FORM | {"course": "1"}, HELSINKI).kind is UseKind.COURSE


def test_a_course_off_paper_is_a_course_in_the_csv_and_no_general_admission() -> None:
    use = replace(a_use(), event_id=None, kind=UseKind.COURSE)
    assert ";Kurssi;1;1;" in uses_as_csv([UseOfDay(use, None)], {}, FI, HELSINKI)
    named = replace(use, event_label="Savikurssi")
    assert ";Savikurssi;1;1;" in uses_as_csv([UseOfDay(named, None)], {}, FI, HELSINKI)


def test_a_use_is_shown_under_the_name_that_staff_gave() -> None:
    use = replace(a_use(), event_id=None, event_label="=Avoimet ovet")
    assert "'=Avoimet ovet;0" in uses_as_csv([UseOfDay(use, None)], {}, FI, HELSINKI)


@pytest.mark.parametrize(
    ("text", "time"),
    [("18.30", (18, 30)), ("18:30", (18, 30)), ("1830", (18, 30)), (" 8 05", (8, 5)), ("18", (18, 0))],
)
def test_a_time_is_typed_as_people_write_it(text: str, time: tuple[int, int]) -> None:
    assert time_typed(text) == dt.time(*time)


@pytest.mark.parametrize("text", ["24", "18.60", "18.5", "6 pm", "-1", "١٨", "18.30.00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadEvent):
        read_event(TYPED | {"time": text}, TODAY, HELSINKI)


def test_days_and_months_to_choose_from_begin_with_those_of_today() -> None:
    assert days_until(dt.date(2026, 3, 1), 2) == [dt.date(2026, 3, 1), dt.date(2026, 2, 28)]
    months = months_until(dt.date(2026, 1, 31))
    assert months[:2] == [dt.date(2026, 1, 1), dt.date(2025, 12, 1)]
    assert (months[-1], len(months)) == (dt.date(2023, 2, 1), 36)
