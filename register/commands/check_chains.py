"""`register check-chains`: what is missing of the kiosks' uses, and what was changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
import msgspec

from register.clock import SystemClock
from register.commands.opened import opened
from register.rules.chains import ChainFinding, What, findings_of
from register.store.links import list_links

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
        links = register.database.write_now(list_links)
    findings = list(findings_of(links, SystemClock().now(), patience))
    if as_json:
        told = {"uses": len(links), "chains": len({link.chain for link in links}), "findings": findings}
        click.echo(msgspec.json.encode(told).decode())
    else:
        for finding in findings:
            click.echo(_line(finding))
        click.echo(f"{len(links)} uses in {len({link.chain for link in links})} chains, {len(findings)} findings.")
    return all(finding.what is What.AWAITED for finding in findings)


def _line(finding: ChainFinding) -> str:
    uses = f"use {finding.first}" if finding.first == finding.last else f"uses {finding.first}–{finding.last}"
    before, after = finding.between
    place = f"queue places {before + 1}–{after - 1}" if not finding.use_ids else f"queue place {after}"
    ids = f"  {', '.join(finding.use_ids)}" if finding.use_ids else ""
    return (
        f"{finding.what.value:<8}  {finding.door}  {uses} of chain {finding.chain} ({place}): "
        f"{_WORDS[finding.what]}, since {finding.since.astimezone():%Y-%m-%d %H:%M}{ids}"
    )
