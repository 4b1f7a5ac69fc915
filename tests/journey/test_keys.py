"""A key that is renewed by hand: the next start is let in, and the old key is dead."""

import json

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk


async def test_a_renewed_key_goes_on_where_the_old_one_ended(kiosk: Kiosk) -> None:
    rotate = ("enrol", "--rotate", "--config", str(kiosk.config))
    refused = call_kiosk(*rotate)
    assert (refused.returncode, "is running" in refused.stderr) == (1, True)
    await kiosk.stop()
    before = json.loads((kiosk.state / "identity.json").read_text())
    assert call_kiosk(*rotate).returncode == 0
    after = json.loads((kiosk.state / "identity.json").read_text())
    assert (after["key"] != before["key"], after["previous_key"]) == (True, None)
    await kiosk.start()
    await kiosk.show(numbered(1))
    await kiosk.confirm()
    await kiosk.until_delivered()
