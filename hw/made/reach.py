"""Heights above the floor, in millimetres: what people reach, and where the parts of a kiosk sit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LOWEST_REACH_MM, HIGHEST_REACH_MM = 800, 1100
HIGHEST_SIGN_MM = 1600
FLOOR_SPACE_MM = (760, 1220)
TURNING_MM = 1500

# Lower and upper edge of what is touched or held.
OPERATED: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "touch screen, 7 inch upright": (925, 1081),
        "card rest": (840, 910),
        "buttons confirm and cancel": (810, 832),
    }
)
# Lower and upper edge of what is only looked at.
LOOKED_AT: Mapping[str, tuple[int, int]] = MappingProxyType({"lamps": (1135, 1175)})


def reach_table() -> str:
    """The heights of the parts beside the limits."""
    rows = ["| part | from mm | to mm | limit mm |", "| --- | ---: | ---: | --- |"]
    rows += [
        f"| {part} | {low} | {high} | {LOWEST_REACH_MM} to {HIGHEST_REACH_MM}, operated |"
        for part, (low, high) in OPERATED.items()
    ]
    rows += [
        f"| {part} | {low} | {high} | {LOWEST_REACH_MM} to {HIGHEST_SIGN_MM}, looked at |"
        for part, (low, high) in LOOKED_AT.items()
    ]
    return "\n".join(rows)
