"""`register seed`."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from register.clock import SystemClock
from register.commands.opened import opened
from register.demo import cards, events, places, seed


def run(database: Path, *, demo: bool, numbered: int, random: int, as_json: bool) -> None:
    """Write what was asked for and print it."""
    now = SystemClock().now()
    named = (
        *(cards.CARDS if demo else ()),
        *(cards.numbered_card(position) for position in range(1, numbered + 1)),
    )
    with opened(database) as register:
        seed.seed_places(register, now)
        if named:
            seed.seed_cards(register, named, now)
        if random:
            seed.seed_random_cards(register, random, now)
    if as_json:
        click.echo(json.dumps(_as_values(named, random, now), ensure_ascii=False))
    else:
        _print_table(named, random, now)


def _as_values(named: tuple[cards.DemoCard, ...], random: int, now: dt.datetime) -> dict[str, Any]:
    return {
        "venues": [
            {"id": venue.id, "name": {"fi": venue.name.fi, "sv": venue.name.sv, "en": venue.name.en}}
            for venue in places.VENUES
        ],
        "events": [
            {
                "id": events.event_id_of(event),
                "slug": event.slug,
                "venue": event.venue_id,
                "name": event.name.en,
                "starts_at": events.listed(event, now).starts_at.isoformat(),
                "shows": event.shows,
            }
            for event in events.EVENTS
        ],
        "cards": [
            {"number": card.number, "kind": card.kind, "status": card.status, "shows": card.shows} for card in named
        ],
        "random_cards": random,
    }


def _print_table(named: tuple[cards.DemoCard, ...], random: int, now: dt.datetime) -> None:
    for venue in places.VENUES:
        click.echo(f"{venue.name.en} ({venue.id})")
        for event in events.EVENTS:
            if event.venue_id == venue.id:
                starts_at = events.listed(event, now).starts_at.astimezone()
                click.echo(f"  {starts_at:%H:%M}  {event.name.en}: {event.shows}")
    if named:
        width = max(len(card.number) for card in named)
        click.echo("\nInvented cards, to be typed or scanned at a kiosk:")
        for card in named:
            click.echo(f"  {card.number:{width}}  {card.shows}")
    if random:
        click.echo(f"\n{random} more cards under random keys, which nobody can show.")
    click.echo(f"\nNext: register token --venue {places.HALL}")
