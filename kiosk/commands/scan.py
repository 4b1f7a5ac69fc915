"""`kiosk scan TEXT`: what the desk would answer, without recording anything."""

from __future__ import annotations

import asyncio
import contextlib
import json
from zoneinfo import ZoneInfo

import click

from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import Answer, CardNumber, Facts, Finding, Language
from kiosk.cards.number import parse
from kiosk.cards.programme import DOORS_OPEN_BEFORE, chosen_event
from kiosk.cards.rules import decide
from kiosk.cards.unreadable import Unreadable
from kiosk.clock import Moment, SystemClock
from kiosk.commands.places import places_of, require_database
from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.exits import Exit
from kiosk.flow.day import day_around
from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.seal import LookupKeys
from kiosk.wiring import number_forms

EXIT_OF = {Answer.ACCEPT: Exit.OK, Answer.ASK: Exit.ASK, Answer.REFUSE: Exit.REFUSE}


def scan(config: Config, text: str, *, event_id: str | None, as_json: bool) -> Exit:
    """Print the decision for `text`; the exit code is the answer.

    The register is not asked, so course limits are answered as the venue's policy says for a register that cannot
    be reached; the list's own age decides whether an unknown card is unknown or merely not verified.
    """
    number = parse(text, number_forms(config))
    if isinstance(number, Unreadable):
        _print({"answer": "unreadable", "reasons": [number.why.value]}, as_json=as_json)
        return Exit.UNREADABLE
    places = places_of(config)
    require_database(places)
    now = SystemClock(always_trusted=config.kiosk.clock == "trusted").now()
    zone = ZoneInfo(config.kiosk.time_zone)
    with contextlib.closing(Database.open(places.database)) as database:
        catalogue = Catalogue(database, door=config.kiosk.name)
        facts = asyncio.run(_facts(catalogue, number, zone, event_id, now))
    decision = decide(facts, now.utc, zone)
    shown: dict[str, object] = {
        "answer": decision.answer.value,
        "reasons": [_reason(finding) for finding in decision.findings],
        "card": None if facts.card is None else facts.card.kind.value,
        "event": None if facts.event is None else facts.event.name.in_language(Language(config.kiosk.language)),
    }
    _print(shown, as_json=as_json)
    return EXIT_OF[decision.answer]


async def _facts(catalogue: Catalogue, number: CardNumber, zone: ZoneInfo, event_id: str | None, now: Moment) -> Facts:
    profile = await catalogue.profile()
    if profile is None:
        raise KioskError("This kiosk has not heard from the register yet, so it cannot look cards up.")
    day = day_around(now.utc, zone)
    events = await catalogue.events(day[0], day[1] + DOORS_OPEN_BEFORE)
    if event_id is not None and all(event.id != event_id for event in events):
        raise KioskError(f"There is no event {event_id} today.")
    event = chosen_event(events, EventChoice(automatic=event_id is None, event_id=event_id), now.utc)
    state = await catalogue.feed_state()
    return await catalogue.facts(
        await LookupKeys(profile.lookup).key_of(number),
        None if event is None else event.id,
        day=day,
        online=state.list_synced_at is not None,
        clock_trusted=now.trusted,
        course_uses=None,
    )


def _reason(finding: Finding) -> dict[str, object]:
    facts = {"day": finding.day, "at": finding.at, "door": finding.door, "count": finding.count}
    known = {name: str(value) for name, value in facts.items() if value is not None}
    return {"reason": finding.reason.value, "answer": finding.answer.value, **known}


def _print(shown: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(str(shown["answer"]))
    reasons = shown["reasons"]
    for each in reasons if isinstance(reasons, list) else ():
        words = each if isinstance(each, str) else " ".join(str(value) for value in each.values())
        click.echo(f"  {words}")
