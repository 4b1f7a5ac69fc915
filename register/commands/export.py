"""`register export-uses`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from register.commands.opened import opened
from register.store.export import export_annulments, export_uses


def run(database: Path, *, as_json: bool) -> None:
    """Print every use and annulment; nothing of the cards."""
    with opened(database, must_exist=True) as register:
        uses = register.database.write_now(export_uses)
        annulments = register.database.write_now(export_annulments)
    if as_json:
        click.echo(msgspec.json.encode({"uses": uses, "annulments": annulments}).decode())
        return
    for use in uses:
        click.echo(_line(use))
    click.echo(f"{len(uses)} uses, {sum(use['annulled'] for use in uses)} of them annulled.")


def _line(use: dict[str, Any]) -> str:
    seats = use["own_ticket"] + use["children"] + use["assistants"] + use["clients"]
    by_venue = f"annulled by the venue ({use['annulled_by_venue']['why']})" if use["annulled_by_venue"] else ""
    remarks = ", ".join([*([by_venue or "annulled"] if use["annulled"] else []), *use["reasons"]])
    return f"{use['decided_at']:%Y-%m-%d %H:%M:%S}  {use['id']}  {use['door']}  {seats} tickets  {remarks}".rstrip()
