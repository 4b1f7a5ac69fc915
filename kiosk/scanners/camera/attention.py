"""When a frame is worth decoding: after a change, for a while longer, and then now and again."""

from __future__ import annotations

from dataclasses import dataclass, replace

PATIENCE_MS = 1000
"""A changed scene is decoded frame by frame so long: what is unreadable now (out of focus, in a reflection) may be
readable in the next frame, and a Code39 needs several."""
PATIENCE_FRAMES = 12
"""And at least so many frames: a camera that has little light gives only a few a second, and that a card was taken away
is known only after more than `presence.MISSES` of them."""
LOOK_AGAIN_MS = 2000
"""After that only so often. A card that lies still and unread is not given up, and costs little."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What was decoded last."""

    changed_at_ms: int | None = None
    decoded_since: int = 0
    """Frames that were decoded since the change."""
    decoded_at_ms: int | None = None


def attend(before: Attention, *, changed: bool, at_ms: int) -> tuple[Attention, bool]:
    """The attention after a frame, and whether that frame is to be decoded."""
    news = changed or before.changed_at_ms is None
    now = replace(before, changed_at_ms=at_ms, decoded_since=0) if news else before
    fresh = now.changed_at_ms is not None and at_ms - now.changed_at_ms < PATIENCE_MS
    due = now.decoded_at_ms is None or at_ms - now.decoded_at_ms >= LOOK_AGAIN_MS
    if fresh or due or now.decoded_since < PATIENCE_FRAMES:
        return replace(now, decoded_at_ms=at_ms, decoded_since=now.decoded_since + 1), True
    return now, False
