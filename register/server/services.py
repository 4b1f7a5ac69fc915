"""What every handler works with."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from register.clock import Clock
from register.server.finishing import Finishing
from register.server.news import News
from register.store.opening import Register


@dataclass(frozen=True, slots=True)
class Services:
    """The open register, its clock, and the tasks that belong to this server."""

    register: Register
    clock: Clock
    news: News
    finishing: Finishing


SERVICES: web.AppKey[Services] = web.AppKey("services", Services)
