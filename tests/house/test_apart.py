"""What the tests of the playbook start ends with them, however they end."""

import subprocess
from pathlib import Path

import pytest

APART = str(Path(__file__).parents[1] / "site" / "apart")
LIMIT_S = 20
# Something in a session of its own that ignores what is polite, and holds the output open as long as it lives.
STUBBORN = "mount -t tmpfs apart-test {place}; trap '' TERM HUP INT; setsid sh -c 'echo there; sleep 600' & wait"


def can_be_apart() -> bool:
    return subprocess.run([APART, "5", "true"], check=False, capture_output=True).returncode == 0


needs_spaces = pytest.mark.skipif(not can_be_apart(), reason="no spaces of processes and mounts can be made here")


@needs_spaces
def test_the_status_is_that_of_the_command() -> None:
    assert subprocess.run([APART, str(LIMIT_S), "sh", "-c", "exit 7"], check=False).returncode == 7


@needs_spaces
def test_nothing_is_left_of_a_run_that_is_killed(tmp_path: Path) -> None:
    words = [APART, str(LIMIT_S), "sh", "-c", STUBBORN.format(place=tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "there\n"
        run.kill()
        assert run.communicate(timeout=LIMIT_S)[0] == ""  # the end of the output: nobody holds it any more
    assert "apart-test" not in Path("/proc/mounts").read_text(encoding="utf-8")


@needs_spaces
def test_nothing_is_left_of_a_run_that_takes_too_long(tmp_path: Path) -> None:
    words = [APART, "0.5", "sh", "-c", STUBBORN.format(place=tmp_path)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=LIMIT_S)
    assert (done.returncode, done.stdout) == (137, "there\n")
