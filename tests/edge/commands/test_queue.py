"""`kiosk queue` over a queue that holds every fate there is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from click.testing import CliRunner, Result

from kiosk.cards.exchange import Fate, Settlement
from kiosk.cards.model import Texts
from kiosk.cli import main
from kiosk.commands.queue import MOST_LISTED
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.sending import SendingNote, sending_file_of
from tests.edge.store.samples import HOUR, NOON, a_refusal, a_use, an_id

WORDS = Texts(fi="Katso tämä.", sv="Se på detta.", en="Look at this.")
IN_FLIGHT, PUT_OFF, DELIVERED, FLAGGED, PARKED = (an_id(number) for number in range(1, 6))


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    """The configuration of a kiosk with a record of each fate."""
    state = tmp_path / "state"
    state.mkdir()
    file = tmp_path / "kiosk.toml"
    file.write_text(f"[kiosk]\nstate_dir = {json.dumps(str(state))}\n", encoding="utf-8")
    with closing(Database.open(state / "kiosk.db", kept_free_bytes=0)) as database:
        ledger, outbox = Ledger(database), Outbox(database)
        for number in range(1, 6):
            await ledger.record(a_use(number, tail=""))
        await outbox.postpone([PUT_OFF], NOON + HOUR, "no answer in time")
        await outbox.settle(
            [
                Settlement(DELIVERED, Fate.DELIVERED),
                Settlement(FLAGGED, Fate.FLAGGED, ("card-expired",), WORDS),
                Settlement(PARKED, Fate.PARKED, ("id-reused",), WORDS, "refused by the register: id-reused"),
            ]
        )
    return file


def queue(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["queue", "--config", str(config), *words])


def listed(config: Path, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(queue(config, "list", "--json", *words).stdout)
    return rows


def fates(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["id"], row["fate"]) for row in rows]


async def test_a_record_that_fails_alone_while_others_get_through_is_listed_as_not_taken(config: Path) -> None:
    with closing(Database.open(config.parent / "state" / "kiosk.db", kept_free_bytes=0)) as database:
        await Outbox(database).blame([PUT_OFF], NOON)
    assert (PUT_OFF, "not taken") in fates(await asyncio.to_thread(listed, config))
    depth = await asyncio.to_thread(queue, config, "--json")
    assert (json.loads(depth.stdout)["waiting"], json.loads(depth.stdout)["not_taken"]) == (2, 1)


def test_each_record_is_listed_with_its_fate_its_attempts_and_its_last_error(config: Path) -> None:
    sending = sending_file_of(config.parent / "state" / "kiosk.db")
    with SendingNote(sending) as note:
        note.tell([1], NOON)
        rows = listed(config, "--all")
    assert fates(rows) == [
        (IN_FLIGHT, "in flight"),
        (PUT_OFF, "waiting"),
        (DELIVERED, "delivered"),
        (FLAGGED, "flagged"),
        (PARKED, "parked"),
    ]
    assert [(row["attempts"], row["last_error"]) for row in rows] == [
        (0, None),
        (1, "no answer in time"),
        (1, None),
        (1, None),
        (1, "refused by the register: id-reused"),
    ]
    assert [row["next_try_at"] for row in rows] == [None, (NOON + HOUR).isoformat(), None, None, None]


def test_what_is_done_is_left_out_unless_it_is_asked_for(config: Path) -> None:
    assert [fate for _, fate in fates(listed(config))] == ["waiting", "waiting", "flagged", "parked"]


@pytest.mark.parametrize("wanted", [FLAGGED, "4"])
def test_one_record_is_shown_with_the_register_s_words(config: Path, wanted: str) -> None:
    told = json.loads(queue(config, "show", wanted, "--json").stdout)
    assert (told["id"], told["fate"], told["reasons"], told["message"]) == (
        FLAGGED,
        "flagged",
        ["card-expired"],
        "Look at this.",
    )


def test_a_retry_takes_what_is_parked_or_put_off_and_nothing_that_the_register_has(config: Path) -> None:
    done = queue(config, "retry", PARKED)
    assert (done.exit_code, done.stdout) == (0, "1 will be sent again.\n")
    refused = queue(config, "retry", DELIVERED, FLAGGED)
    assert refused.exit_code != 0
    assert fates(listed(config, "--all"))[2:] == [(DELIVERED, "delivered"), (FLAGGED, "flagged"), (PARKED, "waiting")]
    assert queue(config, "retry", "--all-parked").exit_code == 0
    assert [row["next_try_at"] for row in listed(config)] == [None] * 4


async def test_a_queue_too_long_to_list_says_how_much_of_it_is_not_listed(config: Path) -> None:
    with closing(Database.open(config.parent / "state" / "kiosk.db", kept_free_bytes=0)) as database:
        await database.write(partial(queue_more, count=MOST_LISTED))
    said = await asyncio.to_thread(queue, config, "list", "--all", "--json")
    assert (len(json.loads(said.stdout)), said.stderr) == (
        MOST_LISTED,
        "These are the oldest 1000; 5 more are not listed.\n",
    )
    assert (await asyncio.to_thread(queue, config, "list")).stderr == (
        "These are the oldest 1000; 4 more are not listed.\n"
    )


def queue_more(db: sqlite_utils.Database, *, count: int) -> None:
    refusals = [a_refusal(number) for number in range(5000, 5000 + count)]
    db.conn.executemany(
        "INSERT INTO outbox (item_id, kind, decided_at_ms) VALUES (?, 'refusal', 0)", [(each.id,) for each in refusals]
    )
