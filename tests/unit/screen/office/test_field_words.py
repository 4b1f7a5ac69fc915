"""What was typed on the venue's pages and cannot be used is said in one sentence for all fields that it is about."""

from kiosk.screen.office.field_words import event_wrong, line_wrong, paper_refused
from kiosk.screen.translations import load_translators
from tests.unit.cards.examples import HELSINKI

_, _, EN = load_translators(HELSINKI).values()


def test_all_that_is_wrong_with_a_line_is_said_at_once_and_nothing_twice() -> None:
    assert line_wrong(EN, ("number", "time", "event", "own", "children", "clients", "assistants")) == {
        "That is not a card number. Look at the form again.": ("number",),
        "Give the time in hours and minutes, such as 18.30.": ("time",),
        "Give the event a name of at most 80 characters.": ("event",),
        "Enter 1 or 0 under Own ticket: a card gives its holder one.": ("own",),
        "The number of tickets must be from 0 to 99.": ("children", "clients", "assistants"),
    }


def test_all_that_is_wrong_with_an_event_is_said_at_once() -> None:
    assert event_wrong(EN, ("name", "time")) == {
        "Give the event a name of at most 80 characters.": ("name",),
        "Give the time in hours and minutes, such as 18.30.": ("time",),
    }


def test_what_no_browser_sends_is_of_no_field() -> None:
    nothing = {"Something is missing: nothing was changed. Try again.": ()}
    assert (line_wrong(EN, ()), event_wrong(EN, ())) == (nothing, nothing)


def test_a_line_that_is_not_recorded_has_the_fields_to_mend() -> None:
    assert [list(paper_refused(EN, why).values()) for why in ("number", "time", "tickets", "course", "keys")] == [
        [("number",)],
        [("day", "time")],
        [("own", "children", "clients", "assistants")],
        [("course", "children", "clients")],
        [()],
    ]
