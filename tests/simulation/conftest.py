"""The tests' tallies, added up below their results."""

from __future__ import annotations

import pytest

from tests.simulation.tally import TALLY, Tally


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for all worlds, also those of other processes; a wrong one has failed its test by its seed."""
    total = Tally()
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, values in report.user_properties:
            if name == TALLY and report.when == "call":
                total = total.with_values(values)
    if total.worlds:
        terminalreporter.write_line(f"worlds: {total.content}")
