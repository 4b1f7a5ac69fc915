"""A use that vanished from a kiosk, or was changed there, is found by the kiosk and by the register."""

import json
import sqlite3
from contextlib import closing
from typing import Any

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk
from tests.support.register import ServingRegister, call_register


async def three_uses_offline(kiosk: Kiosk, register: ServingRegister) -> list[str]:
    """Recorded and not delivered; the kiosk is stopped."""
    register.kill()
    uses = []
    for position in range(3):
        await kiosk.show(numbered(position))
        uses.append(await kiosk.confirm())
    await kiosk.stop()
    return uses


def tamper(kiosk: Kiosk, statement: str) -> None:
    with closing(sqlite3.connect(kiosk.state / "kiosk.db", isolation_level=None)) as database:
        guards = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%\\_not\\_%' ESCAPE '\\'"
        for (trigger,) in database.execute(guards).fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute(statement)


def check_chain(kiosk: Kiosk) -> tuple[int, list[str]]:
    done = call_kiosk("check", "--chain", "--json", "--config", str(kiosk.config))
    return done.returncode, [line["seen"] for line in json.loads(done.stdout) if line["what"] == "chain"]


def check_chains(register: ServingRegister, *words: str) -> tuple[int, dict[str, Any]]:
    done = call_register("check-chains", "--json", "--database", str(register.database), *words)
    return done.returncode, json.loads(done.stdout)


async def deliver(kiosk: Kiosk, register: ServingRegister) -> None:
    register.start()
    await kiosk.start()
    await kiosk.until_delivered()


async def test_nothing_is_found_where_nothing_was_done(kiosk: Kiosk, register: ServingRegister) -> None:
    await three_uses_offline(kiosk, register)
    await deliver(kiosk, register)
    assert check_chain(kiosk) == (0, ["3 uses in it"])
    assert check_chains(register) == (0, {"uses": 3, "chains": 1, "findings": []})


async def test_a_changed_use_is_found_on_the_kiosk_and_at_the_register(kiosk: Kiosk, register: ServingRegister) -> None:
    uses = await three_uses_offline(kiosk, register)
    tamper(kiosk, f"UPDATE uses SET children = 9 WHERE id = '{uses[1]}'")
    await deliver(kiosk, register)
    code, seen = check_chain(kiosk)
    assert (code, seen) == (1, ["3 uses in it", f"use {uses[1]} (queue place 2) is not what was recorded"])
    code, told = check_chains(register)
    assert (code, [(found["what"], found["use_ids"]) for found in told["findings"]]) == (3, [("changed", [uses[1]])])


async def test_a_use_that_never_came_is_awaited_and_then_missing(kiosk: Kiosk, register: ServingRegister) -> None:
    await three_uses_offline(kiosk, register)
    tamper(kiosk, "UPDATE outbox SET fate = 'delivered' WHERE sequence = 2")
    await deliver(kiosk, register)
    code, told = check_chains(register)
    assert (code, [found["what"] for found in told["findings"]]) == (0, ["awaited"])
    code, told = check_chains(register, "--patience", "0")
    (found,) = told["findings"]
    assert (code, found["what"], found["first"], found["last"], found["between"]) == (3, "missing", 2, 2, [1, 3])
    done = call_register("check-chains", "--patience", "0", "--database", str(register.database))
    assert (done.returncode, "use 2 of chain" in done.stdout, "queue places 2–2" in done.stdout) == (3, True, True)
