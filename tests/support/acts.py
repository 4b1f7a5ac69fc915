"""All that is done at the desk, each with how the page, a printed code and two buttons do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kiosk.cards.commands import PIN_CODES, Command
from kiosk.cards.desk_state import Desk
from kiosk.cards.model import Tickets
from kiosk.feedback.buttons import Press
from tests.support import desks
from tests.unit.cards.examples import COURSE, OTHER_IDENTITY, a_use


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the handbook's table."""

    desk: Desk
    """Where it means something."""
    key: str
    """Of the page: what is tapped, or reached by keyboard, as a selector."""
    path: str
    fields: Mapping[str, str]
    """The form that the key sends."""
    code: Command
    press: Press


@dataclass(frozen=True, slots=True)
class OtherAct:
    """A row of what is no form of the desk's own page, and takes several codes or presses."""

    codes: tuple[Command, ...]
    presses: tuple[Press, ...]


def _counted(key: str, code: Command, press: Press, **tickets: int) -> Act:
    """A card on the desk with a child and an assistant, and another count of them."""
    lying = desks.presented()
    before = replace(desks.on_desk(lying), tickets=Tickets(own=1, children=1, assistants=1))
    after = {"own": 1, "children": 1, "assistants": 1, "clients": 0} | tickets
    fields = {"presentation": "p1"} | {name: str(count) for name, count in after.items()}
    return Act(replace(lying, presented=before), key, "/tickets", fields, code, press)


_PRESENTED = desks.presented()
_WAITING = replace(desks.on_desk(_PRESENTED), id="waiting", identity=OTHER_IDENTITY)
_ALONE = desks.recorded_alone()
_USED = replace(desks.ready(), undoable=(a_use("newest"), a_use("older")))

ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "Let the visitor in": Act(
            _PRESENTED, "#confirm", "/confirm", {"presentation": "p1"}, Command.CONFIRM, Press.CONFIRM
        ),
        "Let nobody in": Act(_PRESENTED, "#cancel", "/cancel", {"presentation": "p1"}, Command.CANCEL, Press.CANCEL),
        "Own ticket, yes or no": _counted("#less-own", Command.OWN, Press.BOTH_HELD, own=0),
        "One child or client more": _counted("#more-children", Command.CHILD, Press.CONFIRM_HELD, children=2),
        "One less": _counted("#less-children", Command.CHILD_LESS, Press.CANCEL_HELD, children=0),
        "One assistant more": _counted("#more-assistants", Command.ASSISTANT, Press.CONFIRM_HELD_LONG, assistants=2),
        "One assistant less": _counted(
            "#less-assistants", Command.ASSISTANT_LESS, Press.CANCEL_HELD_LONG, assistants=0
        ),
        "One child more, after self-service": Act(
            _ALONE, "#add-child", "/child", {"use": "p1"}, Command.CHILD, Press.CONFIRM_HELD
        ),
        "The next waiting card": Act(
            replace(desks.ready(), tray=(_WAITING,)),
            "#tray-waiting",
            "/bring-back",
            {"presentation": "waiting"},
            Command.BRING_BACK,
            Press.CONFIRM_HELD,
        ),
        "The next event": Act(
            desks.ready(),
            f"#event-{COURSE.id}",
            "/event",
            {"event": COURSE.id},
            Command.NEXT_EVENT,
            Press.CONFIRM_HELD,
        ),
        "Undo the last use": Act(_USED, "#undo-newest", "/undo", {"use": "newest"}, Command.UNDO, Press.CANCEL_HELD),
    }
)

OTHER_ACTS: Mapping[str, OtherAct] = MappingProxyType(
    {
        "Lock the desk": OtherAct((Command.LOCK,), (Press.BOTH_HELD,)),
        "Open the lock": OtherAct(
            (*PIN_CODES, Command.CONFIRM, Command.CANCEL),
            (Press.CONFIRM, Press.CANCEL, Press.CONFIRM_HELD, Press.CANCEL_HELD),
        ),
        "The venue's pages": OtherAct(
            (Command.VENUE_PAGES, *PIN_CODES, Command.FORWARD, Command.BACK, Command.CONFIRM, Command.CANCEL),
            (Press.BOTH_HELD, Press.CONFIRM, Press.CANCEL, Press.CONFIRM_HELD, Press.CANCEL_HELD),
        ),
        "The next language": OtherAct((Command.NEXT_LANGUAGE,), (Press.CONFIRM_HELD_LONG,)),
    }
)
"""Codes and buttons walk these in tests/unit/flow/test_unlocking.py and tests/edge/screen/test_walking.py, pages in
tests/edge/screen."""
