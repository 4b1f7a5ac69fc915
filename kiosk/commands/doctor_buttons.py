"""`kiosk doctor buttons`: asks for a press of each button, and says what came of it."""

from __future__ import annotations

import asyncio

import click

from kiosk.commands.findings_shown import report
from kiosk.commands.places import is_served, places_of
from kiosk.config import Config
from kiosk.devices import button_wiring, pins_of
from kiosk.exits import Exit
from kiosk.feedback.presses import SETTLE_S, TriedButtons, described
from kiosk.findings import Finding, failed

LIMIT_S = 20.0


def try_buttons(config: Config, *, limit_s: float = LIMIT_S, as_json: bool, settle_s: float = SETTLE_S) -> Exit:
    """Ask for each button in turn; FAILED where one cannot be had, or was not pressed within `limit_s`."""
    if not button_wiring(config).pins:
        none = failed("buttons", "none are configured", "Set buttons.kind to “gpio”; docs/technician.md says how.")
        return report([none], as_json=as_json)
    return report(asyncio.run(_tried(config, limit_s, settle_s)), as_json=as_json)


async def _tried(config: Config, limit_s: float, settle_s: float) -> list[Finding]:
    wiring = button_wiring(config)
    runs = is_served(places_of(config))
    buttons = TriedButtons(wiring, pins_of(config), settle_s=settle_s)
    findings = []
    async with buttons.opened():
        for press, pin in wiring.pins.items():
            name = f"{press.value} button (GPIO {pin})"
            if press in buttons.faults:
                do = "Stop the kiosk first: systemctl stop kiosk" if runs else "`kiosk doctor` says who holds the line."
                findings.append(failed(name, buttons.faults[press], do))
            elif buttons.is_down(press):
                do = "Let it go; if nobody holds it, look at its wires, and at buttons.pull_up."
                findings.append(failed(name, "it is down before anybody was asked to press", do))
            else:
                click.echo(f"Press {press.value} (GPIO {pin}) once, and let it go. Waiting {limit_s:g} s.", err=True)
                seen = await buttons.next_press(limit_s)
                findings.append(described(name, press, wiring, seen, limit_s))
    return findings
