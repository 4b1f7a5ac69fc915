"""Pictures from real files in place of a camera."""

import os
from collections import Counter
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image

from kiosk.errors import DeviceError
from kiosk.scanners.camera.frames import Frame, FrameSource
from kiosk.scanners.camera.pictures import (
    BETWEEN_FRAMES,
    EMPTY_FRAMES,
    EMPTY_GREY,
    INTERVAL_MS,
    SHOWN_FRAMES,
    SIZE,
    FolderPictures,
    NamedPictures,
    picture,
)

WHITE, DARK = 250, 30


def picture_file(path: Path, grey: int, size: tuple[int, int] = SIZE) -> Path:
    Image.new("RGB", size, (grey, grey, grey)).save(path)
    return path


def scenes(source: FrameSource) -> list[tuple[int, int]]:
    """Every scene until nothing comes, as its brightness (of a pixel in the middle) and its number of frames."""
    frames = []
    while (frame := source.newest()) is not None:
        frames.append(int(frame.luma[360, 640]) // 10 * 10)
    return [(grey, len(list(same))) for grey, same in groupby(frames)]


class Pauses:
    def __init__(self) -> None:
        self.waited_ms = 0.0

    def __call__(self, seconds: float) -> None:
        self.waited_ms += seconds * 1000


EMPTY, BETWEEN = (EMPTY_GREY, EMPTY_FRAMES), (EMPTY_GREY, BETWEEN_FRAMES)


def test_a_folder_is_played_once_in_the_order_of_names_with_an_empty_desk_between(tmp_path: Path) -> None:
    picture_file(tmp_path / "2.png", DARK)
    picture_file(tmp_path / "1.jpg", WHITE)
    (tmp_path / "notes.txt").write_text("no picture")
    pauses = Pauses()
    source = FolderPictures(tmp_path, pause=pauses)
    source.open()
    assert scenes(source) == [BETWEEN, (WHITE, SHOWN_FRAMES), BETWEEN, (DARK, SHOWN_FRAMES), BETWEEN]
    assert [source.newest() for _ in range(3)] == [None] * 3


def test_frames_come_at_the_pace_of_a_camera_and_say_when(tmp_path: Path) -> None:
    picture_file(tmp_path / "1.png", WHITE)
    pauses = Pauses()
    source = FolderPictures(tmp_path, pause=pauses)
    source.open()
    frames = [source.newest() for _ in range(10)]
    assert [frame.at_ms for frame in frames if frame is not None] == [INTERVAL_MS * each for each in range(1, 11)]
    assert pauses.waited_ms == pytest.approx(10 * INTERVAL_MS)


def test_two_frames_of_a_picture_are_not_the_same_to_the_last_bit(tmp_path: Path) -> None:
    picture_file(tmp_path / "1.png", WHITE)
    source = FolderPictures(tmp_path, pause=Pauses())
    source.open()
    frames: list[Frame] = [frame for frame in iter(source.newest, None) if int(frame.luma[0, 0]) > 200]
    assert len(frames) == SHOWN_FRAMES
    assert max(Counter(frame.luma.tobytes() for frame in frames).values()) < SHOWN_FRAMES


def test_a_file_that_is_no_picture_is_said_and_the_others_are_shown(tmp_path: Path) -> None:
    picture_file(tmp_path / "1.png", WHITE)
    (tmp_path / "2.png").write_bytes(b"not a picture")
    picture_file(tmp_path / "3.png", DARK)
    source = FolderPictures(tmp_path, pause=Pauses())
    source.open()
    with pytest.raises(DeviceError, match=r"2\.png cannot be shown as a picture"):
        scenes(source)
    source.close()
    source.open()
    assert scenes(source) == [BETWEEN, (DARK, SHOWN_FRAMES), BETWEEN]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "there is no picture in"),
        (lambda path: None, "cannot be read: No such file or directory"),
        (lambda path: path.write_text(""), "cannot be read: Not a directory"),
    ],
)
def test_a_folder_that_will_not_do_is_said(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    make(tmp_path / "pictures")
    with pytest.raises(DeviceError, match=words):
        FolderPictures(tmp_path / "pictures", pause=Pauses()).open()


def test_a_picture_of_any_shape_and_colour_is_fitted_into_the_frame(tmp_path: Path) -> None:
    luma = picture(picture_file(tmp_path / "tall.png", WHITE, (200, 800)))
    assert luma.shape == (SIZE[1], SIZE[0])
    assert (luma[360, 0], luma[360, 640]) == (EMPTY_GREY, WHITE)


def test_a_fifo_shows_each_picture_that_it_is_told(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    source = NamedPictures(fifo, pause=Pauses())
    source.open()
    with fifo.open("w") as names:
        names.write(f"{picture_file(tmp_path / '1.png', WHITE)}\n\n{str(picture_file(tmp_path / '2.png', DARK))[:-3]}")
        names.flush()
        assert scenes(source) == [(WHITE, SHOWN_FRAMES), EMPTY]
        names.write("png\n")
        names.flush()
        assert scenes(source) == [(DARK, SHOWN_FRAMES), EMPTY]
    source.close()
    with pytest.raises(DeviceError, match="is not open"):
        source.newest()


def test_a_fifo_that_names_no_picture_says_so_and_shows_the_next(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    source = NamedPictures(fifo, pause=Pauses())
    source.open()
    with fifo.open("w") as names:
        names.write(f"{tmp_path / 'nothing.png'}\n{picture_file(tmp_path / '1.png', WHITE)}\n")
    with pytest.raises(DeviceError, match=r"nothing\.png cannot be shown as a picture"):
        source.newest()
    source.close()
    source.open()
    assert scenes(source) == [(WHITE, SHOWN_FRAMES), EMPTY]


def test_a_fifo_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot be opened: No such file"):
        NamedPictures(tmp_path / "fifo").open()


def test_a_fifo_leaves_no_file_open(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    before = set(Path("/proc/self/fd").iterdir())
    source = NamedPictures(tmp_path / "fifo")
    source.open()
    source.close()
    source.close()
    assert set(Path("/proc/self/fd").iterdir()) == before
