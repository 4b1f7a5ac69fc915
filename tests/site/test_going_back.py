"""Where the way back from a release that does not work ends, and what is said: the playbook's steps, on a folder."""

from pathlib import Path

import pytest

from tests.site.stand_ins import Kiosk

DID_NOT_WORK = "new did not work on door (See that no device is lost)"
STAYS = f"{DID_NOT_WORK}, and STAYS in use"
OR_BY_HAND = "a release that works, or go back by hand (docs/technician.md) with COPY."


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


def test_a_release_that_left_the_records_as_they_were_is_taken_back(kiosk: Kiosk) -> None:
    kiosk.has_records("first")
    assert kiosk.update() == f"{DID_NOT_WORK}; releases/old is in use again."
    assert kiosk.is_left() == ("releases/old", "active", ["first"])


def test_one_that_changed_them_is_taken_back_with_the_copy_from_before(kiosk: Kiosk) -> None:
    kiosk.has_records("first")
    kiosk.new_release_makes("first", "later")
    assert kiosk.update() == f"{DID_NOT_WORK}; releases/old is in use again."
    assert kiosk.is_left() == ("releases/old", "active", ["first"])


def test_where_the_copy_cannot_be_put_back_the_new_release_goes_on_serving(kiosk: Kiosk) -> None:
    kiosk.has_records("first")
    kiosk.new_release_makes("first", "later")
    kiosk.old_release_cannot_restore("kiosk.db cannot be restored: No space left on device.")
    assert kiosk.update() == (
        f"{STAYS}, since the way back to releases/old failed (kiosk.db cannot be restored: No space left on device.). "
        f"The records are as new left them. Bring {OR_BY_HAND}"
    )
    assert kiosk.is_left() == ("releases/new", "active", ["first", "later"])


@pytest.mark.parametrize(
    ("waiting", "of_them"), [(1, "1 of them was not sent and is"), (2, "2 of them were not sent and are")]
)
def test_a_record_that_only_the_new_shape_has_keeps_the_new_release(kiosk: Kiosk, waiting: int, of_them: str) -> None:
    kiosk.has_records("first")
    kiosk.new_release_makes("first", "later", waiting=waiting)
    assert kiosk.update() == (
        f"{STAYS}: it changed the shape of the records, and {of_them} not in the copy from before. "
        f"Rescue them with collect.yml; then bring {OR_BY_HAND}"
    )
    assert kiosk.is_left() == ("releases/new", "active", ["first", "later"])


@pytest.mark.parametrize(
    ("waiting", "also", "do"),
    [(0, "", "Bring"), (1, ", and 1 record in it was not sent", "Rescue them with collect.yml; then bring")],
    ids=["nothing waits", "one waits"],
)
def test_a_kiosk_that_had_no_database_has_none_to_go_back_to(kiosk: Kiosk, waiting: int, also: str, do: str) -> None:
    kiosk.new_release_makes("first", "later", waiting=waiting)
    assert kiosk.update() == (
        f"{STAYS}: it made the database, which was not there before, so that there is no copy to go back with{also}. "
        f"{do} a release that works, or wipe the kiosk (wipe.yml) and make it anew (site.yml, enrol.yml)."
    )
    assert kiosk.is_left() == ("releases/new", "active", ["first", "later"])


def test_records_that_nobody_can_read_are_not_said_to_be_one(kiosk: Kiosk) -> None:
    kiosk.has_records("first")
    kiosk.new_release_damages_them()
    assert kiosk.update() == (
        f"{STAYS}: the records cannot be read now, "
        "so that nobody can tell which of them are not in the copy from before. "
        f"Try to rescue what waits with collect.yml; then bring {OR_BY_HAND}"
    )
