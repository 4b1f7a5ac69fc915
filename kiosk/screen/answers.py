"""Every refusal of the web server as a sentence in the page's language, with a way back for whoever needs one."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from kiosk.screen.translations import Translator

log = logging.getLogger(__name__)


def in_words(
    translator_of: Callable[[web.Request], Translator], page_of: Callable[[web.Request, Translator, str], str]
) -> Middleware:
    """A middleware that turns errors into sentences: `page_of` for a browser that goes there, else plain text."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        t = translator_of(request)
        try:
            return await handler(request)
        except web.HTTPRedirection:
            raise
        except web.HTTPException as error:
            status, text = error.status, sentence(t, error)
            headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        except Exception as error:  # noqa: BLE001  # the border to the browser: a sentence there, the place in the log
            # Not the error's own words, which may quote what was typed: no card number reaches the log.
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("a page's request failed: %s\n%s", type(error).__name__, place)  # noqa: TRY400  # see above
            status, headers = 500, {}
            text = t.gettext("Something went wrong here. Look at the last uses, then try again.")
        if "text/html" in request.headers.get("Accept", ""):
            return web.Response(
                status=status, text=page_of(request, t, text), content_type="text/html", headers=headers
            )
        return web.Response(status=status, text=text, headers=headers)

    return answer


def sentence(t: Translator, error: web.HTTPException) -> str:
    """What `error` says to people: its own text when the kiosk wrote one, else what its status means here."""
    match error:
        case web.HTTPNotFound():
            return t.gettext("There is no such page.")
        case web.HTTPMethodNotAllowed():
            return t.gettext("That cannot be done with this page.")
        case web.HTTPRequestEntityTooLarge():
            return t.gettext("That is too much at once: nothing was changed.")
        case _ if error.text == f"{error.status}: {error.reason}":
            return t.gettext("That cannot be done with this page.")
        case _:
            return error.text or error.reason


class Unquoting(logging.LoggerAdapter[logging.Logger]):
    """Logs what the web server complains of without its tracebacks: they quote the bytes that came."""

    def process(self, msg: object, kwargs: MutableMapping[str, Any]) -> tuple[object, MutableMapping[str, Any]]:
        """The complaint, and the name of the error instead of its words."""
        error = kwargs.pop("exc_info", None)
        return f"{msg} ({type(error).__name__})" if isinstance(error, BaseException) else msg, kwargs
