"""What the booted machine's tests ask of it, asked of a shell that stands for its kernel."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.booted.machine import Machine, machine


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Machine]:
    kernel = tmp_path / "kernel"
    kernel.write_text("#!/bin/sh\njournalctl() { echo 'the journal'; }\n. /dev/stdin\n", encoding="utf-8")
    kernel.chmod(0o700)
    with machine(kernel, tmp_path / "disk", tmp_path) as made:
        made.start()
        yield made


def test_what_was_waited_for_is_not_asked_again(shell: Machine, tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    assert shell.until("the file", f"rm {tmp_path}/there", 1) == ""


def test_what_is_waited_for_in_vain_is_told_with_the_end_of_the_journal(shell: Machine) -> None:
    with pytest.raises(AssertionError) as failure:
        shell.until("the sun", "echo dark; false", 0.25)
    assert str(failure.value) == "waited in vain for the sun: dark\nthe journal"
