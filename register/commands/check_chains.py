"""`register check-chains`: what is missing of the kiosks' uses, and what was changed."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import msgspec
import sqlite_utils

from register.clock import SystemClock
from register.commands.opened import opened
from register.rules.chains import ChainFinding, What, findings_of
from register.store.chain_heads import list_heads
from register.store.links import count_links, links_held


@dataclass(frozen=True, slots=True)
class Seen:
    """How much was looked through, and what was found."""

    uses: int
    chains: int
    findings: tuple[ChainFinding, ...]


_WORDS = {
    What.AWAITED: "not here yet; may still come",
    What.MISSING: "missing",
    What.CHANGED: "not what the kiosk recorded",
    What.BROKEN: "names another use before it than the one that is here",
    What.FORKED: "two uses at one place",
}


def run(database: Path, *, patience: dt.timedelta, as_json: bool) -> bool:
    """Print the findings; returns whether none of them needs a person."""
    with opened(database, must_exist=True) as register:
        # Read, not written: a serving register goes on meanwhile, however long this takes.
        seen = asyncio.run(register.database.read(partial(_look, now=SystemClock().now(), patience=patience)))
    if as_json:
        click.echo(msgspec.json.encode(seen).decode())
    else:
        for finding in seen.findings:
            click.echo(_line(finding))
        click.echo(f"{seen.uses} uses in {seen.chains} chains, {len(seen.findings)} findings.")
    return all(finding.what is What.AWAITED for finding in seen.findings)


def _look(db: sqlite_utils.Database, *, now: dt.datetime, patience: dt.timedelta) -> Seen:
    uses, chains = count_links(db)
    return Seen(uses, chains, tuple(findings_of(links_held(db), list_heads(db), now, patience)))


def _line(finding: ChainFinding) -> str:
    uses = f"use {finding.first}" if finding.first == finding.last else f"uses {finding.first}–{finding.last}"
    before, after = finding.between
    place = f"queue place {after}" if finding.use_ids else f"queue places {before + 1}–{after - 1 if after else '…'}"
    ids = f"  {', '.join(finding.use_ids)}" if finding.use_ids else ""
    return (
        f"{finding.what.value:<8}  {finding.door}  {uses} of chain {finding.chain} ({place}): "
        f"{_WORDS[finding.what]}, since {finding.since.astimezone():%Y-%m-%d %H:%M}{ids}"
    )
