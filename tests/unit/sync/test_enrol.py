"""A one-time token for an identity."""

from __future__ import annotations

import base64
import datetime as dt

import msgspec
import pytest

from contract.continuing import MOST_CONTINUED, Continued, is_proved
from contract.messages import DeviceFacts, Enrolment, LookupParameters
from kiosk.cards import news
from kiosk.cards.model import Identity, PastIdentity
from kiosk.errors import EnrolmentError, KioskError, Later, Rejected, Unreachable
from kiosk.sync.enrol import Enrolled, enrol
from tests.edge.store.samples import an_id

NOON = dt.datetime(2026, 3, 14, 10, 0, tzinfo=dt.UTC)
DEVICE = DeviceFacts(name="Pääovi", software_version="1.2.3")
TOLD = Enrolment(
    kiosk_id=an_id(1),
    key="an invented key",
    venue_id="esimerkki",
    lookup=LookupParameters(salt="00" * 16, n=4096, r=8, p=1),
    register_public_key=base64.b64encode(bytes(range(32))).decode(),
    server_time=NOON,
)


class FakeServer:
    """Gives what it has, or raises it."""

    def __init__(self, answer: Enrolment | KioskError) -> None:
        self.answer = answer
        self.asked: list[tuple[str, DeviceFacts, str | None]] = []
        self.continues: list[tuple[Continued, ...]] = []

    async def enrol(
        self,
        token: str,
        device: DeviceFacts,
        device_secret: str | None = None,
        continues: tuple[Continued, ...] = (),
    ) -> Enrolment:
        self.asked.append((token, device, device_secret))
        self.continues.append(continues)
        if isinstance(self.answer, KioskError):
            raise self.answer
        return self.answer


async def test_a_token_gives_identity_and_lookup_parameters() -> None:
    server = FakeServer(TOLD)
    enrolled = await enrol(server, " token-from-a-qr-code\n", DEVICE, "a secret")
    assert enrolled == Enrolled(
        Identity(an_id(1), "esimerkki", "an invented key", bytes(range(32))),
        news.LookupParameters(bytes(16), 4096, 8, 1),
        NOON,
    )
    assert server.asked == [("token-from-a-qr-code", DEVICE, "a secret")]


async def test_the_key_shows_itself_nowhere() -> None:
    assert "invented key" not in repr(await enrol(FakeServer(TOLD), "token", DEVICE))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EnrolmentError("token-used: The enrolment token has been used"), "used before"),
        (EnrolmentError("token-unknown: …"), "does not know"),
        (EnrolmentError("token-expired: …"), "too old"),
        (Rejected("rejected by the register (malformed)"), "not an enrolment token"),
    ],
)
async def test_a_token_that_will_not_do_is_said_in_words_for_the_technician(error: KioskError, words: str) -> None:
    with pytest.raises(EnrolmentError, match=words):
        await enrol(FakeServer(error), "token", DEVICE)


@pytest.mark.parametrize("error", [Unreachable("no answer in time"), Later("503")], ids=repr)
async def test_what_may_be_tried_again_is_told_apart(error: KioskError) -> None:
    with pytest.raises(type(error)):
        await enrol(FakeServer(error), "token", DEVICE)


async def test_an_answer_with_half_a_byte_of_salt_is_no_answer() -> None:
    odd = msgspec.structs.replace(TOLD, lookup=LookupParameters(salt="0" * 33, n=4096, r=8, p=1))
    with pytest.raises(Unreachable) as raised:
        await enrol(FakeServer(odd), "token", DEVICE)
    assert raised.value.__cause__ is None


async def test_who_the_kiosk_was_is_proved_for_this_token_the_newest_first() -> None:
    server = FakeServer(TOLD)
    before = [PastIdentity(an_id(number), bytes([number]) * 32) for number in range(10)]
    await enrol(server, " a-token\n", DEVICE, "a secret", before)
    await enrol(server, "a-token", DEVICE, "a secret")
    (claims, none) = server.continues
    assert [claim.kiosk_id for claim in claims] == [an_id(number) for number in range(MOST_CONTINUED)]
    for claim, identity in zip(claims, before, strict=False):
        assert is_proved(claim, identity.key_digest, "a-token")
        assert not is_proved(claim, identity.key_digest, "another")
        assert not is_proved(claim, bytes(32), "a-token") or identity.key_digest == bytes(32)
    assert none == ()
