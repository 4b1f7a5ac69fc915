"""Whole ways through the kiosk, as its people walk them."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk, running_kiosk
from tests.support.register import ServingRegister


async def test_a_card_read_at_the_door_is_at_the_register(kiosk: Kiosk, register: ServingRegister) -> None:
    assert (await kiosk.show("DEMO-0002-PERHE"))["answer"] == "accept"
    presentation = kiosk.heard.desk["presentation"]
    await kiosk.press("tickets", presentation=presentation, own=1, children=2, assistants=1, clients=0)
    use = await kiosk.confirm()
    await kiosk.until_delivered()
    (row,) = register.uses()
    told = {
        name: row[name] for name in ("id", "own_ticket", "children", "assistants", "clients", "annulled", "reasons")
    }
    assert told == {
        "id": use,
        "own_ticket": 1,
        "children": 2,
        "assistants": 1,
        "clients": 0,
        "annulled": False,
        "reasons": [],
    }


@pytest.mark.parametrize(
    ("card", "answer", "reasons"),
    [
        ("DEMO-0001-AIKUINEN", "accept", ()),
        ("DEMO-0003-YHTEISO", "accept", ()),
        ("DEMO-0005-TANAAN", "accept", ()),
        ("DEMO-0010-NAAPURI", "accept", ()),
        ("DEMO-0004-VANHA", "refuse", ("card-expired",)),
        ("DEMO-0006-HUOMENNA", "refuse", ("card-not-yet-valid",)),
        ("DEMO-0007-KADONNUT", "refuse", ("card-blocked",)),
        ("DEMO-0008-VARASTO", "refuse", ("card-in-stock",)),
        ("DEMO-0009-SULJETTU", "refuse", ("wrong-area",)),
        ("DEMO-7777-KEKSITTY", "refuse", ("card-unknown",)),
    ],
)
async def test_every_kind_of_card_gets_its_answer(
    kiosk: Kiosk, card: str, answer: str, reasons: tuple[str, ...]
) -> None:
    said = await kiosk.show(card)
    assert (said["answer"], tuple(said["reasons"])) == (answer, reasons)


async def test_a_refused_card_cannot_be_confirmed_by_any_button(kiosk: Kiosk, register: ServingRegister) -> None:
    said = await kiosk.show("DEMO-0007-KADONNUT")
    await kiosk.press("confirm", presentation=said["presentation"])
    await kiosk.press("cancel", presentation=said["presentation"])
    await kiosk.until(lambda heard: heard.desk["phase"] == "ready")
    await kiosk.until_delivered()
    assert (kiosk.heard.recorded, register.uses()) == (set(), [])


async def test_confirming_twice_is_one_use(kiosk: Kiosk, register: ServingRegister) -> None:
    await kiosk.show(numbered(1))
    presentation = kiosk.heard.desk["presentation"]
    await kiosk.confirm()
    await kiosk.press("confirm", presentation=presentation)
    await kiosk.until_delivered()
    assert [use["id"] for use in register.uses()] == [presentation]


async def test_the_same_card_at_the_other_door_is_a_question_for_staff(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    async with running_kiosk(tmp_path / "second", register.url, register.token(kiosk_name="Side door")) as second:
        await second.until(lambda heard: heard.surroundings.get("event"))
        # Something of the first door that the second can be seen to know: a place of the quota.
        before = second.heard.surroundings["quota_left"]
        await kiosk.show(numbered(1))
        await kiosk.confirm()
        await second.until(lambda heard: heard.surroundings.get("quota_left") == before - 1)
        said = await second.show(numbered(1))
        assert (said["answer"], said["reasons"]) == ("ask", ["already-used"])


async def test_a_use_of_before_the_restart_can_be_undone_after_it(kiosk: Kiosk, register: ServingRegister) -> None:
    await kiosk.show(numbered(1))
    use = await kiosk.confirm()
    assert await kiosk.stop() == 0
    await kiosk.start()
    assert kiosk.heard.desk["undoable"] == [use]
    await kiosk.press("undo", use=use)
    await kiosk.until(lambda heard: heard.desk["undoable"] == [])
    await kiosk.until_delivered()
    assert [(row["id"], row["annulled"]) for row in register.uses()] == [(use, True)]


async def test_a_kiosk_that_starts_without_its_register_works_from_what_it_knows(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    await kiosk.stop()
    register.kill()
    await kiosk.start()
    assert (await kiosk.show(numbered(1)))["answer"] == "accept"
    known = await kiosk.confirm()
    said = await kiosk.show("DEMO-7777-KEKSITTY")
    assert (said["answer"], said["reasons"]) == ("ask", ["card-not-verified"])
    unknown = await kiosk.confirm()
    register.start()
    await kiosk.until_delivered()
    reasons = {use["id"]: use["reasons"] for use in register.uses()}
    assert reasons == {known: [], unknown: ["card-unknown"]}


async def test_a_revoked_kiosk_keeps_what_it_has_closes_and_says_so_until_it_is_wiped(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    await kiosk.show(numbered(1))
    await kiosk.confirm()
    await kiosk.until_delivered()
    identity = json.loads((kiosk.state / "identity.json").read_text())
    register.revoke(identity["kiosk_id"])
    await kiosk.until(lambda heard: heard.desk.get("why") == "key-revoked")
    await kiosk.until_logged("key fails: the register has revoked this kiosk's key")
    counts = json.loads(call_kiosk("queue", "--json", "--config", str(kiosk.config)).stdout)
    assert counts["delivered"] == 1
    await kiosk.kill()
    register.kill()
    await kiosk.launch()  # nobody can say it again, and it is known all the same
    await kiosk.until(lambda heard: heard.desk.get("why") == "key-revoked")
    assert await kiosk.stop() == 0
    assert call_kiosk("wipe", "--yes", "--config", str(kiosk.config)).returncode == 0


def test_the_demonstration_plays_a_whole_evening_and_loses_nothing(tmp_path: Path) -> None:
    done = call_kiosk("demo", "--once", "--keep", str(tmp_path / "demo"))
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert last == {
        "scans": 24,
        "accepted": 10,
        "asked": 4,
        "refused": 10,
        "recorded": 13,
        "annulled": 2,
        "delivered": 13,
        "pending": 0,
        "lost": 0,
        "doubled": 0,
    }


def test_two_kiosks_never_share_a_state_folder(kiosk: Kiosk) -> None:
    done: subprocess.CompletedProcess[str] = call_kiosk("run", "--config", str(kiosk.config))
    assert (done.returncode, done.stdout) == (1, "")
    assert "running" in done.stderr
