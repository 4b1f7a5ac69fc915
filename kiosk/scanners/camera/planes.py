"""From the bytes of a video device to the brightness plane."""

from __future__ import annotations

import io

import numpy as np

from kiosk.scanners.camera.frames import Luma

PREFERRED = ("GREY", "NV12", "YUYV", "MJPEG")
"""Pixel formats that can be read, the cheapest first, by their names in the kernel's videodev2.h."""


def luma_of(data: bytes, pixel_format: str, *, width: int, height: int, stride: int) -> Luma:
    """The brightness in `data`; raises ValueError when there is too little of it or it is no picture.

    `stride` is the length of a row in bytes, padding included; 0 means none.
    """
    if pixel_format == "MJPEG":
        return _of_jpeg(data)
    each = 2 if pixel_format == "YUYV" else 1
    stride = stride or width * each
    # The colours of NV12 follow after all of the brightness.
    rows = np.frombuffer(data, dtype=np.uint8, count=height * stride).reshape(height, stride)
    return np.ascontiguousarray(rows[:, : width * each : each])


def _of_jpeg(data: bytes) -> Luma:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
            opened.draft("L", opened.size)  # the colours are not even unpacked
            return np.array(opened.convert("L"), dtype=np.uint8)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"not a whole picture: {error}") from error
