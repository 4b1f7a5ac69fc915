"""From one key to the next: stopped anywhere, the kiosk still has a key that the register takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kiosk.cards.model import Identity
from kiosk.errors import KeyRevoked, NotAccepted, StoreUnavailable, Unreachable
from kiosk.health import Health
from kiosk.sync.keys import LOOKS_EVERY_S, TRIES_AGAIN_AFTER_S, KeyKeeper
from kiosk.sync.link import Link
from tests.edge.store.samples import an_id
from tests.support.clock import FixedClock
from tests.support.virtual_time import VirtualTime

QUARTER = dt.timedelta(days=90)
ENROLLED = Identity(an_id(1), "esimerkki", "key-0", bytes(32))


class Pulled(BaseException):
    """The plug was pulled here."""


class Plug:
    """Pulls at the step it was told, once."""

    def __init__(self, at_step: int | None = None) -> None:
        self.at_step = at_step
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at_step:
            raise Pulled


class Disk:
    """Keeps one identity."""

    def __init__(self, plug: Plug) -> None:
        self.identity: Identity | None = ENROLLED
        self.plug = plug
        self.full = False

    def load(self) -> Identity | None:
        return self.identity

    def save(self, identity: Identity) -> None:
        if self.full:
            raise StoreUnavailable("The disk is full.")
        self.plug.step()
        self.identity = identity
        self.plug.step()


class Register:
    """Keys as the contract says: the old one dies when a new one is first used."""

    def __init__(self, plug: Plug) -> None:
        self.good = ["key-0"]
        self.given = 0
        self.plug = plug
        self.spoken_with = "key-0"
        self.silent = False
        self.revoked = False

    def use_key(self, key: str) -> None:
        self.spoken_with = key

    async def rotate_key(self) -> str:
        self._let_in()
        self.given += 1
        self.good.append(f"key-{self.given}")
        self.plug.step()
        return self.good[-1]

    async def profile(self) -> object:
        self._let_in()
        self.plug.step()
        return None

    def _let_in(self) -> None:
        self.plug.step()
        if self.silent:
            raise Unreachable("no answer")
        if self.revoked:
            raise KeyRevoked("revoked")
        if self.spoken_with not in self.good:
            raise NotAccepted("superseded")
        if self.spoken_with != self.good[0]:
            self.good = [self.spoken_with]


class House:
    """One kiosk and its register, over every start."""

    def __init__(self, at_step: int | None = None) -> None:
        self.plug = Plug(at_step)
        self.disk = Disk(self.plug)
        self.register = Register(self.plug)
        self.clock = FixedClock()
        self.health = Health(self.clock)
        self.link = Link()

    def start(self) -> KeyKeeper:
        """A new process: it knows what is on the disk."""
        assert self.disk.identity is not None
        self.register.use_key(self.disk.identity.key)
        return KeyKeeper(
            server=self.register,
            identities=self.disk,
            link=self.link,
            health=self.health,
            clock=self.clock,
            waiter=VirtualTime(self.clock.utc),
            every=QUARTER,
        )

    def is_let_in(self) -> bool:
        assert self.disk.identity is not None
        return self.disk.identity.key in self.register.good


async def test_a_new_key_takes_the_place_of_the_old_one() -> None:
    house = House()
    await house.start().rotate()
    assert house.disk.identity == replace(ENROLLED, key="key-1", key_since=house.clock.utc)
    assert (house.register.good, house.register.spoken_with) == (["key-1"], "key-1")


STEPS = 8


@pytest.mark.parametrize("step", range(1, STEPS + 1))
async def test_pulled_at_any_step_the_next_start_is_let_in_and_ends_with_one_key(step: int) -> None:
    house = House(at_step=step)
    with pytest.raises(Pulled):
        await house.start().rotate()
    keeper = house.start()
    assert await keeper.look() == LOOKS_EVERY_S
    assert house.is_let_in()
    assert house.disk.identity is not None
    assert house.disk.identity.previous_key is None
    await house.start().rotate()
    assert (house.is_let_in(), house.register.good) == (True, [house.disk.identity.key])


async def test_those_are_all_the_steps() -> None:
    house = House()
    await house.start().rotate()
    assert house.plug.steps == STEPS


async def test_a_lost_answer_locks_nobody_out() -> None:
    house = House()
    house.register.good.append("key-that-was-lost")
    await house.start().rotate()
    assert (house.is_let_in(), house.register.good) == (True, ["key-1"])


async def test_a_register_put_back_from_a_copy_knows_the_old_key_and_that_one_is_used_on() -> None:
    house = House()
    house.disk.identity = replace(ENROLLED, key="key-1", previous_key="key-0")
    assert await house.start().look() == LOOKS_EVERY_S
    assert house.disk.identity == replace(ENROLLED, key="key-0")
    assert house.register.spoken_with == "key-0"


async def test_where_neither_key_is_known_both_are_kept_and_it_is_said() -> None:
    house = House()
    both = replace(ENROLLED, key="key-8", previous_key="key-7")
    house.disk.identity = both
    assert await house.start().look() == TRIES_AGAIN_AFTER_S
    assert (house.disk.identity, house.register.spoken_with) == (both, "key-8")
    assert house.health.parts()["key"].why == "superseded"


async def test_a_disk_that_keeps_no_new_key_leaves_the_old_one_in_use() -> None:
    house = House()
    house.disk.full = True
    with pytest.raises(StoreUnavailable):
        await house.start().rotate()
    assert (house.disk.identity, house.is_let_in(), house.register.spoken_with) == (ENROLLED, True, "key-0")


@pytest.mark.parametrize(
    ("age", "trusted", "renewed"),
    [
        (QUARTER - dt.timedelta(seconds=1), True, False),
        (QUARTER, True, True),
        (QUARTER, False, False),
        (-dt.timedelta(days=365), True, True),
    ],
)
async def test_a_key_is_renewed_at_its_age_and_only_by_a_clock_that_can_be_trusted(
    age: dt.timedelta, trusted: bool, renewed: bool
) -> None:
    house = House()
    house.clock.trusted = trusted
    house.disk.identity = replace(ENROLLED, key_since=house.clock.utc - age)
    assert await house.start().look() == LOOKS_EVERY_S
    assert (house.register.given == 1) is renewed


async def test_a_key_of_unknown_age_counts_from_now() -> None:
    house = House()
    await house.start().look()
    assert (house.disk.identity, house.register.given) == (replace(ENROLLED, key_since=house.clock.utc), 0)


async def test_a_silent_register_is_tried_again_soon() -> None:
    house = House()
    house.disk.identity = replace(ENROLLED, key_since=house.clock.utc - QUARTER)
    house.register.silent = True
    assert await house.start().look() == TRIES_AGAIN_AFTER_S
    assert house.disk.identity == replace(ENROLLED, key_since=house.clock.utc - QUARTER)


async def test_an_ended_identity_is_remembered_on_the_disk() -> None:
    house = House()
    house.disk.identity = replace(ENROLLED, key_since=house.clock.utc - QUARTER)
    house.register.revoked = True
    keeper = house.start()
    assert await keeper.look() == 0.0
    assert house.link.ended
    assert await keeper.look() is None
    assert house.disk.identity.revoked
    assert "kiosk wipe" in house.health.parts()["key"].why
