"""The tray: who waits there, how long, and that nobody falls out of it unsaid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.cards.desk import step
from kiosk.cards.desk_effects import DecideAgain
from kiosk.cards.desk_events import BroughtBack, CancelPressed, ConfirmPressed, ModeSet, Tick, Unread
from kiosk.cards.desk_state import Desk, DeskMode, Notice, Phase
from kiosk.cards.model import CardIdentity, Facts, Tickets
from kiosk.cards.unreadable import UnreadableWhy
from tests.unit.cards.examples import COMMUNITY_CARD, NOW, OTHER_IDENTITY, facts
from tests.unit.cards.test_desk import (
    ASKED,
    AT_MS,
    BASE,
    DESKS,
    FINE,
    PRESENTED,
    REFUSED,
    TIMES,
    WAITING,
    decided,
    presentation,
    read,
)


def test_a_different_card_puts_the_first_one_into_the_tray() -> None:
    first = presentation("first")
    desk = Desk(phase=PRESENTED, presented=first)
    after, _ = read(desk, decided(identity=OTHER_IDENTITY))
    assert (after.presented, after.tray) == (
        presentation("new", identity=OTHER_IDENTITY, at_ms=AT_MS),
        (first,),
    )


def test_a_card_whose_tickets_are_not_right_yet_goes_into_the_tray_too() -> None:
    without_client = presentation("first", facts(card=COMMUNITY_CARD), tickets=Tickets())
    after, _ = read(Desk(phase=PRESENTED, presented=without_client), decided(identity=OTHER_IDENTITY))
    assert after.tray == (without_client,)


def test_a_refused_card_does_not_go_into_the_tray() -> None:
    desk = Desk(phase=PRESENTED, presented=presentation(about=REFUSED))
    after, _ = read(desk, decided(identity=OTHER_IDENTITY))
    assert after.tray == ()


def test_a_card_presented_again_does_not_wait_in_the_tray_as_well() -> None:
    after, _ = read(BASE, decided(identity=OTHER_IDENTITY))
    assert (after.presented, after.tray) == (presentation("new", identity=OTHER_IDENTITY, at_ms=AT_MS), ())


FULL = tuple(presentation(f"waiting-{n}", identity=CardIdentity(f"{n:032}", None, "00")) for n in range(5))
CROWDED = Desk(phase=PRESENTED, presented=presentation(), tray=FULL)
NOT_TAKEN = replace(CROWDED, notice=Notice.TRAY_FULL, notice_since_ms=AT_MS)


@pytest.mark.parametrize("about", [FINE, ASKED, REFUSED], ids=["accepted", "asked", "refused"])
def test_a_card_that_would_push_one_out_of_a_full_tray_is_not_taken_and_not_counted(about: Facts) -> None:
    assert read(CROWDED, decided(about=about, identity=OTHER_IDENTITY)) == (NOT_TAKEN, ())


def test_not_even_what_is_no_card_pushes_one_out() -> None:
    assert read(CROWDED, Unread("new", UnreadableWhy.NOT_A_CARD, AT_MS)) == (NOT_TAKEN, ())


def test_without_staff_a_card_is_not_recorded_in_the_place_of_one_that_waits() -> None:
    alone = replace(CROWDED, presented=presentation(about=ASKED), mode=DeskMode(self_service=True))
    after, effects = read(alone, decided(identity=OTHER_IDENTITY))
    assert (after, effects) == (replace(alone, notice=Notice.TRAY_FULL, notice_since_ms=AT_MS), ())


def test_a_full_tray_has_room_for_one_of_its_own_cards_and_for_one_after_a_refused_card() -> None:
    again, _ = read(CROWDED, decided(identity=CardIdentity(f"{2:032}", None, "00")))
    assert ([card.id for card in again.tray], again.presented is not None and again.presented.id) == (
        ["waiting-0", "waiting-1", "waiting-3", "waiting-4", "card"],
        "new",
    )
    after, _ = read(replace(CROWDED, presented=presentation(about=REFUSED)), decided(identity=OTHER_IDENTITY))
    assert (after.tray, after.presented is not None and after.presented.id, after.notice) == (FULL, "new", None)


def test_that_a_card_was_not_taken_is_said_until_something_else_lies_on_the_desk() -> None:
    desk = replace(NOT_TAKEN, shown_since_ms=AT_MS)
    assert step(desk, Tick(NOW, AT_MS + 60_000), TIMES) == (desk, ())
    for event in (
        ConfirmPressed("card", AT_MS),
        CancelPressed("card", AT_MS),
        BroughtBack("waiting-3", AT_MS),
        decided("card", REFUSED),
    ):
        assert step(desk, event, TIMES)[0].notice is None, event


def test_it_is_still_said_when_the_card_on_the_desk_is_held_to_the_scanner_once_more() -> None:
    asked = replace(NOT_TAKEN, presented=presentation(about=ASKED))
    assert read(asked, decided(about=ASKED)) == (asked, ())


def test_behind_the_lock_a_card_waits_once_and_a_sixth_is_not_taken_and_not_counted() -> None:
    desk = Desk(mode=DeskMode(locked=True))
    for key, name in (("1", "p1"), ("2", "p2"), ("1", "p3")):
        desk, _ = read(desk, decided(name, identity=CardIdentity(key * 32, None, "00")))
    assert ([card.id for card in desk.tray], desk.notice) == (["p2", "p3"], Notice.LOCKED)
    full = Desk(mode=DeskMode(locked=True), tray=FULL)
    after, effects = read(full, decided(about=REFUSED, identity=OTHER_IDENTITY))
    assert (after, effects) == (replace(full, notice=Notice.TRAY_FULL, notice_since_ms=AT_MS), ())
    later, _ = step(after, Tick(NOW, AT_MS + 6_000), TIMES)
    assert later == replace(full, notice_since_ms=AT_MS), "others come, and each is told what became of their own card"


def test_a_refused_visitor_who_waits_behind_the_lock_is_counted_once_however_often_the_card_is_shown() -> None:
    desk, counted = Desk(mode=DeskMode(locked=True)), []
    for name in ("first", "second"):
        desk, effects = read(desk, decided(name, REFUSED))
        counted.append(len(effects))
    unlocked, _ = step(desk, ModeSet(DeskMode(), AT_MS), TIMES)
    shown, effects = read(unlocked, decided("third", REFUSED))
    assert (counted, effects, shown.tray) == ([1, 0], (), ())


@pytest.mark.parametrize("crowded", [CROWDED, Desk(mode=DeskMode(locked=True))], ids=["unlocked", "locked"])
def test_a_card_that_waits_is_taken_again_also_where_the_lock_put_a_sixth_into_the_tray(crowded: Desk) -> None:
    six = (*FULL, presentation("sixth", identity=OTHER_IDENTITY))
    after, _ = read(replace(crowded, tray=six), decided(identity=OTHER_IDENTITY))
    assert (len(after.tray), after.notice is Notice.TRAY_FULL) == (6, False)


def test_a_lock_keeps_the_card_on_the_desk_also_beside_a_full_tray() -> None:
    locked, _ = step(CROWDED, ModeSet(DeskMode(locked=True), AT_MS), TIMES)
    assert [card.id for card in locked.tray] == [*(card.id for card in FULL), "card"]


def test_a_card_in_the_tray_waits_for_two_minutes_and_does_not_go_unsaid() -> None:
    desk = Desk(tray=(presentation(at_ms=0),))
    assert step(desk, Tick(NOW, 120_000), TIMES) == (desk, ())
    gone = Desk(notice=Notice.TIMED_OUT, notice_since_ms=120_001)
    assert step(desk, Tick(NOW, 120_001), TIMES) == (gone, ())
    on_paper = replace(desk, notice=Notice.NOT_RECORDED, notice_since_ms=120_000)
    assert step(on_paper, Tick(NOW, 120_001), TIMES) == (replace(on_paper, tray=()), ())


def test_a_card_brought_back_changes_places_with_the_one_on_the_desk_and_is_decided_again() -> None:
    on_desk = presentation()
    desk = replace(DESKS[PRESENTED], presented=on_desk)
    back = replace(desk, presented=replace(WAITING, at_ms=AT_MS), tray=(on_desk,), shown_since_ms=AT_MS)
    assert step(desk, BroughtBack("waiting", AT_MS), TIMES) == (
        back,
        (DecideAgain("waiting", OTHER_IDENTITY),),
    )


def test_a_card_that_leaves_the_tray_behind_an_old_word_is_said_to() -> None:
    """The tick comes late, as on a machine that stood still: both have had their time."""
    waiting = presentation("p1")
    closed = Desk(phase=Phase.OUT_OF_SERVICE, tray=(waiting,), notice=Notice.NOT_RECORDED, out_of_service_why="disk")
    at_ms = waiting.at_ms + 130_000
    after, _ = step(closed, Tick(NOW, at_ms), TIMES)
    assert after == replace(closed, tray=(), notice=Notice.TIMED_OUT, notice_since_ms=at_ms)
