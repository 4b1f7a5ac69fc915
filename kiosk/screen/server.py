"""The web server of the kiosk's pages: whole states out by event stream, plain form posts in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from kiosk.cards.desk_model import DeskEvent
from kiosk.cards.model import Language
from kiosk.clock import Clock
from kiosk.errors import KioskError
from kiosk.screen.board import Board, BoardState
from kiosk.screen.forms import PATHS, BadForm, read_form
from kiosk.screen.guard import bind_browser, guarded_by
from kiosk.screen.translations import Translator, load_translators
from kiosk.screen.views import staff_view, visitor_sign

BEAT_S = 0.35
"""A page that hears nothing for a second says that the kiosk is gone."""
MOST_FORM_BYTES = 4096
STATIC_FOLDER = Path(__file__).parent / "static"
LANGUAGE_COOKIE = "language"
LANGUAGES = {Language.FI: "suomi", Language.SV: "svenska", Language.EN: "English"}


class Hands(Protocol):
    """The flow, as a page sees it."""

    async def do(self, event: DeskEvent) -> None:
        """Let `event` happen; returns when all it asked for is done and announced."""
        ...


@dataclass(frozen=True, slots=True)
class Pages:
    """Draws pages and their changing parts."""

    templates: Environment
    translators: Mapping[Language, Translator]
    own_language: Language

    def language_of(self, request: web.Request) -> Language:
        """The language that a tap or an earlier tap chose, or the kiosk's own."""
        wanted = request.query.get("language") or request.cookies.get(LANGUAGE_COOKIE) or ""
        return Language(wanted) if wanted in LANGUAGES else self.own_language

    def staff_board(self, state: BoardState, language: Language) -> str:
        """The staff page's changing part."""
        t = self.translators[language]
        return self._render("board.html", t, view=staff_view(state, t))

    def sign(self, state: BoardState) -> str:
        """The visitor page's changing part, in all languages."""
        sign = visitor_sign(state.desk)
        sentences = [(language.value, _sign_sentence(t, sign)) for language, t in self.translators.items()]
        return self._render("sign.html", self.translators[self.own_language], sign=sign, sentences=sentences)

    def staff_page(self, state: BoardState, language: Language) -> str:
        """The staff page."""
        t = self.translators[language]
        return self._render(
            "staff.html",
            t,
            page="staff",
            stream=f"/events?language={language.value}",
            title=t.gettext("Kaikukortti kiosk"),
            gone=t.gettext("The connection to the kiosk is gone. Nothing is being recorded."),
            fragment=Markup(self.staff_board(state, language)),  # noqa: S704  # drawn by an escaping template
            languages=[(code.value, name) for code, name in LANGUAGES.items()],
        )

    def visitor_page(self, state: BoardState) -> str:
        """The visitor page."""
        gone = " · ".join(t.gettext("Please talk to the staff") for t in self.translators.values())
        return self._render(
            "visitor.html",
            self.translators[self.own_language],
            page="visitor",
            stream="/events?page=visitor",
            title="Kaikukortti",
            gone=gone,
            fragment=Markup(self.sign(state)),  # noqa: S704  # drawn by an escaping template
        )

    def spoken(self, state: BoardState, language: Language) -> str:
        """What a screen reader says of the state."""
        return staff_view(state, self.translators[language]).spoken

    def _render(self, template: str, t: Translator, **values: object) -> str:
        return self.templates.get_template(template).render(_=t.gettext, language=t.language.value, **values)


def _sign_sentence(t: Translator, sign: str) -> str:
    match sign:
        case "welcome":
            return t.gettext("Welcome! Show your Kaikukortti.")
        case "working":
            return t.gettext("One moment, please")
        case "accepted":
            return t.gettext("Welcome in!")
        case "thanks":
            return t.gettext("Thank you – enjoy!")
        case _:
            return t.gettext("Please talk to the staff")


def create_app(
    board: Board,
    hands: Hands,
    *,
    clock: Clock,
    zone: ZoneInfo,
    language: Language = Language.FI,
    allowed_hosts: Iterable[str] = (),
) -> web.Application:
    """The pages of `board`; what people press goes to `hands`."""
    templates = Environment(
        loader=PackageLoader("kiosk.screen"), autoescape=select_autoescape(default=True), trim_blocks=True
    )
    pages = Pages(templates, load_translators(zone), language)
    app = web.Application(middlewares=[guarded_by(allowed_hosts)], client_max_size=MOST_FORM_BYTES)
    app.on_response_prepare.append(bind_browser)

    async def staff(request: web.Request) -> web.Response:
        chosen = pages.language_of(request)
        response = _html(pages.staff_page(board.state, chosen))
        if "language" in request.query:
            response.set_cookie(LANGUAGE_COOKIE, chosen.value, httponly=True, samesite="Strict", max_age=31_536_000)
        return response

    async def visitor(_: web.Request) -> web.Response:
        return _html(pages.visitor_page(board.state))

    async def events(request: web.Request) -> web.StreamResponse:
        if request.query.get("page") == "visitor":
            return await _stream(request, board, lambda state: {"html": pages.sign(state)})
        chosen = pages.language_of(request)
        return await _stream(
            request,
            board,
            lambda state: {"html": pages.staff_board(state, chosen), "spoken": pages.spoken(state, chosen)},
        )

    async def pressed(request: web.Request) -> web.Response:
        t = pages.translators[pages.language_of(request)]
        try:
            posted = await request.post()
        except (ValueError, LookupError):
            # No cause and no traceback: they would quote what was typed, and so bring a card number to the log.
            raise web.HTTPBadRequest(text=t.gettext("Something is missing: nothing was changed. Try again.")) from None
        fields = {name: value for name, value in posted.items() if isinstance(value, str)}
        try:
            event = read_form(request.path, fields, clock.now(), t)
        except BadForm as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        await hands.do(event)
        if "application/json" in request.headers.get("Accept", ""):
            return web.Response(status=204)
        raise web.HTTPSeeOther("/")

    app.router.add_get("/", staff)
    app.router.add_get("/visitor", visitor)
    app.router.add_get("/events", events)
    for path in PATHS:
        app.router.add_post(path, pressed)
    app.router.add_static("/static/", STATIC_FOLDER)
    return app


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


async def _stream(
    request: web.Request, board: Board, draw: Callable[[BoardState], Mapping[str, str]]
) -> web.StreamResponse:
    """Server-sent events: `state` with everything, and a `beat` where nothing changes."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    try:
        async with aclosing(board.states(BEAT_S)) as states:
            async for state in states:
                data = (
                    "event: beat\ndata:\n\n" if state is None else f"event: state\ndata: {json.dumps(draw(state))}\n\n"
                )
                await response.write(data.encode())
    except ConnectionError:
        pass  # the page was closed or reloaded
    return response


async def serve(app: web.Application, host: str, port: int, bound: Callable[[str], None] = lambda _: None) -> None:
    """Serve `app` for ever; `bound` hears the address. Raises KioskError when the port cannot be had."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise KioskError(f"The page cannot be served on {host}:{port}: {error.strerror or error}.") from error
        address = runner.addresses[0]
        bound(f"http://{address[0]}:{address[1]}/")
        await asyncio.get_running_loop().create_future()
    finally:
        await runner.cleanup()
