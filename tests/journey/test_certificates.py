"""`kiosk check` knows of certificates that end soon: the register's own, and the one of the pages."""

import datetime as dt
import json
from pathlib import Path

import trustme

from tests.support.kiosk import call_kiosk, free_port
from tests.support.register import serving_register

Files = tuple[Path, Path]


def certificate(authority: trustme.CA, folder: Path, days: float) -> Files:
    """A certificate for this machine that is good for so many days, and its key, in files."""
    folder.mkdir()
    now = dt.datetime.now(dt.UTC)
    issued = authority.issue_cert(
        "localhost", not_before=now - dt.timedelta(days=400), not_after=now + dt.timedelta(days=days)
    )
    chain, key = folder / "chain.pem", folder / "key.pem"
    issued.private_key_pem.write_to_path(key)
    for position, part in enumerate(issued.cert_chain_pems):
        part.write_to_path(chain, append=position > 0)
    return chain, key


def checked(folder: Path, *, registers_days: float, pages_days: float) -> dict[str, tuple[bool, str]]:
    """What an enrolled kiosk's check says of certificates that are good for so many days."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    chain, key = certificate(authority, folder / "register-tls", registers_days)
    page, page_key = certificate(authority, folder / "page-tls", pages_days)
    extra = ("--host", "localhost", "--tls-cert", str(chain), "--tls-key", str(key))
    with serving_register(folder / "register", extra=extra) as register:
        (folder / "token").write_text(register.token(), encoding="ascii")
        config = folder / "kiosk.toml"
        config.write_text(
            f"""
[kiosk]
name = "Main door"
state_dir = {json.dumps(str(folder / "state"))}
clock = "trusted"
[register]
url = {json.dumps(register.url)}
token_file = {json.dumps(str(folder / "token"))}
ca_file = {json.dumps(str(folder / "authority.pem"))}
[screen]
port = {free_port()}
certificate = {json.dumps(str(page))}
certificate_key = {json.dumps(str(page_key))}
""",
            encoding="utf-8",
        )
        enrolled = call_kiosk("enrol", "--config", str(config))
        assert enrolled.returncode == 0, enrolled.stderr
        done = call_kiosk("check", "--json", "--config", str(config))
    return {line["what"]: (line["ok"], line["seen"]) for line in json.loads(done.stdout)}


def test_certificates_that_last_are_said_to(tmp_path: Path) -> None:
    said = checked(tmp_path, registers_days=60.5, pages_days=20.5)
    assert (said["register's certificate"][0], said["page's certificate"][0]) == (True, True)
    assert ", 60 days" in said["register's certificate"][1]
    assert ", 20 days" in said["page's certificate"][1]


def test_certificates_that_end_soon_are_faults(tmp_path: Path) -> None:
    said = checked(tmp_path, registers_days=5.5, pages_days=-1)
    found = [said[what][0] for what in ("register", "register's certificate", "page's certificate")]
    assert found == [True, False, False]
    assert "5 days only" in said["register's certificate"][1]
    assert "ended on" in said["page's certificate"][1]
