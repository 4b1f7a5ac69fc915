"""What an examination of the machine tells a technician, and a script that provisions it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Whether the kiosk can work with what was seen."""

    OK = "ok"
    WARN = "warn"
    """It can, and something could be better, or could not be seen."""
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; docs/technician.md tells scripts of these four names."""

    name: str
    state: State
    saw: str
    next: str
    """What to do about it; never empty where it fails or warns."""


def passed(name: str, saw: str) -> Finding:
    """All is well with it."""
    return Finding(name, State.OK, saw, "")


def warned(name: str, saw: str, next_: str) -> Finding:
    """The kiosk can work with it, and a technician should know."""
    return Finding(name, State.WARN, saw, next_)


def failed(name: str, saw: str, next_: str) -> Finding:
    """The kiosk cannot work with it until `next_` is done."""
    return Finding(name, State.FAIL, saw, next_)


def none_failed(findings: Iterable[Finding]) -> bool:
    """Whether the kiosk can work with all of it."""
    return all(finding.state is not State.FAIL for finding in findings)
