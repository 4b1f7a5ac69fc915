"""Touch on a turned screen: the rule that the playbook's own steps write, by what a finger on the glass would mean."""

import json
import re
from pathlib import Path

from tests.site.playbook import ANSIBLE
from tests.site.stand_ins import played_in

DISPLAY = ANSIBLE / "roles" / "display"
RULE = 'SUBSYSTEM=="input", ENV{ID_INPUT_TOUCHSCREEN}=="1", ENV{LIBINPUT_CALIBRATION_MATRIX}='
PLAY = """
- hosts: all
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  tasks:
    - ansible.builtin.include_tasks: touch.yml
  handlers:
    - name: Let udev read the rules of touch
      ansible.builtin.meta: noop
    - name: Start the screen anew
      ansible.builtin.meta: noop
"""
CORNERS = [(0, 0), (1, 0), (1, 1), (0, 1)]
"""Of the glass, clockwise from the upper left; y goes down."""
NAMES = ["upper left", "upper right", "lower right", "lower left"]
TOLD = (
    "display_touch_matrix of door is “{}”: six numbers with one space between them are wanted "
    "(README.md, “The screen”)."
)

FLAT = (
    "display_touch_matrix of {} is “{}”: with it every touch would count on one line or point of the screen "
    "(README.md, “The screen”)."
)


def written(folder: Path, **matrices: str) -> dict[str, str | None]:
    """For each kiosk with its matrix: why it was refused, or the rules of touch that it has then."""
    steps = (DISPLAY / "tasks" / "touch.yml").read_text(encoding="utf-8")
    steps = steps.replace("/etc/udev/rules.d/", f"{folder}/{{{{ inventory_hostname }}}}-")
    (folder / "touch.yml").write_text(steps.replace("src: ", f"src: {DISPLAY}/templates/"), encoding="utf-8")
    (folder / "play.yml").write_text(PLAY, encoding="utf-8")
    hosts = {kiosk: {"display_touch_matrix": matrix} for kiosk, matrix in matrices.items()}
    (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    told: dict[str, str | None] = dict(played_in(folder, "hosts.json")[0])
    for kiosk in matrices.keys() - told.keys():
        rules = folder / f"{kiosk}-61-kiosk-touch.rules"
        told[kiosk] = rules.read_text(encoding="utf-8") if rules.exists() else None
    return told


def of_the_readme() -> dict[str, str]:
    """Each rotation of the README's table, with the matrix beside it."""
    text = (ANSIBLE / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r'^\| `"(\d+)"` \| `"([-\d ]+)"` \|$', text, re.MULTILINE))


def answering(rules: str | None) -> list[str]:
    """Which corner of the picture answers to each corner of the glass, as libinput applies the matrix."""
    assert rules is not None
    (line,) = [line for line in rules.splitlines() if not line.startswith("#")]
    a, b, c, d, e, f = map(int, line.removeprefix(RULE).strip('"').split())
    return [NAMES[CORNERS.index((a * x + b * y + c, d * x + e * y + f))] for x, y in CORNERS]


def test_each_matrix_of_the_readme_lets_the_corner_answer_that_is_seen_there(tmp_path: Path) -> None:
    matrices = of_the_readme()
    rules = written(tmp_path, **{f"turned_{degrees}": matrix for degrees, matrix in matrices.items()})
    # A picture that is turned clockwise by a quarter has its upper left corner at the upper right of the glass.
    assert {degrees: answering(rules[f"turned_{degrees}"]) for degrees in matrices} == {
        "90": ["lower left", "upper left", "upper right", "lower right"],
        "180": ["lower right", "lower left", "upper left", "upper right"],
        "270": ["upper right", "lower right", "lower left", "upper left"],
    }


def test_a_matrix_that_is_named_no_more_is_taken_away(tmp_path: Path) -> None:
    assert written(tmp_path, door="0 1 0 -1 0 1")["door"] is not None
    assert written(tmp_path, door="") == {"door": None}


def test_a_matrix_that_leads_to_no_whole_screen_is_refused(tmp_path: Path) -> None:
    flat = {"point": "0 0 0 0 0 0", "line": "1 1 0 1 1 0", "moved": "0 0 0.5 0 0 0.5"}
    told = written(tmp_path, **flat)
    assert told == {kiosk: FLAT.format(kiosk, matrix) for kiosk, matrix in flat.items()}


def test_what_is_no_matrix_is_refused(tmp_path: Path) -> None:
    wrong = {
        "ends": "0 1 0 -1 0 1\n",
        "five": "0 1 0 -1 0",
        "commas": "0,1,0,-1,0,1",
        "turn": "90",
        "more": '0 1 0 -1 0 1", RUN+="/bin/sh',
    }
    told = written(tmp_path, **wrong)
    assert told == {kiosk: TOLD.format(matrix).replace(" of door ", f" of {kiosk} ") for kiosk, matrix in wrong.items()}
