"""The command `register`: what whoever runs a register types."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from register.address import Address, is_exposed
from register.commands import annul, check_chains, export, revoke, seeding
from register.commands import import_export as import_command
from register.commands import token as token_command
from register.errors import RegisterError

OK, FAILED, USAGE, LOOK = 0, 1, 2, 3
EXIT_CODES = f"""\b
Exit codes:
  {OK}  done
  {FAILED}  failed: the last line says why
  {USAGE}  wrong words on the command line; nothing was done
  {LOOK}  something needs a look: `import-export` refused some records, `check-chains` found something"""

LONGEST_WHY = 500
_file = click.Path(path_type=Path, dir_okay=False)
_database = click.option(
    "--database",
    type=_file,
    default=Path("register.db"),
    show_default=True,
    help="The SQLite file. Its private key is kept beside it, in FILE.key: back up both.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


class RegisterGroup(click.Group):
    """A group whose commands end with a clear sentence and a documented exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn the register's own errors into a sentence on standard error."""
        try:
            return super().invoke(ctx)
        except RegisterError as error:
            click.echo(f"register: {error}", err=True)
            ctx.exit(FAILED)


@click.group(
    cls=RegisterGroup,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def main() -> None:
    r"""The national register of Kaikukortti, as far as kiosks need it: the reference implementation.

    \b
    Fill one with invented data:   register seed --demo
    Let a kiosk in:                register token --venue esimerkkitalo
    Serve it:                      register serve
    See what arrived:              register export-uses
    """


@main.command()
@_database
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8085, show_default=True, help="0: any that is free.")
@click.option("--tls-cert", type=_file, default=None, help="Certificate chain (PEM).")
@click.option("--tls-key", type=_file, default=None, help="Its private key (PEM).")
@click.option("--insecure", is_flag=True, help="Listen without TLS also where others can listen in. For trials only.")
def serve(database: Path, host: str, port: int, tls_cert: Path | None, tls_key: Path | None, *, insecure: bool) -> None:
    """Answer kiosks until SIGTERM.

    Prints one line with the address once it listens; everything else goes to standard error. Without TLS it listens
    to this machine only. The contract is served at /v1/openapi.json. A database that is not there is made.
    """
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together.")
    address = Address(host, port, tls_cert, tls_key, insecure)
    if is_exposed(address):
        raise click.UsageError(
            f"Without TLS the register listens to this machine only, not on {host}: others could read keys and uses. "
            "Give --tls-cert and --tls-key, or --insecure for a trial."
        )
    from register.commands import serving  # takes its time to import, and no other command needs it

    serving.run(database, address)


@main.command()
@_database
@_json
@click.option("--demo", is_flag=True, help="Cards of every kind and status; prints their numbers.")
@click.option(
    "--numbered",
    type=click.IntRange(0, 100_000),
    default=0,
    metavar="N",
    help="N more plain cards with numbers, DEMO-01001-LISA and on; each takes some 20 ms.",
)
@click.option(
    "--cards",
    "random",
    type=click.IntRange(0, 10_000_000),
    default=0,
    metavar="N",
    help="N cards under random keys, for measuring; nobody can show one.",
)
def seed(database: Path, *, demo: bool, numbered: int, random: int, as_json: bool) -> None:
    """Write invented areas, venues, events of today and cards.

    Two venues, one of them with a concert now, a sold-out evening and a course. Seeding again moves the events to
    now and the cards' days to today; uses stay as they are. May be done beside a serving register.
    """
    if not (demo or numbered or random):
        raise click.UsageError("Say what to write: --demo, --numbered N or --cards N.")
    seeding.run(database, demo=demo, numbered=numbered, random=random, as_json=as_json)


@main.command()
@_database
@_json
@click.option("--venue", default=None, help="Id of the venue; without it the first one.")
@click.option("--kiosk-name", default=None, help="What staff call the kiosk's door; without it as the kiosk says.")
def token(database: Path, venue: str | None, kiosk_name: str | None, *, as_json: bool) -> None:
    """Print a one-time token that lets one kiosk in, within 24 hours.

    The token alone goes to standard output. The register keeps only a digest of it, so it cannot be shown again.
    """
    token_command.run(database, venue=venue, kiosk_name=kiosk_name, as_json=as_json)


@main.command("revoke")
@click.argument("kiosk")
@_database
def revoke_kiosk(kiosk: str, database: Path) -> None:
    """Let KIOSK (its id, or its name) in no more.

    Its next call is answered `key-revoked`; it then sends nothing more and tells its staff. What it sent stays.
    """
    revoke.run(database, kiosk)


@main.command("annul")
@click.argument("use_id", metavar="USE_ID")
@_database
@click.option("--venue", required=True, help="Id of the venue whose use it is.")
@click.option("--why", required=True, metavar="TEXT", help="The reason, which is kept. No names, no card numbers.")
def annul_use(use_id: str, database: Path, *, venue: str, why: str) -> None:
    """Take the use USE_ID of a venue back, however old it is.

    It counts no more: its place and the card are free again, also at the kiosks, which are told at once. The use and
    its annulment both stay. Doing it again, or after the kiosk itself did it, changes nothing. May be done beside a
    serving register; a use that its kiosk has not sent yet is not here to be annulled.
    """
    reason = " ".join(why.split())
    if not 0 < len(reason) <= LONGEST_WHY:
        raise click.UsageError(f"--why: say the reason, in at most {LONGEST_WHY} characters.")
    annul.run(database, use_id.strip().lower(), venue=venue, why=reason)


@main.command("import-export")
@click.argument("file", type=_file)
@_database
@_json
@click.option("--allow-revoked", is_flag=True, help="Also from a kiosk that was revoked.")
def import_export(file: Path, database: Path, *, allow_revoked: bool, as_json: bool) -> None:
    """Take in FILE, which `kiosk queue export` wrote, as if its kiosk had sent it.

    Each record gets the answer that it would have got: stored, duplicate, flagged or refused. Doing it again, or
    letting the kiosk send the same records later, changes nothing. May be done beside a serving register.
    """
    if not import_command.run(database, file, allow_revoked=allow_revoked, as_json=as_json):
        sys.exit(LOOK)


@main.command("check-chains")
@_database
@_json
@click.option(
    "--patience",
    "patience_h",
    type=click.FloatRange(0),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="How long later uses may be here before the ones before them are called missing.",
)
def check_chains_(database: Path, *, patience_h: float, as_json: bool) -> None:
    """Find uses that are missing or are not what their kiosks recorded.

    Each use carries the hash of the one that its kiosk recorded before it. Prints one line for each finding, with the
    place in the kiosk's queue (`kiosk queue show`). Exit code 3 when a finding needs a person.
    """
    if not check_chains.run(database, patience=dt.timedelta(hours=patience_h), as_json=as_json):
        sys.exit(LOOK)


@main.command("export-uses")
@_database
@_json
def export_uses(database: Path, *, as_json: bool) -> None:
    """Print every use and annulment as the register holds them; nothing of the cards.

    With --json: {"uses": [{id, kiosk, door, venue, event, decided_at, annulled, annulled_by_venue, reasons, …}],
    "annulments": [{id, kiosk, use, applies, …}]}. `applies` is false as long as the use has not arrived.
    """
    export.run(database, as_json=as_json)
