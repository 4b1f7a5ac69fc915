"""A plug that is pulled: what was answered is there, and what was not is there whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.edge.register.house import Door, enrolment_of
from tests.edge.register.samples import a_use
from tests.support.register import ServingRegister, serving_register

ROUNDS = 5
BATCH = 20


async def enrolled(session: aiohttp.ClientSession, register: ServingRegister) -> Door:
    reply = await Door(session, register.url).post("/v1/enrolments", enrolment_of(register.token()))
    return Door(session, register.url, reply.body["key"], reply.body["kiosk_id"])


async def test_uses_that_were_answered_survive_the_plug(tmp_path: Path) -> None:
    sent: list[dict[str, Any]] = []
    with serving_register(tmp_path) as register:
        async with aiohttp.ClientSession() as session:
            key = (await enrolled(session, register)).key
        for _ in range(ROUNDS):
            batch = [a_use(f"{number:032x}") for number in range(BATCH)]
            async with aiohttp.ClientSession() as session:
                reply = await Door(session, register.url, key).send(*batch)
                register.kill()  # after the answer, with nothing in between
            assert {outcome for outcome, _ in reply.outcomes} == {"flagged"}
            sent += batch
            register.start()
        assert sorted(use["id"] for use in register.uses()) == sorted(use["id"] for use in sent)


@pytest.mark.parametrize("seed", [20_260_310, None])
async def test_a_batch_cut_at_any_instant_is_sent_again_without_loss_or_double(
    tmp_path: Path, seed: int | None
) -> None:
    chosen = seed if seed is not None else random.SystemRandom().randrange(10**9)
    chance = random.Random(chosen)
    sent: list[dict[str, Any]] = []
    with serving_register(tmp_path) as register:
        async with aiohttp.ClientSession() as session:
            door = await enrolled(session, register)
        for _ in range(ROUNDS):
            batch = [a_use(f"{number:032x}") for number in range(BATCH)]
            sent += batch
            await cut_while_sending(door, batch, register, steps=chance.randrange(1500))
            register.start()
            async with aiohttp.ClientSession() as session:
                again = Door(session, register.url, door.key)
                assert {outcome for outcome, _ in (await again.send(*batch)).outcomes} <= {"flagged", "duplicate"}
        held = [use["id"] for use in register.uses()]
        assert sorted(held) == sorted(use["id"] for use in sent), f"seed {chosen}"


async def cut_while_sending(door: Door, batch: list[dict[str, Any]], register: ServingRegister, steps: int) -> None:
    """Pull the plug after so many turns of the event loop, wherever the register is by then."""
    async with aiohttp.ClientSession() as session:
        sending = asyncio.create_task(Door(session, register.url, door.key).send(*batch))
        for _ in range(steps):
            await asyncio.sleep(0)
        register.kill()
        with contextlib.suppress(aiohttp.ClientError):
            await sending


def test_sigterm_ends_it_cleanly_and_again_on_the_same_port(tmp_path: Path) -> None:
    with serving_register(tmp_path) as register:
        url = register.url
        assert register.stop() == 0
        assert not register.database.with_name("register.db-wal").exists()
        register.start()
        assert register.url == url
        assert register.log.read_text(encoding="utf-8") == ""
