"""The page about the desk's states is drawn from the state machine of now."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_drawing_of_the_desk_is_up_to_date() -> None:
    made = runpy.run_path(str(DOCS / "make_desk_page.py"))["desk_as_markdown"]()
    assert made == (DOCS / "desk.md").read_text(encoding="utf-8"), "run: python docs/make_desk_page.py"
