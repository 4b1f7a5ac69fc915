"""HTTP to the register; at this border, what goes wrong out there becomes one of the kiosk's own errors."""

from __future__ import annotations

import asyncio
import datetime as dt
import errno
import os
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from contract.messages import Problem
from contract.problems import PROBLEM_MEDIA_TYPE
from kiosk.errors import CursorGone, EnrolmentError, KeyRevoked, KioskError, Later, NotAccepted, Rejected, Unreachable
from kiosk.sync.pages import problem
from kiosk.sync.replies import Action, action_for, retry_after_s

LONGEST_ANSWER_BYTES = 8 * 1024 * 1024
LONGEST_PROBLEM_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_GOOD = range(200, 300)
_ELSEWHERE = range(300, 400)
_LONGEST_SENTENCE = 200


@dataclass(frozen=True, slots=True)
class Request:
    """One call to the register."""

    method: str
    path: str
    accept: str = "application/json"
    body: bytes | None = field(default=None, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    total_s: float | None = None
    """Longest time for the whole of it; None: as long as something keeps coming."""


class Transport:
    """Guards the connections; use it as an async context manager."""

    def __init__(
        self,
        base_url: URL,
        *,
        tls: ssl.SSLContext,
        timeout_s: float,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        """Speak to `base_url`, and wait at most `timeout_s` for a connection or the next bytes."""
        self._base_url = base_url
        self._tls = tls
        self._timeout_s = timeout_s
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Get ready."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._tls, limit=8),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": "kaikukiosk"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def fetch(self, request: Request, key: str | None) -> bytes:
        """The body of a good answer; raises RegisterError, or EnrolmentError for a token that will not do."""
        # Not aiohttp's own limit: where that one is reached in the moment of a cancel, the cancel is lost.
        try:
            async with asyncio.timeout(request.total_s), self._answer(request, key) as response:
                return await _read(response, LONGEST_ANSWER_BYTES)
        except TimeoutError as error:
            raise Unreachable(in_words(error)) from None

    @asynccontextmanager
    async def stream(self, request: Request, key: str | None) -> AsyncIterator[Stream]:
        """The body of a good answer as it comes; raises RegisterError, also while it is read."""
        async with self._answer(request, key) as response:
            gzipped = response.headers.get("Content-Encoding", "") == "gzip"
            yield Stream(response.content.iter_chunked(_CHUNK_BYTES), gzipped)

    @asynccontextmanager
    async def _answer(self, request: Request, key: str | None) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._session is None:
            raise RuntimeError("the transport is used outside of its context")
        headers = {"Accept": request.accept, "Accept-Encoding": "identity"}
        if request.accept != "application/json":
            headers["Accept-Encoding"] = "gzip"
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=self._timeout_s,
            sock_read=self._timeout_s if request.total_s is None else None,
        )
        try:
            async with self._session.request(
                request.method,
                self._base_url / request.path,
                params=request.query,
                data=request.body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                await self._judge(response, request.accept, enrolling=key is None)
                yield response
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(in_words(error)) from None  # the cause would hold the address and the headers

    async def _judge(self, response: aiohttp.ClientResponse, expected: str, *, enrolling: bool) -> None:
        """Return for an answer of the `expected` kind; raise what any other one means."""
        if response.status in _GOOD and response.content_type == expected:
            return
        told = None
        if response.content_type == PROBLEM_MEDIA_TYPE:
            told = problem(await _read(response, LONGEST_PROBLEM_BYTES))
        wish_s = retry_after_s(response.headers.get("Retry-After"), response.headers.get("Date"), self._now())
        raise _error(response.status, told, wish_s, enrolling=enrolling)


@dataclass(frozen=True, slots=True)
class Stream:
    """A body as it comes."""

    chunks: AsyncIterator[bytes]
    gzipped: bool


async def _read(response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > limit_bytes:
            raise Unreachable("the answer is longer than any real one")
    return bytes(body)


def _error(status: int, told: Problem | None, wish_s: float | None, *, enrolling: bool) -> KioskError:
    """What an answer means that is not the one asked for."""
    why = f"status {status}" if told is None else f"{told.type}: {_plain(told.title)}"
    detail = "" if told is None else _plain(told.detail)
    words = None if told is None else (_plain(told.message.fi), _plain(told.message.sv), _plain(told.message.en))
    patience = "does not accept this kiosk's key" if status in (401, 403) else "asks for patience"
    unknown_key = status == HTTPStatus.UNAUTHORIZED and told is not None and told.type == "unauthorised"
    foreign = "the network sends elsewhere (a login page?)" if status in _ELSEWHERE else "not the register's answer"
    errors: dict[Action, KioskError] = {
        Action.REVOKED: KeyRevoked("the register has revoked this kiosk's key"),
        Action.CURSOR_GONE: CursorGone("the register's news no longer reaches back so far"),
        Action.NO_TOKEN: EnrolmentError(why),
        Action.HALVE: Rejected(f"rejected by the register ({why}) {detail}".rstrip(), words),
        Action.LATER: (NotAccepted if unknown_key else Later)(f"the register {patience} ({why})", retry_after_s=wish_s),
    }
    action = action_for(status, None if told is None else told.type)
    if action is Action.NO_TOKEN and not enrolling:
        # Only an enrolment has a token: said of anything else this is an answer like any other that is not understood.
        action = Action.KEEP
    return errors.get(action, Unreachable(f"{foreign} ({why})"))


def _plain(text: str) -> str:
    """A foreign sentence, fit for a log: printable, one line, not long."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:_LONGEST_SENTENCE]).strip()


def in_words(error: Exception) -> str:
    """Why there was no answer, without address, headers or content."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason = getattr(error.certificate_error, "verify_message", "") or "not valid"
        return f"the register's certificate is not trusted ({_plain(reason)})"
    if isinstance(error, aiohttp.ClientConnectorError) and not isinstance(error, _WITHOUT_REASON):
        # The error's own text would name the address, and the system's does not.
        return f"no connection ({os.strerror(error.os_error.errno or errno.ECONNREFUSED)})"
    return next((words for kind, words in _WORDS if isinstance(error, kind)), "no answer")


_WITHOUT_REASON = (aiohttp.ClientSSLError, aiohttp.ClientConnectorDNSError)
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "no answer in time"),
    (aiohttp.ClientSSLError, "no secure connection can be made"),
    (ssl.SSLError, "no secure connection can be made"),
    (aiohttp.ClientConnectorDNSError, "the register's name is not found"),
    (aiohttp.ClientPayloadError, "the answer broke off"),
    (aiohttp.ClientResponseError, "what came is no HTTP answer"),
    (aiohttp.ClientConnectionError, "the connection broke off"),
    (OSError, "the connection broke off"),
)
"""The first that fits."""
