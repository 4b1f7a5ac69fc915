"""Charts say what the numbers say, and cannot be broken by a label."""

import re

import pytest

from kiosk.screen.charts import Bar, bar_chart


def heights(svg: str, part: str) -> list[float]:
    return [float(found) for found in re.findall(rf'class="{part}"[^>]*height="([\d.]+)"', svg)]


def test_each_bar_is_as_high_as_its_number() -> None:
    svg = bar_chart([Bar("1.3.", 5, 0), Bar("2.3.", 10, 5)], "Kävijät")
    assert heights(svg, "lower") == pytest.approx([42, 84])
    assert heights(svg, "upper") == pytest.approx([42])
    assert ">20</text>" in svg


@pytest.mark.parametrize("bars", [[], [Bar("1.3.", 0, 0)]], ids=["none", "nobody"])
def test_a_chart_of_nobody_is_an_empty_one(bars: list[Bar]) -> None:
    svg = bar_chart(bars, "t")
    assert "<rect" not in svg
    assert svg.endswith("</svg>")


def test_a_label_that_looks_like_markup_stays_text() -> None:
    svg = bar_chart([Bar("<b>", 1, 0)], '"><script>')
    assert "<script>" not in svg
    assert "<b>" not in svg
