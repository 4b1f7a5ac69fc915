"""One board, switched on once, with a register at the other end of its cable."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pi3.board import Board, board
from tests.support.register import ServingRegister, serving_register

HERE = Path(__file__).parent
SUITE = os.environ.get("KIOSK_TEST_SUITES", "bookworm").split()[0]
WHEELHOUSE = Path(os.environ.get("KIOSK_WHEELHOUSE", "dist/wheelhouse-pi"))


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingRegister]:
    with serving_register(tmp_path_factory.mktemp("register"), seed=("--demo", "--numbered", "40")) as register:
        yield register


@pytest.fixture(scope="session")
def pi(register: ServingRegister, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    made = subprocess.run([HERE / "make-card", SUITE, WHEELHOUSE], stdout=subprocess.PIPE, text=True, check=True)
    folder = tmp_path_factory.mktemp("board")
    with board(Path(made.stdout.splitlines()[-1]), folder, port=register.port, token=register.token()) as pi:
        pi.until_up()
        pi.until("the desk", "systemctl is-active --quiet kiosk.service")
        yield pi


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Iterator[dict[str, object]]:
    """What was measured; told at the end, for the README."""
    figures: dict[str, object] = {}
    yield figures
    reporter = request.config.pluginmanager.getplugin("terminalreporter")
    assert reporter is not None
    reporter.write_line(f"\n{json.dumps(figures)}")
