"""Whom the packet filter lets in, as the playbook writes it for networks that the inventory names."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import jinja2

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "deploy" / "ansible" / "roles" / "hardening" / "templates" / "nftables.conf.j2"
ANYBODY = "tcp dport 22 ct state new limit rate 10/minute burst 20 packets accept"
OFFICE, OFFICE_6, TABLET = "192.0.2.0/24", "2001:db8::/32", "198.51.100.7"


def let_in(*, ssh_from: list[str], pages_from: list[str]) -> list[str]:
    """The rules of what comes in by a port of the kiosk's own, in order."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, trim_blocks=True)  # noqa: S701
    environment.tests["search"] = lambda value, pattern: re.search(pattern, value) is not None  # as Ansible's own
    environment.filters["urlsplit"] = lambda url, part: getattr(urlsplit(url), part)
    rules = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        ansible_managed="",
        hardening_ssh_from=ssh_from,
        hardening_ssh_port=22,
        hardening_pages_from=pages_from,
        hardening_outgoing=[],
        kiosk_config={"register": {"url": "https://register.example"}},
    )
    (incoming,) = re.findall(r"chain input \{\n(.*?)\n  \}", rules, re.DOTALL)
    return [rule.strip() for rule in incoming.splitlines() if "tcp dport" in rule]


def test_where_networks_are_named_ssh_is_for_them_alone() -> None:
    assert let_in(ssh_from=[OFFICE, OFFICE_6], pages_from=[]) == [
        f"ip saddr {OFFICE} tcp dport 22 accept",
        f"ip6 saddr {OFFICE_6} tcp dport 22 accept",
    ]


def test_where_none_is_named_anybody_may_try_now_and_then() -> None:
    assert let_in(ssh_from=[], pages_from=[]) == [ANYBODY]


def test_the_pages_are_for_whom_the_inventory_names() -> None:
    assert let_in(ssh_from=[], pages_from=[TABLET]) == [ANYBODY, f"ip saddr {TABLET} tcp dport 8080 accept"]


def test_a_ping_is_let_in_now_and_then() -> None:
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    pinged = [
        line.split()[0] for line in lines if "echo-request" in line and line.endswith("limit rate 10/second accept")
    ]
    assert pinged == ["icmp", "icmpv6"]


def test_a_flood_of_pings_is_dropped_before_it_counts_as_established() -> None:
    lines = [line.strip() for line in TEMPLATE.read_text(encoding="utf-8").splitlines()]
    established = lines.index("ct state established,related accept")
    dropped = [line for line in lines[:established] if line.endswith("limit rate over 10/second drop")]
    assert [line.split()[0] for line in dropped] == ["icmp", "icmpv6"]
