"""The border to the register: calls as the contract has them, and foreign trouble as the kiosk's own errors."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from contract import messages as m
from contract.problems import STATUS_OF, TITLE_OF
from kiosk.errors import (
    ConfigError,
    CursorGone,
    EnrolmentError,
    KeyRevoked,
    KioskError,
    Later,
    NotAccepted,
    Rejected,
    Unreachable,
)
from kiosk.sync.address import checked_address, tls_context
from kiosk.sync.client import RegisterClient
from kiosk.sync.pages import End, Head
from kiosk.sync.replies import ItemAnswer
from kiosk.sync.wire import refusal_sent, use_sent
from tests.edge.store.samples import NOON, a_key, a_refusal, a_use, an_id
from tests.support.certificates import Certificates
from tests.support.faulty_proxy import Fault, FaultyProxy
from tests.support.scripted_http import ScriptedHttp

KEY = "an-invented-key"
BEAT = m.Heartbeat(software_version="1.2.3", queue_depth=0, oldest_pending_age_s=None, clock_offset_ms=None)
IMPATIENT_S = 0.3


@pytest.fixture
async def server() -> AsyncIterator[ScriptedHttp]:
    async with ScriptedHttp().serving() as server:
        yield server


@pytest.fixture
async def client(server: ScriptedHttp) -> AsyncIterator[RegisterClient]:
    address = checked_address(server.url)
    async with RegisterClient(address, key=KEY, tls=tls_context(None), timeout_s=5.0) as client:
        yield client


def problem_of(problem_type: m.ProblemType, detail: str = "") -> bytes:
    texts = m.Texts(fi="Ä", sv="Å", en="O")
    status, title = STATUS_OF[problem_type], TITLE_OF[problem_type]
    return msgspec.json.encode(m.Problem(type=problem_type, title=title, status=status, message=texts, detail=detail))


async def test_uses_are_posted_with_the_key_as_the_contract_has_it(
    server: ScriptedHttp, client: RegisterClient
) -> None:
    server.body = json.dumps(
        {"results": [{"id": an_id(1), "outcome": "flagged", "reasons": ["card-expired"], "new": 1}]}
    ).encode()
    sent = use_sent(a_use(1), 1)
    assert await client.send_uses([sent]) == (ItemAnswer(an_id(1), "flagged", ("card-expired",)),)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/uses")
    assert (asked.headers["Authorization"], asked.headers["Content-Type"]) == (f"Bearer {KEY}", "application/json")
    assert msgspec.json.decode(asked.body, type=m.Uses) == m.Uses(uses=(sent,))


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda client: client.send_annulments([]), "POST /v1/annulments"),
        (lambda client: client.send_refusals([refusal_sent(a_refusal())]), "POST /v1/refusals"),
        (lambda client: client.changes("e1.5", 25), "GET /v1/changes?since=e1.5&wait=25"),
        (lambda client: client.profile(), "GET /v1/kiosk"),
        (lambda client: client.heartbeat(BEAT), "POST /v1/heartbeats"),
        (lambda client: client.rotate_key(), "POST /v1/kiosk/key"),
        (
            lambda client: client.check(
                m.CheckRequest(use_id=an_id(1), lookup_key=a_key(1), event_id=None, kind="course")
            ),
            "POST /v1/checks",
        ),
        (
            lambda client: client.enrol("t" * 16, m.DeviceFacts(name="Ovi", software_version="1")),
            "POST /v1/enrolments",
        ),
        (lambda client: anext(client.snapshot(None)), "GET /v1/snapshot"),
        (lambda client: anext(client.snapshot(a_key(7))), f"GET /v1/snapshot?from={a_key(7)}"),
    ],
)
async def test_each_call_goes_to_its_address(
    call: object, line: str, server: ScriptedHttp, client: RegisterClient
) -> None:
    server.body = b"nonsense"
    with pytest.raises(Unreachable):
        await call(client)  # type: ignore[operator]
    assert [f"{asked.method} {asked.path}" for asked in server.asked] == [line]


async def test_an_address_with_a_path_keeps_it(server: ScriptedHttp) -> None:
    address = checked_address(f"{server.url}/kaikukanta")
    async with RegisterClient(address, key=KEY, tls=tls_context(None)) as client:
        with pytest.raises(Unreachable):
            await client.profile()
    assert server.asked[0].path == "/kaikukanta/v1/kiosk"


async def test_enrolling_shows_no_key_and_the_new_key_counts_from_when_it_is_told(
    server: ScriptedHttp, client: RegisterClient
) -> None:
    with pytest.raises(Unreachable):
        await client.enrol("t" * 16, m.DeviceFacts(name="Ovi", software_version="1"))
    server.body = b'{"key": "the-next-invented-key"}'
    next_key = await client.rotate_key()
    client.use_key(next_key)
    with pytest.raises(Unreachable):
        await client.heartbeat(BEAT)
    assert [asked.headers.get("Authorization") for asked in server.asked] == [
        None,
        f"Bearer {KEY}",
        "Bearer the-next-invented-key",
    ]


@pytest.mark.parametrize(
    ("problem_type", "error"),
    [
        ("malformed", Rejected),
        ("not-found", Rejected),
        ("too-large", Rejected),
        ("key-revoked", KeyRevoked),
        ("unauthorised", NotAccepted),
        ("too-many-requests", Later),
        ("internal", Later),
        ("unavailable", Later),
        ("cursor-gone", CursorGone),
        ("token-used", Unreachable),  # nobody sent a token
        ("token-unknown", Unreachable),
        ("token-expired", Unreachable),
        ("method-not-allowed", Unreachable),
        ("unsupported-media-type", Unreachable),
    ],
)
async def test_each_problem_of_the_contract_is_an_error_of_its_own_kind(
    problem_type: m.ProblemType, error: type[KioskError], server: ScriptedHttp, client: RegisterClient
) -> None:
    server.status, server.body = STATUS_OF[problem_type], problem_of(problem_type)
    server.headers = {"Content-Type": "application/problem+json"}
    with pytest.raises(KioskError) as raised:
        await client.heartbeat(BEAT)
    assert type(raised.value) is error


@pytest.mark.parametrize("problem_type", ["token-used", "token-unknown", "token-expired"])
async def test_a_token_that_will_not_do_is_an_error_of_the_enrolment(
    problem_type: m.ProblemType, server: ScriptedHttp, client: RegisterClient
) -> None:
    server.status, server.body = STATUS_OF[problem_type], problem_of(problem_type)
    server.headers = {"Content-Type": "application/problem+json"}
    with pytest.raises(EnrolmentError):
        await client.enrol("an-invented-token", m.DeviceFacts(name="Main door", software_version="1.2.3"))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, "text/html", b"<html>"), Unreachable),
        ((404, "application/json", problem_of("not-found")), Unreachable),
        ((404, "application/problem+json", b'{"type":"about:blank"}'), Unreachable),
        ((404, "application/problem+json", problem_of("not-found")[:-9]), Unreachable),
        ((401, "text/html", b"<html>"), Later),
        ((401, "text/html", problem_of("key-revoked")), Later),
        ((503, "text/html", b"<html>"), Later),
        ((200, "text/html", b"<html>"), Unreachable),
        ((200, "application/json", b"<html>"), Unreachable),
        ((200, "application/json", b'{"server_time": "2026-03-14T10:00:00.000Z"'), Unreachable),
        ((200, "application/problem+json", problem_of("malformed")), Unreachable),
        ((204, "application/json", b""), Unreachable),
        ((302, "application/problem+json", problem_of("malformed")), Unreachable),
        ((407, "text/html", b"<html>"), Unreachable),
    ],
)
async def test_what_is_not_the_contract_s_word_revokes_nothing_and_rejects_nothing(
    answer: tuple[int, str, bytes], error: type[KioskError], server: ScriptedHttp, client: RegisterClient
) -> None:
    server.status, content_type, server.body = answer
    server.headers = {"Content-Type": content_type}
    with pytest.raises(KioskError) as raised:
        await client.heartbeat(BEAT)
    assert type(raised.value) is error


async def test_a_redirect_is_not_followed_and_carries_the_key_nowhere(
    server: ScriptedHttp, client: RegisterClient
) -> None:
    async with ScriptedHttp().serving() as elsewhere:
        server.status, server.headers = 307, {"Location": f"{elsewhere.url}/login"}
        with pytest.raises(Unreachable, match="login page"):
            await client.heartbeat(BEAT)
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        (
            {"Retry-After": "Sat, 14 Mar 2026 12:02:00 GMT", "Date": "Sat, 14 Mar 2026 12:01:30 GMT"},
            30.0,
        ),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
async def test_the_wish_to_be_asked_later_is_handed_on(
    headers: dict[str, str], seconds: float | None, server: ScriptedHttp, client: RegisterClient
) -> None:
    server.status, server.headers = 429, {"Content-Type": "text/plain", **headers}
    with pytest.raises(Later) as raised:
        await client.heartbeat(BEAT)
    assert raised.value.retry_after_s == seconds


async def test_a_rejection_tells_the_technician_what_was_wrong_in_one_short_line(
    server: ScriptedHttp, client: RegisterClient
) -> None:
    server.status, server.headers = 400, {"Content-Type": "application/problem+json"}
    server.body = problem_of("malformed", "Expected `int` - at `$.uses[0].children`\n" + "x" * 1000)
    with pytest.raises(Rejected) as raised:
        await client.send_uses([use_sent(a_use(1), 1)])
    text = str(raised.value)
    assert text.startswith(
        "rejected by the register (malformed: The request does not follow the contract) Expected `int`"
    )
    assert ("\n" in text, len(text) < 400, raised.value.words) == (False, True, ("Ä", "Å", "O"))


async def test_an_answer_without_end_does_not_fill_the_memory(server: ScriptedHttp, client: RegisterClient) -> None:
    server.body = b'"' + b"x" * (9 * 1024 * 1024) + b'"'
    with pytest.raises(Unreachable, match="longer"):
        await client.heartbeat(BEAT)


async def test_no_error_tells_the_key(server: ScriptedHttp, client: RegisterClient) -> None:
    server.status, server.body = 401, KEY.encode()
    with pytest.raises(Later) as raised:
        await client.heartbeat(BEAT)
    assert KEY not in f"{raised.value!r} {raised.value.__cause__!r}"


def snapshot_of(*lines: bytes) -> bytes:
    head = msgspec.json.encode(m.SnapshotHead(cursor="e1.5", lines=len(lines), server_time=NOON))
    end = msgspec.json.encode(m.SnapshotEnd(cursor="e1.5"))
    return b"\n".join([head, *lines, end]) + b"\n"


async def exhaust(pieces: AsyncIterator[object]) -> None:
    async for _ in pieces:
        pass


ANNULMENT_LINE = msgspec.json.encode(m.AnnulmentElsewhere(use_id=an_id(1), annulled_at=NOON))


@pytest.mark.parametrize("gzipped", [True, False])
async def test_a_snapshot_comes_line_by_line_packed_or_not(
    gzipped: bool, server: ScriptedHttp, client: RegisterClient
) -> None:
    body = snapshot_of(ANNULMENT_LINE)
    server.body = gzip.compress(body) if gzipped else body
    server.headers = {"Content-Type": "application/x-ndjson", **({"Content-Encoding": "gzip"} if gzipped else {})}
    pieces = [piece async for piece in client.snapshot(None)]
    assert (pieces[0], len(pieces), pieces[-1]) == (Head("e1.5", NOON), 3, End())


@pytest.mark.parametrize("cut", [1, 30, 200])
async def test_a_cut_snapshot_gives_what_came_and_then_says_that_it_was_cut(
    cut: int, server: ScriptedHttp, client: RegisterClient
) -> None:
    body = snapshot_of(*[ANNULMENT_LINE] * 50)
    server.body = body[: body.rindex(b'{"type":"end"') - cut]
    server.headers = {"Content-Type": "application/x-ndjson"}
    pieces = client.snapshot(None)
    assert len([await anext(pieces) for _ in range(1 + 40)]) == 41
    with pytest.raises(Unreachable):
        await exhaust(pieces)


WHAT_A_FAULT_IS: dict[Fault, tuple[type[KioskError], str]] = {
    Fault.REFUSED: (Unreachable, "no connection (Connection refused)"),
    Fault.RESET: (Unreachable, "the connection broke off"),
    Fault.HANGING: (Unreachable, "no answer in time"),
    Fault.HANGING_STORED: (Unreachable, "no answer in time"),
    Fault.HALF_A_REPLY_STORED: (Unreachable, "the answer broke off"),
    Fault.SLOW_STORED: (Unreachable, "no answer in time"),
    Fault.REPLY_LOST_STORED: (Unreachable, "the connection broke off"),
    Fault.ERROR_500: (Later, "the register asks for patience (status 500)"),
    Fault.ERROR_500_STORED: (Later, "the register asks for patience (status 500)"),
    Fault.GATEWAY_502: (Later, "the register asks for patience (status 502)"),
    Fault.TOO_MANY_429: (Later, "the register asks for patience (status 429)"),
    Fault.FORBIDDEN_403: (Later, "the register does not accept this kiosk's key (status 403)"),
    Fault.NOT_FOUND_HTML: (Unreachable, "not the register's answer (status 404)"),
    Fault.HTML: (Unreachable, "not the register's answer (status 200)"),
    Fault.LOGIN_PAGE: (Unreachable, "the network sends elsewhere (a login page?) (status 302)"),
    Fault.OTHER_JSON: (Unreachable, "the register's answer cannot be understood"),
    Fault.NO_RESULTS: (Unreachable, "the register's answer cannot be understood"),
    Fault.NO_HTTP: (Unreachable, "what came is no HTTP answer"),
    Fault.UNTRUSTED_CERTIFICATE: (Unreachable, "the register's certificate is not trusted"),
    Fault.TLS_CALL_FLIPPED: (Unreachable, "the connection broke off"),
    Fault.TLS_CALL_CUT: (Unreachable, "the connection broke off"),
    Fault.TLS_REPLY_FLIPPED_STORED: (Unreachable, "the connection broke off"),
    Fault.TLS_REPLY_CUT_STORED: (Unreachable, "the connection broke off"),
    Fault.WRONG_NAME: (Unreachable, "the register's certificate is not trusted (IP address mismatch"),
}


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NONE], ids=lambda fault: fault.name)
async def test_each_fault_of_the_network_is_told_in_words(
    fault: Fault, network: FaultyProxy, certificates: Certificates
) -> None:
    error, words = WHAT_A_FAULT_IS[fault]
    address = checked_address(f"https://127.0.0.1:{network.port}")
    await network.become(fault)
    async with RegisterClient(address, key=KEY, tls=tls_context(certificates.ca_file), timeout_s=IMPATIENT_S) as client:
        with pytest.raises(KioskError) as raised:
            await client.heartbeat(BEAT)
    assert (type(raised.value), str(raised.value)[: len(words)]) == (error, words)
    assert str(network.port) not in str(raised.value)


async def test_a_stop_in_the_very_moment_of_a_timeout_is_a_stop(
    network: FaultyProxy, certificates: Certificates
) -> None:
    address, tls = checked_address(f"https://127.0.0.1:{network.port}"), tls_context(certificates.ca_file)
    await network.become(Fault.HANGING)
    async with RegisterClient(address, key=KEY, tls=tls, timeout_s=IMPATIENT_S) as client:
        call = asyncio.create_task(client.heartbeat(BEAT))
        await network.called.wait()
        # The loop stands still until the time is over, so that timeout and stop happen in one turn of it.
        threading.Event().wait(2 * IMPATIENT_S)
        asyncio.get_running_loop().call_soon(call.cancel)
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_with_a_pinned_authority_the_system_s_own_are_not_trusted(certificates: Certificates) -> None:
    trusted = tls_context(certificates.ca_file)
    assert (trusted.cert_store_stats()["x509_ca"], trusted.verify_mode) == (1, ssl.CERT_REQUIRED)
    assert trusted.check_hostname


def test_a_certificate_file_that_will_not_do_is_told_in_words(tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("no certificate", encoding="utf-8")
    for path, words in (
        (nonsense, "PEM"),
        (tmp_path / "missing.pem", "no certificate file"),
        (tmp_path, "certificate file"),
    ):
        with pytest.raises(ConfigError, match=words):
            tls_context(path)
