"""The identity file: private, whole, and clear about being damaged without quoting the key."""

from __future__ import annotations

import stat
import traceback
from pathlib import Path

import pytest

from kiosk.cards.model import Identity
from kiosk.errors import StoreUnavailable
from kiosk.store.identity import IdentityFile

KEY = "a-key-that-must-not-be-seen"
IDENTITY = Identity("01900000-0000-7000-8000-000000000001", "esimerkkila", KEY, bytes(range(32)))


@pytest.fixture
def file(tmp_path: Path) -> IdentityFile:
    return IdentityFile(tmp_path / "state" / "identity.json")


def test_a_kiosk_that_was_never_enrolled_has_no_identity(file: IdentityFile) -> None:
    assert file.load() is None


def test_an_identity_comes_back_as_it_was_saved(file: IdentityFile) -> None:
    file.save(IDENTITY)
    assert IdentityFile(file.path).load() == IDENTITY


def test_only_the_kiosk_may_read_it(file: IdentityFile) -> None:
    file.save(IDENTITY)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (file.path.parent, file.path)]
    assert modes == [0o700, 0o600]


def test_a_new_identity_replaces_the_old_one_and_leaves_nothing_beside_it(file: IdentityFile) -> None:
    file.save(IDENTITY)
    file.path.chmod(0o644)
    other = Identity(IDENTITY.kiosk_id, IDENTITY.venue_id, "another-key", IDENTITY.register_public_key)
    file.save(other)
    assert file.load() == other
    assert [each.name for each in file.path.parent.iterdir()] == ["identity.json"]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_what_a_power_cut_left_beside_it_is_no_hindrance(file: IdentityFile) -> None:
    file.save(IDENTITY)
    file.path.with_name("identity.json.new").write_bytes(b'{"kiosk_id": "half')
    assert file.load() == IDENTITY
    file.save(IDENTITY)
    assert [each.name for each in file.path.parent.iterdir()] == ["identity.json"]


def test_a_deleted_identity_is_gone_and_deleting_again_is_harmless(file: IdentityFile) -> None:
    file.delete()
    file.save(IDENTITY)
    file.delete()
    file.delete()
    assert file.load() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 200,
        b"\xff\xfe not UTF-8",
        b"[]",
        b"{}",
        f'{{"kiosk_id": "k", "venue_id": "v", "key": "{KEY}"'.encode(),
        f'{{"kiosk_id": "k", "venue_id": "v", "key": "{KEY}", "register_public_key": "AAAA"}}'.encode(),
        f'{{"kiosk_id": 7, "venue_id": "v", "key": "{KEY}", "register_public_key": "!"}}'.encode(),
        b'{"kiosk_id": "k", "venue_id": "v", "key": "", "register_public_key": "' + b"A" * 43 + b'="}',
    ],
    ids=[
        "empty",
        "zeros",
        "not text",
        "a list",
        "nothing in it",
        "cut",
        "short key",
        "wrong kinds",
        "no key",
    ],
)
def test_a_damaged_file_says_what_to_do_and_never_quotes_the_key(file: IdentityFile, content: bytes) -> None:
    file.save(IDENTITY)
    file.path.write_bytes(content)
    with pytest.raises(StoreUnavailable) as raised:
        file.load()
    assert str(raised.value) == (
        f"The identity file {file.path} is damaged. Delete it and enrol the kiosk again; "
        "what the kiosk has recorded is kept and will be sent."
    )
    told = "".join(traceback.format_exception(raised.value))
    assert [word for word in (KEY, "msgspec", "UnicodeDecodeError") if word in told] == []
    assert file.path.read_bytes() == content


def test_a_file_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    blocked = IdentityFile(tmp_path / "in the way" / "identity.json")
    with pytest.raises(StoreUnavailable, match="cannot be read: Not a directory"):
        blocked.load()
    with pytest.raises(StoreUnavailable, match=r"cannot be written: (File exists|Not a directory)"):
        blocked.save(IDENTITY)


def test_an_identity_never_shows_its_key() -> None:
    assert KEY not in repr(IDENTITY)
