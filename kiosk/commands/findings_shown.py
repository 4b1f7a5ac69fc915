"""Findings on standard output: a line each for people, a list for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from kiosk.exits import Exit
from kiosk.findings import Finding, State, none_failed

_MARKS = {State.OK: "ok  ", State.WARN: "warn", State.FAIL: "FAIL"}


def report(findings: Sequence[Finding], *, as_json: bool) -> Exit:
    """Print `findings`; FAILED where one of them fails."""
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        show(findings)
    return Exit.OK if none_failed(findings) else Exit.FAILED


def show(findings: Sequence[Finding]) -> None:
    """Print `findings`, one line each, and below it what to do next."""
    width = max((len(finding.name) for finding in findings), default=0)
    for finding in findings:
        saw = finding.saw.replace("\n", f"\n      {'':<{width}}  ")
        click.echo(f"{_MARKS[finding.state]}  {finding.name:<{width}}  {saw}")
        if finding.next:
            click.echo(f"      {'':<{width}}  → {finding.next}")
