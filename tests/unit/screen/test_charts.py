"""Charts say what the numbers say, and cannot be broken by a label."""

import re

import pytest

from kiosk.screen.charts import WIDTH, Bar, bar_chart, beside

LETTER = 9
"""Of a label below a bar: how wide its letters are, over all of them."""


def heights(svg: str, part: str) -> list[float]:
    return [float(found) for found in re.findall(rf'class="{part}"[^>]*height="([\d.]+)"', svg)]


def lengths(svg: str, part: str) -> list[float]:
    return [float(found) for found in re.findall(rf'class="{part}"[^>]*width="([\d.]+)"', svg)]


def test_each_bar_is_as_high_as_its_number() -> None:
    svg = bar_chart([Bar("1.3.", 5, 0), Bar("2.3.", 10, 5)], "Kävijät")
    assert heights(svg, "lower") == pytest.approx([46, 92])
    assert heights(svg, "upper") == pytest.approx([46])


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (1, ["0", "1", "2"]),
        (3, ["0", "2", "4"]),
        (27, ["0", "15", "30"]),
        (41, ["0", "25", "50"]),
        (8001, ["0", "5000", "10000"]),
    ],
)
def test_a_chart_ends_a_little_above_its_highest_bar_and_its_marks_are_whole(most: int, marks: list[str]) -> None:
    assert re.findall(r'class="end">(\d+)<', bar_chart([Bar("1.3.", most, 0)], "t")) == marks


def test_the_marks_are_written_as_the_language_writes_numbers() -> None:
    assert ">10 000<" in bar_chart([Bar("", 8001, 0)], "t", lambda count: f"{count:,}".replace(",", " "))


@pytest.mark.parametrize(("most", "ends_at", "bars_from"), [(27, 40, 48), (8001, 52, 60), (80_001, 62, 70)])
def test_the_marks_of_large_numbers_have_room_for_their_first_digit(most: int, ends_at: int, bars_from: int) -> None:
    svg = bar_chart([Bar("", most, 0)], "t", lambda count: f"{count:,}".replace(",", " "))
    assert set(re.findall(r'<text x="(\d+)"[^>]*class="end"', svg)) == {str(ends_at)}
    assert set(re.findall(r'<path class="grid" d="M(\d+) ', svg)) == {str(bars_from)}


@pytest.mark.parametrize("days", range(1, 32))
def test_no_label_below_the_bars_reaches_over_the_end(days: int) -> None:
    svg = bar_chart([Bar(f"{day:2} Mar", 1, 0) for day in range(1, days + 1)], "t")
    labels = [(float(x), text) for x, text in re.findall(r'<text x="([\d.]+)"[^>]*class="middle">([^<]*)<', svg)]
    assert labels[0][1] == " 1 Mar"
    assert [text for x, text in labels if x + LETTER * len(text) / 2 > WIDTH] == []


def test_each_bar_in_a_table_is_as_long_as_its_number_beside_the_longest() -> None:
    small, large, none = beside([Bar("a", 10, 0), Bar("b", 30, 10), Bar("c", 0, 0)])
    assert (lengths(small, "lower"), lengths(small, "upper")) == ([25], [])
    assert (lengths(large, "lower"), lengths(large, "upper")) == ([75], [25])
    assert "<rect" not in none


@pytest.mark.parametrize("bars", [[], [Bar("1.3.", 0, 0)]], ids=["none", "nobody"])
def test_a_chart_of_nobody_is_an_empty_one(bars: list[Bar]) -> None:
    svg = bar_chart(bars, "t")
    assert "<rect" not in svg
    assert svg.endswith("</svg>")


def test_a_label_that_looks_like_markup_stays_text() -> None:
    svg = bar_chart([Bar("<b>", 1, 0)], '"><script>')
    assert "<script>" not in svg
    assert "<b>" not in svg
