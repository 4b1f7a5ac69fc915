"""What a technician is told of the decoders: which there are, of which version, and whether each reads a known code."""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from kiosk.findings import Finding, failed, passed, warned
from kiosk.scanners.camera.engines import Engine, ZbarEngine, ZxingEngine
from kiosk.scanners.camera.known_codes import TEXT, pictures


def _zxing_version() -> str:
    return f"zxing-cpp {metadata.version('zxing-cpp')}"


def _zbar_version() -> str:
    ask: Any = importlib.import_module("pyzbar.wrapper").zbar_version
    numbers = [ctypes.c_uint() for _ in range(3)]
    ask(*map(ctypes.byref, numbers))
    libzbar = ".".join(str(number.value) for number in numbers)
    return f"pyzbar {metadata.version('pyzbar')} with libzbar0 {libzbar}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A decoder that a kiosk may have."""

    name: str
    make: Callable[[], Engine]
    """Raises ImportError where it is missing."""
    version: Callable[[], str]
    lost: str
    """What is lost without it, as long as there is another."""
    remedy: str


KINDS = (
    Kind(
        "zxing-cpp",
        ZxingEngine,
        _zxing_version,
        "cards are read by zbar alone, later, and some not at all",
        "Install the kiosk anew with the exact versions of requirements/hardware.txt.",
    ),
    Kind(
        "zbar",
        ZbarEngine,
        _zbar_version,
        "a Code39 that zxing-cpp cannot read gets no second look; QR codes are read as before",
        "`sudo apt install libzbar0`, then start the kiosk anew.",
    ),
)


def examine_engines(kinds: Sequence[Kind] = KINDS) -> Iterable[Finding]:
    """A finding for each of `kinds`; one that is missing fails only where there is no other."""
    engines: dict[str, Engine] = {}
    missing: dict[str, str] = {}
    for kind in kinds:
        try:
            engines[kind.name] = kind.make()
        except ImportError as error:
            missing[kind.name] = str(error)
    for kind in kinds:
        name = f"decoder {kind.name}"
        if kind.name in engines:
            yield _tried(name, kind, engines[kind.name])
        elif engines:
            yield warned(name, f"cannot be loaded ({missing[kind.name]}): {kind.lost}", kind.remedy)
        else:
            yield failed(name, f"cannot be loaded ({missing[kind.name]}): no card can be read", kind.remedy)


def _tried(name: str, kind: Kind, engine: Engine) -> Finding:
    blind = [
        symbology.value
        for symbology, picture in pictures().items()
        if not any(reading.text == TEXT and reading.symbology is symbology for reading in engine.whole(picture))
    ]
    if blind:
        return failed(name, f"{kind.version()} does not read its test code: {', '.join(blind)}", kind.remedy)
    return passed(name, f"{kind.version()} reads a QR code and a Code39")
