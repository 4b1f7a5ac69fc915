"""A kiosk's real queue and the register's real intake against the model, whatever is lost or doubled between them."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import sqlite_utils
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contract import messages as m
from contract.messages import DeviceFacts
from contract.rescue import Rescued, open_rescue
from kiosk.cards.exchange import Fate, Parcel
from kiosk.cards.model import Identity, Stamp, Texts, Use
from kiosk.cards.news import Verdict
from kiosk.clock import Moment
from kiosk.store.corrections import correct
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.salvage import salvage
from kiosk.store.told import put_news
from kiosk.sync.pages import item_answers
from kiosk.sync.posting import batches_of, post
from kiosk.sync.replies import ItemAnswer, judge
from kiosk.sync.rescue import rescue_file
from register.demo.places import HALL, OPEN_AREA, put_places
from register.intake.rescued import take_rescued
from register.model import Kiosk
from register.store.cards import put_card
from register.store.kiosks import add_key, add_kiosk, digest_of
from register.store.opening import Register, fresh_lookup, open_register
from tests.edge.store.samples import MINUTE, NOON, a_key, a_refusal, a_use, an_annulment, an_id
from tests.support.protocol import RegisterModel, State, Word, after

NUMBERS = st.integers(1, 5)
KEY = "a key that looks invented"
KIOSK = Kiosk(an_id(9_999), HALL, "Main door")
BOOT = "boot-1"
WORDS = Texts(fi="Katso tätä.", sv="Se på detta.", en="Look at this.")
CARD = m.CardListed(
    lookup_key=a_key(7),
    kind="personal",
    status="active",
    area_id=OPEN_AREA,
    first_valid_day=None,
    last_valid_day=None,
    children=9,
)


class Link:
    """The register's intake by direct calls, in the very bytes that would travel."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.unreadable: set[str] = set()
        """Ids of records that the register cannot read."""

    async def send_uses(self, uses: Sequence[m.UseSent]) -> tuple[ItemAnswer, ...]:
        return await self._take([Rescued(kind="use", item=self._raw(each)) for each in uses])

    async def send_annulments(self, annulments: Sequence[m.AnnulmentSent]) -> tuple[ItemAnswer, ...]:
        return await self._take([Rescued(kind="annulment", item=self._raw(each)) for each in annulments])

    async def send_refusals(self, refusals: Sequence[m.RefusalSent]) -> tuple[ItemAnswer, ...]:
        return await self._take([Rescued(kind="refusal", item=self._raw(each)) for each in refusals])

    async def _take(self, records: Sequence[Rescued]) -> tuple[ItemAnswer, ...]:
        taken = await take_rescued(self.register, KIOSK, records, NOON)
        return item_answers(msgspec.json.encode({"results": [each.result for each in taken]}))

    def _raw(self, item: m.UseSent | m.AnnulmentSent | m.RefusalSent) -> msgspec.Raw:
        body = json.loads(msgspec.json.encode(item))
        return msgspec.Raw(json.dumps({**body, "x": 1} if item.id in self.unreadable else body).encode())


class Protocol(RuleBasedStateMachine):
    """Each record's state is the model's, and the register has what the model's has, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[str, State] = {}
        self.there = RegisterModel({})
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.loop = asyncio.Runner()
        self.files: list[tuple[bytes, tuple[str, ...]]] = []
        register = open_register(self.path / "register.db", new_lookup=fresh_lookup(n=2))
        register.database.write_now(_furnish)
        self.link = Link(register)
        self.start()

    def start(self) -> None:
        self.db = Database.open(self.path / "kiosk.db", kept_free_bytes=0)
        self.ledger, self.outbox = Ledger(self.db), Outbox(self.db)

    # --- people --------------------------------------------------------------------------------------------------

    @rule(number=NUMBERS, trusted=st.booleans())
    def record(self, number: int, trusted: bool) -> None:  # hypothesis calls by name
        use = _use(number, trusted=trusted)
        if use.id not in self.states:
            self.loop.run(self.ledger.record(use))
            self.states[use.id] = State.WAITING

    @rule(number=NUMBERS)
    def annul(self, number: int) -> None:
        annulment = an_annulment(a_use(number), 1000 + number)
        if an_id(number) in self.states and annulment.id not in self.states:
            self.loop.run(self.ledger.annul(annulment))
            self.states[annulment.id] = State.WAITING

    @rule(number=NUMBERS)
    def refuse(self, number: int) -> None:
        refusal = a_refusal(2000 + number)
        if refusal.id not in self.states:
            self.loop.run(self.ledger.count_refusal(refusal))
            self.states[refusal.id] = State.WAITING

    @rule()
    def retry(self) -> None:
        self.loop.run(self.outbox.retry())
        self._all_hear(self.states, Word.RETRY)

    # --- the network ---------------------------------------------------------------------------------------------

    @precondition(lambda self: State.WAITING in self.states.values())
    @rule(
        limit=st.integers(1, 6),
        request=st.sampled_from(("arrives", "arrives", "lost", "doubled")),
        answer=st.sampled_from(("comes", "comes", "lost", "crash", "half")),
    )
    def send_in_any(self, limit: int, request: str, answer: str) -> None:
        self.send(limit, request, answer)

    def send(self, limit: int, request: str, answer: str) -> None:
        for batch in batches_of(self.loop.run(self.outbox.due(NOON + 60 * MINUTE, limit))):
            ids = [parcel.item.id for parcel in batch]
            self._all_hear(ids, Word.SENT)
            if request == "lost":
                self._unanswered(ids)
                continue
            for _ in range(2 if request == "doubled" else 1):
                words, answers = self._arrives(batch)
            if answer in ("lost", "crash"):
                self._unanswered(ids, crash=answer == "crash")
                continue
            heard = ids[: len(ids) // 2] if answer == "half" else ids
            judgement = judge(ids, answers[: len(heard)])
            self.loop.run(self.outbox.settle(judgement.settlements))
            for item_id in heard:
                self.states[item_id] = after(self.states[item_id], words[item_id])
            self._unanswered(ids[len(heard) :])

    @rule()
    def the_weather_is_good(self) -> None:
        self.send(limit=20, request="arrives", answer="comes")

    @rule(number=NUMBERS, kind=st.sampled_from((0, 1000, 2000)))
    def the_register_cannot_read_it(self, number: int, kind: int) -> None:
        self.link.unreadable.add(an_id(kind + number))

    @rule()
    def the_register_is_mended(self) -> None:
        self.link.unreadable.clear()

    @precondition(lambda self: self.there.contents)
    @rule(data=st.data(), reasons=st.sampled_from(((), ("already-used",))))
    def a_verdict_comes_by_the_feed(self, data: Any, reasons: tuple[str, ...]) -> None:
        item_id = data.draw(st.sampled_from(sorted(self.there.contents)))
        self.loop.run(self.db.write(partial(put_news, news=[Verdict(item_id, reasons, WORDS)], list_id=None)))
        self._all_hear([item_id], Word.VERDICT_AGAINST if reasons else Word.VERDICT_FOR)

    # --- machines ------------------------------------------------------------------------------------------------

    @rule()
    def restart_the_kiosk(self) -> None:
        self.db.close()
        self.start()

    @rule()
    def restart_the_register(self) -> None:
        self.link.register.close()
        self.link.register = open_register(self.path / "register.db")

    @rule()
    def the_clock_becomes_trusted(self) -> None:
        self.loop.run(correct(self.db, Moment(NOON + 60 * MINUTE, 3_600_000, BOOT, trusted=True)))

    @rule()
    def export(self) -> None:
        saved = salvage(self.path / "kiosk.db")
        register_key = bytes(self.link.register.private_key.public_key)
        identity = Identity(kiosk_id=KIOSK.id, key=KEY, venue_id=HALL, register_public_key=register_key)
        self.files.append((rescue_file(saved.parcels, identity, NOON, "0"), tuple(p.item.id for p in saved.parcels)))

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def import_a_file(self, data: Any) -> None:
        content, ids = data.draw(st.sampled_from(self.files))
        _, records = open_rescue(content, self.link.register.private_key).read()
        taken = self.loop.run(take_rescued(self.link.register, KIOSK, records, NOON))
        assert [each.result.id for each in taken if each.result.outcome == "refused"] == []
        for item_id in ids:
            assert self.there.receives(item_id, item_id, readable=True) is Word.NOTHING_AGAINST

    # --- what must be true ---------------------------------------------------------------------------------------

    @invariant()
    def each_record_is_in_the_state_of_the_model(self) -> None:
        entries = self.loop.run(self.outbox.listing(tuple(Fate), limit=100))
        assert {entry.item_id: entry.fate.value for entry in entries} == self.states

    @invariant()
    def the_register_has_each_record_of_the_model_and_no_other(self) -> None:
        ids = self.link.register.database.write_now(_ids_of)
        assert sorted(ids) == sorted(self.there.contents)

    @invariant()
    def what_counts_as_delivered_is_there(self) -> None:
        delivered = {each for each, state in self.states.items() if state in (State.DELIVERED, State.FLAGGED)}
        assert delivered <= self.there.contents.keys() <= self.states.keys()

    def teardown(self) -> None:
        self.db.close()
        self.link.register.close()
        self.loop.close()
        self.folder.cleanup()

    # --- helpers -------------------------------------------------------------------------------------------------

    def _arrives(self, batch: Sequence[Parcel]) -> tuple[dict[str, Word], tuple[ItemAnswer, ...]]:
        """What the model says of each record, and the register's answers, which may not say otherwise."""
        answers = self.loop.run(post(self.link, batch))
        words = {}
        for parcel, answer in zip(batch, answers, strict=True):
            item_id = parcel.item.id
            word = self.there.receives(item_id, item_id, readable=item_id not in self.link.unreadable)
            assert (answer.outcome == "refused") == (word is Word.REFUSED), answer
            # Which reasons stand against a use is no part of the protocol.
            words[item_id] = Word.REASONS if answer.reasons and word is Word.NOTHING_AGAINST else word
        return words, answers

    def _unanswered(self, ids: Sequence[str], *, crash: bool = False) -> None:
        if crash:
            self.restart_the_kiosk()
        else:
            self.loop.run(self.outbox.postpone(ids, NOON, "no answer"))
        self._all_hear(ids, Word.CRASH if crash else Word.NO_ANSWER)

    def _all_hear(self, ids: Sequence[str] | dict[str, State], word: Word) -> None:
        for item_id in tuple(ids):
            self.states[item_id] = after(self.states[item_id], word)


def _use(number: int, *, trusted: bool) -> Use:
    use = a_use(number, tail="", at=NOON + number * MINUTE)
    return replace(use, decided=Stamp(use.decided.at, trusted, BOOT, 123_456))


def _furnish(db: sqlite_utils.Database) -> None:
    put_places(db)
    put_card(db, NOON, CARD, sealed_number=None)
    add_kiosk(db, KIOSK, DeviceFacts(name=KIOSK.name, software_version="0"), NOON)
    add_key(db, KIOSK.id, digest_of(KEY), NOON)


def _ids_of(db: sqlite_utils.Database) -> list[str]:
    tables = ("uses", "annulments", "refusals")
    return [str(row[0]) for table in tables for row in db.execute(f"SELECT id FROM {table}")]


TestProtocol = Protocol.TestCase
TestProtocol.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    # A use takes milliseconds of a real disk: making a case smaller would take longer than reading it.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
