"""The two decoding libraries behind one interface: zxing-cpp, and zbar where that is missing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from kiosk.errors import DeviceError
from kiosk.scanners.camera.frames import Luma
from kiosk.scanners.camera.readings import Reading, Symbology

log = logging.getLogger(__name__)


class Engine(Protocol):
    """A library that decodes pictures."""

    def whole(self, luma: Luma) -> tuple[Reading, ...]:
        """The QR codes and Code39s in a frame, in any place and mostly any position."""
        ...

    def lines(self, luma: Luma) -> tuple[Reading, ...]:
        """The Code39s that lie along the rows of `luma`."""
        ...


class ZxingEngine:
    """zxing-cpp: quick, and good with QR codes."""

    def __init__(self) -> None:
        """Raises ImportError where the library is missing."""
        import zxingcpp

        self._library: Any = zxingcpp
        kinds = zxingcpp.BarcodeFormat
        # The standard alphabet alone: the extended one makes an "a" of "+A", and pharmacy codes other things still.
        self._code39 = zxingcpp.BarcodeFormats([kinds.Code39Std])
        self._both = zxingcpp.BarcodeFormats([kinds.QRCode, kinds.Code39Std])
        self._qr_symbology = kinds.QRCode
        # As a scanner that types would give it, and not made fit to be read by people.
        self._how = {"try_invert": False, "text_mode": zxingcpp.TextMode.Plain}

    def whole(self, luma: Luma) -> tuple[Reading, ...]:
        """Every code of a frame that has one."""
        first = self._library.read_barcode(luma, formats=self._both, **self._how)
        if first is None:
            return ()
        # All of them: a card that lies still beside another must not be missed, and then be newly there again.
        others = self._library.read_barcodes(luma, formats=self._both, **self._how)
        found = dict.fromkeys(self._reading(each, "zxing-cpp") for each in (*others, first))
        # QR codes first: they need no witness, and a card that is known by one is not asked for by its bars.
        return tuple(sorted(found, key=lambda reading: reading.symbology is not Symbology.QR))

    def lines(self, luma: Luma) -> tuple[Reading, ...]:
        """Code39s along the rows."""
        found = self._library.read_barcodes(
            luma, formats=self._code39, try_rotate=False, try_downscale=False, **self._how
        )
        return tuple(self._reading(each, "zxing-cpp, slanted lines") for each in found)

    def _reading(self, barcode: Any, by: str) -> Reading:
        symbology = Symbology.QR if barcode.symbology == self._qr_symbology else Symbology.CODE39
        return Reading(barcode.text, symbology, by)


class ZbarEngine:
    """zbar, through pyzbar: slower, and needs the system's libzbar0."""

    def __init__(self, decode: Callable[..., Sequence[Any]] | None = None) -> None:
        """Raises ImportError where the library is missing, or the system's part of it; `decode` is pyzbar's."""
        from pyzbar import pyzbar

        self._decode: Callable[..., Sequence[Any]] = decode or pyzbar.decode
        self._kinds = {Symbology.QR: pyzbar.ZBarSymbol.QRCODE, Symbology.CODE39: pyzbar.ZBarSymbol.CODE39}

    def whole(self, luma: Luma) -> tuple[Reading, ...]:
        """All codes of the frame."""
        return self._read(luma, tuple(Symbology), "zbar")

    def lines(self, luma: Luma) -> tuple[Reading, ...]:
        """Code39s along the rows, and some that are not."""
        return self._read(luma, (Symbology.CODE39,), "zbar, slanted lines")

    def _read(self, luma: Luma, wanted: tuple[Symbology, ...], by: str) -> tuple[Reading, ...]:
        try:
            found = self._decode(luma, symbols=[self._kinds[each] for each in wanted])
        except ValueError:
            # pyzbar 0.1.9 cannot name the orientation "unknown", which zbar gives to a text that is spread over several
            # QR codes, and falls over it.
            return ()
        symbologies = {kind.name: symbology for symbology, kind in self._kinds.items()}
        return tuple(
            Reading(each.data.decode("utf-8", "replace"), symbologies[each.type], by)
            for each in found
            if each.type in symbologies
        )


def installed_engines(kinds: Sequence[Callable[[], Engine]] = (ZxingEngine, ZbarEngine)) -> tuple[Engine, ...]:
    """The engines that this machine has, the better first; raises DeviceError when there is none."""
    engines = []
    for kind in kinds:
        try:
            engines.append(kind())
        except ImportError as error:
            log.warning("a decoder cannot be loaded: %s; `kiosk doctor` says what that costs", error)
    if not engines:
        raise DeviceError(
            "neither zxing-cpp nor pyzbar can be loaded, and the camera needs one of them: install zxing-cpp, "
            "or pyzbar and the system's libzbar0"
        )
    return tuple(engines)
