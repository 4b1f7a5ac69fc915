"""`kiosk demo`: sets the stage, plays, and tells how it went."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from tabulate import tabulate

from kiosk.demo.account import account
from kiosk.demo.desk import Desk
from kiosk.demo.evening import Evening, Happened
from kiosk.demo.exhibition import Exhibition, gallery
from kiosk.demo.processes import Place, command, register_serving, start_kiosk, stop
from kiosk.demo.proxy import Wire
from kiosk.errors import KioskError
from kiosk.exits import Exit

HALL = "esimerkkitalo"
MORE_CARDS = 8
CONFIG = """\
# The demonstration's kiosk; a real one has the same settings.
[kiosk]
name = "Main door"
state_dir = {state_dir}
language = "en"
clock = "trusted"

[register]
url = {url}
token_file = {token_file}
retry_first_s = 0.2
retry_longest_s = 1.0

[screen]
port = {port}

[lamps]
kind = "simulated"

{announcements}
{scanners}
"""


def run(*, once: bool, port: int, keep: Path | None, pictures: Path | None) -> Exit:
    """Show the kiosk; raises KioskError when the stage cannot be set."""
    with _folder(keep) as folder:
        try:
            place = Place(folder)
            return asyncio.run(_once(place, pictures) if once else _by_hand(place, port, pictures))
        except KeyboardInterrupt:
            return Exit.OK


async def _by_hand(place: Place, port: int, pictures: Path | None) -> Exit:
    seeded = await _seed(place)
    scanners = [("lines", "-")]
    if pictures is not None:
        scanners.append(("camera", str(gallery(pictures, seeded)[0].parent)))
    async with register_serving(place) as register_port:
        _configure(place, register_port, port, scanners, announcements=None)
        click.echo(_invitation(seeded, port, pictures))
        kiosk = await start_kiosk(place, stdin=None, stdout=None)
        try:
            code = await kiosk.wait()
        finally:
            await stop(kiosk)
        if code not in (0, -2, -15):
            click.echo(place.log("kiosk").read_text(encoding="utf-8"), err=True)
            raise KioskError("the kiosk ended; its log stands above")
    return Exit.OK


async def _once(place: Place, pictures: Path | None) -> Exit:
    seeded = await _seed(place)
    shown = None if pictures is None else gallery(pictures, seeded)
    events = {event["slug"]: event["id"] for event in seeded["events"]}
    page_port = _free_port()
    async with register_serving(place) as register_port:
        wire = Wire(register_port)
        await wire.mend()
        kind = "lines" if shown is None else "camera"
        _configure(place, wire.port, page_port, [(kind, str(place.scans))], announcements="-")
        desk = Desk(place, page_port)
        evening = Evening(desk, wire, events) if shown is None else Exhibition(desk, shown)
        try:
            await desk.start()
            await evening.play()
        finally:
            await desk.close()
            await wire.cut()
            if evening.rows:
                click.echo(_table(evening.rows))
        register = await command("register", "export-uses", "--json", "--database", str(place.register_database))
        pending = await _pending(place)
    told = account(evening.rows, desk.heard, register, pending=pending)
    click.echo(json.dumps(told))
    return Exit.OK if told["lost"] == told["doubled"] == told["pending"] == 0 else Exit.FAILED


async def _seed(place: Place) -> Any:
    database = str(place.register_database)
    seeded = await command(
        "register", "seed", "--demo", "--numbered", str(MORE_CARDS), "--json", "--database", database
    )
    token = await command("register", "token", "--venue", HALL, "--json", "--database", database)
    place.token_file.touch(mode=0o600)
    place.token_file.write_text(token["token"], encoding="ascii")
    return seeded


async def _pending(place: Place) -> int:
    counts = await command("kiosk", "queue", "--json", "--config", str(place.kiosk_config))
    return int(counts["waiting"]) + int(counts["parked"])


def _configure(
    place: Place,
    register_port: int,
    page_port: int,
    scanners: Sequence[tuple[str, str]],
    *,
    announcements: str | None,
) -> None:
    told = "" if announcements is None else f"[announcements]\nlines = {json.dumps(announcements)}\n"
    place.kiosk_config.write_text(
        CONFIG.format(
            state_dir=json.dumps(str(place.kiosk_state)),
            url=json.dumps(f"http://127.0.0.1:{register_port}"),
            token_file=json.dumps(str(place.token_file)),
            port=page_port,
            scanners="\n".join(f'[[scanner]]\nkind = "{kind}"\npath = {json.dumps(path)}' for kind, path in scanners),
            announcements=told,
        ),
        encoding="utf-8",
    )


def _table(rows: Sequence[Happened]) -> str:
    return tabulate([tuple(row) for row in rows], headers=["what happened", "answer", "why", "then"])


def _invitation(seeded: Any, port: int, pictures: Path | None) -> str:
    shown = "" if pictures is None else f"The camera sees the pictures in {pictures}, one after the other.\n"
    cards = tabulate([(card["number"], card["shows"]) for card in seeded["cards"]], tablefmt="plain")
    return (
        f"\nInvented cards:\n\n{cards}\n\n"
        f"Staff page:    http://127.0.0.1:{port}/\n"
        f"Visitor page:  http://127.0.0.1:{port}/visitor\n\n"
        "Type a card's number and Enter: that is a scan. Ctrl-C ends the demonstration.\n"
        f"{shown}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep = keep.absolute()
        if keep.exists() and any(keep.iterdir()):
            raise KioskError(f"The folder {keep} is not empty; name a new one.")
        (keep / "register").mkdir(parents=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as name:
        (Path(name) / "register").mkdir()
        yield Path(name)
