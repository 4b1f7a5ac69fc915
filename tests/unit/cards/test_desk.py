"""The desk's state machine: every phase with everything that can happen, then what each of them means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pytest

from kiosk.cards.desk import step
from kiosk.cards.desk_effects import Annul, CountRefusal, DecideAgain, Effect, KeepMode, LookUp, Record
from kiosk.cards.desk_events import (
    AnnulFailed,
    Annulled,
    AnnulledElsewhere,
    AnnulNeedsRegister,
    BroughtBack,
    CancelPressed,
    ChildAdded,
    ConfirmPressed,
    Decided,
    DeskEvent,
    EventChosen,
    LookUpFailed,
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
from kiosk.cards.desk_state import Desk, DeskMode, DeskTimes, EventChoice, Notice, Phase, PinProgress, Presentation
from kiosk.cards.model import Answer, CardIdentity, CardStatus, Decision, Facts, Finding, Policy, Reason, Scan, Tickets
from kiosk.cards.rules import check_tickets, decide
from kiosk.cards.unreadable import UnreadableWhy
from tests.support import desks
from tests.unit.cards.examples import (
    COMMUNITY_CARD,
    CONCERT,
    COURSE,
    EARLIER,
    HELSINKI,
    IDENTITY,
    NO_OFFER,
    NOW,
    OTHER_IDENTITY,
    a_use,
    facts,
)

OUT, READY, READING = Phase.OUT_OF_SERVICE, Phase.READY, Phase.READING
PRESENTED, RECORDING, RECORDED = Phase.PRESENTED, Phase.RECORDING, Phase.RECORDED
TIMES = DeskTimes()
AT_MS = 20_000
THIRD_IDENTITY = CardIdentity("c" * 32, None, "19")
SCAN = Scan("DEMO-0001", "scanner")
USE = a_use("recorded", identity=THIRD_IDENTITY, at_ms=AT_MS - 500)

FINE = facts()
ASKED = facts(earlier_uses=(EARLIER,))
REFUSED = facts(card__status=CardStatus.BLOCKED)


def decision_on(about: Facts) -> Decision:
    """What the rules say of `about`."""
    return decide(about, NOW, HELSINKI)


def presentation(
    name: str = "card",
    about: Facts = FINE,
    *,
    identity: CardIdentity = IDENTITY,
    tickets: Tickets | None = None,
    at_ms: int = AT_MS - 100,
) -> Presentation:
    """A card on the desk, decided by the rules; one own ticket unless told otherwise or refused."""
    decision = decision_on(about)
    taken = tickets or Tickets(own=1 if decision.offer.own else 0, clients=1 if decision.offer.clients else 0)
    return Presentation(name, identity, about, decision, taken, check_tickets(decision, about, taken), at_ms)


WAITING = presentation("waiting", identity=OTHER_IDENTITY)
BASE = Desk(shown_since_ms=AT_MS - 100, tray=(WAITING,), undoable=(USE,))
DESKS: Mapping[Phase, Desk] = {
    OUT: replace(BASE, phase=OUT, out_of_service_why="starting"),
    READY: BASE,
    READING: replace(BASE, phase=READING),
    PRESENTED: replace(BASE, phase=PRESENTED, presented=presentation()),
    RECORDING: replace(BASE, phase=RECORDING, presented=presentation()),
    RECORDED: replace(BASE, phase=RECORDED, recorded=USE),
}


def decided(
    name: str = "new", about: Facts = FINE, *, identity: CardIdentity = IDENTITY, at_ms: int = AT_MS
) -> Decided:
    """The rules have spoken of a card."""
    return Decided(name, identity, about, decision_on(about), at_ms)


class To(NamedTuple):
    """The phase after it, and the effects."""

    phase: Phase
    effects: tuple[Effect, ...] = ()


SAME = None
"""Nothing at all changes."""
AGAIN = (DecideAgain("card", IDENTITY),)
BACK = (DecideAgain("waiting", OTHER_IDENTITY),)
RECORD = (Record(presentation()),)


def kept(*phases: Phase | None, mode: DeskMode) -> tuple[To | None, ...]:
    """These phases, with `mode` kept; None: the desk is busy, and nothing changes."""
    return tuple(None if phase is None else To(phase, (KeepMode(mode),)) for phase in phases)


HAPPENINGS: dict[str, DeskEvent] = {
    "scanned": Scanned(SCAN, AT_MS),
    "unread": Unread("new", UnreadableWhy.NOT_A_CARD, AT_MS),
    "decided": decided(identity=CardIdentity("d" * 32, None, "20")),
    "decided again": decided("card", ASKED),
    "look-up failed": LookUpFailed("the disk is full", AT_MS),
    "confirm pressed": ConfirmPressed("card", AT_MS),
    "hardware confirm pressed": ConfirmPressed(None, AT_MS),
    "confirm of another card pressed": ConfirmPressed("gone", AT_MS),
    "cancel pressed": CancelPressed("card", AT_MS),
    "hardware cancel pressed": CancelPressed(None, AT_MS),
    "cancel of another card pressed": CancelPressed("gone", AT_MS),
    "tickets set": TicketsSet("card", Tickets(children=1), AT_MS),
    "tickets of another card set": TicketsSet("gone", Tickets(children=1), AT_MS),
    "brought back": BroughtBack("waiting", AT_MS),
    "something unknown brought back": BroughtBack("gone", AT_MS),
    "undo pressed": UndoPressed("recorded", NOW, AT_MS),
    "undo of something unknown pressed": UndoPressed("gone", NOW, AT_MS),
    "event chosen": EventChosen(EventChoice(automatic=False, event_id=COURSE.id), AT_MS),
    "child added": ChildAdded("recorded", "more", AT_MS),
    "mode set": ModeSet(DeskMode(self_service=True), AT_MS),
    "desk closed": ModeSet(DeskMode(closed=True), AT_MS),
    "desk locked": ModeSet(DeskMode(locked=True), AT_MS),
    "practice begun": ModeSet(DeskMode(practice=True), AT_MS),
    "mode recalled": ModeRecalled(DeskMode(closed=True), AT_MS),
    "nothing to do": NothingToDo(AT_MS),
    "PIN entered": PinEntered(PinProgress(2), AT_MS),
    "PIN refused": PinRefused(0, AT_MS),
    "touched": Touched(AT_MS),
    "recorded": Recorded(a_use("card"), AT_MS),
    "record failed": RecordFailed("the disk is full", AT_MS),
    "annulled": Annulled("recorded", AT_MS),
    "annul failed": AnnulFailed("recorded", AT_MS),
    "annul needs the register": AnnulNeedsRegister("recorded", AT_MS),
    "annulled elsewhere": AnnulledElsewhere(frozenset({"recorded", "of-another-door"}), AT_MS),
    "another door's use annulled": AnnulledElsewhere(frozenset({"of-another-door"}), AT_MS),
    "service lost": ServiceLost("the disk is full", AT_MS),
    "service back": ServiceBack((), AT_MS),
    "tick": Tick(NOW, AT_MS),
}

TABLE: dict[str, tuple[To | None, ...]] = {
    # in phase:             out of service, ready, reading, presented, recording, recorded
    "scanned": (
        SAME,
        To(READING, (LookUp(SCAN),)),
        SAME,
        To(READING, (LookUp(SCAN),)),
        SAME,
        To(READING, (LookUp(SCAN),)),
    ),
    "unread": (SAME, SAME, To(PRESENTED), SAME, SAME, SAME),
    "decided": (SAME, SAME, To(PRESENTED), SAME, SAME, SAME),
    "decided again": (SAME, SAME, To(PRESENTED), To(PRESENTED), SAME, SAME),
    "look-up failed": (SAME, To(READY), To(READY), To(READY), To(RECORDING), To(RECORDED)),
    "confirm pressed": (SAME, SAME, SAME, To(RECORDING, RECORD), SAME, SAME),
    "hardware confirm pressed": (SAME, SAME, SAME, To(RECORDING, RECORD), SAME, SAME),
    "confirm of another card pressed": (SAME,) * 6,
    "cancel pressed": (SAME, SAME, SAME, To(READY), SAME, SAME),
    "hardware cancel pressed": (SAME, SAME, SAME, To(READY), SAME, SAME),
    "cancel of another card pressed": (SAME,) * 6,
    "tickets set": (SAME, SAME, SAME, To(PRESENTED), SAME, SAME),
    "tickets of another card set": (SAME,) * 6,
    "brought back": (SAME, To(PRESENTED, BACK), SAME, To(PRESENTED, BACK), SAME, To(PRESENTED, BACK)),
    "something unknown brought back": (SAME,) * 6,
    "undo pressed": tuple(To(phase, (Annul("recorded"),)) for phase in DESKS),
    "undo of something unknown pressed": (SAME,) * 6,
    "event chosen": (To(OUT), To(READY), To(READING), To(PRESENTED, AGAIN), To(RECORDING), To(RECORDED)),
    "child added": (SAME,) * 6,
    "mode set": kept(OUT, READY, None, PRESENTED, None, RECORDED, mode=DeskMode(self_service=True)),
    "desk closed": kept(OUT, OUT, None, OUT, None, OUT, mode=DeskMode(closed=True)),
    "desk locked": kept(OUT, READY, None, READY, None, RECORDED, mode=DeskMode(locked=True)),
    "practice begun": (To(OUT), To(READY), SAME, To(READY), SAME, To(READY)),
    "mode recalled": (To(OUT), To(OUT), SAME, To(OUT), SAME, To(OUT)),
    "nothing to do": tuple(To(phase) for phase in DESKS),
    # Only a locked desk asks for one (tests/unit/cards/test_desk_modes.py).
    "PIN entered": (SAME,) * 6,
    "PIN refused": (SAME,) * 6,
    "touched": (SAME,) * 6,
    "recorded": (SAME, SAME, SAME, SAME, To(RECORDED), SAME),
    "record failed": (SAME, To(OUT), To(OUT), To(OUT), To(OUT), To(OUT)),
    "annulled": (To(OUT), To(READY), To(READING), To(PRESENTED), To(RECORDING), To(READY)),
    "annul failed": tuple(To(phase) for phase in DESKS),
    "annul needs the register": tuple(To(phase) for phase in DESKS),
    "annulled elsewhere": (To(OUT), To(READY), To(READING), To(PRESENTED), To(RECORDING), To(READY)),
    "another door's use annulled": (SAME,) * 6,
    "service lost": (To(OUT),) * 6,
    "service back": (To(READY), To(READY), To(READING), To(PRESENTED), To(RECORDING), To(RECORDED)),
    "tick": (SAME,) * 6,
}
CELLS = [
    pytest.param(phase, HAPPENINGS[name], then, id=f"{phase}, {name}")
    for name, row in TABLE.items()
    for phase, then in zip(DESKS, row, strict=True)
]


@pytest.mark.parametrize(("phase", "event", "then"), CELLS)
def test_everything_that_can_happen_in_every_phase(phase: Phase, event: DeskEvent, then: To | None) -> None:
    desk = DESKS[phase]
    after, effects = step(desk, event, TIMES)
    if then is SAME:
        assert (after, effects) == (desk, ())
    else:
        assert (after.phase, effects) == then
        assert (after, effects) != (desk, ())


def test_the_table_knows_every_phase_and_every_kind_of_event() -> None:
    assert set(DESKS) == set(Phase)
    assert set(TABLE) == set(HAPPENINGS)
    assert {type(event) for event in HAPPENINGS.values()} == set(DeskEvent.__args__)


# --- a card is presented


def read(desk: Desk, event: DeskEvent) -> tuple[Desk, tuple[Effect, ...]]:
    """A scan, and what became of it."""
    reading, _ = step(desk, Scanned(SCAN, AT_MS), TIMES)
    return step(reading, event, TIMES)


def test_an_accepted_card_is_presented_with_one_ticket() -> None:
    assert read(Desk(), decided()) == (
        Desk(phase=PRESENTED, presented=presentation("new", at_ms=AT_MS), shown_since_ms=AT_MS),
        (),
    )


def test_a_community_card_is_presented_with_the_one_client_it_needs() -> None:
    desk, _ = read(Desk(), decided(about=facts(card=COMMUNITY_CARD)))
    assert desk.presented is not None
    assert desk.presented.tickets == Tickets(own=1, clients=1)
    assert desk.presented.confirmable


def test_a_refused_card_is_presented_without_tickets_and_counted_without_the_card() -> None:
    desk, effects = read(Desk(), decided(about=REFUSED))
    assert desk.presented is not None
    assert (desk.presented.tickets, desk.presented.confirmable) == (Tickets(own=0), False)
    assert effects == (CountRefusal(Reason.CARD_BLOCKED, CONCERT.id),)


def test_what_is_no_card_is_said_and_not_counted() -> None:
    not_a_card = Decision(Answer.REFUSE, (Finding(Answer.REFUSE, Reason.NOT_A_CARD),), NO_OFFER)
    why = UnreadableWhy.TWO_CODES
    shown = Presentation("new", None, None, not_a_card, Tickets(own=0), (), AT_MS, why)
    assert read(Desk(), Unread("new", why, AT_MS)) == (
        Desk(phase=PRESENTED, presented=shown, shown_since_ms=AT_MS),
        (),
    )
    assert step(Desk(phase=PRESENTED, presented=shown), ConfirmPressed(None, AT_MS), TIMES)[1] == ()


def test_a_failed_look_up_leaves_the_desk_as_it_was_and_says_so() -> None:
    for desk in (DESKS[READY], DESKS[PRESENTED], DESKS[RECORDED]):
        after, effects = read(desk, LookUpFailed("the disk is full", AT_MS))
        assert (after, effects) == (
            replace(desk, notice=Notice.LOOK_UP_FAILED, notice_since_ms=AT_MS),
            (),
        )


# --- the same card once more


def test_the_same_card_read_again_after_three_seconds_confirms() -> None:
    lying = presentation(at_ms=AT_MS - 3_000)
    after, effects = read(replace(DESKS[PRESENTED], presented=lying), decided())
    assert (after.phase, effects) == (RECORDING, (Record(lying),))


def test_the_same_card_read_again_sooner_is_the_same_reading() -> None:
    lying = replace(DESKS[PRESENTED], presented=presentation(at_ms=AT_MS - 2_999))
    assert read(lying, decided()) == (lying, ())


@pytest.mark.parametrize("about", [ASKED, REFUSED], ids=["asked", "refused"])
def test_the_same_card_read_again_confirms_nothing_that_staff_must_answer(about: Facts) -> None:
    lying = replace(DESKS[PRESENTED], presented=presentation(about=about, at_ms=AT_MS - 9_000))
    assert read(lying, decided(about=about)) == (lying, ())


def just_recorded(ago_ms: int) -> Desk:
    """A desk that shows a use of the card recorded so long ago."""
    use = a_use(at_ms=AT_MS - ago_ms)
    return Desk(phase=RECORDED, recorded=use, undoable=(use,), shown_since_ms=AT_MS - ago_ms)


def test_the_card_just_recorded_and_still_held_is_not_presented_again() -> None:
    assert read(just_recorded(2_999), decided(about=ASKED)) == (just_recorded(2_999), ())


def test_the_card_recorded_three_seconds_ago_is_a_question_to_staff() -> None:
    after, _ = read(just_recorded(3_000), decided(about=ASKED))
    assert after.presented == presentation("new", ASKED, at_ms=AT_MS)


def test_a_card_recorded_before_a_restart_is_not_taken_for_one_still_held() -> None:
    of_another_boot = a_use(at_ms=AT_MS + 900_000)
    after, _ = read(Desk(undoable=(of_another_boot,)), decided(about=ASKED))
    assert after.presented == presentation("new", ASKED, at_ms=AT_MS)


def test_a_card_still_held_does_not_take_the_next_one_off_the_desk() -> None:
    next_card = presentation("next", identity=OTHER_IDENTITY)
    desk = replace(just_recorded(2_000), phase=PRESENTED, recorded=None, presented=next_card)
    assert read(desk, decided(about=ASKED)) == (desk, ())


# --- confirm and cancel


def test_a_card_that_staff_must_answer_can_be_confirmed() -> None:
    asked = presentation(about=ASKED)
    desk = replace(DESKS[PRESENTED], presented=asked)
    assert step(desk, ConfirmPressed("card", AT_MS), TIMES) == (
        replace(desk, phase=RECORDING),
        (Record(asked),),
    )


def test_a_button_pressed_before_the_card_was_answered_means_nothing() -> None:
    desk = desks.presented()
    answered_ms = desks.on_desk(desk).at_ms
    for press in (ConfirmPressed, CancelPressed):
        assert step(desk, press(None, answered_ms - 1), TIMES) == (desk, ())
        assert step(desk, press(None, answered_ms), TIMES) != (desk, ())


def test_a_refused_card_cannot_be_confirmed() -> None:
    desk = replace(DESKS[PRESENTED], presented=presentation(about=REFUSED))
    assert step(desk, ConfirmPressed("card", AT_MS), TIMES) == (desk, ())


def test_tickets_that_cannot_be_had_block_confirm_until_they_are_changed() -> None:
    community = replace(DESKS[PRESENTED], presented=presentation(about=facts(card=COMMUNITY_CARD)))
    alone, _ = step(community, TicketsSet("card", Tickets(), AT_MS), TIMES)
    assert step(alone, ConfirmPressed("card", AT_MS), TIMES) == (alone, ())
    with_two, _ = step(alone, TicketsSet("card", Tickets(clients=2), AT_MS), TIMES)
    assert step(with_two, ConfirmPressed("card", AT_MS), TIMES)[0].phase is RECORDING


def test_setting_tickets_warns_of_what_they_add() -> None:
    desk, _ = step(DESKS[PRESENTED], TicketsSet("card", Tickets(children=3), AT_MS), TIMES)
    assert desk.presented == presentation(tickets=Tickets(children=3))
    assert desk.presented.answer is Answer.ASK


def cancelled(about: Facts, tickets: Tickets | None = None) -> tuple[Effect, ...]:
    """What cancelling a card counts."""
    desk = replace(DESKS[PRESENTED], presented=presentation(about=about, tickets=tickets))
    after, effects = step(desk, CancelPressed("card", AT_MS), TIMES)
    assert after == replace(BASE, shown_since_ms=AT_MS)
    return effects


def test_cancelling_an_accepted_card_counts_nobody() -> None:
    assert cancelled(FINE) == ()


def test_cancelling_a_refused_card_does_not_count_it_twice() -> None:
    assert cancelled(REFUSED) == ()


def test_cancelling_a_card_that_staff_were_asked_about_counts_a_visitor_turned_away() -> None:
    assert cancelled(ASKED) == (CountRefusal(Reason.ALREADY_USED, CONCERT.id),)


def test_a_visitor_turned_away_is_counted_by_the_worst_reason_and_not_by_one_the_venue_accepts() -> None:
    sold_out_but_accepted = facts(event__sold_out=True, policy=Policy(when_sold_out=Answer.ACCEPT))
    too_many = Tickets(children=3)
    counted = CountRefusal(Reason.MORE_CHILDREN_THAN_REGISTERED, CONCERT.id)
    assert cancelled(sold_out_but_accepted, too_many) == (counted,)


def test_a_community_card_sent_away_for_want_of_a_client_is_counted() -> None:
    counted = CountRefusal(Reason.NO_CLIENT, CONCERT.id)
    assert cancelled(facts(card=COMMUNITY_CARD), Tickets()) == (counted,)


def test_on_general_admission_a_refusal_has_no_event() -> None:
    assert cancelled(facts(event=None, earlier_uses=(EARLIER,))) == (CountRefusal(Reason.ALREADY_USED, None),)


# --- recording


def test_a_recorded_use_is_shown_and_can_be_undone_first() -> None:
    use = a_use("card", at_ms=AT_MS)
    assert step(DESKS[RECORDING], Recorded(use, AT_MS), TIMES) == (
        replace(BASE, phase=RECORDED, recorded=use, undoable=(use, USE), shown_since_ms=AT_MS),
        (),
    )


def test_a_use_that_could_not_be_recorded_puts_the_desk_out_of_service_and_says_that_it_is_not_recorded() -> None:
    assert step(DESKS[RECORDING], RecordFailed("the disk is full", AT_MS), TIMES) == (
        replace(
            BASE,
            phase=OUT,
            out_of_service_why="the disk is full",
            shown_since_ms=AT_MS,
            notice=Notice.NOT_RECORDED,
            notice_since_ms=AT_MS,
        ),
        (),
    )


def test_back_in_service_the_uses_that_can_still_be_undone_are_those_on_the_disk() -> None:
    on_disk = (a_use("on-disk"),)
    assert step(DESKS[OUT], ServiceBack(on_disk, AT_MS), TIMES) == (
        replace(BASE, undoable=on_disk, shown_since_ms=AT_MS),
        (),
    )


# --- undo


def test_an_annulled_use_leaves_the_desk() -> None:
    assert step(DESKS[RECORDED], Annulled("recorded", AT_MS), TIMES) == (
        Desk(
            tray=(WAITING,),
            shown_since_ms=AT_MS,
            notice=Notice.ANNULLED,
            notice_since_ms=AT_MS,
        ),
        (),
    )


def test_undoing_an_older_use_does_not_disturb_what_is_shown() -> None:
    desk = replace(DESKS[RECORDED], recorded=a_use("newer"), undoable=(a_use("newer"), USE))
    after, _ = step(desk, Annulled("recorded", AT_MS), TIMES)
    assert (after.phase, after.recorded, after.undoable) == (RECORDED, a_use("newer"), (a_use("newer"),))


def test_a_use_that_its_venue_took_back_is_offered_for_undo_no_more_and_staff_are_told() -> None:
    desk = replace(DESKS[RECORDED], undoable=(USE, a_use("older")))
    after, effects = step(desk, AnnulledElsewhere(frozenset({"recorded"}), AT_MS), TIMES)
    away = replace(DESKS[READY], undoable=(a_use("older"),), shown_since_ms=AT_MS)
    assert (after, effects) == (replace(away, notice=Notice.ANNULLED_BY_VENUE, notice_since_ms=AT_MS), ())


def test_a_use_can_be_undone_for_fifteen_minutes() -> None:
    last_moment = NOW + dt.timedelta(minutes=15)
    assert step(BASE, UndoPressed("recorded", last_moment, AT_MS), TIMES) == (BASE, (Annul("recorded"),))
    too_late = last_moment + dt.timedelta(milliseconds=1)
    assert step(BASE, UndoPressed("recorded", too_late, AT_MS), TIMES) == (
        replace(BASE, notice=Notice.UNDO_TOO_LATE, notice_since_ms=AT_MS),
        (),
    )


def test_behind_the_pin_a_use_is_late_after_the_fifteen_minutes() -> None:
    last_moment = NOW + dt.timedelta(minutes=15)
    in_time = UndoPressed("recorded", last_moment, AT_MS, behind_pin=True)
    assert step(BASE, in_time, TIMES) == (BASE, (Annul("recorded", late=False),))
    too_late = replace(in_time, now=last_moment + dt.timedelta(milliseconds=1))
    assert step(BASE, too_late, TIMES) == (BASE, (Annul("recorded", late=True),))


@pytest.mark.parametrize("step_of_clock", [dt.timedelta(days=-365), dt.timedelta(0), dt.timedelta(days=365)], ids=str)
def test_a_clock_that_is_set_neither_ends_nor_lengthens_the_time_for_an_undo(step_of_clock: dt.timedelta) -> None:
    times = replace(TIMES, boot_id=USE.decided.boot_id)
    recorded_ms, window_ms = USE.decided.monotonic_ms, 15 * 60 * 1000
    now = NOW + step_of_clock
    in_time, too_late = recorded_ms + window_ms, recorded_ms + window_ms + 1
    assert step(BASE, UndoPressed("recorded", now, in_time), times)[1] == (Annul("recorded"),)
    assert step(BASE, Tick(now, in_time), times)[0].undoable == (USE,)
    assert step(BASE, UndoPressed("recorded", now, too_late), times)[0].notice is Notice.UNDO_TOO_LATE
    assert step(BASE, Tick(now, too_late), times)[0].undoable == ()


# --- another event


def test_a_use_that_was_recorded_after_the_hand_came_down_is_not_undone() -> None:
    times = replace(TIMES, boot_id=USE.decided.boot_id)
    fresh = replace(USE, decided=replace(USE.decided, monotonic_ms=AT_MS))
    for desk in (Desk(undoable=(fresh,)), Desk(practised=(fresh,), mode=DeskMode(practice=True))):
        held = step(desk, UndoPressed(USE.id, NOW, AT_MS - 1), times)
        assert held == (replace(desk, notice=Notice.NOTHING_TO_DO, notice_since_ms=AT_MS - 1), ())
    rebooted = replace(times, boot_id="another boot")
    assert step(Desk(undoable=(fresh,)), UndoPressed(USE.id, NOW, AT_MS - 1), rebooted)[1] == (Annul(USE.id),)


def test_choosing_an_event_decides_the_card_on_the_desk_again() -> None:
    choice = EventChoice(automatic=False, event_id=COURSE.id)
    after, effects = step(DESKS[PRESENTED], EventChosen(choice, AT_MS), TIMES)
    assert (after, effects) == (replace(DESKS[PRESENTED], choice=choice), AGAIN)


def test_a_card_that_cannot_be_decided_on_at_the_new_event_leaves_the_desk_and_cannot_be_confirmed() -> None:
    choice = EventChoice(automatic=False, event_id=COURSE.id)
    chosen, _ = step(DESKS[PRESENTED], EventChosen(choice, AT_MS), TIMES)
    failed, effects = step(chosen, LookUpFailed("the disk is full", AT_MS), TIMES)
    away = replace(DESKS[READY], choice=choice, notice=Notice.LOOK_UP_FAILED, notice_since_ms=AT_MS)
    assert (failed, effects) == (replace(away, shown_since_ms=AT_MS), ())
    for button in ("card", None):
        assert step(failed, ConfirmPressed(button, AT_MS), TIMES) == (failed, ())


def test_choosing_an_event_while_something_unreadable_is_shown_decides_nothing() -> None:
    desk, _ = read(Desk(), Unread("new", UnreadableWhy.EMPTY, AT_MS))
    assert step(desk, EventChosen(EventChoice(), AT_MS), TIMES) == (desk, ())


def test_the_tickets_that_staff_counted_stay_where_the_new_event_gives_the_same() -> None:
    desk = replace(DESKS[PRESENTED], presented=presentation(tickets=Tickets(children=2)))
    elsewhere = facts(event=None)
    after, effects = step(desk, decided("card", elsewhere), TIMES)
    assert after.presented == presentation(about=elsewhere, tickets=Tickets(children=2))
    assert effects == ()


def test_a_card_refused_at_one_event_gets_its_ticket_at_another() -> None:
    desk = replace(DESKS[PRESENTED], presented=presentation(about=facts(event__sold_out=True)))
    after, effects = step(desk, decided("card", facts(event=None)), TIMES)
    assert after.presented == presentation(about=facts(event=None), tickets=Tickets())
    assert effects == ()


def test_a_card_that_the_other_event_refuses_is_counted_and_shown_for_its_full_time() -> None:
    sold_out = facts(event__sold_out=True)
    assert step(DESKS[PRESENTED], decided("card", sold_out), TIMES) == (
        replace(DESKS[PRESENTED], presented=presentation(about=sold_out), shown_since_ms=AT_MS),
        (CountRefusal(Reason.SOLD_OUT, CONCERT.id),),
    )


# --- time passes


def after_tick(desk: Desk, *, ms: int = 0, later: dt.timedelta = dt.timedelta(0)) -> Desk:
    """The desk after a tick `ms` after time 0, `later` than NOW by the wall clock."""
    after, effects = step(desk, Tick(NOW + later, ms), TIMES)
    assert effects == ()
    return after


def test_recorded_is_shown_for_a_second_and_a_half() -> None:
    desk = Desk(phase=RECORDED, recorded=USE)
    assert after_tick(desk, ms=1_499) == desk
    assert after_tick(desk, ms=1_500) == Desk(shown_since_ms=1_500)


def test_a_refusal_is_shown_for_ten_seconds() -> None:
    desk = Desk(phase=PRESENTED, presented=presentation(about=REFUSED))
    assert after_tick(desk, ms=9_999) == desk
    assert after_tick(desk, ms=10_000) == Desk(shown_since_ms=10_000)


@pytest.mark.parametrize("about", [FINE, ASKED], ids=["accepted", "asked"])
def test_a_card_that_nobody_answers_stays_for_two_minutes(about: Facts) -> None:
    desk = Desk(phase=PRESENTED, presented=presentation(about=about))
    assert after_tick(desk, ms=119_999) == desk
    timed_out = Desk(shown_since_ms=120_000, notice=Notice.TIMED_OUT, notice_since_ms=120_000)
    assert after_tick(desk, ms=120_000) == timed_out


def test_a_notice_stays_for_six_seconds() -> None:
    desk = Desk(notice=Notice.ANNULLED)
    assert after_tick(desk, ms=5_999) == desk
    assert after_tick(desk, ms=6_000) == Desk()


def test_the_undo_window_closes_after_fifteen_minutes_also_for_a_clock_that_was_set_back() -> None:
    desk = Desk(undoable=(USE,))
    fifteen, a_bit = dt.timedelta(minutes=15), dt.timedelta(milliseconds=1)
    assert after_tick(desk, later=fifteen) == desk
    assert after_tick(desk, later=fifteen + a_bit) == Desk()
    assert after_tick(desk, later=-fifteen - a_bit) == Desk()
