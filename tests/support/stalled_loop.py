"""An event loop that was busy, for tests of time limits."""

from __future__ import annotations

import asyncio


class Stalled(asyncio.SelectorEventLoop):
    """Its time can leap: limits have passed, and what came in time was not looked at yet."""

    late_s = 0.0

    def time(self) -> float:
        """The monotonic time, and how late the loop is."""
        return super().time() + self.late_s
