"""The kiosk's configuration: read once, checked whole, frozen."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.errors import ConfigError
from kiosk.settings import (
    Setting,
    number,
    one_of,
    optional_text,
    pattern,
    read_section,
    setting,
    settings_of,
    suggestion,
    text,
    texts,
    whole_number,
    yes_or_no,
)

DEFAULT_FILE = Path("/etc/kiosk/kiosk.toml")
TOKEN_CREDENTIAL = "enrolment-token"  # noqa: S105  # the credential's name, not its content
_GPIO_LINES = 53


def _time_zone(value: Any) -> str:
    try:
        ZoneInfo(text(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Europe/Helsinki") from None
    return str(value)


def _register_url(value: Any) -> str | None:
    parts = urlsplit(value) if isinstance(value, str) else None
    plain = parts is not None and parts.hostname and not (parts.query or parts.fragment or parts.username)
    if parts is None or not plain or parts.scheme not in ("https", "http"):
        raise ValueError("an address such as https://register.example, without a password in it")
    return str(value).rstrip("/")


def _usb_id(value: Any) -> str | None:
    try:
        if isinstance(value, str) and 0 <= int(value, 16) <= 0xFFFF:  # noqa: PLR2004  # USB ids are 16 bits
            return f"{int(value, 16):04x}"
    except ValueError:
        pass
    raise ValueError('four hexadecimal digits in quotes, such as "0c2e"')


_pin = whole_number(0, _GPIO_LINES)


@dataclass(frozen=True, slots=True)
class KioskSection:
    """The device and its place."""

    name: str = setting("Kiosk", text, "Name of the door, as staff know it; told to the venue's other doors.")
    state_dir: str = setting("/var/lib/kiosk", text, "Folder of the database and the kiosk's identity.")
    language: str = setting("fi", one_of("fi", "sv", "en"), "Language of a page that has not chosen one.")
    time_zone: str = setting("Europe/Helsinki", _time_zone, "The venue's time zone; card days are counted in it.")
    clock: str = setting(
        "kernel",
        one_of("kernel", "trusted"),
        "Whose word on the clock counts: the kernel's own, or always trusted (a machine whose host keeps the time).",
    )


@dataclass(frozen=True, slots=True)
class RegisterSection:
    """The way to the register."""

    url: str | None = setting(None, _register_url, "Address of the register. Needed by `kiosk run`.")
    ca_file: str | None = setting(None, optional_text, "Certificate authority to trust in place of the system's.")
    token_file: str | None = setting(
        None,
        optional_text,
        "File with the one-time enrolment token; the systemd credential `enrolment-token` comes first.",
    )
    allow_insecure: bool = setting(False, yes_or_no, "Allow http:// to another machine. For tests only.")
    timeout_s: float = setting(10.0, number(0.1, 120), "Longest wait for an answer.")
    heartbeat_s: float = setting(60.0, number(1, 86_400), "Time between two heartbeats.")
    retry_first_s: float = setting(1.0, number(0.01, 600), "First pause after a failure; doubles, with jitter.")
    retry_longest_s: float = setting(300.0, number(0.01, 86_400), "Longest pause between two tries.")


@dataclass(frozen=True, slots=True)
class NumbersSection:
    """What a card number looks like (open in DOMAIN.md)."""

    form: str = setting(
        "(?=[A-Z0-9]*[0-9])[A-Z0-9]{4,32}",
        pattern,
        "Regular expression of a whole card number after normalising (upper case, no spaces or hyphens).",
    )
    link_hosts: tuple[str, ...] = setting((), texts, "Hosts whose links may carry a number; empty means any.")
    link_parameters: tuple[str, ...] = setting(
        ("number", "tunnus", "kortti", "card", "id", "n"), texts, "Link parameters that may hold the number."
    )


@dataclass(frozen=True, slots=True)
class DeskSection:
    """How long things stay on the desk."""

    confirm_again_after_s: float = setting(3.0, number(1, 60), "The same card read again after this confirms.")
    recorded_shown_s: float = setting(1.5, number(0, 60), "How long “recorded” stays.")
    refusal_shown_s: float = setting(10.0, number(1, 600), "How long a refusal stays.")
    unanswered_shown_s: float = setting(120.0, number(5, 3600), "How long a card waits for confirm or cancel.")
    undo_min: float = setting(15.0, number(0, 60), "How long a recorded use can be undone at the kiosk.")


@dataclass(frozen=True, slots=True)
class ScreenSection:
    """The pages for staff and visitor."""

    host: str = setting("127.0.0.1", text, "Address to listen on; only this machine by default.")
    port: int = setting(8080, whole_number(0, 65_535), "Port to listen on; 0 takes any free one.")
    allowed_hosts: tuple[str, ...] = setting((), texts, "Further host names that pages may be asked for by.")


@dataclass(frozen=True, slots=True)
class LampsSection:
    """Lamps and buzzer; a pin that is left out is not there."""

    kind: str = setting("none", one_of("none", "gpio", "simulated"), "No lamps, real pins, or pins shown on the page.")
    red_pin: int | None = setting(None, _pin, "GPIO number of the red lamp.")
    amber_pin: int | None = setting(None, _pin, "GPIO number of the amber lamp.")
    green_pin: int | None = setting(None, _pin, "GPIO number of the green lamp.")
    heard_pin: int | None = setting(None, _pin, "GPIO number of the white or blue “heard you” lamp.")
    buzzer_pin: int | None = setting(None, _pin, "GPIO number of the active buzzer.")
    active_high: bool = setting(True, yes_or_no, "Whether a high level switches on.")


@dataclass(frozen=True, slots=True)
class AnnouncementsSection:
    """Machine-readable announcements."""

    lines: str | None = setting(
        None, optional_text, "File, FIFO or “-” (standard output) that gets one JSON line for each change of the desk."
    )


@dataclass(frozen=True, slots=True)
class LogSection:
    """The log on standard error, which systemd keeps."""

    level: str = setting("info", one_of("debug", "info", "warning", "error"), "Least serious lines to write.")


@dataclass(frozen=True, slots=True)
class ScannerSection:
    """One `[[scanner]]`; there may be several."""

    kind: str = setting("hid", one_of("hid", "lines", "camera"), "A USB keyboard scanner, lines of text, or a camera.")
    vendor: str | None = setting(None, _usb_id, "USB vendor id of a hid scanner.")
    product: str | None = setting(None, _usb_id, "USB product id of a hid scanner.")
    name: str | None = setting(None, optional_text, "Part of the name of a hid scanner.")
    path: str | None = setting(
        None,
        optional_text,
        "Device path of a hid scanner; file, FIFO or “-” of lines; for a camera “picamera” (the Pi's own), a video "
        "device such as /dev/video0, a folder of pictures, or a FIFO that names pictures.",
    )
    code39_check: str = setting(
        "auto",
        one_of("auto", "always", "never"),
        "Whether the Code39 on the cards that a camera sees ends in a check character; “auto”: the card list decides.",
    )
    layout: str = setting("us", one_of("us", "fi"), "Keyboard layout a hid scanner types in.")


_SECTIONS: Mapping[str, type] = {
    "kiosk": KioskSection,
    "register": RegisterSection,
    "numbers": NumbersSection,
    "desk": DeskSection,
    "screen": ScreenSection,
    "lamps": LampsSection,
    "announcements": AnnouncementsSection,
    "log": LogSection,
}

SETTINGS: tuple[Setting, ...] = (
    *(each for name, section in _SECTIONS.items() for each in settings_of(section, name)),
    *settings_of(ScannerSection, "scanner"),
)
"""Every setting with its default and its explanation."""


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration."""

    kiosk: KioskSection = field(default_factory=KioskSection)
    register: RegisterSection = field(default_factory=RegisterSection)
    numbers: NumbersSection = field(default_factory=NumbersSection)
    desk: DeskSection = field(default_factory=DeskSection)
    screen: ScreenSection = field(default_factory=ScreenSection)
    lamps: LampsSection = field(default_factory=LampsSection)
    announcements: AnnouncementsSection = field(default_factory=AnnouncementsSection)
    log: LogSection = field(default_factory=LogSection)
    scanners: tuple[ScannerSection, ...] = ()


def load(path: Path) -> Config:
    """The configuration in the TOML file `path`; raises ConfigError with every problem at once."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError([f"There is no configuration file {path}. Name one with --config FILE."]) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError([f"The configuration file {path} cannot be read: {problem}."]) from None
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError([f"{path} is not valid TOML: {problem}."]) from None
    return parse(document)


def parse(document: Mapping[str, Any]) -> Config:
    """The configuration in a TOML document; raises ConfigError with every problem at once."""
    problems: list[str] = []
    known = (*_SECTIONS, "scanner")
    problems.extend(
        f"[{name}] is not a part of the configuration.{suggestion(name, known)}"
        for name in document
        if name not in known
    )
    sections: dict[str, Any] = {
        name: read_section(section, name, document.get(name, {}), problems) for name, section in _SECTIONS.items()
    }
    scanners = document.get("scanner", [])
    if not isinstance(scanners, list):
        problems.append("scanner must be a list: write [[scanner]] with two brackets.")
        scanners = []
    read = tuple(read_section(ScannerSection, "scanner", table, problems) for table in scanners)
    problems.extend(_problems_of_scanners(read))
    problems.extend(_problems_of_lamps(sections["lamps"]))
    if problems:
        raise ConfigError(problems)
    return Config(**sections, scanners=read)


def effective(config: Config) -> dict[str, Any]:
    """The configuration as plain data, as `kiosk config` prints it."""
    plain = dataclasses.asdict(config)
    plain["scanner"] = [dict(scanner) for scanner in plain.pop("scanners")]
    return plain


def token_file(config: Config) -> Path | None:
    """Where the one-time enrolment token is to be read: systemd's credential, else the configured file."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and (Path(folder) / TOKEN_CREDENTIAL).exists():
        return Path(folder) / TOKEN_CREDENTIAL
    return Path(config.register.token_file) if config.register.token_file else None


def _problems_of_scanners(scanners: tuple[ScannerSection, ...]) -> list[str]:
    problems = []
    for scanner in scanners:
        if scanner.kind == "lines" and scanner.path is None:
            problems.append('scanner.path is missing: a scanner of kind "lines" needs a file, a FIFO or "-".')
        if scanner.kind == "camera" and scanner.path is None:
            problems.append(
                'scanner.path is missing: a scanner of kind "camera" needs "picamera", a video device or pictures.'
            )
        if scanner.kind == "hid" and not (scanner.path or scanner.name or (scanner.vendor and scanner.product)):
            problems.append('scanner: a scanner of kind "hid" needs a path, a name, or vendor and product.')
    return problems


def _problems_of_lamps(lamps: LampsSection) -> list[str]:
    pins: dict[int, str] = {}
    problems = []
    for each in dataclasses.fields(lamps):
        pin = getattr(lamps, each.name)
        if not each.name.endswith("_pin") or pin is None:
            continue
        if pin in pins:
            problems.append(f"lamps.{each.name} and lamps.{pins[pin]} are both on GPIO {pin}.")
        pins[pin] = each.name
    return problems
