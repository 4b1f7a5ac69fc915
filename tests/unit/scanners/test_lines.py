"""Bytes to lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanners.lines import MAX_LINE_BYTES, LineSplitter


def split(*chunks: bytes) -> list[str]:
    splitter = LineSplitter()
    return [line for chunk in chunks for line in splitter.feed(chunk)] + splitter.end()


def test_cr_lf_and_both_end_a_line_once() -> None:
    assert split(b"a\nb\rc\r\nd\n") == ["a", "b", "c", "d"]


def test_a_pair_cut_between_two_chunks_is_still_one_end() -> None:
    assert split(b"a\r", b"\nb\n") == ["a", "b"]


def test_an_empty_line_is_a_reading_of_nothing() -> None:
    assert split(b"\n\n") == ["", ""]


@pytest.mark.parametrize("end", [b"\t", b"\t\n", b"\t\r", b"\t\r\n"])
def test_a_tab_after_a_code_ends_it_and_what_follows_the_tab_is_the_same_end(end: bytes) -> None:
    assert split(b"a" + end + b"b" + end) == ["a", "b"]


def test_a_tab_before_a_code_is_no_reading_of_nothing() -> None:
    assert split(b"\ta\n\t\tb\n") == ["a", "b"]


def test_ends_that_belong_to_two_lines_are_two() -> None:
    assert split(b"a\r\r", b"b\n\r", b"c\r\n\r\n") == ["a", "", "b", "", "c", ""]


def test_the_last_line_needs_no_end() -> None:
    assert split(b"a\nb") == ["a", "b"]


def test_bytes_that_are_no_text_become_replacement_characters() -> None:
    assert split(b"a\xffb\n") == ["a\ufffdb"]


def test_a_line_without_end_takes_no_more_than_its_share() -> None:
    assert split(b"x" * (3 * MAX_LINE_BYTES), b"\n") == ["x" * MAX_LINE_BYTES]


@given(st.lists(st.binary(max_size=20)))
def test_how_the_bytes_are_cut_makes_no_difference(chunks: list[bytes]) -> None:
    assert split(*chunks) == split(b"".join(chunks))
