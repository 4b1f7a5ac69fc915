"""The documents say what the code does."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kiosk.cli import main as kiosk
from kiosk.commands.settings_page import settings_page
from register.cli import main as register

ROOT = Path(__file__).parents[2]
TECHNICIAN = (ROOT / "docs" / "technician.md").read_text(encoding="utf-8")


def commands(group: click.Command, path: str) -> Iterator[str]:
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield f"{path} {name}"
            yield from commands(command, f"{path} {name}")


@pytest.mark.parametrize("command", [*commands(kiosk, "kiosk"), *commands(register, "register")])
def test_every_command_is_in_the_technicians_guide(command: str) -> None:
    assert f"`{command}" in TECHNICIAN


def test_the_page_of_settings_is_the_settings() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings_page(), "write it anew: kiosk config --explain > docs/settings.md"


def test_the_readme_opens_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line.split("#")[0].strip() for line in lines[2:4]] == ["./dev demo", "./dev test"]


def test_the_changelog_speaks_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_holds_exact_versions_with_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    pinned = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert pinned
    assert [line for line in pinned if "==" not in line] == []
    assert len(re.findall(r"\\\n    --hash=sha256:", text)) >= len(pinned)


def rows_of(page: str, begins: str) -> list[list[str]]:
    """The rows of a table of a standard: what it asks, what is here, and what shows it."""
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    return [line.strip("|").split("|") for line in lines if re.match(begins, line)]


STANDARDS = {
    "etsi-en-303645.md": (rows_of("etsi-en-303645.md", r"\| [56][-.]"), r"`\./dev test`|not met, because \w"),
    "accessibility.md": (rows_of("accessibility.md", r"\| \d"), r"\*\*not met\*\*|\*\*a person must try\*\*"),
}
EACH_STANDARD = pytest.mark.parametrize("page", STANDARDS)
NAMED_TEST = re.compile(r"`([a-z_0-9/]+\.py)::(\w+)`")


@EACH_STANDARD
def test_every_row_of_a_standard_names_a_test_or_says_that_there_is_none(page: str) -> None:
    rows, otherwise = STANDARDS[page]
    assert len(rows) > 40
    assert [row for row in rows if len(row) != 3] == []
    shown = re.compile(rf"{NAMED_TEST.pattern}|{otherwise}|–")
    assert [clause for clause, _, tests in rows if not shown.search(tests)] == []


@EACH_STANDARD
def test_every_test_that_the_table_of_a_standard_names_is_there(page: str) -> None:
    named = {found for *_, tests in STANDARDS[page][0] for found in NAMED_TEST.findall(tests)}
    assert len(named) > 30
    missing = [
        f"{file}::{name}"
        for file, name in sorted(named)
        if not (path := ROOT / "tests" / file).exists()
        or not re.search(rf"^(?:async )?def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_every_test_that_the_threat_model_names_is_there() -> None:
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"tests/[a-z_0-9/]+(?:\.py)?", page))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("role", sorted(path.name for path in (ROOT / "deploy" / "ansible" / "roles").iterdir()))
def test_every_variable_of_a_role_has_a_type_and_words(role: str) -> None:
    folder = ROOT / "deploy" / "ansible" / "roles" / role
    given = set(
        re.findall(rf"^({role}_\w+):", (folder / "defaults" / "main.yml").read_text(encoding="utf-8"), re.MULTILINE)
    )
    specified = set(
        re.findall(
            rf"^      ({role}_\w+):", (folder / "meta" / "argument_specs.yml").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert given
    assert given <= specified


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_every_picture_of_a_page_is_there_and_says_what_it_shows(page: Path) -> None:
    for words, file in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        assert words, file
        assert (page.parent / file).is_file(), file


def test_the_handbook_shows_the_approved_pictures() -> None:
    handbook = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    assert len(re.findall(r"\]\(screens/[\w-]+\.png\)", handbook)) >= 8
