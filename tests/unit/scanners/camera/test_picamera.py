"""The Pi's camera against a picamera2 that behaves as the real one."""

from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import DeviceBusy, DeviceError, DeviceMissing
from kiosk.scanners.camera.frames import Luma
from kiosk.scanners.camera.picamera import BUFFERS, MOST_EMPTY_WAITS, SIZE, PiCamera, system_libraries
from tests.support.fake_picamera import CONTINUOUS, Machine, Picamera2


def scene(grey: int) -> Luma:
    luma = np.full((SIZE[1], SIZE[0]), grey, np.uint8)
    luma[0, 0], luma[-1, -1] = 1, 2
    return luma


def opened(machine: Machine) -> tuple[PiCamera, Picamera2]:
    camera = PiCamera(libraries=machine.libraries, wait_s=0.01)
    camera.open()
    assert machine.opened is not None
    return camera, machine.opened


@pytest.mark.parametrize("padding", [0, 64])
def test_a_frame_is_the_brightness_plane_without_colours_and_padding(padding: int) -> None:
    camera, sensor = opened(Machine(padding=padding))
    sensor.fill(scene(77))
    frame = camera.newest()
    assert frame is not None
    assert (frame.luma == scene(77)).all()


def test_the_newest_frame_is_given_and_those_before_it_are_passed_over() -> None:
    camera, sensor = opened(Machine())
    greys = []
    for batch in ((10, 20, 30), (40,), (50, 60)):
        for grey in batch:
            sensor.fill(scene(grey))
        frame = camera.newest()
        assert frame is not None
        greys.append(int(frame.luma[1, 1]))
    assert greys == [30, 40, 60]


def test_every_buffer_goes_back_so_that_the_camera_never_stands_still() -> None:
    camera, sensor = opened(Machine())
    for _ in range(3 * BUFFERS):
        sensor.fill(scene(10))
        assert camera.newest() is not None
    assert sensor.taken == 0


def test_the_focus_follows_the_card_where_the_camera_can() -> None:
    with_focus, without = Machine(), Machine(autofocus=False)
    opened(with_focus)
    opened(without)
    assert (with_focus.controls, without.controls) == ({"AfMode": CONTINUOUS}, {})


def test_nothing_is_shown_and_no_memory_is_set_aside_for_a_raw_picture() -> None:
    _, sensor = opened(Machine())
    config = sensor.camera_configuration()
    assert (config["raw"], config["display"], config["encode"]) == (None, None, None)


@pytest.mark.parametrize(
    ("machine", "kind", "words"),
    [
        (Machine(cameras=0), DeviceMissing, "no camera was found: look at its ribbon cable"),
        (
            Machine(busy="Failed to acquire camera: Device or resource busy"),
            DeviceBusy,
            "another program holds the camera",
        ),
        (Machine(busy="Failed to acquire camera"), DeviceBusy, "another program holds the camera"),
        (
            Machine(busy="camera.acquire() returned unexpected code: -16"),
            DeviceBusy,
            "another program holds the camera",
        ),
        (Machine(busy="no memory"), DeviceError, "cannot be started; another program may hold it .*; no memory"),
    ],
)
def test_a_camera_that_cannot_be_had_is_said_in_words(machine: Machine, kind: type[DeviceError], words: str) -> None:
    camera = PiCamera(libraries=machine.libraries, wait_s=0.01)
    with pytest.raises(DeviceError, match=words) as refused:
        camera.open()
    assert type(refused.value) is kind
    camera.close()


def test_it_can_be_opened_again_after_it_was_busy() -> None:
    machine = Machine(busy="Failed to acquire camera")
    camera = PiCamera(libraries=machine.libraries, wait_s=0.01)
    with pytest.raises(DeviceError):
        camera.open()
    machine.busy = ""
    camera.open()
    camera.close()
    camera.close()
    assert machine.did == ["open", "open", "start", "stop", "close"]


def test_a_camera_whose_frames_stopped_is_closed_all_the_same() -> None:
    machine = Machine()
    camera, _ = opened(machine)
    assert camera.newest() is None
    camera.close()
    assert machine.did == ["open", "start", "cancel", "stop", "close"]


def test_a_library_that_was_built_for_another_numpy_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "libcamera.py").write_text('raise ValueError("numpy.dtype size changed")')
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DeviceError, match=r"python3-picamera2.*numpy\.dtype size changed"):
        system_libraries()


def test_a_camera_that_gives_nothing_for_long_is_said_and_one_that_is_late_is_not() -> None:
    camera, sensor = opened(Machine())
    assert camera.newest() is None
    sensor.fill(scene(10))
    assert camera.newest() is not None
    assert [camera.newest() for _ in range(MOST_EMPTY_WAITS - 1)] == [None] * (MOST_EMPTY_WAITS - 1)
    with pytest.raises(DeviceError, match="gives no pictures any more"):
        camera.newest()


def test_a_camera_that_was_stopped_elsewhere_went_away() -> None:
    camera, sensor = opened(Machine())
    sensor.stop()
    with pytest.raises(DeviceError, match="the camera went away"):
        camera.newest()


def test_a_machine_without_picamera2_is_told_what_to_install() -> None:
    try:
        import picamera2  # type: ignore[import-not-found]  # a package of Raspberry Pi OS only

        pytest.skip(f"this machine has {picamera2}")
    except ImportError:
        with pytest.raises(DeviceError, match="install the system's package python3-picamera2"):
            system_libraries()
