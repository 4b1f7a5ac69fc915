"""The tests' tallies, added up below their results, and the numbers of worlds that are wrong below everything."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.simulation.tally import TALLY, WRONG, Tally


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    """One line for all worlds, also those of other processes, and one for each that is wrong.

    They stand below the short summary, which has no room for a number where the terminal is narrow: of an output that
    is cut the end is kept.
    """
    yield
    total = Tally()
    wrong: list[str] = []
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, value in report.user_properties:
            if name == TALLY and report.when == "call":
                total = total.with_values(value)
            if name == WRONG and report.when == "call":
                wrong.append(value)
    if total.worlds:
        terminalreporter.write_line(f"worlds: {total.content}")
    for each in wrong:
        terminalreporter.write_line(each)
