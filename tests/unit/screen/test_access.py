"""Behind the PIN: who knows it, how often one may guess, and how long one stays."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from kiosk.cards.pin_entry import PinAnswer
from kiosk.screen.access import (
    MOST_SESSIONS,
    Access,
    PinFile,
    hash_of,
    is_own_form,
    is_pin,
    wait_after,
)
from tests.support.clock import FixedClock
from tests.support.held_hash import HeldHash
from tests.support.venue import PIN, pin_hash

IDLE = dt.timedelta(minutes=10)


def house() -> tuple[Access, FixedClock]:
    clock = FixedClock()
    return Access(pin_hash, clock, IDLE), clock


async def test_whoever_knows_the_pin_gets_in_and_stays_until_idle() -> None:
    access, clock = house()
    session = await access.enter(PIN)
    assert session is not None
    for _ in range(3):
        clock.pass_by(IDLE.total_seconds())
        assert access.session(session.token) is not None
    clock.pass_by(IDLE.total_seconds() + 1)
    assert access.session(session.token) is None


async def test_nobody_gets_in_where_no_pin_is_set() -> None:
    access = Access(lambda: None, FixedClock(), IDLE)
    assert (access.has_pin, await access.enter(PIN), access.session("")) == (False, None, None)


async def test_the_right_pin_does_not_help_either_while_one_must_wait() -> None:
    access, clock = house()
    for _ in range(3):
        assert await access.enter("999999") is None
    assert access.wait == dt.timedelta(seconds=5)
    assert await access.enter(PIN) is None
    clock.pass_by(5)
    assert await access.enter(PIN) is not None
    assert access.wait == dt.timedelta(0)


async def test_a_pin_that_is_tried_elsewhere_is_tried_by_the_same_rules_and_counted_together() -> None:
    access, clock = house()
    assert [await access.try_pin(pin) for pin in ("999999", "1", PIN)] == [
        PinAnswer.WRONG,
        PinAnswer.WRONG,
        PinAnswer.RIGHT,
    ]
    assert [await access.try_pin("999999"), await access.enter("999999"), await access.try_pin("")] == [
        PinAnswer.WRONG,
        None,
        PinAnswer.WRONG,
    ]
    clock.pass_by(0.5)
    assert (await access.try_pin(PIN), await access.enter(PIN), access.wait_s) == (PinAnswer.TOO_SOON, None, 5)
    clock.pass_by(4.5)
    assert (await access.try_pin(PIN), access.wait_s) == (PinAnswer.RIGHT, 0)


async def test_a_pin_that_is_tried_elsewhere_lets_no_browser_in_and_can_send_all_of_them_away() -> None:
    access, _ = house()
    assert (await access.try_pin(PIN), access._sessions) == (PinAnswer.RIGHT, {})
    sessions = [access.begin(), access.begin()]
    access.leave_all()
    assert [access.session(session.token) for session in sessions] == [None, None]


async def test_guesses_whose_askers_have_gone_are_tried_one_after_another_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    access, _ = house()
    held = HeldHash(monkeypatch)
    askers = [asyncio.create_task(access.enter("999999")) for _ in range(30)]
    await held.begun.wait()
    for asker in askers:
        asker.cancel()
    await asyncio.wait(askers)
    last = asyncio.create_task(access.try_pin(PIN))
    held.may_end.set()
    assert await last is PinAnswer.TOO_SOON
    assert [asker.cancelled() for asker in askers] == [True] * 30
    assert (held.times, held.most_at_once, access.wait_s) == (3, 1, 5)


async def test_the_right_pin_of_an_asker_who_has_gone_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    access, _ = house()
    held = HeldHash(monkeypatch)
    asker = asyncio.create_task(access.enter(PIN))
    await held.begun.wait()
    asker.cancel()
    held.may_end.set()
    assert await access.try_pin("999999") is PinAnswer.WRONG
    assert (asker.cancelled(), held.times, access._sessions) == (True, 2, {})


def test_a_guess_that_goes_on_without_its_asker_ends_with_the_kiosk(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    access, _ = house()

    async def stopped_in_between() -> None:
        held = HeldHash(monkeypatch)
        asker = asyncio.create_task(access.enter("999999"))
        await held.begun.wait()
        asker.cancel()
        await asyncio.wait({asker})
        assert len(access._trying) == 1
        held.may_end.set()

    asyncio.run(stopped_in_between())
    assert (access._trying, caplog.records) == (set(), [])


@pytest.mark.parametrize(("wrong", "seconds"), [(0, 0), (2, 0), (3, 5), (4, 10), (8, 160), (9, 300), (1000, 300)])
def test_each_wrong_guess_doubles_the_wait_up_to_five_minutes(wrong: int, seconds: int) -> None:
    assert wait_after(wrong) == dt.timedelta(seconds=seconds)


async def test_a_session_that_was_left_is_over_and_old_ones_make_room() -> None:
    access, clock = house()
    first = await access.enter(PIN)
    assert first is not None
    for _ in range(MOST_SESSIONS):
        clock.pass_by(0.001)
        last = access.begin()
    assert access.session(first.token) is None
    access.leave(last.token)
    assert access.session(last.token) is None


async def test_a_form_belongs_to_one_session() -> None:
    access, _ = house()
    one, other = access.begin(), access.begin()
    assert is_own_form(one, one.form_token)
    assert not is_own_form(one, other.form_token)
    assert not is_own_form(one, "ä")
    assert len({one.token, one.form_token, other.token, other.form_token}) == 4


@pytest.mark.parametrize("text", ["", "123", "1234567890123", "12a4", " 1234", "１２３４", "-123"])
def test_a_pin_is_four_to_twelve_digits(text: str) -> None:
    assert not is_pin(text)


def test_only_a_slow_hash_of_the_pin_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "pin"
    assert PinFile(file).read() is None
    file.write_bytes(hash_of("1234") + b"\n")
    kept = PinFile(file).read()
    assert kept is not None
    assert kept.startswith(b"$argon2id$v=19$m=65536,t=3,p=1$")
    assert b"1234" not in kept.partition(b"p=1$")[2][:4]
