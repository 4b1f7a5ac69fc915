"""What holds for the desk through any evening, with everything around it failing now and then."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.cards.desk import step
from kiosk.cards.desk_effects import Annul, CountRefusal, DecideAgain, Effect, KeepMode, LookUp, Record
from kiosk.cards.desk_events import (
    AnnulFailed,
    Annulled,
    BroughtBack,
    CancelPressed,
    ConfirmPressed,
    Decided,
    DeskEvent,
    EventChosen,
    LookUpFailed,
    Recorded,
    RecordFailed,
    Scanned,
    ServiceBack,
    ServiceLost,
    Tick,
    TicketsSet,
    UndoPressed,
    Unread,
)
from kiosk.cards.desk_state import Desk, DeskTimes, EventChoice, Notice, Phase, Presentation
from kiosk.cards.model import Answer, CardIdentity, CardStatus, EarlierUse, Facts, Reason, Scan, Stamp, Tickets, Use
from kiosk.cards.rules import decide
from kiosk.cards.unreadable import UnreadableWhy
from tests.unit.cards.examples import COMMUNITY_CARD, CONCERT, COURSE, HELSINKI, NOW, a_use, facts

TIMES = DeskTimes(tray_size=1)
CARDS: dict[str, Facts] = {
    **{f"personal-{n}": facts() for n in range(4)},
    **{f"community-{n}": facts(card=COMMUNITY_CARD) for n in range(2)},
    "blocked": facts(card__status=CardStatus.BLOCKED),
    "unknown": facts(card=None, online=False),
}


class Evening:
    """The desk and, in the place of flow and store, something that does what the desk asks for, or fails."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.desk = Desk()
        self.at_ms = 0
        self.uses: dict[str, Use] = {}
        self.annulled: set[str] = set()
        self.presented = 0

    @property
    def now(self) -> dt.datetime:
        """The wall clock."""
        return NOW + dt.timedelta(milliseconds=self.at_ms)

    def happens(self, event: DeskEvent) -> None:
        """Let `event` and all that follows from it happen."""
        before = self.desk
        self.desk, effects = step(before, event, TIMES)
        self.holds()
        for lost in waiting(before) - waiting(self.desk):
            self.went_for_a_reason(lost, before, event)
        for effect in effects:
            answer = self.does(effect)
            if answer is not None:
                self.happens(answer)

    def does(self, effect: Effect) -> DeskEvent | None:
        """What comes of `effect`; one in ten fails."""
        fails = self.data.draw(st.integers(0, 9), label="luck") == 0
        match effect:
            case LookUp(scan=scan):
                self.presented += 1
                if scan.text not in CARDS:
                    return Unread(f"p{self.presented}", UnreadableWhy.NOT_A_CARD, self.at_ms)
                identity = CardIdentity(scan.text, None, scan.text[-2:])
                return self.decided(f"p{self.presented}", identity, fails=fails)
            case DecideAgain(presentation_id=presentation_id, identity=identity):
                return self.decided(presentation_id, identity, fails=fails)
            case Record(presentation=presentation):
                return RecordFailed("disk", self.at_ms) if fails else self.recorded(presentation)
            case Annul(use_id=use_id):
                if fails:
                    return AnnulFailed(use_id, self.at_ms)
                assert use_id not in self.annulled
                self.annulled.add(use_id)
                return Annulled(use_id, self.at_ms)
            case CountRefusal() | KeepMode():
                return None

    def decided(self, presentation_id: str, identity: CardIdentity, *, fails: bool) -> DeskEvent:
        """The facts of the card, uses of this evening included, and the rules' word on them."""
        if fails:
            return LookUpFailed("disk", self.at_ms)
        choice = self.desk.choice.event_id
        event = {None: None, CONCERT.id: CONCERT, COURSE.id: COURSE}[choice]
        earlier = tuple(
            EarlierUse(use.decided.at, "")
            for use in self.uses.values()
            if (use.card.lookup_key, use.event_id) == (identity.lookup_key, choice) and use.id not in self.annulled
        )
        about = replace(CARDS[identity.lookup_key], event=event, earlier_uses=earlier)
        return Decided(presentation_id, identity, about, decide(about, NOW, HELSINKI), self.at_ms)

    def recorded(self, presentation: Presentation) -> DeskEvent:
        """Keep the use; the same id twice is one use, and a second use of a card was asked about."""
        assert presentation.confirmable
        assert presentation.identity is not None
        assert presentation.facts is not None
        assert presentation.id not in self.uses
        event = presentation.facts.event
        key = (presentation.identity.lookup_key, None if event is None else event.id)
        assert key[1] == self.desk.choice.event_id, "the page names another event"
        standing = {(use.card.lookup_key, use.event_id) for use in self.uses.values() if use.id not in self.annulled}
        reasons = {finding.reason for finding in presentation.decision.findings}
        assert key not in standing or Reason.ALREADY_USED in reasons
        use = replace(
            a_use(presentation.id, identity=presentation.identity),
            event_id=key[1],
            decided=Stamp(self.now, True, "boot", self.at_ms),
        )
        self.uses[use.id] = use
        return Recorded(use, self.at_ms)

    def holds(self) -> None:
        """What is true of the desk at every moment."""
        desk = self.desk
        assert (desk.phase is Phase.PRESENTED) <= (desk.presented is not None)
        assert (desk.phase is Phase.RECORDING) <= (desk.presented is not None and desk.presented.confirmable)
        assert (desk.phase is Phase.RECORDED) <= (desk.recorded is not None)
        if desk.phase in (Phase.READY, Phase.RECORDED, Phase.OUT_OF_SERVICE):
            assert desk.presented is None
        assert (desk.phase is Phase.OUT_OF_SERVICE) == bool(desk.out_of_service_why)
        assert len(desk.tray) <= TIMES.tray_size
        waiting = [card for card in (desk.presented, *desk.tray) if card is not None and card.identity is not None]
        keys = [card.identity.lookup_key for card in waiting if card.identity is not None]
        assert len(keys) == len(set(keys))
        assert all(card.decision.answer is not Answer.REFUSE for card in desk.tray)

    def went_for_a_reason(self, presentation_id: str, before: Desk, event: DeskEvent) -> None:
        """Whoever waited was answered, was shown again, or staff were told."""
        lay_there = before.presented is not None and before.presented.id == presentation_id
        match event:
            case Decided(identity=identity, presentation_id=decided_id):
                (card,) = (card for card in (*before.tray, before.presented) if card and card.id == presentation_id)
                assert card.identity == identity or decided_id == presentation_id
            case Tick():
                assert self.desk.notice in (Notice.TIMED_OUT, Notice.NOT_RECORDED)
            case LookUpFailed():
                assert lay_there
                assert self.desk.notice is Notice.LOOK_UP_FAILED
            case _:
                assert lay_there
                assert isinstance(event, CancelPressed | Recorded | RecordFailed | ServiceLost)


def waiting(desk: Desk) -> set[str]:
    """The presentations that wait for an answer, in front and in the tray."""
    in_front = () if desk.presented is None or desk.presented.decision.answer is Answer.REFUSE else (desk.presented,)
    return {card.id for card in (*desk.tray, *in_front)}


def happening(evening: Evening) -> st.SearchStrategy[DeskEvent]:
    """Anything that people, scanners and time may do next."""
    at_ms, desk = evening.at_ms, evening.desk
    in_front = "none" if desk.presented is None else desk.presented.id
    undoable = st.sampled_from([use.id for use in desk.undoable] or ["gone"])
    waiting = st.sampled_from([card.id for card in desk.tray] or ["gone"])
    return st.one_of(
        st.sampled_from([*CARDS, "not a card"]).map(lambda text: Scanned(Scan(text, "scanner"), at_ms)),
        st.sampled_from([*CARDS, "not a card"]).map(lambda text: Scanned(Scan(text, "scanner"), at_ms)),
        st.sampled_from([in_front, None, "gone"]).map(lambda of: ConfirmPressed(of, at_ms)),
        st.sampled_from([in_front, None, "gone"]).map(lambda of: CancelPressed(of, at_ms)),
        st.builds(Tickets, own=st.integers(0, 1), children=st.integers(0, 3), clients=st.integers(0, 2)).map(
            lambda tickets: TicketsSet(in_front, tickets, at_ms)
        ),
        waiting.map(lambda card: BroughtBack(card, at_ms)),
        undoable.map(lambda use: UndoPressed(use, evening.now, at_ms)),
        st.sampled_from([None, CONCERT.id, COURSE.id]).map(
            lambda event: EventChosen(EventChoice(automatic=False, event_id=event), at_ms)
        ),
        st.just(ServiceBack(desk.undoable, at_ms)),
        st.just(ServiceLost("unplugged", at_ms)),
        st.just(Tick(evening.now, at_ms)),
    )


@given(st.data())
def test_through_any_evening_nobody_is_recorded_without_confirm_or_twice_without_a_question(
    data: st.DataObject,
) -> None:
    evening = Evening(data)
    for _ in range(data.draw(st.integers(1, 40), label="length")):
        evening.at_ms += data.draw(st.sampled_from([0, 50, 1_000, 3_000, 11_000, 130_000]), label="pause")
        evening.happens(data.draw(happening(evening)))
