"""In which language, size and theme each state is looked at: in three turns it has been in all of them.

Every state in every language, size and theme would be eighteen looks. Instead whoever looks goes through the states
once in each language, and at each state the next size is due; once in the three turns the contrast theme is, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Page

from tests.support.screens import LANGUAGES, SIZES

_SIZES = tuple(SIZES.values())


@dataclass(frozen=True, slots=True)
class View:
    """How a state is looked at."""

    size: tuple[int, int]
    is_contrast: bool
    """Whether in the contrast theme."""


def view_of(place: int, language: str) -> View:
    """How the state that has this place in its list is looked at in the turn of `language`."""
    turn = LANGUAGES.index(language)
    return View(_SIZES[(place + turn) % len(_SIZES)], is_contrast=(place // len(_SIZES) + turn) % len(LANGUAGES) == 0)


async def turn_to(page: Page, view: View) -> None:
    """Let `page` be seen like that."""
    await page.set_viewport_size({"width": view.size[0], "height": view.size[1]})
    await page.emulate_media(contrast="more" if view.is_contrast else "no-preference")
