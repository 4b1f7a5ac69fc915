"""`kiosk run`: serve the desk until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys

from kiosk import wiring
from kiosk.commands.places import ServingLock, places_of
from kiosk.config import Config
from kiosk.errors import ConfigError, KioskError, StoreUnavailable
from kiosk.runtime import ServiceEnded


def run(config: Config) -> None:
    """Serve until SIGTERM; raises KioskError when it cannot start, or when a service ended.

    A disk or database that cannot be used is no reason not to start: the desk says so, and opens when it can be.
    """
    if config.register.url is None:
        raise ConfigError(["register.url is missing: the kiosk must know where to bring the uses."])
    logging.basicConfig(level=config.log.level.upper(), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    places = places_of(config)
    lock = ServingLock(places)
    with contextlib.suppress(StoreUnavailable):  # the desk says it, and takes the lock when the folder is back
        lock.take()
    try:
        asyncio.run(
            wiring.serve(
                config,
                database=places.database,
                identity=places.identity,
                copies=places.copies,
                pin=places.pin,
                lock=lock.take_for_store,
            )
        )
    except* ServiceEnded as ended:
        names = ", ".join(str(each) for each in ended.exceptions)
        raise KioskError(f"{names}; the process ends so that it can be started whole again") from None
    finally:
        lock.release()
