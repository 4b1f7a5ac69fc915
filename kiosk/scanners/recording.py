"""The keys that a scanner types for one code, as they come from the kernel."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

from kiosk.scanners.assembler import Press
from kiosk.scanners.calibration import KeyPress
from kiosk.scanners.hid import EV_KEY, EV_SYN, SYN_DROPPED, Keyboard
from kiosk.scanners.looking import Gone

SETTLE_S = 0.5
"""So long after the last key a scanner has said all of its code."""
MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Recording:
    """One code as it was typed; it may be a card's, so it is never shown."""

    keys: tuple[KeyPress, ...] = field(repr=False)
    lost: bool
    """The kernel threw keys away."""


async def record_keys(keyboard: Keyboard, *, limit_s: float, settle_s: float = SETTLE_S) -> Recording:
    """The keys from the first one, awaited for `limit_s`, to a pause of `settle_s`; none where nothing was typed.

    `keyboard` is grabbed already, and closed afterwards. Raises DeviceError when it is unplugged meanwhile.
    """
    keys: list[KeyPress] = []
    lost = False
    loop = asyncio.get_running_loop()
    until_s = loop.time() + limit_s
    events = aiter(keyboard.async_read_loop())
    try:
        while len(keys) < MOST_KEYS:
            async with asyncio.timeout_at(until_s):
                event = await anext(events)
            if event.type == EV_KEY:
                keys.append((event.code, event.value))
            elif event.type == EV_SYN and event.code == SYN_DROPPED:
                lost = True
            else:
                continue
            # A key that is held down, or stuck, is repeated for ever, and is silence.
            if event.type == EV_SYN or event.value != Press.REPEAT:
                until_s = loop.time() + settle_s
    except TimeoutError:
        pass
    except OSError as error:
        raise Gone(error.strerror, "") from error
    finally:
        for leave in (keyboard.ungrab, keyboard.close):
            with contextlib.suppress(OSError):  # it may be gone
                leave()
    return Recording(tuple(keys), lost)
