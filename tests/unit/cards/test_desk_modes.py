"""The modes that lie over the desk's phases: every phase under a lock, practice, self-service, a closed desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.cards.desk import step
from kiosk.cards.desk_effects import Annul, CountRefusal, DecideAgain, Effect, LookUp, Record
from kiosk.cards.desk_events import (
    Annulled,
    BroughtBack,
    CancelPressed,
    ChildAdded,
    ConfirmPressed,
    Decided,
    DeskEvent,
    EventChosen,
    ModeRecalled,
    ModeSet,
    NothingToDo,
    PinEntered,
    PinRefused,
    Recorded,
    RecordFailed,
    Scanned,
    ServiceBack,
    ServiceLost,
    Tick,
    TicketsSet,
    Touched,
    UndoPressed,
    Unread,
)
from kiosk.cards.desk_modes import BY_HAND, is_left_alone
from kiosk.cards.desk_state import Desk, DeskMode, DeskTimes, EventChoice, Notice, Phase, PinProgress
from kiosk.cards.model import CardStatus, Facts, Scan, Tickets
from kiosk.cards.rules import decide
from kiosk.cards.unreadable import UnreadableWhy
from tests.support import desks
from tests.unit.cards.examples import COMMUNITY_CARD, HELSINKI, IDENTITY, NOW, a_use, facts

TIMES = DeskTimes()
AT_MS = 90_000
SCAN = Scan("x", "test")
LOCKED, PRACTICE = DeskMode(locked=True), DeskMode(practice=True)
CLOSED, ALONE = DeskMode(closed=True), DeskMode(self_service=True)
PHASES = {
    Phase.OUT_OF_SERVICE: desks.out_of_service(),
    Phase.READY: desks.ready(),
    Phase.READING: desks.reading(),
    Phase.PRESENTED: desks.presented(),
    Phase.RECORDING: replace(desks.presented(), phase=Phase.RECORDING),
    Phase.RECORDED: desks.recorded(),
}
HANDS: dict[type, DeskEvent] = {
    ConfirmPressed: ConfirmPressed(None, AT_MS),
    CancelPressed: CancelPressed(None, AT_MS),
    TicketsSet: TicketsSet("p1", Tickets(children=1), AT_MS),
    BroughtBack: BroughtBack("waiting", AT_MS),
    UndoPressed: UndoPressed("p1", NOW, AT_MS),
    EventChosen: EventChosen(EventChoice(automatic=False), AT_MS),
    ChildAdded: ChildAdded("p1", "p2", AT_MS),
    NothingToDo: NothingToDo(AT_MS),
}


def after(desk: Desk, *events: DeskEvent) -> tuple[Desk, tuple[Effect, ...]]:
    """The desk after `events`, and what the last of them asks for."""
    effects: tuple[Effect, ...] = ()
    for event in events:
        desk, effects = step(desk, event, TIMES)
    return desk, effects


def decided(about: Facts | None = None, name: str = "p1") -> Decided:
    """The rules have spoken."""
    known = about or facts()
    return Decided(name, IDENTITY, known, decide(known, NOW, HELSINKI), AT_MS)


# --- lock


@pytest.mark.parametrize("kind", BY_HAND, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("phase", PHASES)
def test_nothing_that_people_do_reaches_a_locked_desk(phase: Phase, kind: type) -> None:
    desk = replace(PHASES[phase], mode=LOCKED)
    assert step(desk, HANDS[kind], TIMES) == (desk, ())


@pytest.mark.parametrize("phase", PHASES)
def test_a_locked_desk_shows_how_far_its_pin_is_in_every_phase_and_what_was_wrong_with_it(phase: Phase) -> None:
    desk = replace(PHASES[phase], mode=LOCKED)
    entering, effects = after(desk, PinEntered(PinProgress(3, begun=True), AT_MS))
    assert (entering, effects) == (replace(desk, pin=PinProgress(3, begun=True)), ())
    for tried, notice in ((True, Notice.WRONG_PIN), (False, Notice.PIN_TOO_SOON)):
        refused, effects = after(entering, PinRefused(40, AT_MS, tried))
        assert (refused, effects) == (replace(desk, notice=notice, notice_since_ms=AT_MS, pin_wait_s=40), ())


@pytest.mark.parametrize("tried", [True, False], ids=["wrong", "too soon"])
def test_that_one_must_wait_with_a_pin_is_said_until_the_time_is_over_and_without_a_wait_for_six_seconds(
    tried: bool,
) -> None:
    for wait_s, shown_s in ((160, 160), (2, 6), (0, 6)):
        refused, _ = after(Desk(mode=LOCKED), PinRefused(wait_s, AT_MS, tried))
        ends_ms = AT_MS + shown_s * 1000
        said = [after(refused, Tick(NOW, at_ms))[0].notice for at_ms in (ends_ms - 1, ends_ms)]
        assert said == [refused.notice, None], wait_s


def test_the_next_key_takes_the_word_about_the_last_pin_away_and_no_other_word() -> None:
    entered = PinEntered(PinProgress(1), AT_MS)
    for tried in (True, False):
        went_on, _ = after(Desk(mode=LOCKED), PinRefused(160, AT_MS, tried), entered)
        assert went_on == replace(Desk(mode=LOCKED), pin=PinProgress(1), notice_since_ms=AT_MS)
    waiting = Desk(mode=LOCKED, notice=Notice.LOCKED)
    assert after(waiting, entered)[0].notice is Notice.LOCKED


@pytest.mark.parametrize("said", [PinEntered(PinProgress(3), AT_MS), PinRefused(40, AT_MS)], ids=["entered", "refused"])
def test_a_desk_that_is_opened_shows_nothing_of_its_pin_any_more(said: DeskEvent) -> None:
    opened, _ = after(Desk(mode=LOCKED), said, ModeSet(DeskMode(), AT_MS))
    assert opened == replace(Desk(), notice_since_ms=opened.notice_since_ms)


def read_behind_lock(*readings: Decided, desk: Desk = Desk(mode=LOCKED)) -> tuple[Desk, tuple[Effect, ...]]:
    """A locked desk after these cards were shown to it, and what the last of them asks for."""
    effects: tuple[Effect, ...] = ()
    for reading in readings:
        asked, (look_up,) = after(desk, Scanned(SCAN, AT_MS))
        assert (asked.phase, look_up) == (Phase.READING, LookUp(SCAN))
        desk, effects = after(asked, reading)
    return desk, effects


def of_card(key: str, name: str, **changes: object) -> Decided:
    """The rules have spoken of the card with `key`."""
    return replace(decided(facts(**changes), name), identity=replace(IDENTITY, lookup_key=key * 32))


@pytest.mark.parametrize(
    "changes", [{}, {"quota_used": 6}, {"card__status": CardStatus.BLOCKED}], ids=["accepted", "asked", "refused"]
)
@pytest.mark.parametrize("mode", [LOCKED, replace(LOCKED, self_service=True)], ids=["staff", "self-service"])
def test_a_card_shown_to_a_locked_desk_waits_and_is_neither_shown_nor_recorded(
    mode: DeskMode, changes: dict[str, object]
) -> None:
    desk, effects = read_behind_lock(of_card("c", "p1", **changes), desk=Desk(mode=mode))
    assert (desk.phase, desk.presented, desk.notice) == (Phase.READY, None, Notice.LOCKED)
    assert [card.id for card in desk.tray] == ["p1"]
    assert [type(effect) for effect in effects] == ([CountRefusal] if "card__status" in changes else [])
    opened, _ = after(desk, ModeSet(DeskMode(), AT_MS))
    shown, effects = after(opened, BroughtBack("p1", AT_MS))
    assert (shown.phase, desks.on_desk(shown).id, [type(effect) for effect in effects]) == (
        Phase.PRESENTED,
        "p1",
        [DecideAgain],
    )


def test_what_waits_behind_the_lock_waits_until_it_is_opened_and_then_as_long_as_any_card() -> None:
    desk, _ = read_behind_lock(of_card("1", "p1"))
    hour_later, limit_ms = AT_MS + 3_600_000, TIMES.unanswered_shown // timedelta(milliseconds=1)
    locked, _ = after(desk, Tick(NOW, hour_later))
    opened, _ = after(locked, ModeSet(DeskMode(), hour_later))
    left = [after(opened, Tick(NOW, hour_later + ms))[0].tray for ms in (limit_ms, limit_ms + 1)]
    assert [[card.id for card in tray] for tray in (locked.tray, opened.tray, *left)] == [["p1"], ["p1"], ["p1"], []]


def test_what_is_no_card_is_told_behind_the_lock_that_the_desk_is_locked() -> None:
    asked, _ = after(Desk(mode=LOCKED), Scanned(SCAN, AT_MS))
    desk, effects = after(asked, Unread("p1", UnreadableWhy.NOT_A_CARD, AT_MS))
    assert (desk.phase, desk.tray, desk.notice, effects) == (Phase.READY, (), Notice.LOCKED, ())


PATIENT = DeskTimes(lock_after=timedelta(minutes=10))


@pytest.mark.parametrize(
    "event", [*HANDS.values(), Scanned(SCAN, AT_MS), ModeSet(ALONE, AT_MS), Touched(AT_MS), ServiceBack((), AT_MS)]
)
def test_a_desk_is_left_alone_ten_minutes_after_the_last_sign_of_life(event: DeskEvent) -> None:
    desk = replace(step(desks.ready(), event, PATIENT)[0], phase=Phase.READY, mode=DeskMode())
    since = AT_MS + 600_000
    assert (is_left_alone(desk, since - 1, PATIENT), is_left_alone(desk, since, PATIENT)) == (False, True)


def test_the_time_that_passes_is_no_sign_of_life() -> None:
    desk, _ = step(desks.ready(), Tick(NOW, AT_MS), PATIENT)
    assert is_left_alone(desk, 600_000, PATIENT)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("mode", [DeskMode(), LOCKED, ALONE, PRACTICE], ids=["usual", "locked", "alone", "practice"])
def test_only_a_ready_desk_with_staff_is_left_alone(phase: Phase, mode: DeskMode) -> None:
    desk = replace(PHASES[phase], mode=mode)
    wanted = phase is Phase.READY and mode in (DeskMode(), PRACTICE)
    assert is_left_alone(desk, 1_000_000, PATIENT) is wanted
    assert not is_left_alone(desk, 1_000_000, TIMES), "off unless it is configured"


def test_what_was_begun_ends_behind_the_lock() -> None:
    desk, effects = after(replace(PHASES[Phase.RECORDING], mode=LOCKED), Recorded(a_use("p1"), AT_MS))
    assert (desk.phase, desk.undoable, effects) == (Phase.RECORDED, (a_use("p1"),), ())


def test_a_card_on_a_desk_that_is_locked_waits_in_the_tray() -> None:
    desk, _ = after(desks.presented(), ModeSet(LOCKED, AT_MS))
    assert (desk.phase, desk.presented, [card.id for card in desk.tray]) == (Phase.READY, None, ["p1"])


def test_whoever_knows_the_pin_takes_back_any_use_also_behind_the_lock() -> None:
    desk = replace(desks.ready(), mode=LOCKED)
    assert step(desk, UndoPressed("of-this-morning", NOW, AT_MS, behind_pin=True), TIMES) == (
        desk,
        (Annul("of-this-morning", late=True),),
    )


# --- closed by staff


def test_a_closed_desk_stays_closed_over_faults_and_a_restart() -> None:
    desk, _ = after(desks.ready(), ModeSet(CLOSED, AT_MS))
    assert (desk.phase, desk.out_of_service_why) == (Phase.OUT_OF_SERVICE, "closed")
    faulty, _ = after(desk, ServiceLost("disk-full", AT_MS))
    assert faulty.out_of_service_why == "disk-full"
    again, _ = after(faulty, ServiceBack((a_use(),), AT_MS))
    assert (again.phase, again.out_of_service_why, again.undoable) == (Phase.OUT_OF_SERVICE, "closed", (a_use(),))
    fresh = Desk(phase=Phase.OUT_OF_SERVICE, out_of_service_why="starting")
    restarted, effects = after(fresh, ModeRecalled(CLOSED, AT_MS))
    assert effects == ()
    assert after(restarted, ServiceBack((), AT_MS))[0].phase is Phase.OUT_OF_SERVICE


def test_a_desk_that_is_opened_again_is_ready() -> None:
    opened, _ = after(desks.ready(), ModeSet(CLOSED, AT_MS), ModeSet(DeskMode(), AT_MS))
    assert (opened.phase, opened.out_of_service_why) == (Phase.READY, "")


def test_opening_does_not_hide_a_fault() -> None:
    faulty, _ = after(desks.ready(), ModeSet(CLOSED, AT_MS), ServiceLost("disk-full", AT_MS))
    opened, _ = after(faulty, ModeSet(DeskMode(), AT_MS))
    assert (opened.phase, opened.out_of_service_why) == (Phase.OUT_OF_SERVICE, "disk-full")


# --- practice


def test_practice_asks_for_practice_alone_and_keeps_nothing() -> None:
    desk, effects = after(desks.ready(), ModeSet(PRACTICE, AT_MS))
    assert effects == (), "a restart ends it"
    desk, effects = after(desk, Scanned(SCAN, AT_MS))
    assert effects == (LookUp(SCAN, practice=True),)
    desk, effects = after(desk, decided(), ConfirmPressed("p1", AT_MS))
    assert effects == (Record(desks.on_desk(desk), practice=True),)
    desk, effects = after(desk, Recorded(a_use("p1"), AT_MS))
    assert (desk.practised, desk.undoable, effects) == ((a_use("p1"),), (), ())
    desk, effects = after(desk, UndoPressed("p1", NOW, AT_MS, behind_pin=True))
    assert (desk.practised, desk.notice, effects) == ((), Notice.ANNULLED, ())


def test_a_refusal_in_practice_is_not_counted() -> None:
    desk = replace(desks.reading(), mode=PRACTICE)
    shown, effects = after(desk, decided(facts(card__status=CardStatus.BLOCKED)))
    assert (shown.phase, effects) == (Phase.PRESENTED, ())


@pytest.mark.parametrize(("before", "then"), [(DeskMode(), PRACTICE), (PRACTICE, DeskMode())])
def test_real_and_practised_cards_never_meet(before: DeskMode, then: DeskMode) -> None:
    lying = desks.presented()
    desk = replace(lying, mode=before, tray=(desks.on_desk(lying),), practised=(a_use("tried"),), undoable=(a_use(),))
    changed, _ = after(desk, ModeSet(then, AT_MS))
    assert (changed.presented, changed.tray, changed.practised, changed.undoable) == (None, (), (), (a_use(),))


# --- self-service


def alone(about: Facts | None = None) -> tuple[Desk, tuple[Effect, ...]]:
    """A card read at a desk without staff, and what became of it."""
    return after(replace(desks.ready(), mode=ALONE), Scanned(SCAN, AT_MS), decided(about))


def recorded_alone() -> Desk:
    """A card that was recorded without staff."""
    desk, _ = alone()
    return after(desk, Recorded(a_use("p1"), AT_MS))[0]


def test_an_accepted_card_is_recorded_at_once_with_one_ticket() -> None:
    desk, effects = alone()
    assert desk.phase is Phase.RECORDING
    (record,) = effects
    assert isinstance(record, Record)
    assert (record.presentation.id, record.presentation.tickets) == ("p1", Tickets())


@pytest.mark.parametrize(
    "about",
    [facts(quota_used=6), facts(card__status=CardStatus.BLOCKED), facts(card=COMMUNITY_CARD)],
    ids=["asked", "refused", "a group"],
)
def test_any_other_card_waits_for_staff(about: Facts) -> None:
    desk, effects = alone(about)
    assert (desk.phase, [effect for effect in effects if isinstance(effect, Record)]) == (Phase.PRESENTED, [])


def test_a_child_that_is_added_makes_one_use_of_all_and_takes_the_first_back_after_it() -> None:
    desk, effects = after(recorded_alone(), ChildAdded("p1", "p2", AT_MS))
    (record,) = effects
    assert isinstance(record, Record)
    assert (record.presentation.id, record.presentation.tickets) == ("p2", Tickets(own=1, children=1))
    desk, effects = after(desk, Recorded(a_use("p2"), AT_MS))
    assert effects == (Annul("p1"),)
    desk, effects = after(desk, Annulled("p1", AT_MS))
    assert (desk.phase, desk.undoable, desk.notice, effects) == (Phase.RECORDED, (a_use("p2"),), None, ())


def test_a_second_tap_that_was_meant_for_the_first_use_counts_no_child_twice() -> None:
    desk, _ = after(recorded_alone(), ChildAdded("p1", "p2", AT_MS), Recorded(a_use("p2"), AT_MS))
    assert step(desk, ChildAdded("p1", "p3", AT_MS), TIMES) == (desk, ())


def test_a_use_is_not_taken_back_when_the_one_with_the_child_reached_no_disk() -> None:
    desk, effects = after(recorded_alone(), ChildAdded("p1", "p2", AT_MS), RecordFailed("disk-full", AT_MS))
    assert (desk.undoable, desk.replaced_use, effects) == ((a_use("p1"),), None, ())


def test_more_children_than_registered_are_for_staff_to_count() -> None:
    desk, effects = alone(facts(card__children=0))
    desk, _ = after(desk, Recorded(a_use("p1"), AT_MS))
    told, effects = after(desk, ChildAdded("p1", "p2", AT_MS))
    assert (told.phase, told.notice, effects) == (Phase.RECORDED, Notice.ASK_ABOUT_CHILDREN, ())


def test_the_visitor_has_eight_seconds_to_count_the_children() -> None:
    desk = recorded_alone()
    assert after(desk, Tick(NOW, AT_MS + 7_999))[0].phase is Phase.RECORDED
    done, _ = after(desk, Tick(NOW, AT_MS + 8_000))
    assert (done.phase, done.added_to) == (Phase.READY, None)
