"""What `kiosk check` says of a certificate."""

import datetime as dt

import pytest

from kiosk.commands.check import CERTIFICATE_PATIENCE, Line, certificate_line

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
WHAT = "page's certificate"


@pytest.mark.parametrize(
    ("end", "ok", "seen"),
    [
        (NOW + dt.timedelta(days=60), True, "good until 2027-01-23, 60 days"),
        (NOW + CERTIFICATE_PATIENCE, True, "good until 2026-12-08, 14 days"),
        (
            NOW + CERTIFICATE_PATIENCE - dt.timedelta(seconds=1),
            False,
            "good until 2026-12-08, 13 days only: bring a new one",
        ),
        (NOW, False, "ended on 2026-11-24: bring a new one"),
        (NOW - dt.timedelta(days=400), False, "ended on 2025-10-20: bring a new one"),
    ],
)
def test_a_certificate_is_renewed_in_good_time(end: dt.datetime, *, ok: bool, seen: str) -> None:
    assert certificate_line(WHAT, end, now=NOW) == Line(WHAT, ok, seen)
