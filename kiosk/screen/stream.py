"""The way of a state to a page: server-sent events, and a beat where nothing changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import aclosing

from aiohttp import web

from kiosk.screen.board import Board, BoardState
from kiosk.screen.pages import Pushed

BEAT_S = 0.35
"""A page that hears nothing for a second says that the kiosk is gone."""
BEAT = b"event: beat\ndata:\n\n"
HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}


async def stream(request: web.Request, board: Board, draw: Callable[[BoardState], Pushed]) -> web.StreamResponse:
    """Send what `draw` makes of every state, as long as the page listens and the kiosk serves.

    A state that looks the same to this page (another lamp, another page's queue) is only a beat.
    """
    response = web.StreamResponse(headers=HEADERS)
    shown: Pushed = {}
    try:
        await response.prepare(request)
        async with aclosing(board.states(BEAT_S)) as states:
            async for state in states:
                pushed = shown if state is None else draw(state)
                await response.write(BEAT if pushed == shown else _event(pushed))
                shown = pushed
    except ConnectionError:
        pass  # the page was closed or reloaded
    return response


def _event(pushed: Pushed) -> bytes:
    return f"event: state\ndata: {json.dumps(dict(pushed))}\n\n".encode()
