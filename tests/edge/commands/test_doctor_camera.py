"""Cameras and decoders are examined in a process of their own, whatever that process does."""

import sys

import pytest

from kiosk.commands.doctor_camera import Errand, examined_apart
from kiosk.findings import Finding, State, failed

ERRAND = Errand("scanner 1", "/dev/no-such-camera", runs=False)


def test_the_other_process_tells_what_it_saw() -> None:
    (camera,) = examined_apart(ERRAND)
    assert (camera.name, camera.state, camera.saw) == (
        "scanner 1",
        State.FAIL,
        "/dev/no-such-camera (V4L2): the camera /dev/no-such-camera cannot be used: it is not plugged in",
    )
    decoders = examined_apart(Errand("decoders", None, runs=False))
    assert [(each.name, each.state) for each in decoders] == [
        ("decoder zxing-cpp", State.OK),
        ("decoder zbar", State.OK),
    ]


@pytest.mark.parametrize(
    ("does", "finding"),
    [
        pytest.param(
            "import os; os.abort()",
            failed(
                "scanner 1",
                "the examination was ended by SIGABRT: nothing was said",
                "Install the kiosk anew with requirements/hardware.txt; `journalctl -k` may tell more.",
            ),
            id="crashes",
        ),
        pytest.param(
            "raise SystemExit('first\\nno numpy')",
            failed(
                "scanner 1",
                "the examination ended with code 1: no numpy",
                "Install the kiosk anew with requirements/hardware.txt; `journalctl -k` may tell more.",
            ),
            id="fails",
        ),
        pytest.param(
            "import os; print('[]', flush=True); os.abort()",
            failed(
                "scanner 1",
                "the examination was ended by SIGABRT: nothing was said",
                "Install the kiosk anew with requirements/hardware.txt; `journalctl -k` may tell more.",
            ),
            id="crashes after its answer",
        ),
        pytest.param(
            "import signal; signal.pause()",
            failed(
                "scanner 1",
                "no answer within 0.5 s",
                "Its driver or library hangs: unplug it, or start the machine anew, and ask again.",
            ),
            id="hangs",
        ),
    ],
)
def test_a_library_that_crashes_or_hangs_is_a_finding(does: str, finding: Finding) -> None:
    assert examined_apart(
        ERRAND, limit_s=0.5 if "hangs" in finding.next else 30, program=[sys.executable, "-c", does]
    ) == [finding]


def test_what_a_library_prints_is_not_taken_for_the_answer() -> None:
    chatty = """
import os
from kiosk.commands import doctor_camera
real = doctor_camera.examined_here
doctor_camera.examined_here = lambda errand: (os.write(1, b"a proud library"), *real(errand))[1:]
doctor_camera.main()
"""
    (camera,) = examined_apart(ERRAND, program=[sys.executable, "-c", chatty])
    assert camera.name == "scanner 1"
