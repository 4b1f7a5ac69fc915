"""Printed codes that stand for buttons."""

import datetime as dt
from dataclasses import replace

import pytest

from kiosk.cards.commands import (
    HELD_FOR,
    MOST_COUNTED,
    PIN_CODES,
    BothHeld,
    ButtonHeld,
    Command,
    command_in,
    command_of,
    desk_event,
    pin_key_of,
)
from kiosk.cards.desk_events import (
    BroughtBack,
    CancelPressed,
    ChildAdded,
    ConfirmPressed,
    DeskEvent,
    EventChosen,
    NothingToDo,
    TicketsSet,
    UndoPressed,
)
from kiosk.cards.desk_state import Desk, EventChoice, Phase, Presentation
from kiosk.cards.model import Answer, Decision, Event, Offer, Scan, Tickets
from kiosk.cards.number import parse
from kiosk.cards.pin_entry import PinKey
from kiosk.cards.repeat import LastReading, heard
from kiosk.cards.unreadable import Unreadable
from kiosk.scanners.assembler import KeyAssembler
from kiosk.scanners.keymap import ENTER, LAYOUTS, US, Layout
from tests.support import desks
from tests.unit.cards.examples import (
    COMMUNITY_OFFER,
    CONCERT,
    COURSE_OFFER,
    HOUR,
    IDENTITY,
    NO_OFFER,
    NOW,
    PERSONAL_OFFER,
    a_use,
    facts,
)

AT_MS = 20_000
MATINEE = replace(CONCERT, id="matinee", starts_at=NOW - 5 * HOUR, ends_at=NOW - 3 * HOUR)
LATE = replace(CONCERT, id="late", starts_at=NOW + 4 * HOUR, ends_at=NOW + 6 * HOUR)
LET_IN = replace(desks.recorded_alone(), shown_since_ms=AT_MS - 500)
TODAY = (MATINEE, CONCERT, LATE)
COMMANDS = pytest.mark.parametrize("command", Command, ids=lambda command: command.name)


def presented(offer: Offer = PERSONAL_OFFER, tickets: Tickets | None = None, answer: Answer = Answer.ACCEPT) -> Desk:
    """A desk with a card on it."""
    decision = Decision(answer, (), offer)
    card = Presentation("card", IDENTITY, facts(), decision, tickets or Tickets(), (), AT_MS - 100)
    return Desk(phase=Phase.PRESENTED, presented=card)


def meaning(command: Command, desk: Desk, events: tuple[Event, ...] = ()) -> DeskEvent:
    return desk_event(command, desk, events, NOW, AT_MS, fresh_id="fresh")


@COMMANDS
def test_a_command_is_no_card_number(command: Command) -> None:
    assert isinstance(parse(command.value), Unreadable)


@COMMANDS
@pytest.mark.parametrize(
    "around",
    ["{}", "]A0{}", "\x02{}\x03", "]Q2\\000026{}", "*{}*", " {} \r", "]A0{0}]A0{0}", "\x1d{}"],
)
def test_a_command_is_known_in_all_that_scanners_put_around_it(command: Command, around: str) -> None:
    assert command_in(around.format(command.value)) is command
    assert command_in(around.format(command.value.lower())) is command


@COMMANDS
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_command_is_the_same_in_every_layout_that_a_scanner_may_wrongly_be_set_to(
    command: Command, layout: Layout
) -> None:
    keys = {key.plain: code for code, key in US.keys.items()}
    assembler = KeyAssembler(layout)
    typed = [assembler.feed(keys[letter.lower()], 1) for letter in command.value]
    assert command_in(assembler.feed(ENTER, 1) or "") is command
    assert set(typed) == {None}


@COMMANDS
def test_no_letter_of_a_command_moves_between_the_keyboards_of_europe(command: Command) -> None:
    assert not set(command.value) & set("AMQWYZ")


def test_the_check_character_is_known_where_a_scanner_passes_it_on_and_nothing_else_is() -> None:
    passed_on = {
        "KIOSKRECORDC",
        "KIOSKSTOP1",
        "KIOSKCHILDJ",
        "KIOSKNOCHILDN",
        "KIOSKHELPERD",
        "KIOSKNOHELPJ",
        "KIOSKSELFG",
        "KIOSKBRINGX",
        "KIOSKUNDOS",
        "KIOSKNEXT.",
        "KIOSKTONGUEV",
        "KIOSKLOCKF",
        "KIOSKOFFICE-",
        "KIOSKFURTHERB",
        "KIOSKBEFORE0",
        "KIOSKONE%",
        "KIOSKDUO5",
        "KIOSKTHREE$",
        "KIOSKFOURY",
        "KIOSKFIVEG",
        "KIOSKSIXH",
        "KIOSKSEVEN5",
        "KIOSKEIGHTW",
        "KIOSKNINEG",
        "KIOSKNIL0",
    }
    assert {command_in(text) for text in passed_on} == set(Command)
    assert command_in("KIOSKSTOP2") is None


@pytest.mark.parametrize(
    "text", ["", "DEMO-0001", "KIOSK", "KIOSKSTOPP", "]A0KIOSKSTOP]A0KIOSKUNDO", "KIOSKUNDO" * 200]
)
def test_everything_else_is_no_command(text: str) -> None:
    assert command_in(text) is None


def test_confirm_and_cancel_are_the_buttons_of_the_card_on_the_desk() -> None:
    assert meaning(Command.CONFIRM, presented()) == ConfirmPressed("card", AT_MS)
    assert meaning(Command.CONFIRM, presented(answer=Answer.ASK)) == ConfirmPressed("card", AT_MS)
    assert meaning(Command.CANCEL, presented(answer=Answer.REFUSE)) == CancelPressed("card", AT_MS)


def test_a_refused_card_cannot_be_confirmed_by_a_command() -> None:
    assert meaning(Command.CONFIRM, presented(answer=Answer.REFUSE)) == NothingToDo(AT_MS)


@pytest.mark.parametrize(
    ("command", "offer", "before", "after"),
    [
        (Command.CHILD, PERSONAL_OFFER, Tickets(), Tickets(children=1)),
        (Command.CHILD, PERSONAL_OFFER, Tickets(children=2, assistants=1), Tickets(children=3, assistants=1)),
        (Command.CHILD, COMMUNITY_OFFER, Tickets(clients=1), Tickets(clients=2)),
        (Command.ASSISTANT, PERSONAL_OFFER, Tickets(children=2), Tickets(children=2, assistants=1)),
        (Command.ASSISTANT, COURSE_OFFER, Tickets(), Tickets(assistants=1)),
        (Command.CHILD_LESS, PERSONAL_OFFER, Tickets(children=2, assistants=1), Tickets(children=1, assistants=1)),
        (Command.CHILD_LESS, COMMUNITY_OFFER, Tickets(clients=1), Tickets()),
        (Command.ASSISTANT_LESS, PERSONAL_OFFER, Tickets(children=2, assistants=1), Tickets(children=2)),
        (Command.OWN, PERSONAL_OFFER, Tickets(children=2), Tickets(own=0, children=2)),
        (Command.OWN, PERSONAL_OFFER, Tickets(own=0, children=2), Tickets(children=2)),
    ],
)
def test_one_more_or_less_is_counted_from_what_lies_on_the_desk(
    command: Command, offer: Offer, before: Tickets, after: Tickets
) -> None:
    assert meaning(command, presented(offer, before)) == TicketsSet("card", after, AT_MS)


@pytest.mark.parametrize(
    ("command", "desk"),
    [
        *((command, Desk()) for command in Command if command is not Command.NEXT_EVENT),
        *((command, replace(presented(), phase=Phase.RECORDING)) for command in (Command.CONFIRM, Command.CHILD)),
        (Command.CHILD, presented(COURSE_OFFER)),
        (Command.ASSISTANT, presented(NO_OFFER)),
        (Command.OWN, presented(NO_OFFER)),
        (Command.CHILD, desks.recorded()),
        (Command.CHILD, presented(tickets=Tickets(children=MOST_COUNTED))),
        (Command.CHILD_LESS, presented(tickets=Tickets(assistants=1))),
        (Command.ASSISTANT_LESS, presented(tickets=Tickets(children=1))),
    ],
)
def test_a_command_that_means_nothing_now_does_nothing(command: Command, desk: Desk) -> None:
    assert meaning(command, desk) == NothingToDo(AT_MS)


def test_undo_takes_the_newest_use_back() -> None:
    desk = Desk(undoable=(a_use("newest"), a_use("older")))
    assert meaning(Command.UNDO, desk) == UndoPressed("newest", NOW, AT_MS)


def test_the_next_waiting_card_is_the_one_that_waits_for_longest() -> None:
    card = desks.on_desk(presented())
    desk = Desk(tray=(replace(card, id="first"), replace(card, id="second")))
    assert meaning(Command.BRING_BACK, desk) == BroughtBack("first", AT_MS)


def test_a_child_more_is_added_to_the_card_that_self_service_has_just_let_in() -> None:
    assert meaning(Command.CHILD, LET_IN) == ChildAdded("p1", "fresh", AT_MS)


def test_next_event_goes_round_the_buttons_of_the_page_from_the_event_of_now() -> None:
    desk, chosen = Desk(), []
    for _ in range(6):
        event = meaning(Command.NEXT_EVENT, desk, TODAY)
        assert isinstance(event, EventChosen)
        chosen.append(event.choice)
        desk = replace(desk, choice=event.choice)
    by_the_time, general = EventChoice(), EventChoice(automatic=False)
    late = EventChoice(automatic=False, event_id="late")
    assert chosen == [late, general, by_the_time, late, general, by_the_time]


@pytest.mark.parametrize(
    ("events", "choice", "then"),
    [
        ((), EventChoice(), EventChoice(automatic=False)),
        ((), EventChoice(automatic=False), EventChoice()),
        ((LATE,), EventChoice(), EventChoice(automatic=False, event_id="late")),
        (
            (MATINEE, LATE),
            EventChoice(automatic=False, event_id="matinee"),
            EventChoice(automatic=False, event_id="late"),
        ),
        (TODAY, EventChoice(automatic=False, event_id="cancelled"), EventChoice(automatic=False, event_id="late")),
    ],
)
def test_next_event_of_a_day_with_few_events(events: tuple[Event, ...], choice: EventChoice, then: EventChoice) -> None:
    assert meaning(Command.NEXT_EVENT, Desk(choice=choice), events) == EventChosen(then, AT_MS)


def test_the_same_code_within_a_second_is_one_reading_and_after_it_a_second() -> None:
    last: LastReading | None = None
    fresh = []
    for at_ms in (0, 999, 1998, 2998):
        last, new = heard(last, Scan(Command.CHILD.value, "command"), at_ms, HELD_FOR)
        fresh.append(new)
    assert fresh == [True, False, False, True]
    assert dt.timedelta(seconds=1) == HELD_FOR


@pytest.mark.parametrize(
    ("desk", "confirms", "held", "held_long"),
    [
        (presented(), True, Command.CHILD, Command.ASSISTANT),
        (presented(), False, Command.CHILD_LESS, Command.ASSISTANT_LESS),
        (LET_IN, True, Command.CHILD, Command.CHILD),
        (Desk(tray=(desks.on_desk(presented()),)), True, Command.BRING_BACK, Command.BRING_BACK),
        (Desk(), True, Command.NEXT_EVENT, Command.NEXT_LANGUAGE),
        (Desk(), False, Command.UNDO, Command.UNDO),
    ],
)
def test_a_button_that_is_held_counts_children_or_assistants_or_with_no_card_takes_what_is_next_or_undoes(
    desk: Desk, *, confirms: bool, held: Command, held_long: Command
) -> None:
    meant = [command_of(ButtonHeld(confirms, AT_MS, long), desk) for long in (False, True)]
    assert meant == [held, held_long]


def test_a_button_that_was_held_before_the_card_came_does_not_count_its_children() -> None:
    assert command_of(ButtonHeld(confirms=True, at_ms=AT_MS - 200), presented()) is Command.NEXT_EVENT


def test_a_hand_that_came_down_before_self_service_let_somebody_in_adds_no_child_to_them() -> None:
    early = LET_IN.shown_since_ms - 1
    assert command_of(ButtonHeld(confirms=True, at_ms=early), LET_IN) is Command.NEXT_EVENT
    assert desk_event(Command.CHILD, LET_IN, (), NOW, early, fresh_id="fresh") == NothingToDo(early)


def test_both_buttons_held_are_the_own_ticket_of_the_card_on_the_desk_and_with_none_the_lock() -> None:
    both = BothHeld(AT_MS)
    assert [command_of(both, desk) for desk in (presented(), Desk(), LET_IN)] == [
        Command.OWN,
        Command.LOCK,
        Command.LOCK,
    ]


def test_hands_that_came_down_on_a_card_that_went_meanwhile_do_not_lock_the_desk() -> None:
    gone = Desk(shown_since_ms=AT_MS + 1)
    assert command_of(BothHeld(AT_MS), gone) is Command.OWN
    assert meaning(Command.OWN, gone) == NothingToDo(AT_MS)


def test_at_a_locked_desk_codes_and_buttons_are_keys_of_its_pin_and_a_button_of_the_page_is_none() -> None:
    meant = {code: pin_key_of(code) for code in Command if pin_key_of(code)}
    of_others = {Command.CONFIRM: PinKey.DONE, Command.CANCEL: PinKey.ANEW, Command.VENUE_PAGES: PinKey.PAGES}
    assert meant == {**PIN_CODES, **of_others}
    assert [pin_key_of(ButtonHeld(confirms, AT_MS, long)) for confirms in (True, False) for long in (False, True)] == [
        PinKey.DONE,
        PinKey.DONE,
        PinKey.ANEW,
        PinKey.ANEW,
    ]
    assert [pin_key_of(press(None, AT_MS)) for press in (ConfirmPressed, CancelPressed)] == [PinKey.PRESS, PinKey.NEXT]
    assert pin_key_of(BothHeld(AT_MS)) is PinKey.PAGES
    others = (ConfirmPressed("card", AT_MS), CancelPressed("card", AT_MS), NothingToDo(AT_MS))
    assert [pin_key_of(other) for other in others] == [None] * 3


def test_each_digit_has_a_code_of_its_own() -> None:
    assert sorted(key.value for key in PIN_CODES.values()) == list("0123456789")
