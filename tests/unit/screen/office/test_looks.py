"""What needs a look, in the words of the page's language, with the rest for the technician."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.reasons import REASONS_OF_ITEMS
from kiosk.cards.exchange import Fate, ItemKind, QueueEntry, QueueRecord
from kiosk.cards.model import Texts
from kiosk.screen.office import office_words as say
from kiosk.screen.office.views import look_rows
from kiosk.screen.translations import Translator, load_translators
from tests.unit.cards.examples import HELSINKI, NOW, a_use

TRANSLATORS = load_translators(HELSINKI)
FI, SV, EN = TRANSLATORS.values()
WORDS = Texts("Rekisterin sana.", "Registrets ord.", "The register's word.")
PARKED = QueueEntry(7, "u", ItemKind.USE, Fate.PARKED, 1, NOW, None, "refused by the register: new-reason", (), None)
FLAGGED = replace(PARKED, fate=Fate.FLAGGED, last_error=None)


def told(entry: QueueEntry, t: Translator) -> tuple[str, str]:
    """The words and the detail of the one row."""
    (row,) = look_rows([QueueRecord(entry, a_use("u"))], t)
    return row.words, row.detail


def test_the_registers_own_words_go_before_all_others_and_its_english_is_for_the_technician() -> None:
    parked = replace(PARKED, message=WORDS, reasons=("malformed",))
    assert [told(parked, t) for t in (FI, SV)] == [
        ("Rekisterin sana.", "refused by the register: new-reason"),
        ("Registrets ord.", "refused by the register: new-reason"),
    ]
    assert told(replace(FLAGGED, message=WORDS, reasons=("already-used",)), SV) == ("Registrets ord.", "")


def test_a_reason_without_words_is_said_in_the_kiosks_own() -> None:
    flagged = replace(FLAGGED, reasons=("event-unknown", "already-used"))
    assert told(flagged, SV) == ("Registret känner inte till evenemanget. Redan använt", "")


def test_where_nothing_is_known_that_is_said_too_and_the_bare_reason_is_for_the_technician() -> None:
    assert told(PARKED, FI) == (
        "Rekisteri ei ole ottanut tätä kirjausta vastaan eikä kertonut syytä.",
        "refused by the register: new-reason",
    )
    assert told(replace(FLAGGED, reasons=("new-reason",)), FI) == (
        "Rekisterillä on kysyttävää tästä kirjauksesta.",
        "new-reason",
    )


@pytest.mark.parametrize("t", TRANSLATORS.values(), ids=TRANSLATORS)
@pytest.mark.parametrize("code", REASONS_OF_ITEMS)
def test_every_reason_of_the_contract_has_words(code: str, t: Translator) -> None:
    assert say.found(t, code)
