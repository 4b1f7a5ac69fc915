"""The page of all settings, written from the settings themselves."""

from __future__ import annotations

import json

from kiosk.config import SETTINGS
from kiosk.settings import Setting


def settings_page() -> str:
    """Every setting with its default and what it means, as Markdown."""
    head = (
        "# Settings\n\n"
        "Written by `kiosk config --explain`. The file is TOML; `scanner` settings stand under `[[scanner]]`, one for "
        "each scanner.\n\n| setting | default | meaning |\n| --- | --- | --- |\n"
    )
    return head + "".join(f"| `{each.name}` | {_default(each)} | {each.explanation} |\n" for each in SETTINGS)


def _default(setting: Setting) -> str:
    value = setting.default
    if value is None:
        return "not set"
    shown = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return f"`{shown}`"
