"""What the kiosk says aloud: the visitor's sign and nothing more, since all who stand there hear it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from kiosk.cards.desk_state import Desk, Notice, Phase
from kiosk.cards.model import Language
from kiosk.config import Config
from kiosk.feedback.voice import Saying, Voice
from kiosk.health import Health
from kiosk.screen import words
from kiosk.screen.translations import Translator, load_translators
from kiosk.screen.views import visitor_sign

_SPOKEN_PHASES = (Phase.PRESENTED, Phase.RECORDED)


def voice_of(config: Config, health: Health) -> Voice | None:
    """Who speaks; None where nobody is to."""
    speech = config.speech
    if speech.program is None:
        return None
    language = Language(speech.language or config.kiosk.language)
    t = load_translators(ZoneInfo(config.kiosk.time_zone))[language]
    return Voice(speech.program, language.value, lambda desk: saying_of(desk, t), health)


def saying_of(desk: Desk, t: Translator) -> Saying | None:
    """What is said of `desk`; None while there is no verdict to tell. Asked and refused sound the same."""
    told_off = desk.notice is Notice.TRAY_FULL or (desk.mode.locked and desk.notice is Notice.LOCKED)
    speaks = desk.phase is not Phase.READING if told_off else not desk.mode.locked and desk.phase in _SPOKEN_PHASES
    if not speaks:
        return None
    on_desk = desk.presented or desk.recorded
    sign = visitor_sign(desk)
    about = f"{'' if on_desk is None else on_desk.id} {desk.notice_since_ms if told_off else ''} {sign}"
    return about, words.sign(t, sign)
