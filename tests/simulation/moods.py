"""A register out of sorts: every row of the reply table, and records that it cannot bear."""

from __future__ import annotations

import datetime as dt
import json
import re
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import hdrs, web

from contract.messages import ProblemType
from contract.problems import PROBLEM_MEDIA_TYPE
from register.server.problems import problem_response
from tests.simulation.chance import Stream

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LISTS = ("uses", "annulments", "refusals")


@dataclass(frozen=True, slots=True)
class Temper:
    """How likely each thing is."""

    odd_before: float = 0.0
    """Another answer than the register's, which has not seen the request."""
    odd_after: float = 0.0
    """Another answer, after the register did its work."""
    spoilt: float = 0.0
    """An answer of which one item's part is odd."""
    poison: float = 0.0
    """A record that is refused, rejected, or makes the register fail, whenever it comes."""


@dataclass
class Moods:
    """The register's border, as an aiohttp middleware."""

    temper: Temper
    chance: Stream
    seed: int
    steady: bool = False
    """Whether only the poison is left."""
    cured: bool = False
    """Whether of the poison only that is left which the kiosk parks."""
    all_well: bool = False
    ahead: dt.timedelta = dt.timedelta()
    """How much later than it is the register says it is."""
    parked: set[str] = field(default_factory=set)
    """Ids that the register told the kiosk to park."""

    def middleware(self) -> Any:
        @web.middleware
        async def out_of_sorts(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await self._answer(request, handler)
            return _told_ahead(response, self.ahead) if self.ahead and isinstance(response, web.Response) else response

        return out_of_sorts

    def poison_of(self, item_id: str) -> str | None:
        """What is wrong with this record; the same whenever it is asked."""
        kind = None if self.all_well else self.born_as(item_id)
        return None if self.cured and kind == "deadly" else kind

    def born_as(self, item_id: str) -> str | None:
        """What was wrong with it before anything was cured."""
        draw = zlib.crc32(f"{self.seed}/{item_id}".encode()) / 2**32
        if draw >= self.temper.poison:
            return None
        return ("rejected", "refused", "deadly")[zlib.crc32(item_id.encode()) % 3]

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        ids = await _ids_in(request)
        if not self.steady and self.chance.random() < self.temper.odd_before:
            return self._odd(ids)
        poison = {item_id: kind for item_id in ids if (kind := self.poison_of(item_id)) is not None}
        if "deadly" in poison.values():
            return problem_response("internal")
        if rejected := [item_id for item_id, kind in poison.items() if kind == "rejected"]:
            return self._rejected(ids, zlib.crc32(rejected[0].encode()))
        if poison:
            self.parked.update(poison)
            await _make_malformed(request, poison)
        response = await handler(request)
        if self.steady or not isinstance(response, web.Response):
            return response
        if self.chance.random() < self.temper.odd_after:
            return self._odd(ids)
        if ids and response.status == OK and self.chance.random() < self.temper.spoilt:
            return _spoilt(response, self.chance)
        return response

    def _odd(self, ids: list[str]) -> web.Response:
        number = self.chance.randrange(len(ODD) + 1)
        if number == len(ODD):
            return self._rejected(ids, self.chance.randrange(100))
        return ODD[number]()

    def _rejected(self, ids: list[str], number: int) -> web.Response:
        if len(ids) == 1:
            self.parked.update(ids)
        return problem_response(CONTENT_PROBLEMS[number % len(CONTENT_PROBLEMS)])


OK = 200
_SERVER_TIME = re.compile(rb'("server_time":")([^"]+)')
CONTENT_PROBLEMS: tuple[ProblemType, ...] = ("malformed", "too-large", "not-found")
HTML = "<html><body>Welcome to the network of the house</body></html>"
ODD: tuple[Callable[[], web.Response], ...] = (
    lambda: problem_response("unauthorised"),
    lambda: problem_response("too-many-requests", headers={hdrs.RETRY_AFTER: "3"}),
    lambda: problem_response("unavailable", headers={hdrs.RETRY_AFTER: "7"}),
    lambda: problem_response("unavailable", headers={hdrs.RETRY_AFTER: "Sat, 01 Jan 2000 00:00:00 GMT"}),
    lambda: problem_response("internal"),
    lambda: problem_response("cursor-gone"),
    lambda: problem_response("token-unknown"),
    lambda: problem_response("method-not-allowed"),
    lambda: problem_response("unsupported-media-type"),
    lambda: web.Response(status=403, text=HTML, content_type="text/html"),
    lambda: web.Response(status=404, text=HTML, content_type="text/html"),
    lambda: web.Response(status=413, text=HTML, content_type="text/html"),
    lambda: web.Response(status=422, body=b"{}", content_type=PROBLEM_MEDIA_TYPE),
    lambda: web.Response(status=408),
    lambda: web.Response(status=418),
    lambda: web.Response(status=502, text=HTML, content_type="text/html"),
    lambda: web.Response(status=302, headers={hdrs.LOCATION: "http://10.0.0.99/login"}),
    lambda: web.Response(status=204),
    lambda: web.Response(text=HTML, content_type="text/html"),
    lambda: web.Response(body=b"[]", content_type="application/json"),
    lambda: web.Response(body=b'{"results": [', content_type="application/json"),
    lambda: web.Response(body=b'{"results": []}', content_type="application/json"),
)
"""Every row of the reply table but a revoked key, and what stands in no table."""


async def _ids_in(request: web.Request) -> list[str]:
    if request.method != "POST":
        return []
    try:
        body = json.loads(await request.read())
    except ValueError:
        return []
    return [item["id"] for name in LISTS for item in body.get(name, ())]


async def _make_malformed(request: web.Request, poison: dict[str, str]) -> None:
    """The register itself is to refuse these items."""
    body = json.loads(await request.read())
    for name in LISTS:
        for item in body.get(name, ()):
            if item["id"] in poison:
                item["unknown field"] = True
    request._read_bytes = json.dumps(body).encode()


def _told_ahead(response: web.Response, ahead: dt.timedelta) -> web.Response:
    """The answer as a register tells it whose clock is ahead."""
    body = bytes(response.body or b"")  # type: ignore[arg-type]  # bytes, as the register answers
    response.body = _SERVER_TIME.sub(lambda found: _later(found, ahead), body)
    return response


def _later(found: re.Match[bytes], ahead: dt.timedelta) -> bytes:
    told = dt.datetime.fromisoformat(found[2].decode()) + ahead
    return found[1] + told.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()


def _spoilt(response: web.Response, chance: Stream) -> web.Response:
    """The answer with one item's part odd."""
    body = json.loads(bytes(response.body or b""))  # type: ignore[arg-type]  # bytes, as the register answers
    results = body["results"]
    at = chance.randrange(len(results))
    match chance.randrange(5):
        case 0:
            del results[at]
        case 1:
            results.append({**results[at], "outcome": "refused", "reasons": ["malformed"]})
        case 2:
            results[at]["outcome"] = "considered"
        case 3:
            results[at]["id"] = "somebody-elses"
        case 4:
            results[at] = 7
    return web.Response(body=json.dumps(body).encode(), content_type="application/json")
