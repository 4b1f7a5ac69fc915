"""Reading settings from TOML into frozen dataclasses, with every problem found at once."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

MOST_SHOWN_CHARS = 60

Section = TypeVar("Section")
Check = Callable[[Any], Any]
"""Turns a TOML value into the setting's value; raises ValueError with words that end «… must be»."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as documented and as read."""

    name: str
    default: object
    explanation: str


def setting(default: Any, check: Check, explanation: str, *, secret: bool = False) -> Any:
    """A dataclass field that is a setting; `default` is taken as it is when the file does not name it."""
    return dataclasses.field(default=default, metadata={"check": check, "explanation": explanation, "secret": secret})


def settings_of(section: type, name: str) -> Iterator[Setting]:
    """Every setting of the dataclass `section`, whose table is called `name`."""
    for each in dataclasses.fields(section):
        yield Setting(f"{name}.{each.name}", each.default, each.metadata["explanation"])


def read_section(section: type[Section], name: str, table: object, problems: list[str]) -> Section:
    """`table` as a `section`; what is wrong with it is added to `problems` and the default stands in its place."""
    if not isinstance(table, Mapping):
        problems.append(f"[{name}] must be a table of settings, not {_shown(table)}.")
        return section()
    fields = {each.name: each for each in dataclasses.fields(section)}  # type: ignore[arg-type]  # always a dataclass
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in fields:
            problems.append(f"{name}.{key} is not a setting.{suggestion(key, fields)}")
            continue
        try:
            values[key] = fields[key].metadata["check"](value)
        except ValueError as problem:
            shown = "that value" if fields[key].metadata["secret"] else _shown(value)
            problems.append(f"{name}.{key}: {shown} will not do; it must be {problem}.")
    return section(**values)


def suggestion(word: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """« Did you mean …?» with the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean “{near[0]}”?" if near else ""


def text(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text that is not empty")
    return _without_nul(value)


def optional_text(value: Any) -> str | None:
    """A text; an empty one means none."""
    if not isinstance(value, str):
        raise ValueError("a text")
    return _without_nul(value) or None


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValueError('a list of texts, such as ["a", "b"]')
    return tuple(_without_nul(item) for item in value)


def yes_or_no(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def one_of(*choices: str) -> Check:
    """One of the words in `choices`."""

    def check(value: Any) -> str:
        if value not in choices:
            near = suggestion(value, choices) if isinstance(value, str) else ""
            raise ValueError(f"one of {', '.join(choices)}.{near}".rstrip(".?") + ("?" if near else ""))
        return str(value)

    return check


def whole_number(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return value

    return check


def number(least: float, most: float) -> Check:
    """A number from `least` to `most`."""

    def check(value: Any) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"a number from {least:g} to {most:g}")
        return float(value)

    return check


def pattern(value: Any) -> str:
    """A regular expression."""
    try:
        re.compile(text(value))
    except (re.error, OverflowError) as problem:
        raise ValueError(f"a regular expression ({problem})") from None
    except RecursionError:
        raise ValueError("a regular expression (its parentheses lie too deep in each other)") from None
    return str(value)


def _without_nul(value: str) -> str:
    if "\0" in value:
        # No path, name or address of the system's can hold it; the call that is given one fails in words of its own.
        raise ValueError("a text without the character NUL (\\u0000)")
    return value


def _shown(value: object) -> str:
    shown = str(value).lower() if isinstance(value, bool) else repr(value)
    return shown if len(shown) <= MOST_SHOWN_CHARS else f"{shown[: MOST_SHOWN_CHARS - 1]}…"
