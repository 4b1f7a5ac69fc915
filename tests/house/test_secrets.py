"""No secret is written into what is shipped: neither a key nor a token nor a file of ansible-vault."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("kiosk", "register", "contract", "systemd", "deploy/ansible")
OF_AN_OPERATOR = ("deploy/ansible/wheelhouse", "deploy/ansible/collected", "deploy/ansible/inventory")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\$ANSIBLE_VAULT;"
    # As random words of 24 bytes and more are written; a pattern of bits begins with 0x, a key of an example says so.
    r"|(?<![\w+/-])(?!0x)(?=[\w+-]*\d)(?=[\w+-]*[a-z])(?=[\w+-]*[A-Z])(?![\w+-]*Example)[A-Za-z0-9_+-]{32,}(?![\w+/-])"
)


def secrets_in(text: str) -> list[str]:
    return SECRET.findall(text)


def test_no_secret_is_in_code_units_or_playbook() -> None:
    example = ROOT / "deploy" / "ansible" / "inventory" / "example"
    files = [path for folder in SHIPPED for path in (ROOT / folder).rglob("*") if path.is_file()]
    looked_at = [
        path
        for path in files
        if path.is_relative_to(example) or not str(path.relative_to(ROOT)).startswith(OF_AN_OPERATOR)
    ]
    assert len(looked_at) > 300
    found = {str(path): secrets_in(path.read_text(encoding="utf-8", errors="replace")) for path in looked_at}
    assert {path: secrets for path, secrets in found.items() if secrets} == {}


@pytest.mark.parametrize(
    "written",
    [
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "$ANSIBLE_VAULT;1.1;AES256",
        'TOKEN = "Zk3hX0Qe7vJm2TtYb8nRw5LcUa9sDfG1HpKo"',
    ],
    ids=["key", "vault", "token"],
)
def test_a_secret_would_be_found(written: str) -> None:
    assert secrets_in(f"# before\n{written}\n") != []
