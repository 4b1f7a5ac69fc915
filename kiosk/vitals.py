"""How the machine is: temperature and free storage, where it can tell."""

from __future__ import annotations

from pathlib import Path

from kiosk.store.files import free_bytes
from kiosk.sync.heartbeat import Vitals

TEMPERATURE_FILE = Path("/sys/class/thermal/thermal_zone0/temp")
_MILLI = 1000


def vitals_of(state_folder: Path, temperature_file: Path = TEMPERATURE_FILE) -> Vitals:
    """The vitals now; None for what the machine does not tell."""
    return Vitals(temperature_c=_temperature_c(temperature_file), storage_free_bytes=_free(state_folder))


def _temperature_c(file: Path) -> float | None:
    try:
        return int(file.read_text(encoding="ascii")) / _MILLI
    except (OSError, ValueError):
        return None


def _free(folder: Path) -> int | None:
    try:
        return free_bytes(folder)
    except OSError:
        return None
