"""The command `kiosk`: what a technician types."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from kiosk import config as configuration
from kiosk.commands import backup as backup_command
from kiosk.commands import check as check_command
from kiosk.commands import command_sheet, doctor_buttons, doctor_lamps, doctor_scanner
from kiosk.commands import doctor as doctor_command
from kiosk.commands import enrol as enrol_command
from kiosk.commands import export as export_command
from kiosk.commands import pin as pin_command
from kiosk.commands import queue as queue_command
from kiosk.commands import run as run_command
from kiosk.commands import scan as scan_command
from kiosk.commands import storage as storage_command
from kiosk.commands import wipe as wipe_command
from kiosk.commands.settings_page import settings_page
from kiosk.demo import command as demo_command
from kiosk.errors import ConfigError, KioskError
from kiosk.exits import Exit, exit_codes_help
from kiosk.scanners.keyboards import Wanted
from kiosk.version import software_version

_config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=configuration.DEFAULT_FILE,
    show_default=True,
    help="The configuration file (TOML). docs/technician.md lists every setting.",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


class KioskGroup(click.Group):
    """A group whose commands end with a clear sentence and a documented exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn the kiosk's own errors into a sentence on standard error."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            click.echo("The configuration cannot be used:", err=True)
            for problem in error.problems:
                click.echo(f"  • {problem}", err=True)
            ctx.exit(Exit.USAGE)
        except KioskError as error:
            click.echo(f"kiosk: {error}", err=True)
            ctx.exit(Exit.FAILED)


@click.group(
    cls=KioskGroup,
    epilog=exit_codes_help(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(software_version(), prog_name="kiosk")
def main() -> None:
    r"""The Kaikukortti kiosk: reads cards at a venue's door and brings their uses to the register.

    \b
    Try it without any hardware:     kiosk demo
    Look before you start it:        kiosk check --config /etc/kiosk/kiosk.toml
    Start it (systemd does this):    kiosk run --config /etc/kiosk/kiosk.toml
    """


@main.command()
@_config_option
def run(config_file: Path) -> None:
    """Serve the desk until SIGTERM.

    Reads the scanners, shows the pages, keeps every use on the disk and brings it to the register. A part that ends
    ends the process, so that systemd starts it whole again. A kiosk that is not enrolled yet enrols itself with the
    token that the configuration names.
    """
    run_command.run(configuration.load(config_file))


@main.command()
@click.option("--once", is_flag=True, help="Play a scripted evening, print what happened, check it, and end.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port of the staff page.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Keep databases and logs in this folder; without it they are removed at the end.",
)
@click.option(
    "--camera",
    "pictures",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Show the pictures in this folder to a camera; an empty folder is first filled with invented cards.",
)
def demo(*, once: bool, port: int, keep: Path | None, pictures: Path | None) -> None:
    """Show the whole kiosk on this machine, with invented cards and a register of its own.

    Without --once it prints the cards and the page's address, and takes card numbers that you type as scans.
    With --once nobody is needed: the last line is JSON with the counts, and the exit code is 0 only if no use was
    lost and none doubled. With --camera the cards are read from pictures, as a camera over the desk would see them.
    """
    sys.exit(demo_command.run(once=once, port=port, keep=keep, pictures=pictures))


@main.command()
@click.argument("text")
@_config_option
@_json_option
@click.option("--event", "event_id", default=None, help="Id of the event; without it the event of now.")
def scan(text: str, config_file: Path, event_id: str | None, *, as_json: bool) -> None:
    """Say what the desk would answer to TEXT, and record nothing.

    Looks the card up in this kiosk's own list. The exit code is the answer: 0 accept, 3 ask, 4 refuse, 5 unreadable.
    """
    sys.exit(scan_command.scan(configuration.load(config_file), text, event_id=event_id, as_json=as_json))


@main.command()
@_config_option
@click.option("--chain", is_flag=True, help="Compute the chain of all uses again: none was changed, none is missing.")
@_json_option
def check(config_file: Path, *, chain: bool, as_json: bool) -> None:
    """Look at configuration, database, identity, card list and register, one line each.

    Changes nothing and may run beside the serving kiosk. Exit code 0 when all is well, 1 when something is not.
    """
    sys.exit(check_command.check(configuration.load(config_file), chain=chain, as_json=as_json))


@main.group(invoke_without_command=True)
@_config_option
@_json_option
@click.pass_context
def doctor(ctx: click.Context, config_file: Path, *, as_json: bool) -> None:
    """Walk over the kiosk's devices: what each shows, and what to do next.

    Exit code 0 when all is well, 1 when something is not.
    """
    ctx.obj = config_file
    if ctx.invoked_subcommand is None:
        sys.exit(doctor_command.doctor(configuration.load(config_file), as_json=as_json))


@doctor.command("scanner")
@_json_option
@click.option("--scanner", "position", type=click.IntRange(min=1), help="Which [[scanner]]; not needed for one.")
@click.option("--device", help="Device of a scanner that is not configured yet, such as /dev/input/event4.")
@click.option("--limit", "limit_s", type=click.FloatRange(0), default=60, show_default=True, help="Seconds to wait.")
@click.pass_obj
def doctor_scanner_(
    config_file: Path, *, as_json: bool, position: int | None, device: str | None, limit_s: float
) -> None:
    """Find out a scanner's keyboard layout, and what it sends before and after a code.

    Asks for the calibration code of the sheet that `kiosk print commands` prints, and takes the scanner for itself
    meanwhile: stop the kiosk first. Records nothing, and never shows another code than that one.
    """
    if device is not None:
        patient = doctor_scanner.Patient(Wanted(path=device), layout=None)
    else:
        patient = doctor_scanner.configured_scanner(configuration.load(config_file), position)
    sys.exit(doctor_scanner.examine_scanner(patient, limit_s=limit_s, as_json=as_json))


@doctor.command("lamps")
@_json_option
@click.pass_obj
def doctor_lamps_(config_file: Path, *, as_json: bool) -> None:
    """Light each lamp and the buzzer once, then show every signal, and say which.

    Takes the pins meanwhile: stop the kiosk first. A part that cannot be switched is said, and the others go on.
    Whatever ends it, everything is off afterwards.
    """
    sys.exit(doctor_lamps.walk_lamps(configuration.load(config_file), as_json=as_json))


@doctor.command("buttons")
@_json_option
@click.option(
    "--limit",
    "limit_s",
    type=click.FloatRange(0),
    default=doctor_buttons.LIMIT_S,
    show_default=True,
    help="Seconds to wait for each.",
)
@click.pass_obj
def doctor_buttons_(config_file: Path, *, as_json: bool, limit_s: float) -> None:
    """Ask for a press of each button, and say what came: its level, how it bounced, how long it was down.

    Takes the pins meanwhile: stop the kiosk first.
    """
    sys.exit(doctor_buttons.try_buttons(configuration.load(config_file), limit_s=limit_s, as_json=as_json))


@main.group("print")
def print_() -> None:
    """Pages to print."""


@print_.command("commands")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
def print_commands(output: Path | None) -> None:
    """The desk's buttons and the digits of a PIN as codes for the scanner, and the calibration code: two A4 pages."""
    command_sheet.print_commands(output)


@main.command()
@_config_option
@_json_option
@click.option("--explain", is_flag=True, help="Print what each setting means, as Markdown; reads no file.")
def config(config_file: Path, *, as_json: bool, explain: bool) -> None:
    """Print the configuration as the kiosk understands it, defaults included.

    No secret is in it: the enrolment token and the kiosk's key live in files of their own.
    """
    if explain:
        click.echo(settings_page(), nl=False)
        return
    effective = configuration.effective(configuration.load(config_file))
    click.echo(json.dumps(effective, indent=None if as_json else 2, ensure_ascii=False))


@main.command()
@_config_option
@click.option("--remove", is_flag=True, help="Take the PIN away; the venue's pages are then shut.")
def pin(config_file: Path, *, remove: bool) -> None:
    """Set the PIN of the venue's pages and of the desk's lock; it is asked for twice, or read from a pipe.

    The running kiosk goes by it at once. Kept is an Argon2id hash, never the PIN.
    """
    loaded = configuration.load(config_file)
    if remove:
        pin_command.remove_pin(loaded)
    elif sys.stdin.isatty():
        pin_command.set_pin(loaded, click.prompt("PIN", hide_input=True, confirmation_prompt=True))
    else:
        pin_command.set_pin(loaded, sys.stdin.readline().strip())


@main.command()
@_config_option
@click.option("--rotate", is_flag=True, help="Renew the key of an enrolled kiosk instead; needs no token.")
def enrol(config_file: Path, *, rotate: bool) -> None:
    """Take the one-time token to the register now, and keep the identity it gives.

    `kiosk run` does the same by itself at its first start; this command shows at once whether it works. Stop the kiosk
    first.
    """
    enrol_command.enrol(configuration.load(config_file), rotate=rotate)


@main.group(invoke_without_command=True)
@_config_option
@_json_option
@click.pass_context
def queue(ctx: click.Context, config_file: Path, *, as_json: bool) -> None:
    """Show what waits for the register.

    Without a further word: how many records wait, were delivered, need a look, or are parked because the register
    refuses them. Nothing is ever removed from the queue.
    """
    ctx.obj = config_file
    if ctx.invoked_subcommand is None:
        queue_command.depth(configuration.load(config_file), as_json=as_json)


@queue.command("list")
@_json_option
@click.option("--all", "everything", is_flag=True, help="Delivered records too.")
@click.pass_obj
def queue_list(config_file: Path, *, as_json: bool, everything: bool) -> None:
    """List the records with their fate, tries and last error; no card is in it."""
    queue_command.listing(configuration.load(config_file), everything=everything, as_json=as_json)


@queue.command("show")
@click.argument("record")
@_json_option
@click.pass_obj
def queue_show(config_file: Path, record: str, *, as_json: bool) -> None:
    """Show one RECORD, by its id or its place in the queue: all of it but the card."""
    queue_command.show(configuration.load(config_file), record, as_json=as_json)


@queue.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--all", "everything", is_flag=True, help="Delivered records too.")
@_json_option
@click.pass_obj
def queue_export(config_file: Path, file: Path, *, everything: bool, as_json: bool) -> None:
    """Write what was never delivered into FILE, which only the register can open (`register import-export`).

    For a kiosk that is dying or cannot reach the register. Works beside the running kiosk and from a disk that can only
    be read. Nothing leaves the queue: the register takes each record once, whichever way it comes first. After it
    `kiosk wipe` no longer refuses. Exit code 1 when some records could not be read; the file holds the others.
    """
    sys.exit(export_command.export(configuration.load(config_file), file, everything=everything, as_json=as_json))


@queue.command("retry")
@click.argument("ids", nargs=-1)
@click.option("--all-parked", is_flag=True, help="Every parked record.")
@click.pass_obj
def queue_retry(config_file: Path, ids: tuple[str, ...], *, all_parked: bool) -> None:
    """Send parked records again, by id or all of them; a record keeps its id, so none is doubled."""
    if not ids and not all_parked:
        raise click.UsageError("Name records by id, or all of them with --all-parked.")
    queue_command.retry(configuration.load(config_file), ids, all_parked=all_parked)


@main.command()
@_config_option
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="Folder for the copy; else the configured one."
)
def backup(config_file: Path, folder: Path | None) -> None:
    """Copy the database now, look the copy through, and say where it lies.

    The serving kiosk does the same once a day by itself, and may go on meanwhile.
    """
    backup_command.backup(configuration.load(config_file), folder)


@main.command()
@_config_option
@_json_option
def storage(config_file: Path, *, as_json: bool) -> None:
    """Say how the disk is: room, errors met, bytes written, wear.

    Exit code 0 when all is well, 1 when something should be done before the disk fails.
    """
    sys.exit(storage_command.storage(configuration.load(config_file), as_json=as_json))


@main.command()
@_config_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=False)
def restore(config_file: Path, file: Path | None) -> None:
    """Put a copy in the place of the database: FILE, or the newest there is.

    Stop the kiosk first. The old database is put aside, and what it holds beyond the copy is taken over as far as it
    can be read. Sending a use again never makes it two.
    """
    backup_command.restore(configuration.load(config_file), file)


@main.command()
@_config_option
@click.option("--yes", is_flag=True, help="Do it without asking.")
def wipe(config_file: Path, *, yes: bool) -> None:
    """Remove this kiosk's identity, card list and records from the machine.

    Refuses (exit code 6) while records wait for the register that are in no file of `kiosk queue export` either, and
    while the kiosk is running.
    """
    loaded = configuration.load(config_file)
    if not yes:
        click.confirm(f"Remove everything in {loaded.kiosk.state_dir}?", abort=True)
    sys.exit(wipe_command.wipe(loaded))
