"""Which USB devices may type, as the playbook writes it down for udev, which compares letter by letter."""

import re
from pathlib import Path

import jinja2

TEMPLATE = (
    Path(__file__).parents[2] / "deploy" / "ansible" / "roles" / "hardening" / "templates" / "usb.rules.j2"
).read_text(encoding="utf-8")


def let_in(scanners: list[str], allowed: list[str]) -> list[tuple[str, str]]:
    """Vendor and product of each rule that lets a device in."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701  # no HTML
    environment.filters["split"] = str.split  # Ansible's own
    rules = environment.from_string(TEMPLATE).render(
        ansible_managed="",
        hardening_usb_input_any=False,
        hardening_usb_scanners=scanners,
        hardening_usb_input_allowed=allowed,
    )
    return re.findall(r'ATTRS\{idVendor\}=="(\w+)", ATTRS\{idProduct\}=="(\w+)"', rules)


def test_an_id_is_let_in_however_the_configuration_spells_it() -> None:
    assert let_in(["0x0c2e:b61", "0C2E:0B62"], ["04d8:000a"]) == [
        ("0c2e", "0b61"),
        ("0c2e", "0b62"),
        ("04d8", "000a"),
    ]


def test_nothing_is_let_in_where_nothing_is_named() -> None:
    assert let_in([], []) == []
