"""When a frame is worth decoding: after a change, for a while longer, and then now and again."""

from __future__ import annotations

from dataclasses import dataclass, replace

PATIENCE_MS = 1000
"""A changed scene is decoded frame by frame so long: what is unreadable now (out of focus, in a reflection) may be
readable in the next frame, and a Code39 needs several."""
LOOK_AGAIN_MS = 2000
"""After that only so often. A card that lies still and unread is not given up, and costs little."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What was decoded last."""

    changed_at_ms: int | None = None
    decoded_at_ms: int | None = None


def attend(before: Attention, *, changed: bool, at_ms: int) -> tuple[Attention, bool]:
    """The attention after a frame, and whether that frame is to be decoded."""
    now = replace(before, changed_at_ms=at_ms) if changed or before.changed_at_ms is None else before
    fresh = now.changed_at_ms is not None and at_ms - now.changed_at_ms < PATIENCE_MS
    due = now.decoded_at_ms is None or at_ms - now.decoded_at_ms >= LOOK_AGAIN_MS
    wanted = fresh or due
    return (replace(now, decoded_at_ms=at_ms) if wanted else now), wanted
