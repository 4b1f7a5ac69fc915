"""Named services in one TaskGroup, told to systemd, ended together."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

log = logging.getLogger(__name__)

Service = Callable[[], Awaitable[None]]
"""Runs for ever; returning is as wrong as raising."""


class ServiceEnded(Exception):
    """A service that runs for ever has ended; the process must end too, so that systemd starts it whole again."""

    def __init__(self, name: str) -> None:
        """Name the service."""
        super().__init__(f"the service “{name}” ended")
        self.name = name


class Notifier(Protocol):
    """The way to the service manager."""

    def notify(self, message: str) -> None:
        """Send an sd_notify message such as `READY=1`."""
        ...


class SilentNotifier:
    """Nobody started this process who wants to know."""

    def notify(self, message: str) -> None:
        """Do nothing."""


class SystemdNotifier:
    """Speaks to systemd through systemd-python."""

    def __init__(self) -> None:
        """Import systemd-python; raises ImportError where it is not installed."""
        self._daemon = importlib.import_module("systemd.daemon")

    def notify(self, message: str) -> None:
        """Send `message` to the socket that systemd named."""
        self._daemon.notify(message)


def notifier(environment: Mapping[str, str]) -> Notifier:
    """The notifier for a process with this environment; silence, said in the log, where systemd-python is missing."""
    if "NOTIFY_SOCKET" not in environment:
        return SilentNotifier()
    try:
        return SystemdNotifier()
    except ImportError:
        log.warning("started by systemd, but systemd-python is not installed: readiness cannot be told")
        return SilentNotifier()


class Heartbeats:
    """When each watched part last showed a sign of life."""

    def __init__(self, limits_s: Mapping[str, float], now_s: Callable[[], float] = time.monotonic) -> None:
        """Watch the parts in `limits_s`; each may be silent so many seconds."""
        self._limits_s = dict(limits_s)
        self._now_s = now_s
        self._last_s = dict.fromkeys(limits_s, now_s())

    def beat(self, part: str) -> None:
        """`part` lives."""
        self._last_s[part] = self._now_s()

    def silent(self) -> tuple[str, ...]:
        """The parts that have been silent for too long."""
        now_s = self._now_s()
        return tuple(part for part, limit_s in self._limits_s.items() if now_s - self._last_s[part] > limit_s)


@dataclass(frozen=True, slots=True)
class Watchdog:
    """Feeds systemd's watchdog, only while every watched part lives."""

    notifier: Notifier
    heartbeats: Heartbeats
    status: Callable[[], str]
    interval_s: float

    async def run(self) -> None:
        """Feed for ever; say in the log which part is silent when not feeding."""
        starving = False
        while True:
            silent = self.heartbeats.silent()
            if silent and not starving:
                log.error("no sign of life from %s: the watchdog is not fed", ", ".join(silent))
            starving = bool(silent)
            if not silent:
                self.notifier.notify(f"WATCHDOG=1\nSTATUS={self.status()}")
            await asyncio.sleep(self.interval_s)


def watchdog_interval_s(environment: Mapping[str, str], default_s: float = 5.0) -> float:
    """A third of systemd's limit, so that one late beat does not end the process."""
    limit_us = environment.get("WATCHDOG_USEC", "")
    return int(limit_us) / 3_000_000 if limit_us.isdigit() and int(limit_us) > 0 else default_s


async def run_services(
    services: Mapping[str, Service],
    *,
    notifier: Notifier,
    ready: asyncio.Event,
    stop_signals: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGINT),
) -> None:
    """Run `services` until a stop signal comes (return) or one of them ends (raise an ExceptionGroup naming it).

    READY=1 is sent once `ready` is set, STOPPING=1 when the end begins. Every service is cancelled and awaited.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for each in stop_signals:
        loop.add_signal_handler(each, stop.set)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_for_ever(name, run), name=name) for name, run in services.items()]
            tasks.append(group.create_task(_tell_ready(ready, notifier), name="ready"))
            await stop.wait()
            log.info("stopping")
            notifier.notify("STOPPING=1")
            for task in tasks:
                task.cancel()
    finally:
        for each in stop_signals:
            loop.remove_signal_handler(each)


async def _for_ever(name: str, run: Service) -> None:
    try:
        await run()
    except asyncio.CancelledError:
        raise
    except Exception as error:
        log.critical("the service “%s” failed", name, exc_info=error)
        raise ServiceEnded(name) from error
    log.critical("the service “%s” returned, and should not", name)
    raise ServiceEnded(name)


async def _tell_ready(ready: asyncio.Event, notifier: Notifier) -> None:
    await ready.wait()
    notifier.notify("READY=1")


def environment() -> Mapping[str, str]:
    """The process's environment, read where it is needed and not at import."""
    return os.environ
