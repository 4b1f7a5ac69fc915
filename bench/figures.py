"""What was measured, and beside which floor."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of many rounds, and of the floor beneath them, taken in turn with them in the same run."""

    what: str
    took_ms: list[float]
    floor_ms: list[float] | None = None

    def row(self) -> tuple[str, float, float, float, str]:
        """Median, 95th and 99th percentile, and what lies between them and the floor's."""
        median, p95, p99 = statistics.median(self.took_ms), quantile(self.took_ms, 95), quantile(self.took_ms, 99)
        if self.floor_ms is None:
            return self.what, median, p95, p99, ""
        times = median / statistics.median(self.floor_ms)
        above_95, above_99 = p95 - quantile(self.floor_ms, 95), p99 - quantile(self.floor_ms, 99)
        return self.what, median, p95, p99, f"median {times:.2f} ×, p95 {above_95:+.1f}, p99 {above_99:+.1f} ms"


HEADERS = ("what", "median ms", "p95 ms", "p99 ms", "beside its floor")


def quantile(took_ms: list[float], percent: int) -> float:
    """That percentile; the largest of fewer than a hundred."""
    return statistics.quantiles(took_ms, n=100)[percent - 1] if len(took_ms) > 1 else took_ms[0]


async def timed(job: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds that `job` takes."""
    start_ns = time.perf_counter_ns()
    await job()
    return (time.perf_counter_ns() - start_ns) / 1e6
