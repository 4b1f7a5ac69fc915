"""`kiosk doctor lamps`: every lamp and the buzzer by itself, then every signal; whatever ends it, all is dark after."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import click

from kiosk.commands.findings_shown import report
from kiosk.commands.places import is_served, places_of
from kiosk.config import Config
from kiosk.devices import lamp_by_lamp
from kiosk.errors import DeviceError
from kiosk.feedback.fixtures import Fixture, ThreeColours
from kiosk.feedback.look import DARK, Look, look_of
from kiosk.feedback.player import Lamps
from kiosk.feedback.signals import PATTERNS, Part, Signal
from kiosk.findings import Finding, failed, passed

SHOWN_S = 2.5
"""How long a signal that has no end is shown."""
EACH_S = 1.0
TONE_HZ = 1000
FULL = 100
ENDED_BY = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""SIGHUP: the connection of a technician who is somewhere else broke."""

Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Hung:
    """One thing on the pins, and the way to it alone, so that a dead one takes no other with it."""

    fixture: Fixture
    lamps: Lamps


def walk_lamps(config: Config, *, as_json: bool, pause: Pause = asyncio.sleep) -> int:
    """Light each part, then play each signal, and print what was switched; FAILED where a part cannot be.

    Ended by a signal, the exit code is 128 and its number.
    """
    hung = [Hung(fixture, lamps) for fixture, lamps in lamp_by_lamp(config)]
    if not hung:
        none = failed("lamps", "none are configured", "Set lamps.kind to “gpio”; docs/technician.md says how.")
        return report([none], as_json=as_json)
    remedy = "`kiosk doctor` says who holds the line; see hw/wiring.md."
    if is_served(places_of(config)):
        remedy = "Stop the kiosk first: systemctl stop kiosk"
    walk = Walk(hung, remedy, pause, told_on_stderr=as_json)
    ended_by = asyncio.run(_until_ended(walk.run))
    if ended_by is not None:
        click.echo(f"Ended by {ended_by.name}; everything is off.", err=True)
        return 128 + ended_by
    return report(walk.findings, as_json=as_json)


async def _until_ended(run: Callable[[], Awaitable[None]]) -> signal.Signals | None:
    """Run to the end, or until a signal comes; which it was."""
    came: list[signal.Signals] = []
    walking = asyncio.ensure_future(run())
    loop = asyncio.get_running_loop()

    def end(by: signal.Signals) -> None:
        came.append(by)
        walking.cancel()

    for each in ENDED_BY:
        loop.add_signal_handler(each, end, each)
    try:
        await walking
    except asyncio.CancelledError:
        if not came:
            raise
    finally:
        for each in ENDED_BY:
            loop.remove_signal_handler(each)
    return came[0] if came else None


class Walk:
    """Guards what hangs on the pins from the first lamp to the dark at the end."""

    def __init__(self, hung: Sequence[Hung], remedy: str, pause: Pause, *, told_on_stderr: bool) -> None:
        """Nothing is switched until `run`; `remedy` is what to do where a line cannot be had."""
        self._hung = hung
        self._remedy = remedy
        self._pause = pause
        self._on_stderr = told_on_stderr
        self.findings: list[Finding] = []

    async def run(self) -> None:
        """Each part by itself, then each signal; all off at the end, whatever the end is."""
        try:
            for each in self._hung:
                for part in each.fixture.parts:
                    await self._light(each, part)
            for told in Signal:
                self._say(told.value)
                await self._play(told)
        finally:
            self._show(DARK)
            for each in self._hung:
                each.lamps.close()

    async def _light(self, hung: Hung, part: Part) -> None:
        fixture = hung.fixture
        name = f"{part.value} of the {fixture.name}" if isinstance(fixture, ThreeColours) else fixture.name
        self._say(name)
        try:
            lit = hung.lamps.show(Look(frozenset({part}), TONE_HZ, FULL))
            await self._pause(EACH_S)
            dark = not hung.lamps.show(DARK)
        except DeviceError as error:
            self.findings.append(failed(name, str(error), self._remedy))
            return
        if part in lit and dark:
            self.findings.append(
                passed(name, "switched on and off, and its line followed; you must have seen or heard it")
            )
        else:
            saw = "it was switched, and its line did not follow"
            self.findings.append(failed(name, saw, "Look for a short circuit, or for two wires on one pin."))

    async def _play(self, told: Signal) -> None:
        pattern = PATTERNS[told]
        for step in (*pattern.steps, *pattern.again):
            self._show(look_of(step, FULL))
            await self._pause(SHOWN_S if step.lasts is None else step.lasts.total_seconds())
        self._show(DARK)

    def _show(self, look: Look) -> None:
        for each in self._hung:
            with contextlib.suppress(DeviceError):  # said when it was tried by itself
                each.lamps.show(look)

    def _say(self, words: str) -> None:
        click.echo(words, err=self._on_stderr)
