"""The web server of the kiosk's pages: whole states out by event stream, plain form posts in."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from kiosk.cards.desk_events import DeskEvent
from kiosk.cards.model import Language
from kiosk.clock import Clock
from kiosk.errors import KioskError
from kiosk.screen.access import Access
from kiosk.screen.answers import Unquoting, in_words
from kiosk.screen.board import Board
from kiosk.screen.forms import PATHS, BadForm, fields_of, read_form
from kiosk.screen.guard import bind_browser, guarded_by, is_this_machine
from kiosk.screen.office.frame import Frame
from kiosk.screen.office.others import kept_from_others
from kiosk.screen.office.ports import Back
from kiosk.screen.office.server import Office
from kiosk.screen.pages import LANGUAGES, load_pages
from kiosk.screen.stream import stream
from kiosk.screen.translations import Translator
from kiosk.screen.walk import Walk

log = logging.getLogger(__name__)

MOST_FORM_BYTES = 4096
STATIC_FOLDER = Path(__file__).parent / "static"
LANGUAGE_COOKIE = "language"
A_YEAR_S = 31_536_000
FORM = "application/x-www-form-urlencoded"


class Hands(Protocol):
    """The flow, as a page sees it."""

    async def do(self, event: DeskEvent) -> None:
        """Let `event` happen; returns when all it asked for is done and announced."""
        ...


@dataclass(frozen=True, slots=True)
class VenuePages:
    """What the pages behind the PIN need."""

    access: Access
    back: Back
    walk: Walk


@dataclass(frozen=True, slots=True)
class Listening:
    """An address at which the pages are served, by TLS where `tls` is given."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None


def create_app(
    board: Board,
    hands: Hands,
    *,
    clock: Clock,
    zone: ZoneInfo,
    language: Language = Language.FI,
    allowed_hosts: Iterable[str] = (),
    venue: VenuePages | None = None,
) -> web.Application:
    """The pages of `board`; what people press goes to `hands`.

    With `venue` there are the venue's pages too, behind their PIN, and another machine gets nothing at all before it.
    """
    pages = load_pages(zone)

    def language_of(request: web.Request) -> Language:
        """What a tap or an earlier tap chose, or the kiosk's own."""
        wanted = request.query.get("language") or request.cookies.get(LANGUAGE_COOKIE) or ""
        return Language(wanted) if wanted in LANGUAGES else language

    def translator_of(request: web.Request) -> Translator:
        return pages.translators[language_of(request)]

    async def staff(request: web.Request) -> web.Response:
        chosen = language_of(request)
        board.drawn_in(chosen)
        if office is not None:
            office.came_home(request)
        own_screen, told = is_this_machine(request.remote), request.query.get("told")
        text = pages.staff_page(board.state, chosen, own_screen=own_screen, told=told)
        response = web.Response(text=text, content_type="text/html")
        if "language" in request.query:
            response.set_cookie(LANGUAGE_COOKIE, chosen.value, httponly=True, samesite="Strict", max_age=A_YEAR_S)
        return response

    async def visitor(_: web.Request) -> web.Response:
        return web.Response(text=pages.visitor_page(board.state), content_type="text/html")

    async def events(request: web.Request) -> web.StreamResponse:
        if request.query.get("page") == "visitor":
            return await stream(request, board, pages.visitor_push)
        draw = partial(pages.staff_push, language=language_of(request), own_screen=is_this_machine(request.remote))
        return await stream(request, board, draw)

    async def pressed(request: web.Request) -> web.Response:
        t = translator_of(request)
        try:
            body = await request.read() if request.content_type == FORM else b""
        except web.RequestPayloadError:
            body = b""  # cut off, or packed and broken
        try:
            event = read_form(request.path, fields_of(body), clock.now(), t)
        except BadForm as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        await hands.do(event)
        if "text/html" in request.headers.get("Accept", ""):
            raise web.HTTPSeeOther("/")
        return web.Response(status=204)

    def problem(request: web.Request, t: Translator, text: str) -> str:
        return pages.problem_page(t, text, walking=office is not None and office.is_walked(request))

    async def hang_up(_: web.Application) -> None:
        board.hang_up()

    office = None
    if venue is not None:
        frame = Frame(board, pages.venue_page, translator_of, clock, zone, venue.walk)
        office = Office(venue.access, frame, venue.back)
    app = web.Application(
        middlewares=[
            in_words(translator_of, problem),
            guarded_by(allowed_hosts, translator_of),
            *([] if office is None else [kept_from_others(office)]),
        ],
        client_max_size=MOST_FORM_BYTES,
    )
    app.on_response_prepare.append(bind_browser)
    app.on_shutdown.append(hang_up)
    app.router.add_get("/", staff)
    app.router.add_get("/visitor", visitor)
    app.router.add_get("/events", events, allow_head=False)
    for path in PATHS:
        app.router.add_post(path, pressed)
    if office is not None:
        office.add_to(app)
    app.router.add_static("/static/", STATIC_FOLDER)
    return app


async def serve(
    app: web.Application, places: Iterable[Listening], bound: Callable[[tuple[str, ...]], None] = lambda _: None
) -> None:
    """Serve `app` at all `places` for ever; `bound` hears their addresses. Raises KioskError without one of them."""
    runner = web.AppRunner(app, logger=Unquoting(log), access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        addresses: list[str] = []
        for place in places:
            before = len(runner.addresses)
            try:
                await web.TCPSite(runner, place.host, place.port, ssl_context=place.tls).start()
            except OSError as error:
                where = f"{place.host}:{place.port}"
                raise KioskError(f"The page cannot be served on {where}: {error.strerror or error}.") from error
            addresses.append(_address(runner.addresses[before], "http" if place.tls is None else "https"))
        bound(tuple(addresses))
        await asyncio.get_running_loop().create_future()
    finally:
        await runner.cleanup()


def _address(socket_name: tuple[object, ...], scheme: str) -> str:
    host, port = socket_name[:2]
    return f"{scheme}://[{host}]:{port}/" if ":" in str(host) else f"{scheme}://{host}:{port}/"
