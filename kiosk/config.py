"""The kiosk's configuration: read once, checked whole, frozen."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.errors import ConfigError
from kiosk.fitting import problems_of_pins, problems_of_scanners
from kiosk.sections import (
    AnnouncementsSection,
    BackupSection,
    DeskSection,
    KioskSection,
    LogSection,
    NumbersSection,
    RegisterSection,
    ScreenSection,
)
from kiosk.sections_devices import (
    ButtonsSection,
    GpioSection,
    LampsSection,
    ScannerSection,
    SoundSection,
    SpeechSection,
)
from kiosk.settings import Setting, read_section, settings_of, suggestion

DEFAULT_FILE = Path("/etc/kiosk/kiosk.toml")
TOKEN_CREDENTIAL = "enrolment-token"  # noqa: S105  # the credential's name, not its content

_SECTIONS: Mapping[str, type] = {
    "kiosk": KioskSection,
    "register": RegisterSection,
    "numbers": NumbersSection,
    "desk": DeskSection,
    "screen": ScreenSection,
    "lamps": LampsSection,
    "sound": SoundSection,
    "speech": SpeechSection,
    "buttons": ButtonsSection,
    "gpio": GpioSection,
    "announcements": AnnouncementsSection,
    "backup": BackupSection,
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
    sound: SoundSection = field(default_factory=SoundSection)
    speech: SpeechSection = field(default_factory=SpeechSection)
    buttons: ButtonsSection = field(default_factory=ButtonsSection)
    gpio: GpioSection = field(default_factory=GpioSection)
    announcements: AnnouncementsSection = field(default_factory=AnnouncementsSection)
    backup: BackupSection = field(default_factory=BackupSection)
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
    except RecursionError:
        raise ConfigError([f"{path} is not valid TOML: its lists lie too deep in each other."]) from None
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
    problems.extend(problems_of_scanners(read))
    problems.extend(problems_of_pins(sections["lamps"], sections["buttons"], sections["sound"]))
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
