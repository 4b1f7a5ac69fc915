"""The texts of the kiosk interface that mean the same in every message."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

END = r"$(?!\n)"
"""End of the text in every dialect; to Python, `$` alone also matches before a last line feed."""

Id = Annotated[
    str,
    Meta(
        pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}" + END,
        description="UUID in lower case; made once by its author and never again",
    ),
]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}" + END, description="SHA-256 in hex")]
