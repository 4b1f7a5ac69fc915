"""Cameras and decoders, examined in a process of its own: a library that hangs or crashes is a finding, no more.

`python -m kiosk.commands.doctor_camera WORDS` is that process; `kiosk doctor` starts it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from kiosk.findings import Finding, State, failed

LIMIT_S = 25.0
"""A camera may take ten seconds to set its exposure; libcamera and numpy some more to be loaded on a Pi."""
DECODERS = "decoders"


@dataclass(frozen=True, slots=True)
class Errand:
    """What the other process is to look at: a camera, or the decoders."""

    name: str
    camera: str | None
    """As scanner.path names it; None: the decoders."""
    runs: bool | None
    """Whether the kiosk does; None: cannot be seen."""


def examined_apart(
    errand: Errand, *, limit_s: float = LIMIT_S, program: Sequence[str] = (sys.executable, "-m", __name__)
) -> list[Finding]:
    """Do `errand` in another process, which has `limit_s` for it."""
    words = json.dumps(asdict(errand))
    child = subprocess.Popen(  # noqa: S603  # this interpreter, and words of the configuration that no shell reads
        [*program, words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    try:
        answer, said = child.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        child.kill()
        # Not waited for without end: a driver that hangs keeps even a killed process.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=1)
        return [
            failed(
                errand.name,
                f"no answer within {limit_s:g} s",
                "Its driver or library hangs: unplug it, or start the machine anew, and ask again.",
            )
        ]
    if child.returncode != 0 or not answer:
        last = (said.strip().splitlines() or ["nothing was said"])[-1]
        do = "Install the kiosk anew with requirements/hardware.txt; `journalctl -k` may tell more."
        return [failed(errand.name, f"the examination {_end(child.returncode)}: {last}", do)]
    return [_finding(**told) for told in json.loads(answer)]


def _end(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _finding(*, name: str, state: str, saw: str, next: str) -> Finding:  # noqa: A002  # a name of the documented shape
    return Finding(name, State(state), saw, next)


def examined_here(errand: Errand) -> Iterator[Finding]:
    """Do `errand`."""
    try:
        # Only a kiosk with a camera has numpy and Pillow.
        from kiosk.scanners.camera.engines_examined import examine_engines
        from kiosk.scanners.camera.examined import examine_named
    except ImportError as error:
        yield failed(errand.name, str(error), "Install the package with its “camera” extra.")
        return
    if errand.camera is None:
        yield from examine_engines()
    else:
        yield examine_named(errand.name, errand.camera, runs=errand.runs)


def main() -> None:
    """Do the errand of the command line; only the answer comes through standard output, whatever a library prints."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        os.dup2(2, 1)
        errand = Errand(**json.loads(sys.argv[1]))
        json.dump([asdict(finding) for finding in examined_here(errand)], answer)


if __name__ == "__main__":
    main()
