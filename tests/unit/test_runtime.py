"""Services: together alive, together ended, and what systemd is told."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.runtime import (
    Heartbeats,
    ServiceEnded,
    SilentNotifier,
    Watchdog,
    notifier,
    run_services,
    watchdog_interval_s,
)


class Told:
    def __init__(self) -> None:
        self.messages: list[str] = []
        self.news = asyncio.Event()

    def notify(self, message: str) -> None:
        self.messages.append(message)
        self.news.set()


async def for_ever() -> None:
    await asyncio.get_running_loop().create_future()


async def test_a_stop_signal_ends_every_service_in_peace() -> None:
    ended = []

    async def serving() -> None:
        try:
            await for_ever()
        finally:
            ended.append("serving")

    async def stopping() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await for_ever()

    ready, told = asyncio.Event(), Told()
    ready.set()
    await run_services({"serving": serving, "stopping": stopping}, notifier=told, ready=ready)
    assert ended == ["serving"]
    assert sorted(told.messages) == ["READY=1", "STOPPING=1"]


@pytest.mark.parametrize("fault", [None, RuntimeError("broken")])
async def test_a_service_that_ends_ends_the_others_and_is_named(fault: RuntimeError | None) -> None:
    async def ending() -> None:
        await asyncio.sleep(0)
        if fault is not None:
            raise fault

    with pytest.raises(ExceptionGroup) as caught:
        await run_services({"ending": ending, "other": for_ever}, notifier=SilentNotifier(), ready=asyncio.Event())
    (error,) = caught.value.exceptions
    assert (type(error), str(error)) == (ServiceEnded, "the service “ending” ended")


async def test_ready_is_told_only_when_it_is_so() -> None:
    ready, told = asyncio.Event(), Told()
    running = asyncio.create_task(run_services({"one": for_ever}, notifier=told, ready=ready))
    await asyncio.sleep(0)
    assert told.messages == []
    ready.set()
    await told.news.wait()
    assert told.messages == ["READY=1"]
    running.cancel()
    await asyncio.wait({running})


async def test_the_watchdog_is_fed_only_while_every_part_lives(caplog: pytest.LogCaptureFixture) -> None:
    now_s = 0.0
    heartbeats = Heartbeats({"desk": 10}, lambda: now_s)
    told = Told()
    watchdog = Watchdog(told, heartbeats, lambda: "ready", interval_s=0)
    running = asyncio.create_task(watchdog.run())
    await told.news.wait()
    assert told.messages[0] == "WATCHDOG=1\nSTATUS=ready"
    with caplog.at_level(logging.ERROR):
        now_s = 11.0
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        told.messages.clear()
        for _ in range(5):
            await asyncio.sleep(0)
    assert told.messages == []
    assert [record.message for record in caplog.records] == ["no sign of life from desk: the watchdog is not fed"]
    told.news.clear()
    heartbeats.beat("desk")
    await told.news.wait()
    running.cancel()
    await asyncio.wait({running})


def test_the_watchdog_is_fed_three_times_within_systemds_limit() -> None:
    assert watchdog_interval_s({"WATCHDOG_USEC": "30000000"}) == 10.0
    assert watchdog_interval_s({}) == watchdog_interval_s({"WATCHDOG_USEC": "0"}) == 5.0


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket that systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        listening.settimeout(10)
        yield listening


def test_systemd_hears_it_through_systemd_python(systemd: socket.socket) -> None:
    pytest.importorskip("systemd.daemon")
    notifier(os.environ).notify("READY=1")
    assert systemd.recv(4096).strip() == b"READY=1"


def test_without_systemd_nobody_is_told() -> None:
    assert isinstance(notifier({}), SilentNotifier)
