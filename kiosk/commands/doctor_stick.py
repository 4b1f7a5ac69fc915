"""What `kiosk doctor` says of the stick that is to have the nightly copies; never that the kiosk cannot work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.clock import Moment
from kiosk.config import Config
from kiosk.findings import Finding, passed, warned
from kiosk.store.stick import PART, Stick, newest_on
from kiosk.wiring import system_clock

DO = (
    "Plug in a stick with the label KIOSKCOPY (ext4); `systemctl start kiosk-backup` makes a copy now, and "
    "`journalctl -u kiosk-backup` says why the nightly one failed."
)


def stick_seen(config: Config, look: Callable[[Path, Moment], Stick] = newest_on) -> Iterator[Finding]:
    """A finding where the configuration says that a stick is to have the copies."""
    if config.backup.stick_folder is None:
        return
    stick = look(Path(config.backup.stick_folder), system_clock(config).now())
    if stick.wrong or stick.made_at is None:
        yield warned(PART, stick.wrong, DO)
    else:
        made_at = stick.made_at.astimezone(ZoneInfo(config.kiosk.time_zone))
        yield passed(PART, f"the newest copy on it is of {made_at:%Y-%m-%d %H:%M}")
