"""The pages and drawings of hw/ are those that the code makes, and can be read by everybody."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hw.made.power import BOARDS, LINE_LIMIT_MA, loads_of
from hw.made.reach import HIGHEST_REACH_MM, HIGHEST_SIGN_MM, LOOKED_AT, LOWEST_REACH_MM, OPERATED
from hw.make import FOLDER, TABLES, made_files, tables_of
from kiosk.feedback.pins import DEFAULT_PINS, HEADER_POSITIONS, RESERVED_LINES

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = sorted(FOLDER.glob("*.svg"))
PAGES = sorted(FOLDER.glob("*.md"))


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize(
    ("path", "made"), list(made_files()), ids=lambda value: value.name if isinstance(value, Path) else ""
)
def test_a_made_file_is_the_one_that_the_code_makes(path: Path, made: str) -> None:
    assert path.read_text(encoding="utf-8") == made, "run: python hw/make.py"


def test_every_table_has_its_place_and_only_one() -> None:
    placed = [name for page in PAGES for name in tables_of(page.read_text(encoding="utf-8"))]
    assert sorted(placed) == sorted(TABLES)


def rows_of_pins() -> dict[str, tuple[int, int]]:
    _, _, table = (FOLDER / "wiring.md").read_text(encoding="utf-8").partition("<!-- made: pins -->")
    table, _, _ = table.partition("<!-- end -->")
    cells = [[cell.strip() for cell in line.split("|")[1:4]] for line in table.strip().splitlines()[2:]]
    return {part: (int(line), int(position)) for part, line, position in cells}


def test_the_pin_table_is_that_of_the_defaults() -> None:
    assert rows_of_pins() == {part: (line, HEADER_POSITIONS[line]) for part, line in DEFAULT_PINS.items()}


def test_the_pin_table_names_no_line_twice_and_none_of_a_bus() -> None:
    lines = [line for line, _ in rows_of_pins().values()]
    assert len(set(lines)) == len(lines)
    assert set(lines) & set(RESERVED_LINES) == set()


@pytest.mark.parametrize("drawing", DRAWINGS, ids=named)
def test_a_drawing_says_in_words_what_it_shows(drawing: Path) -> None:
    root = ET.fromstring(drawing.read_text(encoding="utf-8"))  # noqa: S314  # our own file
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    for name, least in (("title", 10), ("desc", 60)):
        element = root.find(f"{SVG}{name}")
        assert element is not None
        assert element.get("id") in (root.get("aria-labelledby") or "").split()
        assert len(element.text or "") >= least


@pytest.mark.parametrize("drawing", DRAWINGS, ids=named)
def test_a_drawing_needs_nothing_from_outside(drawing: Path) -> None:
    root = ET.fromstring(drawing.read_text(encoding="utf-8"))  # noqa: S314  # our own file
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags & {"script", "style", "image", "use", "foreignObject", "a"} == set()
    values = [value for element in root.iter() for value in element.attrib.values()]
    assert [value for value in values if "://" in value or "url(" in value] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_links_to_what_is_there(page: Path) -> None:
    targets = [part.split(")")[0].split("#")[0] for part in page.read_text(encoding="utf-8").split("](")[1:]]
    assert [target for target in targets if "://" in target or not (FOLDER / target).exists()] == []


def test_every_drawing_is_shown_on_a_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [drawing.name for drawing in DRAWINGS if f"]({drawing.name})" not in pages] == []


def test_all_that_is_touched_can_be_reached_from_a_wheelchair() -> None:
    assert {part: place for part, place in OPERATED.items() if not within(place, HIGHEST_REACH_MM)} == {}
    assert {part: place for part, place in LOOKED_AT.items() if not within(place, HIGHEST_SIGN_MM)} == {}


def within(place: tuple[int, int], highest_mm: int) -> bool:
    low, high = place
    return LOWEST_REACH_MM <= low < high <= highest_mm


def test_the_supply_carries_usual_loads_of_both_boards_and_the_worst_of_a_pi_5() -> None:
    for board, (_, supply_ma) in BOARDS.items():
        assert sum(load.usual_ma for load in loads_of(board)) <= 0.75 * supply_ma
    assert sum(load.worst_ma for load in loads_of("Pi 5")) <= BOARDS["Pi 5"][1]


def test_the_power_page_says_which_board_needs_a_second_supply() -> None:
    assert sum(load.worst_ma for load in loads_of("Pi 4")) > BOARDS["Pi 4"][1]
    assert "Feed touch screen and light from a 5 V supply of their own" in (FOLDER / "power.md").read_text("utf-8")


def test_both_pages_name_one_limit_of_a_line() -> None:
    assert f"{LINE_LIMIT_MA} mA at most" in (FOLDER / "power.md").read_text("utf-8")
    assert f"{LINE_LIMIT_MA} mA at most" in (FOLDER / "wiring.md").read_text("utf-8")


def test_the_steps_of_the_bench_sheet_are_numbered_without_a_gap() -> None:
    sheet = (FOLDER / "bench-sheet.md").read_text("utf-8")
    steps = [int(step) for step in re.findall(r"^\| (\d+) \|", sheet, flags=re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    assert len(steps) > 20


def test_the_bench_sheet_asks_for_the_default_pins() -> None:
    sheet = (FOLDER / "bench-sheet.md").read_text("utf-8")
    assert f"`pinctrl get {','.join(str(line) for line in sorted(DEFAULT_PINS.values()))}`" in sheet
