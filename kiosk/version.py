"""Which version of the kiosk this is."""

from __future__ import annotations

from importlib import metadata

DISTRIBUTION = "kaikukortti-kiosk"


def software_version() -> str:
    """The installed version, or `0+source` when run from a source tree that was never installed."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "0+source"
