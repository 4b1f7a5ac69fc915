"""The parts of the configuration: every setting with its default, its check and its explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.settings import (
    number,
    one_of,
    optional_text,
    pattern,
    setting,
    text,
    texts,
    whole_number,
    yes_or_no,
)


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
    key_days: int = setting(90, whole_number(0, 3650), "Age in days at which the kiosk's key is renewed; 0: never.")


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
    command_codes: bool = setting(
        True,
        yes_or_no,
        "Whether the printed codes of `kiosk print commands` work; false where visitors reach the scanner alone.",
    )
    lock_idle_min: float = setting(
        0.0,
        number(0, 1440),
        "The desk locks by itself when nobody has used it or the venue's pages for so long; 0: never. Needs a PIN; not "
        "in self-service.",
    )
    undo_min: float = setting(15.0, number(0, 60), "How long a recorded use can be undone at the kiosk.")


@dataclass(frozen=True, slots=True)
class ScreenSection:
    """The pages for staff and visitor."""

    host: str = setting("127.0.0.1", text, "Address to listen on; only this machine by default.")
    port: int = setting(8080, whole_number(0, 65_535), "Port to listen on; 0 takes any free one.")
    allowed_hosts: tuple[str, ...] = setting((), texts, "Further host names that pages may be asked for by.")
    certificate: str | None = setting(
        None, optional_text, "TLS certificate chain (PEM); needed where `host` is more than this machine."
    )
    certificate_key: str | None = setting(None, optional_text, "Its private key (PEM).")
    own_screen_port: int = setting(
        8081,
        whole_number(0, 65_535),
        "Port on 127.0.0.1 where the kiosk's own screen gets the pages, plain, if there is a `certificate`.",
    )
    pin_idle_min: float = setting(10.0, number(1, 480), "How long the venue's pages stay open unused.")


@dataclass(frozen=True, slots=True)
class AnnouncementsSection:
    """Machine-readable announcements."""

    lines: str | None = setting(
        None, optional_text, "File, FIFO or “-” (standard output) that gets one JSON line for each change of the desk."
    )


@dataclass(frozen=True, slots=True)
class BackupSection:
    """The daily copy of the database."""

    folder: str | None = setting(
        None, optional_text, "Folder of the copies, best on another disk; by default `copies` in the state folder."
    )
    keep: int = setting(7, whole_number(1, 366), "How many copies stay; the oldest go earlier where the disk is full.")
    hour: int = setting(4, whole_number(0, 23), "Local hour from which the day's copy is due.")
    stick_folder: str | None = setting(
        None,
        optional_text,
        "Place of a stick that is to have the nightly copies, such as /srv/kiosk-copies: none in, or no copy on it for "
        "three days, is said in health. By default no stick is waited for.",
    )


@dataclass(frozen=True, slots=True)
class LogSection:
    """The log on standard error, which systemd keeps."""

    level: str = setting("info", one_of("debug", "info", "warning", "error"), "Least serious lines to write.")
