"""Every error as a problem document (RFC 9457) in three languages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from aiohttp import hdrs, web

from contract.messages import Problem, ProblemType
from contract.problems import PROBLEM_MEDIA_TYPE, STATUS_OF, TITLE_OF
from register.errors import Declined, StoreUnavailable
from register.server.problem_words import WORDS_OF

log = logging.getLogger(__name__)
RETRY_AFTER_S = 30
"""When the database cannot be used, a kiosk tries again after so long."""
_TYPE_OF_HTTP_ERROR: Mapping[type[web.HTTPException], ProblemType] = {
    web.HTTPNotFound: "not-found",
    web.HTTPMethodNotAllowed: "method-not-allowed",
    web.HTTPRequestEntityTooLarge: "too-large",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def problem_response(
    problem_type: ProblemType, detail: str = "", headers: Mapping[str, str] | None = None
) -> web.Response:
    """The document for `problem_type`, with the status that it always has."""
    status = STATUS_OF[problem_type]
    problem = Problem(
        type=problem_type,
        title=TITLE_OF[problem_type],
        status=status,
        message=WORDS_OF[problem_type],
        detail=detail,
    )
    all_headers = {hdrs.CACHE_CONTROL: "no-store", **(headers or {})}
    if status == web.HTTPUnauthorized.status_code:
        all_headers[hdrs.WWW_AUTHENTICATE] = 'Bearer realm="kiosk"'  # RFC 6750 section 3
    body = msgspec.json.encode(problem)
    return web.Response(status=status, body=body, content_type=PROBLEM_MEDIA_TYPE, headers=all_headers)


@web.middleware
async def errors_as_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into a problem document."""
    try:
        return await handler(request)
    except Declined as declined:
        return problem_response(declined.problem_type, declined.detail)
    except StoreUnavailable as error:
        log.warning("%s %s was not answered: %s", request.method, request.path, error)
        return problem_response("unavailable", headers={hdrs.RETRY_AFTER: str(RETRY_AFTER_S)})
    except web.HTTPException as error:
        by_class: ProblemType = "malformed" if isinstance(error, web.HTTPClientError) else "internal"
        known = _TYPE_OF_HTTP_ERROR.get(type(error), by_class)
        allowed = {str(hdrs.ALLOW): error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else None
        return problem_response(known, headers=allowed)
    except ConnectionError:
        raise  # the kiosk hung up: there is nobody to answer
    except Exception:  # the border: a mistake in one call must not show its inside, nor end the server
        log.exception("%s %s failed", request.method, request.path)
        return problem_response("internal")
