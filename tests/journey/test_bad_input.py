"""Whatever a scanner reads, the desk answers."""

import pytest

from tests.support.kiosk import Kiosk

LINK = "https://kortti.example/k/DEMO-0001-AIKUINEN"


@pytest.mark.parametrize(
    ("read", "answer", "reason"),
    [
        pytest.param(b"", "refuse", "not-a-card", id="nothing"),
        pytest.param(b"A1" * 5_000, "refuse", "not-a-card", id="10 kB"),
        pytest.param(b"DEMO\x07\x1b[2J0001", "refuse", "not-a-card", id="control characters"),
        pytest.param(b"\xff\xfe\x00DEMO", "refuse", "not-a-card", id="no text at all"),
        pytest.param(b"]A0DEMO0001AIKUINEN", "accept", None, id="AIM prefix of Code39"),
        pytest.param(b"]Q1" + LINK.encode(), "accept", None, id="AIM prefix of QR and a link"),
        pytest.param(b"]Q1\\000026DEMO0001AIKUINEN", "accept", None, id="ECI"),
        pytest.param(b"HTTPS://KORTTI.EXAMPLE/?TUNNUS=DEMO0001AIKUINEN", "accept", None, id="link in capitals"),
        pytest.param(b"  demo 0001 - aikuinen ", "accept", None, id="by hand, with spaces"),
        pytest.param(b"*DEMO0001AIKUINEN*", "accept", None, id="Code39 start and stop"),
        pytest.param(b"6400000000008", "refuse", "card-unknown", id="a milk carton"),
        pytest.param(b"]E06400000000008", "refuse", "not-a-card", id="a milk carton that says so"),
        pytest.param("ÄITIÖ-ÅLAND".encode(), "refuse", "not-a-card", id="Finnish characters"),
        pytest.param(LINK.encode() + b"https://kortti.example/k/DEMO-0002-PERHE", "refuse", "not-a-card", id="glued"),
        pytest.param(LINK.encode() * 2, "accept", None, id="glued, the same twice"),
    ],
)
async def test_a_verdict_or_unreadable_and_never_silence(
    kiosk: Kiosk, read: bytes, answer: str, reason: str | None
) -> None:
    said = await kiosk.show(read)
    assert (said["answer"], said["reasons"]) == (answer, [] if reason is None else [reason])
    # And the next card is read as if nothing had been.
    assert (await kiosk.show("DEMO-0011-VAPAA"))["answer"] == "accept"
    assert "Traceback" not in kiosk.log.read_text()
