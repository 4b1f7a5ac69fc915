"""The command `register` as a technician meets it."""

from __future__ import annotations

import json
import socket
import ssl
from pathlib import Path

import aiohttp
import trustme

from register.demo.cards import CARDS
from tests.edge.register.house import Door, enrolment_of
from tests.edge.register.samples import a_use
from tests.support.register import call_register as register
from tests.support.register import serving_register


def in_folder(folder: Path) -> tuple[str, str]:
    return "--database", str(folder / "register.db")


def test_the_demo_is_listed_for_people_and_for_scripts(tmp_path: Path) -> None:
    for_people = register("seed", "--demo", *in_folder(tmp_path))
    assert for_people.returncode == 0
    assert all(card.number in for_people.stdout for card in CARDS)
    for_scripts = json.loads(register("seed", "--demo", "--numbered", "2", "--json", *in_folder(tmp_path)).stdout)
    assert [card["number"] for card in for_scripts["cards"]] == [
        *(card.number for card in CARDS),
        "DEMO-01001-LISA",
        "DEMO-01002-LISA",
    ]
    assert {venue["id"] for venue in for_scripts["venues"]} == {"esimerkkitalo", "mallimaen-uimahalli"}
    assert len(for_scripts["events"]) == 5


def test_no_number_of_a_card_is_in_any_file_of_the_register(tmp_path: Path) -> None:
    register("seed", "--demo", "--numbered", "3", *in_folder(tmp_path))
    files = list(tmp_path.iterdir())
    assert {path.name for path in files} >= {"register.db", "register.db.key"}
    held = b"".join(path.read_bytes() for path in files).upper()
    for number in [*(card.number for card in CARDS), "DEMO-01001-LISA"]:
        assert number.encode() not in held
        assert number.replace("-", "").encode() not in held


def test_its_files_are_its_owners_alone(tmp_path: Path) -> None:
    register("seed", "--demo", *in_folder(tmp_path))
    assert [oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == ["0o600", "0o600"]


def test_a_token_alone_goes_to_standard_output(tmp_path: Path) -> None:
    register("seed", "--demo", *in_folder(tmp_path))
    made = register("token", "--venue", "esimerkkitalo", *in_folder(tmp_path))
    assert made.returncode == 0
    assert len(made.stdout.strip().split()) == 1
    as_json = json.loads(register("token", "--json", *in_folder(tmp_path)).stdout)
    assert set(as_json) == {"token", "venue", "expires_at"}


def test_mistakes_get_a_sentence_and_the_documented_code(tmp_path: Path) -> None:
    database = in_folder(tmp_path)
    missing = register("token", *database)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "register seed --demo" in missing.stderr
    assert not (tmp_path / "register.db").exists()
    register("seed", "--demo", *database)
    assert "There is no venue nowhere" in register("token", "--venue", "nowhere", *database).stderr
    assert register("token", "--venue", "nowhere", *database).returncode == 1
    assert register("revoke", "nobody", *database).returncode == 1
    assert register("seed", *database).returncode == 2
    assert register("serve", "--tls-cert", "x.pem", *database).returncode == 2
    assert register("serve", "--port", "70000", *database).returncode == 2
    assert register("nonsense").returncode == 2


def test_without_tls_it_listens_to_this_machine_only(tmp_path: Path) -> None:
    refused = register("serve", "--host", "0.0.0.0", "--port", "0", *in_folder(tmp_path))  # noqa: S104  # that is the test
    assert refused.returncode == 2
    assert "--tls-cert" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_taken_port_and_a_foreign_file_are_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = register("serve", "--port", str(taken.getsockname()[1]), *in_folder(tmp_path))
    assert busy.returncode == 1
    assert "cannot listen" in busy.stderr
    (tmp_path / "notes.db").write_text("these are my notes, not a database, and they stay as they are" * 20)
    foreign = register("serve", "--port", "0", "--database", str(tmp_path / "notes.db"))
    assert foreign.returncode == 1
    assert "not a database" in foreign.stderr
    assert (tmp_path / "notes.db").read_text().startswith("these are my notes")


def test_a_lost_key_file_is_noticed_before_anything_is_served(tmp_path: Path) -> None:
    register("seed", "--demo", *in_folder(tmp_path))
    key_file = tmp_path / "register.db.key"
    key = key_file.read_bytes()
    key_file.unlink()
    lost = register("serve", "--port", "0", *in_folder(tmp_path))
    assert lost.returncode == 1
    assert "is missing" in lost.stderr
    key_file.write_bytes(key)
    key_file.chmod(0o644)
    assert "chmod 600" in register("token", *in_folder(tmp_path)).stderr
    key_file.chmod(0o600)
    assert register("token", *in_folder(tmp_path)).returncode == 0


async def test_a_revoked_kiosk_is_out_at_once_and_its_uses_stay(tmp_path: Path) -> None:
    with serving_register(tmp_path) as served:
        async with aiohttp.ClientSession() as session:
            token = served.token(kiosk_name="Main door")
            reply = await Door(session, served.url).post("/v1/enrolments", enrolment_of(token))
            door, use = Door(session, served.url, reply.body["key"]), a_use("0" * 32)
            await door.send(use)
            served.revoke("Main door")
            assert (await door.get("/v1/kiosk")).problem == (401, "key-revoked")
        (row,) = served.uses()
        assert (row["id"], row["door"], row["reasons"]) == (use["id"], "Main door", ["card-unknown"])


async def test_a_use_is_annulled_beside_the_serving_register_once_with_its_reason(tmp_path: Path) -> None:
    with serving_register(tmp_path) as served:
        async with aiohttp.ClientSession() as session:
            reply = await Door(session, served.url).post("/v1/enrolments", enrolment_of(served.token()))
            door, use = Door(session, served.url, reply.body["key"]), a_use("0" * 32)
            await door.send(use)
            words = ("annul", use["id"], "--venue", "esimerkkitalo", *in_folder(tmp_path))
            since = await door.cursor()
            done = register(*words, "--why", "Wrong\nevent")
            assert (done.returncode, "is annulled" in done.stdout) == (0, True)
            (news,) = (await door.changes(since, wait=5)).body["changes"]
            assert (news["type"], news["use_id"]) == ("annulment", use["id"])
            again = register(*words, "--why", "Another")
            assert (again.returncode, "before: nothing was changed" in again.stdout) == (0, True)
        (row,) = served.uses()
        assert (row["annulled"], row["annulled_by_venue"]["why"]) == (True, "Wrong event")
        assert "annulled by the venue (Wrong event)" in register("export-uses", *in_folder(tmp_path)).stdout
        elsewhere = register("annul", use["id"], "--venue", "nowhere", "--why", "x", *in_folder(tmp_path))
        assert (elsewhere.returncode, elsewhere.stderr.count("\n")) == (1, 1)
        for why in (" ", "x" * 501):
            assert register(*words, "--why", why).returncode == 2


async def test_it_serves_tls_with_the_certificate_it_is_given(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    for position, part in enumerate(issued.cert_chain_pems):
        part.write_to_path(tmp_path / "cert.pem", append=position > 0)
    extra = ("--host", "localhost", "--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem"))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with serving_register(tmp_path, extra=extra) as served:
        assert served.url.startswith("https://localhost:")
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as session,
            session.get(f"{served.url}/v1/openapi.json") as response,
        ):
            assert response.status == 200
