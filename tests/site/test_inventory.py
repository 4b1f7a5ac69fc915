"""The example that a technician copies: two venues, five kiosks, and the kiosk understands what it says of each."""

import subprocess
from pathlib import Path

from kiosk.config import load
from tests.site.playbook import ANSIBLE, BIN

WRITE = """
- hosts: kiosks
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
  tasks:
    - ansible.builtin.template:
        src: {roles}/kiosk/templates/kiosk.toml.j2
        dest: {folder}/{{{{ group_names | reject('eq', 'kiosks') | first }}}}-{{{{ inventory_hostname }}}}.toml
        mode: "0600"
"""


def test_every_kiosk_of_the_example_has_a_configuration_that_the_kiosk_understands(tmp_path: Path) -> None:
    (tmp_path / "write.yml").write_text(WRITE.format(roles=ANSIBLE / "roles", folder=tmp_path), encoding="utf-8")
    words = ["-i", str(ANSIBLE / "inventory" / "example"), str(tmp_path / "write.yml")]
    subprocess.run([BIN / "ansible-playbook", *words], check=True, cwd=tmp_path, capture_output=True, timeout=100)
    written = {path.stem: load(path) for path in tmp_path.glob("*.toml")}
    assert {place.split("-")[0] for place in written} == {"museum", "theatre"}
    assert len({config.kiosk.name for config in written.values()}) == len(written) == 5
