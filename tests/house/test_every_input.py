"""The handbook's table of what finger, keyboard, code and button do, walked row by row."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.cards.commands import BothHeld, ButtonHeld, Command, command_in, command_of, desk_event
from kiosk.cards.desk import step
from kiosk.cards.desk_effects import Effect
from kiosk.cards.desk_events import ChildAdded, DeskEvent
from kiosk.cards.desk_state import Desk, DeskTimes
from kiosk.cards.model import Language
from kiosk.clock import Moment
from kiosk.devices import event_of
from kiosk.feedback.buttons import Press
from kiosk.screen import command_words
from kiosk.screen.forms import read_form
from kiosk.screen.translations import load_translators
from tests.support.acts import ACTS, OTHER_ACTS, Act
from tests.unit.cards.examples import CONCERT, COURSE, HELSINKI, NOW

HANDBOOK = (Path(__file__).parents[2] / "docs" / "operator.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
AT_MS = 62_000
EN = load_translators(HELSINKI)[Language.EN]
EACH = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


def rows() -> dict[str, tuple[str, str, str]]:
    """The table of the handbook, without its head."""
    _, _, *found = ROW.findall(HANDBOOK)
    return {name: (page, code, press) for name, page, code, press in found}


def read(code: Command, desk: Desk) -> DeskEvent:
    return desk_event(code, desk, (CONCERT, COURSE), NOW, AT_MS, fresh_id="fresh")


def typed(act: Act) -> DeskEvent:
    return read_form(act.path, act.fields, Moment(NOW, AT_MS, "boot", trusted=True), EN)


def came_of(event: DeskEvent, desk: Desk) -> tuple[Desk, tuple[Effect, ...]]:
    named = replace(event, presentation_id="fresh") if isinstance(event, ChildAdded) else event
    return step(desk, named, DeskTimes())


def test_the_table_of_the_handbook_has_a_row_for_everything_and_leaves_no_cell_empty() -> None:
    assert list(rows()) == [*ACTS, *OTHER_ACTS]
    assert {cell for row in rows().values() for cell in row}.isdisjoint({"", "–"})


def test_every_printed_code_is_in_the_table_by_the_words_that_are_printed_beside_it() -> None:
    others = {code for act in OTHER_ACTS.values() for code in act.codes}
    assert {act.code for act in ACTS.values()} | others == set(Command)
    codes = {name: code for name, (_, code, _) in rows().items()}
    for name, act in ACTS.items():
        assert f"*{command_words.command(EN, act.code)}*" in codes[name], name
    for name, other in OTHER_ACTS.items():
        printed = [command_words.command(EN, code) for code in other.codes]
        assert [words for words in printed if not words.isdigit() and f"*{words}*" not in codes[name]] == [], name


def test_every_press_of_the_two_buttons_is_in_the_table() -> None:
    assert {act.press for act in ACTS.values()} | {each for act in OTHER_ACTS.values() for each in act.presses} == set(
        Press
    )


@EACH
def test_a_code_does_what_the_key_of_the_page_does(act: Act) -> None:
    command = command_in(act.code.value)
    assert command is act.code
    by_key = came_of(typed(act), act.desk)
    assert by_key != (act.desk, ())
    assert came_of(read(command, act.desk), act.desk) == by_key


@EACH
def test_two_buttons_do_what_the_key_of_the_page_does(act: Act) -> None:
    pressed = event_of(act.press, AT_MS)
    if isinstance(pressed, ButtonHeld | BothHeld):
        pressed = read(command_of(pressed, act.desk), act.desk)
    assert came_of(pressed, act.desk) == came_of(typed(act), act.desk)
