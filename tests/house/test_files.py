"""Files are small, say what they are for, and tests do not wait by the clock."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [path for package in ("kiosk", "register", "contract") for path in sorted((ROOT / package).rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
WAIT_BY_THE_CLOCK = re.compile(r"\bsleep\((?!0(?:\.0)?\))[\d.]+\)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_says_in_one_line_what_it_is_for(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith("."), docstring


@pytest.mark.parametrize("test", TESTS, ids=named)
def test_a_test_does_not_wait_by_the_clock(test: Path) -> None:
    assert WAIT_BY_THE_CLOCK.findall(test.read_text(encoding="utf-8")) == []


def test_the_readme_names_every_command_of_dev() -> None:
    helped = re.findall(r"^\./dev (\w+)", (ROOT / "dev").read_text(encoding="utf-8"), flags=re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert helped
    assert [command for command in helped if f"./dev {command}" not in readme] == []
