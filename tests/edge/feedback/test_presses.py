"""The buttons as a technician tries them, pressed from the other side of the wire."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.feedback.buttons import ButtonWiring, Press
from kiosk.feedback.presses import Edge, PressSeen, TriedButtons, described
from kiosk.findings import Finding, failed, passed, warned
from tests.support.pins import Pins, pins_of

CONFIRM, CANCEL = 5, 6
WIRING = ButtonWiring({Press.CONFIRM: CONFIRM, Press.CANCEL: CANCEL}, bounce_s=0.03)
SETTLE_S = 0.2
LIMIT_S = 10.0
HAND_S = 0.03
"""How quick a hand, or a spring, is: the speed of the thing, not a wait for somebody."""


@pytest.fixture(params=["mock", "kernel"])
def pins(request: pytest.FixtureRequest) -> Iterator[Pins]:
    with pins_of(request.param) as pins:
        yield pins


def tried(pins: Pins, wiring: ButtonWiring = WIRING) -> TriedButtons:
    return TriedButtons(wiring, pins.factory, settle_s=SETTLE_S)


async def pressed(buttons: TriedButtons, pins: Pins, pin: int, *levels: bool) -> PressSeen:
    """Have the line go through `levels` once the button is asked for."""
    asked = asyncio.create_task(buttons.next_press(LIMIT_S))
    await asyncio.sleep(0)
    for level in levels:
        pins.drive(pin, high=level)
        await asyncio.sleep(HAND_S)
    seen = await asked
    assert seen is not None
    return seen


async def test_a_press_that_bounces_is_told_edge_by_edge(pins: Pins) -> None:
    buttons = tried(pins)
    async with buttons.opened():
        seen = await pressed(buttons, pins, CONFIRM, False, True, False, True)
    assert buttons.faults == {}
    assert [(edge.press, edge.high) for edge in seen.edges] == [
        (Press.CONFIRM, False),
        (Press.CONFIRM, True),
        (Press.CONFIRM, False),
        (Press.CONFIRM, True),
    ]
    assert seen.bounces == 2


async def test_the_other_button_is_noticed(pins: Pins) -> None:
    buttons = tried(pins)
    async with buttons.opened():
        seen = await pressed(buttons, pins, CANCEL, False, True)
    assert seen.edges[0].press is Press.CANCEL


async def test_a_button_that_is_down_already_is_seen(pins: Pins) -> None:
    buttons = tried(pins)
    async with buttons.opened():
        before = buttons.is_down(Press.CONFIRM)
        pins.drive(CONFIRM, high=False)
        assert (before, buttons.is_down(Press.CONFIRM)) == (False, True)


async def test_a_press_to_three_volts_when_the_wiring_says_so(pins: Pins) -> None:
    buttons = tried(pins, ButtonWiring({Press.CONFIRM: CONFIRM}, pull_up=False))
    async with buttons.opened():
        seen = await pressed(buttons, pins, CONFIRM, True, False)
    assert ([edge.high for edge in seen.edges], seen.bounces) == ([True, False], 0)


async def test_what_came_before_it_was_asked_for_is_no_answer(pins: Pins) -> None:
    buttons = tried(pins)
    async with buttons.opened():
        await pressed(buttons, pins, CANCEL, False, True)
        for level in (False, True):
            pins.drive(CANCEL, high=level)
            await asyncio.sleep(HAND_S)
        assert await buttons.next_press(0.05) is None


async def test_a_button_that_cannot_be_had_is_said_and_the_other_can_be_tried(pins: Pins) -> None:
    buttons = tried(pins, ButtonWiring({Press.CONFIRM: 98, Press.CANCEL: CANCEL}))
    async with buttons.opened():
        assert list(buttons.faults) == [Press.CONFIRM]
        seen = await pressed(buttons, pins, CANCEL, False, True)
    assert len(seen.edges) == 2


async def test_without_a_chip_it_is_said_of_each_button() -> None:
    def no_chip() -> Any:
        raise OSError("no chip")

    buttons = TriedButtons(WIRING, no_chip)
    async with buttons.opened():
        assert buttons.faults == {Press.CONFIRM: "no chip", Press.CANCEL: "no chip"}


def press_of(*edges: tuple[float, bool], press: Press = Press.CONFIRM) -> PressSeen:
    return PressSeen(tuple(Edge(press, at_ms / 1000, high) for at_ms, high in edges), after_s=1.25)


WIRES = "Look at the wires from the pin through the button to ground (hw/wiring.md), and at buttons.pull_up."
SWAPPED = "Press the one that is asked for; if you did, exchange the two wires, or the pins in [buttons]."


def saw(down_ms: int, bounces: int, within_ms: float) -> str:
    return (
        f"high at rest, low when pressed, 1.2 s after it was asked for; down for {down_ms} ms, "
        f"{bounces} bounces within {within_ms} ms"
    )


@pytest.mark.parametrize(
    ("seen", "finding"),
    [
        pytest.param(press_of((0, False), (180, True)), passed("b", saw(180, 0, 0.0)), id="clean"),
        pytest.param(
            press_of((0, False), (1, True), (3, False), (150, True), (151, False), (152, True)),
            passed("b", saw(147, 4, 3.0)),
            id="bounces at both ends",
        ),
        pytest.param(
            press_of((0, False), (100, True), (140, False), (200, True)),
            warned(
                "b",
                saw(100, 2, 100.0),
                "The kiosk would count 2 presses (buttons.debounce_ms = 30): press once; if you did, raise it.",
            ),
            id="two presses",
        ),
        pytest.param(
            press_of((0, False), (12, True)),
            failed(
                "b",
                saw(12, 0, 0.0),
                "The kiosk would not count it (buttons.debounce_ms = 30): "
                "press longer; if you did, look at the contact.",
            ),
            id="too short",
        ),
        pytest.param(
            press_of((0, False)),
            failed("b", f"{saw(5000, 0, 0.0)}; it did not come up again", "Look whether it sticks."),
            id="stuck",
        ),
        pytest.param(
            press_of((0, False), (100, True), press=Press.CANCEL),
            failed("b", "the button cancel (GPIO 6) was pressed in its place", SWAPPED),
            id="the other",
        ),
        pytest.param(None, failed("b", "no press within 10 s; its level stayed high", WIRES), id="nothing"),
    ],
)
def test_what_a_press_tells_a_technician(seen: PressSeen | None, finding: Finding) -> None:
    assert described("b", Press.CONFIRM, WIRING, seen, LIMIT_S) == finding
