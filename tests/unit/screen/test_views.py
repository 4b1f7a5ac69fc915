"""The staff page as a whole: every phase in every language, and nothing that a bystander may not see."""

from dataclasses import replace

import pytest

from kiosk.cards.desk_state import Desk, DeskMode, EventChoice, Notice, Phase, PinProgress
from kiosk.cards.model import CardKind, CardStatus, Texts, Tickets
from kiosk.cards.trust import TrustLevel
from kiosk.screen.board import BoardState
from kiosk.screen.pages import load_pages
from kiosk.screen.translations import Translator
from kiosk.screen.verdicts import Stepper, Verdict
from kiosk.screen.views import EventButton, StaffView, UseLine, WaitingCard, staff_view, visitor_sign
from tests.support import desks
from tests.unit.cards.examples import CONCERT, COURSE, HELSINKI, HOUR, NOW, OTHER_IDENTITY, VENUE, a_use

PAGES = load_pages(HELSINKI)
FI, SV, EN = PAGES.translators.values()
WAITING = replace(desks.on_desk(desks.presented("w1")), identity=OTHER_IDENTITY)
DESKS = {
    "ready": desks.ready(),
    "reading": desks.reading(),
    "accepted": desks.presented(),
    "community": desks.presented(card__kind=CardKind.COMMUNITY),
    "unknown": desks.presented(card=None, online=False),
    "asked": desks.presented(quota_used=6),
    "refused": desks.presented(card__status=CardStatus.BLOCKED),
    "unread": desks.unread(),
    "recording": replace(desks.presented(), phase=Phase.RECORDING),
    "recorded": desks.recorded(),
    "out of service": desks.out_of_service(),
    "closed": desks.out_of_service("closed"),
    "locked": desks.locked(),
    "practising": desks.practising(),
    "without staff": desks.recorded_alone(),
    "with a tray": replace(desks.presented(), tray=(WAITING,)),
    "with a full tray": replace(desks.presented(), notice=Notice.TRAY_FULL),
    "with a notice": replace(desks.ready(), notice=Notice.NOT_RECORDED),
}


@pytest.mark.parametrize("name", DESKS)
@pytest.mark.parametrize("t", PAGES.translators.values(), ids=PAGES.translators)
def test_every_desk_can_be_drawn_in_every_language(name: str, t: Translator) -> None:
    state = BoardState(desk=DESKS[name], waiting=2, needs_look=1, failing=("lamps",), lamps=frozenset({"red"}))
    pushed = PAGES.staff_push(state, t.language)["html"]
    assert pushed in PAGES.staff_page(state, t.language)
    assert f'data-phase="{DESKS[name].phase.value}"' in pushed


def test_an_accepted_card_is_shown_whole() -> None:
    desk = replace(desks.presented(), tray=(WAITING,), undoable=(a_use("u1", at=NOW - HOUR / 2),))
    state = BoardState(
        desk=desk,
        venue=Texts("Teatteri", "Teatern", "Theatre"),
        events=(CONCERT,),
        chosen=CONCERT,
        quota_left=1,
        online=True,
        lamps=frozenset({"green"}),
    )
    assert staff_view(state, FI) == StaffView(
        phase="presented",
        venue="Teatteri",
        event="Konsertti",
        quota="1 Kaikukortti-paikka jäljellä",
        course=False,
        sold_out=False,
        link="Yhteys toimii",
        online=True,
        queue="",
        needs_look="",
        failing="",
        notice="",
        out_of_service="",
        closed=False,
        verdict=Verdict(
            look="accept",
            word="Kelpaa",
            card="Kaikukortti •• 17",
            sentences=(),
            presentation="p1",
            steppers=(
                Stepper("own", "Oma lippu", 1, Tickets(own=0), None),
                Stepper("children", "Omat lapset", 0, None, Tickets(children=1), most_known=2),
                Stepper("assistants", "Avustajat", 0, None, Tickets(assistants=1)),
            ),
            answerable=True,
            confirmable=True,
        ),
        recorded="",
        add_child_to="",
        locked=False,
        pin="",
        pin_opens="",
        practice=False,
        self_service=False,
        uses=(UseLine("u1", "18.00", "•• 17", "oma lippu"),),
        tray=(WaitingCard("w1", "•• 18"),),
        events=(
            EventButton("automatic", "Ajan mukaan", "", chosen=True),
            EventButton(CONCERT.id, "19.00 Konsertti", "", chosen=False),
            EventButton("general", "Yleinen sisäänpääsy", "", chosen=False),
        ),
        lamps=(("heard", False), ("green", True), ("amber", False), ("red", False), ("buzzer", False)),
        spoken="Kelpaa.",
    )


def test_a_kiosk_in_trouble_says_all_of_it() -> None:
    state = BoardState(
        desk=desks.out_of_service(),
        waiting=2,
        needs_look=1,
        trust=TrustLevel.WARN,
        failing=("lamps", "page"),
    )
    view = staff_view(state, EN)
    assert (view.event, view.link, view.queue, view.needs_look, view.failing, view.notice, view.out_of_service) == (
        "General admission",
        "Offline",
        "2 records wait to be sent",
        "1 record needs a look",
        "2 faults: tell the technician",
        "The register will soon be needed. Tell whoever looks after the network.",
        "Uses cannot be saved now. Use the paper form.",
    )
    assert view.spoken == view.out_of_service


def test_staff_see_a_course_and_a_sold_out_event_before_a_card_is_shown() -> None:
    course = replace(COURSE, sold_out=True)
    at_course = staff_view(BoardState(desk=desks.ready(), events=(CONCERT, course), chosen=course), FI)
    assert (at_course.course, at_course.sold_out) == (True, True)
    assert [button.about for button in at_course.events] == ["", "", "Kurssi · Loppuunmyyty", ""]
    drawn = PAGES.staff_push(BoardState(desk=desks.ready(), events=(course,), chosen=course), FI.language)["html"]
    assert all(said in drawn for said in (">Kurssi</li>", ">Loppuunmyyty</li>", "<small>Kurssi · Loppuunmyyty</small>"))


@pytest.mark.parametrize("left", [0, 3])
def test_no_places_are_counted_beside_a_sold_out_event(left: int) -> None:
    state = BoardState(desk=desks.ready(), chosen=replace(CONCERT, sold_out=True), quota_left=left)
    assert (staff_view(state, EN).sold_out, staff_view(state, EN).quota) == (True, "")
    assert staff_view(replace(state, chosen=CONCERT), EN).quota == f"{left} places left for cards"


def test_nobody_is_told_to_decide_on_cards_at_a_desk_that_takes_none() -> None:
    state = BoardState(desk=desks.out_of_service(), trust=TrustLevel.REGISTER_NEEDED)
    assert staff_view(state, EN).notice == ""
    assert staff_view(replace(state, desk=desks.ready()), EN).notice != ""


def test_what_waits_is_counted_as_the_language_writes_numbers() -> None:
    state = BoardState(desk=desks.ready(), waiting=12_345)
    assert [staff_view(state, t).queue for t in (FI, SV)] == [
        "12\N{NO-BREAK SPACE}345 odottaa lähetystä",
        "12\N{NO-BREAK SPACE}345 väntar på att skickas",
    ]


def test_a_word_about_what_just_happened_goes_before_the_register() -> None:
    state = BoardState(desk=DESKS["with a notice"], trust=TrustLevel.REGISTER_NEEDED)
    view = staff_view(state, SV)
    assert (view.notice, view.spoken) == ("Användningen registrerades INTE. Anteckna den på papper.",) * 2


def test_what_was_recorded_is_told_and_spoken() -> None:
    view = staff_view(BoardState(desk=desks.recorded()), SV)
    assert (view.recorded, view.spoken, view.verdict) == ("egen biljett", "Registrerat: egen biljett.", None)


def test_the_list_shows_the_four_newest_uses() -> None:
    desk = replace(desks.ready(), undoable=tuple(a_use(f"u{number}") for number in range(6)))
    assert [use.id for use in staff_view(BoardState(desk=desk), FI).uses] == ["u0", "u1", "u2", "u3"]


@pytest.mark.parametrize(
    ("choice", "pressed"),
    [
        (EventChoice(), "automatic"),
        (EventChoice(automatic=False), "general"),
        (EventChoice(automatic=False, event_id=COURSE.id), COURSE.id),
        (EventChoice(automatic=False, event_id="of yesterday"), "automatic"),
    ],
)
def test_the_choice_of_event_is_one_of_the_buttons(choice: EventChoice, pressed: str) -> None:
    state = BoardState(desk=replace(desks.ready(), choice=choice), events=(CONCERT, COURSE), chosen=CONCERT)
    assert [button.value for button in staff_view(state, FI).events if button.chosen] == [pressed]


@pytest.mark.parametrize("name", DESKS)
def test_no_page_holds_more_of_a_card_than_its_tail(name: str) -> None:
    state = BoardState(desk=DESKS[name], venue=VENUE.name)
    for language in PAGES.translators:
        markup = PAGES.staff_page(state, language) + PAGES.visitor_page(state)
        assert "a" * 32 not in markup
        assert "b" * 32 not in markup


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("ready", "welcome"),
        ("reading", "working"),
        ("accepted", "accepted"),
        ("recording", "accepted"),
        ("asked", "staff"),
        ("refused", "staff"),
        ("unread", "staff"),
        ("recorded", "thanks"),
        ("out of service", "staff"),
        ("locked", "staff"),
        ("without staff", "thanks"),
        ("with a full tray", "wait"),
    ],
)
def test_the_visitor_sees_a_sign_and_never_why(name: str, sign: str) -> None:
    assert visitor_sign(DESKS[name]) == sign


def test_asked_and_refused_look_the_same_to_the_queue() -> None:
    asked, refused = (PAGES.visitor_push(BoardState(desk=DESKS[name])) for name in ("asked", "refused"))
    assert asked == refused


def test_a_name_that_looks_like_markup_stays_text() -> None:
    nasty = "<b>&\"'"
    pushed = PAGES.staff_push(BoardState(desk=Desk(), venue=Texts(nasty, nasty, nasty)), FI.language)["html"]
    assert '<b>&"' not in pushed
    assert "&lt;b&gt;&amp;" in pushed


def test_an_event_without_a_time_is_offered_by_its_name_alone() -> None:
    state = BoardState(events=(replace(CONCERT, by_hand=True, whole_day=True),))
    assert [button.label for button in staff_view(state, FI).events[1:-1]] == ["Konsertti"]


def test_a_locked_desk_shows_a_dot_for_each_digit_and_says_how_many() -> None:
    def view(desk: Desk) -> tuple[str, str, str]:
        shown = staff_view(BoardState(desk=desk, online=True), EN)
        return shown.pin, shown.spoken, shown.notice

    locked = Desk(mode=DeskMode(locked=True))
    assert view(locked) == ("", "", "")
    assert view(replace(locked, pin=PinProgress(0, begun=True))) == ("○", "", "")
    assert view(replace(locked, pin=PinProgress(1))) == ("●", "1 digit", "")
    assert view(replace(locked, pin=PinProgress(3, begun=True))) == ("●●●○", "3 digits", "")


def test_a_locked_desk_says_that_the_pin_opens_the_venues_pages_and_a_pin_that_was_refused_instead() -> None:
    def view(desk: Desk) -> tuple[str, str]:
        shown = staff_view(BoardState(desk=desk, online=True), EN)
        return shown.pin_opens, shown.spoken

    opens = "The PIN opens the venue's pages."
    locked = Desk(mode=DeskMode(locked=True), pin=PinProgress(for_pages=True))
    assert view(locked) == (opens, opens)
    assert view(replace(locked, pin=PinProgress(2, for_pages=True))) == (opens, "2 digits")
    assert view(replace(locked, notice=Notice.LOCKED)) == (
        opens,
        staff_view(BoardState(desk=replace(locked, notice=Notice.LOCKED)), EN).notice,
    )
    assert view(Desk()) == ("", "")


def test_a_wrong_pin_is_said_with_how_long_to_wait() -> None:
    def said(notice: Notice, wait_s: int) -> str:
        desk = Desk(mode=DeskMode(locked=True), notice=notice, pin_wait_s=wait_s)
        return staff_view(BoardState(desk=desk, online=True), EN).notice

    assert said(Notice.WRONG_PIN, 0) == "That is not the PIN."
    assert said(Notice.WRONG_PIN, 40) == "That is not the PIN. Too many wrong tries. Wait 40 seconds."
    assert said(Notice.PIN_TOO_SOON, 1) == "This PIN was not tried. Too many wrong tries. Wait 1 second."


def test_the_visitor_sees_nothing_of_a_pin() -> None:
    locked = Desk(mode=DeskMode(locked=True))
    entering = replace(locked, pin=PinProgress(3, begun=True), notice=Notice.WRONG_PIN)
    assert PAGES.visitor_push(BoardState(desk=entering)) == PAGES.visitor_push(BoardState(desk=locked))
