"""What a technician is told of the decoders."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from kiosk.findings import Finding, failed, passed, warned
from kiosk.scanners.camera.engines import Engine
from kiosk.scanners.camera.engines_examined import KINDS, Kind, examine_engines
from kiosk.scanners.camera.frames import Luma
from kiosk.scanners.camera.known_codes import TEXT, pictures
from kiosk.scanners.camera.readings import Reading, Symbology


@dataclass
class Decoder:
    """Knows the pictures of the known codes, as far as it is `able`."""

    able: Sequence[Symbology] = tuple(Symbology)
    text: str = TEXT

    def whole(self, luma: Luma) -> tuple[Reading, ...]:
        return tuple(
            Reading(self.text, symbology, "test")
            for symbology, picture in pictures().items()
            if symbology in self.able and picture.shape == luma.shape
        )

    def lines(self, luma: Luma) -> tuple[Reading, ...]:
        return ()


def missing() -> Engine:
    raise ImportError("no libzbar")


def kind(name: str, decoder: Decoder | None) -> Kind:
    made = Kind(name, missing, lambda: f"{name} 1.2", f"{name} is lost", f"install {name}")
    return made if decoder is None else Kind(name, lambda: decoder, made.version, made.lost, made.remedy)


@pytest.mark.parametrize(
    ("first", "second", "findings"),
    [
        pytest.param(
            Decoder(),
            Decoder(),
            [
                passed("decoder a", "a 1.2 reads a QR code and a Code39"),
                passed("decoder b", "b 1.2 reads a QR code and a Code39"),
            ],
            id="both",
        ),
        pytest.param(
            Decoder(),
            None,
            [
                passed("decoder a", "a 1.2 reads a QR code and a Code39"),
                warned("decoder b", "cannot be loaded (no libzbar): b is lost", "install b"),
            ],
            id="one is missing",
        ),
        pytest.param(
            None,
            None,
            [
                failed("decoder a", "cannot be loaded (no libzbar): no card can be read", "install a"),
                failed("decoder b", "cannot be loaded (no libzbar): no card can be read", "install b"),
            ],
            id="both are missing",
        ),
        pytest.param(
            Decoder(able=[Symbology.QR]),
            Decoder(text="KIOSK TESY"),
            [
                failed("decoder a", "a 1.2 does not read its test code: code39", "install a"),
                failed("decoder b", "b 1.2 does not read its test code: qr, code39", "install b"),
            ],
            id="one is half blind, one misreads",
        ),
    ],
)
def test_what_each_decoder_can_do_is_told_and_what_is_lost_without_it(
    first: Decoder | None, second: Decoder | None, findings: list[Finding]
) -> None:
    assert list(examine_engines([kind("a", first), kind("b", second)])) == findings


def test_the_decoders_of_this_machine_read_their_test_codes_and_tell_their_versions() -> None:
    (zxing,) = examine_engines(KINDS[:1])
    assert (zxing.next, zxing.saw.startswith("zxing-cpp 3.")) == ("", True)
    (zbar,) = examine_engines(KINDS[1:])
    assert (zbar.next, zbar.saw.startswith("pyzbar 0.1."), "with libzbar0 0." in zbar.saw) == ("", True, True)
