"""How the bench lays a browser's clock over its own."""

import pytest

from bench.clocks import Asked, Offset, offset_of


def test_the_offset_is_what_all_answers_allow_and_half_of_what_is_left_is_how_far_it_may_be_wrong() -> None:
    asked = [Asked(1000.0, 100.0, 1004.0), Asked(2003.0, 1100.0, 2009.0), Asked(2990.0, 2090.0, 3010.0)]
    assert offset_of(asked, 0.0) == Offset(ms=903.5, within_ms=0.5)


def test_a_clock_that_tells_whole_steps_may_be_wrong_by_one_more() -> None:
    assert offset_of([Asked(1000.0, 100.0, 1004.0)], 0.5) == Offset(ms=902.0, within_ms=2.5)


def test_clocks_that_drift_apart_have_no_offset() -> None:
    with pytest.raises(ValueError, match=r"the clocks drifted apart by 6\.00 ms or more"):
        offset_of([Asked(1000.0, 100.0, 1004.0), Asked(2010.0, 1100.0, 2014.0)], 0.0)
