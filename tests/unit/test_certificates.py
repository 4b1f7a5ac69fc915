"""How long a certificate is good for, told by the certificate."""

import contextlib
import datetime as dt
import ssl
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from kiosk.certificates import ends_at, file_ends_at

BEGIN = dt.datetime(1960, 1, 1, tzinfo=dt.UTC)
AUTHORITY = trustme.CA()
ENDS = [
    dt.datetime(1999, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
    dt.datetime(2026, 11, 24, 21, 30, tzinfo=dt.UTC),
    dt.datetime(2049, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
    dt.datetime(2050, 1, 1, tzinfo=dt.UTC),  # from here on the year has four digits
]


def pem(end: dt.datetime) -> str:
    issued = AUTHORITY.issue_cert("kiosk.example", not_before=BEGIN, not_after=end)
    return issued.cert_chain_pems[0].bytes().decode("ascii")


def der(end: dt.datetime) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem(end))


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_the_end_is_the_one_that_the_authority_gave(end: dt.datetime, tmp_path: Path) -> None:
    file = tmp_path / "page.pem"
    file.write_text(f"a comment\n{pem(end)}{pem(ENDS[1])}", encoding="ascii")
    assert (ends_at(der(end)), file_ends_at(file)) == (end, end)


def test_a_certificate_that_breaks_off_is_no_certificate() -> None:
    whole = der(ENDS[1])
    for length in range(120):
        with pytest.raises(ValueError, match=r"."):
            ends_at(whole[:length])


@given(st.binary(max_size=200))
def test_rubbish_is_an_error_of_one_kind(rubbish: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert ends_at(rubbish).tzinfo is dt.UTC


def test_a_file_without_a_certificate_says_so(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(AUTHORITY.private_key_pem.bytes())
    with pytest.raises(ValueError, match="no certificate in it"):
        file_ends_at(file)
