"""The register, as calls: the one module that changes when the register speaks otherwise."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, Sequence
from types import TracebackType
from typing import Self

import msgspec
from yarl import URL

from contract import messages as m
from contract.continuing import Continued
from kiosk.cards.news import News
from kiosk.errors import Unreachable
from kiosk.sync.gunzip import inflated, lines_of
from kiosk.sync.pages import (
    End,
    Head,
    Page,
    ProfileTold,
    Unread,
    item_answers,
    message,
    page,
    profile_told,
    snapshot_line,
)
from kiosk.sync.replies import ItemAnswer
from kiosk.sync.transport import Request, Transport

CHECK_LIMIT_S = 0.8
"""The visitor waits: after this the kiosk goes on without (REGISTER-API.md)."""


class RegisterClient:
    """Guards the key and the connections; use it as an async context manager.

    Every call raises RegisterError: Unreachable, Later, Rejected, KeyRevoked or CursorGone.
    """

    def __init__(self, base_url: URL, *, key: str | None, tls: ssl.SSLContext, timeout_s: float = 10.0) -> None:
        """Speak to the register at `base_url` with `key`; None: not enrolled yet."""
        self._transport = Transport(base_url, tls=tls, timeout_s=timeout_s)
        self._key = key
        self._timeout_s = timeout_s

    async def __aenter__(self) -> Self:
        """Get ready."""
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._transport.__aexit__(kind, error, trace)

    def use_key(self, key: str) -> None:
        """Speak with `key` from now on; with a rotated one only after it is on the disk."""
        self._key = key

    async def enrol(
        self,
        token: str,
        device: m.DeviceFacts,
        device_secret: str | None = None,
        continues: tuple[Continued, ...] = (),
    ) -> m.Enrolment:
        """Exchange a one-time token for an identity, which `continues` others; raises EnrolmentError too."""
        before = continues or msgspec.UNSET  # a register of before 1.2.0 takes whoever was nobody
        request = m.EnrolmentRequest(token=token, device=device, device_secret=device_secret, continues=before)
        body = await self._transport.fetch(self._request("POST", "enrolments", body=request), None)
        return message(body, m.Enrolment)

    async def rotate_key(self) -> str:
        """A new key; the old one works until the new one is first used."""
        return message(await self._fetch("POST", "kiosk/key"), m.NewKey).key

    async def profile(self) -> ProfileTold:
        """Who the kiosk is, and the rules it was given."""
        return profile_told(await self._fetch("GET", "kiosk"))

    async def snapshot(self, after_key: str | None) -> AsyncGenerator[Head | News | Unread | End, None]:
        """The card list line by line, or what of it comes after `after_key`; whole only with its End."""
        request = Request(
            "GET",
            "v1/snapshot",
            accept="application/x-ndjson",
            query={} if after_key is None else {"from": after_key},
        )
        async with self._transport.stream(request, self._key) as stream:
            chunks = inflated(stream.chunks) if stream.gzipped else stream.chunks
            async for line in lines_of(chunks):
                piece = snapshot_line(line)
                yield piece
                if isinstance(piece, End):
                    return
        raise Unreachable("the register's card list broke off")

    async def changes(self, cursor: str, wait_s: int) -> Page:
        """What is new since `cursor`; when nothing is, the answer takes `wait_s` seconds."""
        request = Request(
            "GET",
            "v1/changes",
            query={"since": cursor, "wait": str(wait_s)},
            total_s=wait_s + self._timeout_s,
        )
        return page(await self._transport.fetch(request, self._key))

    async def send_uses(self, uses: Sequence[m.UseSent]) -> tuple[ItemAnswer, ...]:
        """Tell uses; sending again is always safe."""
        return item_answers(await self._fetch("POST", "uses", m.Uses(uses=tuple(uses))))

    async def send_annulments(self, annulments: Sequence[m.AnnulmentSent]) -> tuple[ItemAnswer, ...]:
        """Tell annulments, also of uses that the register has not yet; sending again is always safe."""
        return item_answers(await self._fetch("POST", "annulments", m.Annulments(annulments=tuple(annulments))))

    async def send_refusals(self, refusals: Sequence[m.RefusalSent]) -> tuple[ItemAnswer, ...]:
        """Tell refusals; sending again is always safe."""
        return item_answers(await self._fetch("POST", "refusals", m.Refusals(refusals=tuple(refusals))))

    async def check(self, request: m.CheckRequest) -> m.CheckAnswer:
        """What the nation's knowledge says of a use that is not recorded yet, within 800 ms."""
        sent = self._request("POST", "checks", body=request, total_s=min(CHECK_LIMIT_S, self._timeout_s))
        return message(await self._transport.fetch(sent, self._key), m.CheckAnswer)

    async def heartbeat(self, beat: m.Heartbeat) -> m.HeartbeatAnswer:
        """Tell how the kiosk is."""
        return message(await self._fetch("POST", "heartbeats", beat), m.HeartbeatAnswer)

    async def _fetch(self, method: str, path: str, body: msgspec.Struct | None = None) -> bytes:
        return await self._transport.fetch(self._request(method, path, body=body), self._key)

    def _request(
        self, method: str, path: str, *, body: msgspec.Struct | None = None, total_s: float | None = None
    ) -> Request:
        return Request(
            method,
            f"v1/{path}",
            body=None if body is None else msgspec.json.encode(body),
            total_s=self._timeout_s if total_s is None else total_s,
        )
