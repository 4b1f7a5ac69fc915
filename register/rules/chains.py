"""What the chains of the kiosks' uses tell: what is missing, changed, or there twice (pure)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from contract.chain import FIRST


class What(StrEnum):
    """Kinds of findings; all but the first need a person."""

    AWAITED = "awaited"
    """Later uses are here, these are not yet: they may be put off, parked, or in a file."""
    MISSING = "missing"
    """Awaited for too long."""
    CHANGED = "changed"
    """The use is not what its kiosk hashed: changed on the kiosk, on the way, or here."""
    BROKEN = "broken"
    """The use names another one before it than the one that is here."""
    FORKED = "forked"
    """Two uses at one place: an older copy of the kiosk's database was put back, or somebody wrote one."""


@dataclass(frozen=True, slots=True)
class Linked:
    """One use with its place in a chain, as the register holds it."""

    chain: str
    position: int
    use_id: str
    sequence: int
    door: str
    previous: str
    hash: str
    computed: str
    """The hash of what the register holds."""
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class HeadTold:
    """How far a chain reaches by its kiosk's word."""

    chain: str
    position: int
    door: str
    told_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ChainFinding:
    """One thing that a chain tells."""

    what: What
    chain: str
    door: str
    first: int
    last: int
    """Positions in the chain, both inclusive."""
    between: tuple[int, int]
    """Places in the kiosk's queue (`kiosk queue show`) around it: the use before and the one after (0: none)."""
    use_ids: tuple[str, ...]
    since: dt.datetime


def findings_of(
    links: Iterable[Linked], heads: Iterable[HeadTold], now: dt.datetime, patience: dt.timedelta
) -> Iterator[ChainFinding]:
    """All findings; a gap is `missing` when a later use, or word of one, has been here for `patience`.

    `links` come chain by chain, in whatever order within one: only one chain is held at a time.
    """
    told = {head.chain: head for head in heads}
    for name, chain in groupby(links, key=lambda link: link.chain):
        places = [tuple(same) for _, same in groupby(sorted(chain, key=_order), key=lambda link: link.position)]
        yield from _findings_of_chain(places, now, patience)
        head, last = told.pop(name, None), places[-1][0]
        if head is not None and head.position > last.position:
            yield _end_lacking(head, last.position + 1, last.sequence, now, patience)
    for head in told.values():
        yield _end_lacking(head, 1, 0, now, patience)


def _findings_of_chain(
    places: Sequence[tuple[Linked, ...]], now: dt.datetime, patience: dt.timedelta
) -> Iterator[ChainFinding]:
    since = _first_arrival_from(places)
    before: tuple[Linked, ...] = ()
    for place, known_since in zip(places, since, strict=True):
        first = before[0].position + 1 if before else 1
        if place[0].position > first:
            yield _gap(_lacking(known_since, now, patience), before, place[0], first, known_since)
        hashes = {link.hash for link in before} if before else {FIRST}
        for link in place:
            if link.computed != link.hash:
                yield _about(What.CHANGED, before, (link,))
            elif place[0].position == first and link.previous not in hashes:
                yield _about(What.BROKEN, before, (link,))
        if len(place) > 1:
            yield _about(What.FORKED, before, place)
        before = place


def _first_arrival_from(places: Sequence[tuple[Linked, ...]]) -> list[dt.datetime]:
    """For each place, when the first use of it or of a later place arrived."""
    arrivals: list[dt.datetime] = []
    for place in reversed(places):
        arrived = min(link.received_at for link in place)
        arrivals.append(min(arrived, arrivals[-1]) if arrivals else arrived)
    return arrivals[::-1]


def _lacking(since: dt.datetime, now: dt.datetime, patience: dt.timedelta) -> What:
    return What.MISSING if now - since >= patience else What.AWAITED


def _end_lacking(head: HeadTold, first: int, after: int, now: dt.datetime, patience: dt.timedelta) -> ChainFinding:
    what = _lacking(head.told_at, now, patience)
    return ChainFinding(what, head.chain, head.door, first, head.position, (after, 0), (), head.told_at)


def _gap(what: What, before: tuple[Linked, ...], after: Linked, first: int, since: dt.datetime) -> ChainFinding:
    between = (before[0].sequence if before else 0, after.sequence)
    return ChainFinding(what, after.chain, after.door, first, after.position - 1, between, (), since)


def _about(what: What, before: tuple[Linked, ...], links: tuple[Linked, ...]) -> ChainFinding:
    one = links[0]
    between = (before[0].sequence if before else 0, one.sequence)
    ids = tuple(link.use_id for link in links)
    since = max(link.received_at for link in links)
    return ChainFinding(what, one.chain, one.door, one.position, one.position, between, ids, since)


def _order(link: Linked) -> tuple[int, dt.datetime, str]:
    return link.position, link.received_at, link.use_id
