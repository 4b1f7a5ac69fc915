"""A desk with nothing but its scanner and the sheet of printed codes."""

from tests.support.kiosk import Kiosk
from tests.support.register import ServingRegister


async def test_a_family_is_counted_let_in_and_taken_back_by_the_scanner_alone(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    await kiosk.show("DEMO-0002-PERHE")
    use = kiosk.heard.desk["presentation"]
    for code in ("KIOSKCHILD", "KIOSKCHILD", "]A0KIOSKHELPER", "KIOSKRECORD"):  # the child's is one reading, seen twice
        kiosk.scan(code)
    await kiosk.until(lambda heard: use in heard.recorded)
    kiosk.scan("kioskundo")
    await kiosk.until_undone(use)
    await kiosk.until_delivered()
    (row,) = register.uses()
    assert {name: row[name] for name in ("children", "assistants", "annulled")} == {
        "children": 1,
        "assistants": 1,
        "annulled": True,
    }


async def test_cancel_and_next_event_are_codes_too_and_none_is_looked_up_as_a_card(kiosk: Kiosk) -> None:
    await kiosk.until(lambda heard: heard.surroundings.get("event"))
    before = kiosk.heard.surroundings["event"]
    await kiosk.show("DEMO-0002-PERHE")
    kiosk.scan("KIOSKSTOP")
    await kiosk.until(lambda heard: heard.desk["phase"] == "ready")
    kiosk.scan("KIOSKNEXT")
    await kiosk.until(lambda heard: heard.surroundings.get("event") != before)
    kiosk.scan("KIOSKRECORD")
    await kiosk.until(lambda heard: heard.desk["notice"] == "nothing-to-do")
    assert len(kiosk.heard.verdicts) == 1
