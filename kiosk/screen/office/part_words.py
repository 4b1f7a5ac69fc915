"""The kiosk's parts by names that staff know; their names in the log are for the technician."""

from __future__ import annotations

from kiosk.screen.translations import Translator


def part(t: Translator, name: str) -> str:
    """What staff call the part `name`, which may be one of several: `scanner 2 (…)`; empty for an unknown one."""
    kind, _, which = name.partition(" ")
    match kind, name:
        case _, "database":
            return t.gettext("The kiosk's records")
        case _, "page":
            return t.gettext("The desk's page")
        case _, "lamps":
            return t.gettext("Lamps and sounds")
        case _, "choice":
            return t.gettext("Choice of the event")
        case _, "announcements":
            return t.gettext("Announcements")
        case _, "voice":
            return t.gettext("Spoken verdict")
        case _, "buttons":
            return t.gettext("Buttons")
        case _, "plugging":
            return t.gettext("Plugging in of devices")
        case _, "enrolment":
            return t.gettext("Enrolment with the register")
        case _, "upload":
            return t.gettext("Sending to the register")
        case _, "records not taken":
            return t.gettext("Records that the register does not take")
        case _, "heartbeat":
            return t.gettext("Sign of life to the register")
        case _, "news":
            return t.gettext("News from the register")
        case _, "news from a newer register":
            return t.gettext("News from a newer register")
        case _, "key":
            return t.gettext("The kiosk's key")
        case _, "lookup keys":
            return t.gettext("Keys of the card list")
        case _, "backup":
            return t.gettext("Copy of the records")
        case _, "stick":
            return t.gettext("Copies on the USB stick")
        case _, "clock":
            return t.gettext("Clock")
        case "scanner", _:
            return " ".join(filter(None, (t.gettext("Scanner"), which.partition(" ")[0])))
        case "camera", _:
            return t.gettext("Camera")
        case _:
            return ""
