"""Devices that enrolled more than once: several kiosks by name, and one for all that they recorded."""

from __future__ import annotations

import sqlite_utils


def same_device(one: str, other: str) -> str:
    """SQL for whether two columns with ids of kiosks name one device."""
    return f"({_device(one)} = {_device(other)})"


def device_of(db: sqlite_utils.Database, kiosk_id: str) -> str:
    """The id by which the device was first taken in."""
    (device_id,) = db.execute(f"SELECT {_device(':kiosk')}", {"kiosk": kiosk_id}).fetchone()
    return str(device_id)


def names_of_device(db: sqlite_utils.Database, kiosk_id: str) -> list[str]:
    """Every id that the device of this kiosk ever had."""
    device_id = device_of(db, kiosk_id)
    later = db.execute("SELECT kiosk_id FROM continuations WHERE device_id = ? ORDER BY kiosk_id", (device_id,))
    return [device_id, *(each for (each,) in later)]


def continue_device(db: sqlite_utils.Database, kiosk_id: str, earlier_id: str) -> None:
    """The new kiosk is the device that was taken in as `earlier_id`, of the same venue, for ever."""
    db.execute("INSERT INTO continuations VALUES (?, ?)", (kiosk_id, device_of(db, earlier_id)))


def _device(kiosk_id: str) -> str:
    # The alias keeps a column `kiosk_id` of the query around it from being taken for the table's own.
    return (
        f"coalesce((SELECT named.device_id FROM continuations AS named WHERE named.kiosk_id = {kiosk_id}), {kiosk_id})"
    )
