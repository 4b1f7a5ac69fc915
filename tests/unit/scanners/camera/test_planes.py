"""The brightness plane out of each pixel format."""

import io

import numpy as np
import pytest
from PIL import Image

from kiosk.scanners.camera.planes import luma_of

WIDTH, HEIGHT = 6, 4
LUMA = np.arange(WIDTH * HEIGHT, dtype=np.uint8).reshape(HEIGHT, WIDTH)
COLOUR, PADDING = 128, 255


def padded(rows: np.ndarray[tuple[int, int], np.dtype[np.uint8]], stride: int) -> bytes:
    wide = np.full((rows.shape[0], stride), PADDING, np.uint8)
    wide[:, : rows.shape[1]] = rows
    return wide.tobytes()


def interleaved() -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    pairs = np.full((HEIGHT, 2 * WIDTH), COLOUR, np.uint8)
    pairs[:, ::2] = LUMA
    return pairs


@pytest.mark.parametrize(
    ("pixel_format", "data", "stride"),
    [
        ("GREY", LUMA.tobytes(), WIDTH),
        ("GREY", LUMA.tobytes(), 0),
        ("GREY", padded(LUMA, 8), 8),
        ("NV12", padded(LUMA, 8) + bytes([COLOUR]) * 16, 8),
        ("YUYV", interleaved().tobytes(), 2 * WIDTH),
        ("YUYV", interleaved().tobytes(), 0),
        ("YUYV", padded(interleaved(), 16), 16),
    ],
)
def test_brightness_alone_is_taken_and_no_padding(pixel_format: str, data: bytes, stride: int) -> None:
    luma = luma_of(data, pixel_format, width=WIDTH, height=HEIGHT, stride=stride)
    assert luma.tolist() == LUMA.tolist()
    assert luma.flags.c_contiguous


def test_a_jpeg_is_unpacked_and_a_torn_one_is_refused() -> None:
    packed = io.BytesIO()
    Image.new("RGB", (32, 16), (200, 200, 200)).save(packed, "JPEG")
    luma = luma_of(packed.getvalue(), "MJPEG", width=32, height=16, stride=0)
    assert (luma.shape, abs(int(luma[8, 8]) - 200) < 3) == ((16, 32), True)
    for torn in (b"", b"\xff\xd8\xff", packed.getvalue()[:-300]):
        with pytest.raises(ValueError, match="not a whole picture"):
            luma_of(torn, "MJPEG", width=32, height=16, stride=0)


@pytest.mark.parametrize("pixel_format", ["GREY", "NV12", "YUYV"])
def test_too_few_bytes_are_refused(pixel_format: str) -> None:
    with pytest.raises(ValueError, match="buffer is smaller"):
        luma_of(b"123", pixel_format, width=WIDTH, height=HEIGHT, stride=0)
