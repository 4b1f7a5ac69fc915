"""Mistakes about what time it is, and about what the venue took back."""

from __future__ import annotations

from tests.simulation.mistake import Mistake

MISTAKES_OF_TIME = (
    Mistake(
        "refusals keep the hour that a wrong clock said",
        "kiosk/store/parcels.py",
        "            return replace(item, refused=_corrected(db, item.id, stamp))\n",
        "            return item\n",
        "another hour",
        from_seed=15,
    ),
    Mistake(
        "nobody is asked where the clock is not trusted",
        "kiosk/cards/findings.py",
        "return None if case.facts.clock_trusted else Finding(Answer.ASK, Reason.CLOCK_NOT_TRUSTED)",
        "return None",
        "did not say that its clock is not trusted|did not ask",
    ),
    Mistake(
        "the day of a clock that is not trusted turns cards away",
        "kiosk/cards/findings.py",
        "Answer.REFUSE if certain else Answer.ASK",
        "Answer.REFUSE",
        "turned a good card away",
        from_seed=192,
    ),
    Mistake(
        "the door that recorded a use is not told that the venue took it back",
        "register/intake/venue_annulments.py",
        "only_kiosk_id=None if use.told else use.kiosk_id)",
        "except_kiosk_id=use.kiosk_id)",
        "does not know that the venue",
    ),
    Mistake(
        "a register that was ahead once is believed for ever",
        "kiosk/sync/heartbeat.py",
        "if newest is not None and self._earlier.heard(server_time, now, newest):",
        "if newest is None:",
        "no longer says",
        from_seed=12,
    ),
)
