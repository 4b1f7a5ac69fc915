"""No card number in clear in any file of the store, whatever the kiosk was given."""

from __future__ import annotations

from pathlib import Path

import pytest
from nacl.public import PrivateKey

from kiosk.cards.model import CardNumber
from kiosk.cards.news import ListedCard, LookupParameters
from kiosk.store.catalogue import Catalogue
from kiosk.store.ledger import Ledger
from kiosk.store.seal import CardKeys, LookupKeys
from tests.edge.store.samples import NOON, a_card, a_use, an_annulment

NUMBER = CardNumber("DEMO7NOTAREALCARD42")
FEW_ROUNDS = LookupParameters(b"national salt 01", 16, 8, 1)


def in_every_form(number: str) -> list[bytes]:
    clear = number.encode()
    return [clear, clear.lower(), clear.hex().encode(), number.encode("utf-16-le"), clear[:12], clear[-12:]]


@pytest.mark.usefixtures("db")
async def test_no_file_holds_a_number_that_was_used_or_listed(path: Path, ledger: Ledger, catalogue: Catalogue) -> None:
    keys = CardKeys(LookupKeys(FEW_ROUNDS), bytes(PrivateKey.generate().public_key))
    key, sealed = await keys.key_of(NUMBER), keys.seal(NUMBER)
    await catalogue.start_list("c1")
    await catalogue.extend_list([ListedCard(key, a_card())])
    await catalogue.finish_list("c1", NOON)
    await ledger.record(a_use(1, key=key, sealed_number=sealed, tail=NUMBER.tail))
    await ledger.record(a_use(2, key=key, tail=NUMBER.normal))
    await ledger.annul(an_annulment(a_use(1)))
    kept = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    assert set(kept) == {"kiosk.db", "kiosk.db-wal", "kiosk.db-shm"}
    assert any(sealed.encode() in content for content in kept.values())
    assert [
        (name, form) for name, content in kept.items() for form in in_every_form(NUMBER.normal) if form in content
    ] == []
