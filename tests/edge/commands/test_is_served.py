"""Whether a kiosk serves is seen without touching its lock."""

import os
from pathlib import Path

import pytest

from kiosk.commands.places import Places, ServingLock, is_served


def test_a_kiosk_is_seen_as_long_as_it_serves_and_is_not_disturbed(tmp_path: Path) -> None:
    places = Places(tmp_path / "state", tmp_path / "copies")
    lock = ServingLock(places)
    seen = [is_served(places)]
    lock.take()
    seen.append(is_served(places))
    lock.release()
    seen.append(is_served(places))
    lock.take()
    lock.release()
    assert seen == [False, True, False]


def test_a_sandbox_that_hides_the_kernels_locks_is_no_proof_that_no_kiosk_serves(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path / "copies")
    lock = ServingLock(places)
    lock.take()
    assert is_served(places, tmp_path / "no-locks") is None
    lock.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as somebody else")
def test_a_user_who_may_not_look_into_the_folder_is_told_so(tmp_path: Path) -> None:
    places = Places(tmp_path / "state", tmp_path / "copies")
    lock = ServingLock(places)
    lock.take()
    places.folder.chmod(0o700)
    os.seteuid(65_534)
    try:
        assert is_served(places) is None
    finally:
        os.seteuid(0)
        lock.release()
