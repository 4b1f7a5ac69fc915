"""`./dev bench decode`: how much the camera reads, how often wrongly, how fast, and what a still scene costs."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image
from tabulate import tabulate

from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.engines import Engine, ZbarEngine, ZxingEngine
from kiosk.scanners.camera.frames import Frame, Luma
from kiosk.scanners.camera.gate import Gate
from kiosk.scanners.camera.pictures import INTERVAL_MS
from kiosk.scanners.camera.planes import luma_of
from kiosk.scanners.camera.readings import Reading, Symbology
from kiosk.scanners.camera.watch import Eye
from tests.support.camera_frames import IDLE, KINDS, SIZE, Light, Sample, background, samples, seen

SEED = 20260601
HELD_DEG, SLANTED_DEG = 10.0, 25.0
HELD = f"held within {HELD_DEG:.0f}°"
BLURRED_PX = 1.0
"""From this blur on the narrow bars of 2.4 to 3.7 pixels begin to run together."""
PHOTOS = Path(__file__).parents[2] / "shared" / "data" / "barcodes"
"""Photos that others made; they lie beside the project and not in it."""
MANIFEST = "manifest.json"
CODE39_ALONE = ("Code39", "Code39 with check")
PI_4, PI_5 = 5.0, 2.2
"""How much slower a core of a Raspberry Pi is than one of a PC of these years: an estimate."""
FRAMES_PER_PICTURE = 4
"""A photo is shown to the kiosk's pipeline so often: each of its passes has its turn."""

Reader = Callable[[Luma], Sequence[Reading]]
Maker = Callable[[], Reader]


def first_code() -> Reader:
    """zxing-cpp's own `read_barcode`, which ends at the first code that it finds: the floor."""
    kinds, text_mode = zxingcpp.BarcodeFormat, zxingcpp.TextMode.Plain
    formats = zxingcpp.BarcodeFormats([kinds.QRCode, kinds.Code39Std])

    def read(luma: Luma) -> Sequence[Reading]:
        found = zxingcpp.read_barcode(luma, formats=formats, try_invert=False, text_mode=text_mode)
        if found is None:
            return ()
        symbology = Symbology.QR if found.symbology == kinds.QRCode else Symbology.CODE39
        return (Reading(found.text, symbology, "zxing-cpp"),)

    return read


class RotatingPass:
    """The issue's extra pass: the frame at half scale, turned by 22° to one side and the other in turn, for zbar."""

    def __init__(self, first: Engine, other: Engine) -> None:
        """Read with `first`, and what that cannot with `other` on the turned frame."""
        self._first = first
        self._other = other
        self._turned_deg = 22

    def __call__(self, luma: Luma) -> Sequence[Reading]:
        """What stands in the frame."""
        found = self._first.whole(luma)
        if found:
            return found
        self._turned_deg = -self._turned_deg
        half = Image.fromarray(luma[::2, ::2]).rotate(self._turned_deg, Image.Resampling.BILINEAR)
        return self._other.whole(np.array(half, dtype=np.uint8))


class Passes:
    """The kiosk's pipeline on pictures that do not move: each picture is a few frames."""

    def __init__(self, engines: Sequence[Engine], frames: int) -> None:
        """Give each picture `frames` chances."""
        self._engines = engines
        self._frames = frames

    def __call__(self, luma: Luma) -> Sequence[Reading]:
        """What stands in the picture."""
        decoder = Decoder(self._engines)
        for _ in range(self._frames):
            if found := decoder.read(luma):
                return found
        return ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reader made of one picture."""

    picture: Sample
    right: bool
    wrong: int
    """Texts that are not on it; of a picture whose text is not known, nothing can be said."""
    took_ms: float


def outcomes(pictures: Sequence[Sample], make: Maker) -> list[Outcome]:
    """Each picture read by one and the same reader; milliseconds of one core, so other programs do not count."""
    read, found = make(), []
    for picture in pictures:
        start = time.thread_time_ns()
        texts = [reading.text for reading in read(picture.luma)]
        took_ms = (time.thread_time_ns() - start) / 1e6
        good = [text for text in texts if picture.number is not None and _same(text, picture.number)]
        judged = picture.number is not None or picture.kind == IDLE
        found.append(Outcome(picture, bool(good), len(texts) - len(good) if judged else 0, took_ms))
    return found


def row_of(what: str, reader: str, found: Sequence[Outcome]) -> list[object]:
    """Counts, share, misreads and times of one reader on one set."""
    known = sum(each.picture.number is not None for each in found)
    right = sum(each.right for each in found)
    took = [each.took_ms for each in found]
    p99 = statistics.quantiles(took, n=100)[98] if len(took) > 1 else took[0]
    share = f"{100 * right / known:.1f} %" if known else "–"
    counts = f"{right}/{known}" if known else "–"
    return [what, len(found), reader, counts, share, sum(each.wrong for each in found), statistics.median(took), p99]


def lost_rows(read: dict[str, list[Outcome]]) -> Iterator[list[object]]:
    """Where the frames lie that were not read: by what is printed, and how far the lens was out of focus."""
    for kind in KINDS:
        for what, blurred in ((f"sharper than {BLURRED_PX:g} px", False), (f"{BLURRED_PX:g} px and more", True)):
            of_kind = {
                reader: [
                    each
                    for each in found
                    if each.picture.kind == kind and (each.picture.blur_px >= BLURRED_PX) is blurred
                ]
                for reader, found in read.items()
            }
            count = len(next(iter(of_kind.values())))
            yield [kind, what, count, *(sum(not each.right for each in found) for found in of_kind.values())]


def _same(text: str, number: str) -> bool:
    """Whether the text is the number, with or without its check character."""
    return text == number or (text[:-1] == number and len(number) == len("DEMO123456"))


def photos(folder: Path) -> Iterator[Sample]:
    """The photos that `manifest.json` in `folder` lists; those whose text is not known count for their time alone."""
    for entry in json.loads((folder / MANIFEST).read_text(encoding="utf-8")):
        with Image.open(folder / entry["image"]) as opened:
            luma = np.array(opened.convert("RGB").convert("L"), dtype=np.uint8)
        kind = IDLE if entry["kind"] == "negative" else entry["kind"]
        yield Sample(luma, kind, entry["text"])


def synthetic(count: int) -> Iterator[tuple[str, list[Sample]]]:
    """The sets of frames, each with its name."""
    each = count // 6
    yield HELD, list(samples(4 * each, SEED, tuple(KINDS), slant_deg=HELD_DEG))
    yield f"bars alone, ±{SLANTED_DEG:.0f}°", list(samples(2 * each, SEED + 1, CODE39_ALONE, slant_deg=SLANTED_DEG))
    yield "no code", list(samples(max(each // 2, 2), SEED + 2, (IDLE,)))


def gate_cost() -> float:
    """Milliseconds of the change gate on a frame, the median."""
    rng = np.random.default_rng(SEED)
    scene = background(rng)
    frames = [seen(scene, Light(), rng) for _ in range(20)]
    gate, took = Gate(), []
    for position in range(2000):
        start = time.thread_time_ns()
        gate.changed(frames[position % len(frames)])
        took.append((time.thread_time_ns() - start) / 1e6)
    return statistics.median(took)


class StillScene:
    """A camera's bytes of a scene in which nothing happens, as a source of frames."""

    def __init__(self) -> None:
        """Make some frames, which differ by their noise."""
        rng = np.random.default_rng(SEED)
        scene = background(rng)
        colours = bytes(SIZE[0] * SIZE[1] // 2)
        self._frames = [seen(scene, Light(noise=4), rng).tobytes() + colours for _ in range(20)]
        self._given = 0

    def open(self) -> None:
        """Nothing is to be opened."""

    def newest(self) -> Frame:
        """The next frame, unpacked as a camera's is."""
        self._given += 1
        data = self._frames[self._given % len(self._frames)]
        return Frame(luma_of(data, "NV12", width=SIZE[0], height=SIZE[1], stride=SIZE[0]), self._given * INTERVAL_MS)

    def close(self) -> None:
        """Nor closed."""


def still_cost(engines: Sequence[Engine], seconds: int = 120) -> float:
    """Percent of one core that a still scene costs at the camera's rate, after the first seconds."""
    eye, source = Eye(Decoder(engines)), StillScene()
    for _ in range(2000 // INTERVAL_MS):
        eye.look(source)
    start = time.thread_time_ns()
    for _ in range(seconds * 1000 // INTERVAL_MS):
        eye.look(source)
    return (time.thread_time_ns() - start) / 1e9 / seconds * 100


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.decode", description=__doc__)
    parser.add_argument(
        "--photos", type=Path, default=PHOTOS, help=f"a folder of photos with a manifest.json (default: {PHOTOS})"
    )
    parser.add_argument("--frames", type=int, default=660, help="how many synthetic frames (default: 660)")
    wanted = parser.parse_args(arguments)
    zxing, zbar = ZxingEngine(), ZbarEngine()
    readers: dict[str, Maker] = {
        "zxing-cpp, the first code": first_code,
        "zxing-cpp, every code": lambda: zxing.whole,
        "pyzbar": lambda: zbar.whole,
        "zxing-cpp + turned half": lambda: RotatingPass(zxing, zbar),
        "the kiosk, one frame": lambda: Passes([zxing, zbar], 1),
        "the kiosk, a card held still": lambda: Passes([zxing, zbar], FRAMES_PER_PICTURE),
    }
    sets = [*synthetic(wanted.frames), *photo_sets(wanted.photos)]
    read = {what: {name: outcomes(frames, make) for name, make in readers.items()} for what, frames in sets}
    rows = [row_of(what, name, found) for what, by_reader in read.items() for name, found in by_reader.items()]
    headers = ["frames", "n", "reader", "read", "share", "misread", "median ms", "p99 ms"]
    print(tabulate(rows, headers=headers, floatfmt=".2f", disable_numparse=[3, 4]))
    if not (wanted.photos / MANIFEST).is_file():
        print(f"\nNo photos: there is no {wanted.photos / MANIFEST}. Name their folder with --photos.")
    else:
        print("\nExtended Code39 and Code 32 are read in the standard alphabet, as cards are, and count as misread.")
    print(f"\nNot read of the frames {HELD}, by what is printed and by the lens's blur (σ):")
    print(tabulate(lost_rows(read[HELD]), headers=["printed", "blur", "n", *readers]))
    still = still_cost([zxing, zbar])
    print(f"\nchange gate: {gate_cost():.3f} ms a frame")
    print(
        f"a still scene at {1000 // INTERVAL_MS} frames a second: {still:.2f} % of one core here; "
        f"estimate for a Pi 4: {still * PI_4:.1f} %, for a Pi 5: {still * PI_5:.1f} %"
    )


def photo_sets(folder: Path) -> Iterator[tuple[str, list[Sample]]]:
    """The photos in `folder`, each kind by itself; none where there is no such folder."""
    if not (folder / MANIFEST).is_file():
        return
    pictures = list(photos(folder))
    for kind in sorted({picture.kind for picture in pictures}):
        yield f"photos, {kind}", [each for each in pictures if each.kind == kind]


if __name__ == "__main__":
    main()
