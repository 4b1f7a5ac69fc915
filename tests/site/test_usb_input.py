"""Which USB devices may be keyboard or touch screen, by the playbook's own steps, with a stand-in for udev."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.site.playbook import ANSIBLE
from tests.site.stand_ins import played_in

HARDENING = ANSIBLE / "roles" / "hardening"
PLAY = """
- hosts: all
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_tasks: steps.yml
  handlers:
    - name: Let udev read the rules of USB
      ansible.builtin.meta: noop
"""
DEFAULTS = {
    "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    "display_enabled": True,
    "hardening_usb_input_allowed": [],
    "hardening_usb_input_any": False,
}
USB = {"ID_INPUT": "1", "ID_BUS": "usb"}
KEYBOARD = {**USB, "ID_INPUT_KEYBOARD": "1", "ID_MODEL_ID": "c31c", "ID_VENDOR_ID": "046d"}
TOUCH = {**USB, "ID_INPUT_TOUCHSCREEN": "1", "ID_MODEL_ID": "0001", "ID_VENDOR_ID": "222a"}
TOUCH_OF_THE_PI = {"ID_INPUT": "1", "ID_INPUT_TOUCHSCREEN": "1", "ID_PATH": "platform-fe205000.i2c"}
SCANNER = {"kind": "hid", "vendor": "0c2e", "product": "0b61"}
TOLD = (
    "A USB touch screen is plugged in that nobody has named, and it would be dead from the next start on. "
    'Name it in the inventory, hardening_usb_input_allowed: ["222a:0001"], or unplug it where none is wanted.'
)


class Kiosks:
    """Guards a folder in which the steps about USB are played, for several kiosks at once."""

    def __init__(self, root: Path, plugged: list[dict[str, str]]) -> None:
        """`plugged`: what udev knows of each input device."""
        self._root = root
        (root / "bin").mkdir()
        (root / "bin" / "udevadm").write_text(f"#!/bin/sh\ncat {root}/plugged\n", encoding="utf-8")
        (root / "bin" / "udevadm").chmod(0o755)
        (root / "plugged").write_text("\n".join(map(_told_by_udev, plugged)), encoding="utf-8")

    def play(self, **kiosks: dict[str, Any]) -> dict[str, str | list[str]]:
        """For each of `kiosks`, with its variables: why it was refused, or the ids that are let in."""
        steps = (HARDENING / "tasks" / "ports.yml").read_text(encoding="utf-8")
        ours = steps.replace("/etc/udev/rules.d/", f"{self._root}/{{{{ inventory_hostname }}}}-")
        ours = ours.replace("src: ", f"src: {HARDENING}/templates/")
        (self._root / "steps.yml").write_text(ours, encoding="utf-8")
        (self._root / "play.yml").write_text(PLAY, encoding="utf-8")
        inventory = {"all": {"hosts": kiosks, "vars": DEFAULTS}}
        (self._root / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        refused, said = played_in(self._root, "hosts.json")
        told: dict[str, str | list[str]] = dict(refused)
        for rules in self._root.glob("*-59-kiosk-usb.rules"):
            let_in = re.findall(r'idVendor\}=="(\w+)", ATTRS\{idProduct\}=="(\w+)"', rules.read_text(encoding="utf-8"))
            told[rules.name.removesuffix("-59-kiosk-usb.rules")] = sorted(":".join(ids) for ids in let_in)
        assert told.keys() == kiosks.keys(), said
        return told


def _told_by_udev(properties: dict[str, str]) -> str:
    lines = [f"E: {name}={value}" for name, value in properties.items()]
    return "\n".join(["P: /devices/input/event3", "N: input/event3", *lines, ""])


def test_a_usb_touch_screen_that_nobody_named_is_told_before_it_is_shut_out(tmp_path: Path) -> None:
    assert Kiosks(tmp_path, [KEYBOARD, TOUCH_OF_THE_PI, TOUCH, TOUCH]).play(
        unnamed={},
        another_is_named={"hardening_usb_input_allowed": ["222a:0002"]},
        named={"hardening_usb_input_allowed": ["0x222A:1"]},
        any_may={"hardening_usb_input_any": True},
        no_screen={"display_enabled": False},
    ) == {
        "unnamed": TOLD,
        "another_is_named": TOLD,
        "named": ["222a:0001"],
        "any_may": [],
        "no_screen": [],
    }


def test_a_device_that_is_not_named_by_vendor_and_product_is_refused_before_it_shuts_everything_out(
    tmp_path: Path,
) -> None:
    wrong = (
        '{}: a USB device is named as vendor:product, such as "222a:0001" (`lsusb`), in hardening_usb_input_allowed '
    )
    wrong += "and by the scanners of kiosk_config."
    assert Kiosks(tmp_path, []).play(
        dash={"hardening_usb_input_allowed": ["222a:0001", "222a-0001"]},
        number={"hardening_usb_input_allowed": [2222]},
        words={"hardening_usb_input_allowed": ['222a:0001", GOTO="kiosk_usb_end"']},
        scanner={"kiosk_config": {"scanner": [{**SCANNER, "product": "DS2208"}]}},
        right={"hardening_usb_input_allowed": ["222A:0x1"]},
    ) == {
        "dash": wrong.format("222a-0001"),
        "number": wrong.format("2222"),
        "words": wrong.format('222a:0001", goto="kiosk_usb_end"'),
        "scanner": wrong.format("0c2e:ds2208"),
        "right": ["222a:0001"],
    }


@pytest.mark.parametrize("plugged", [[], [KEYBOARD, TOUCH_OF_THE_PI]], ids=["nothing", "none that is shut out"])
def test_a_scanner_of_the_configuration_is_let_in_without_being_named_again(
    tmp_path: Path, plugged: list[dict[str, str]]
) -> None:
    config = {"kiosk_config": {"scanner": [SCANNER, {"vendor": "0x05f9", "product": "2214"}, {"kind": "camera"}]}}
    assert Kiosks(tmp_path, plugged).play(door=config) == {"door": ["05f9:2214", "0c2e:0b61"]}
