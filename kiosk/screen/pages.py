"""Draws whole pages and their changing parts, from templates and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from kiosk.cards.desk_modes import add_child_to
from kiosk.cards.model import Language
from kiosk.screen import words
from kiosk.screen.board import BoardState
from kiosk.screen.translations import Translator, load_translators
from kiosk.screen.views import staff_view, visitor_sign
from kiosk.version import software_version

LANGUAGES = {Language.FI: "suomi", Language.SV: "svenska", Language.EN: "English"}

Pushed = Mapping[str, str]
"""What the page's script gets: `html` of the changing part, `spoken` and `about` for the ears, `release`, the last
word about the language (`telling`, `language`), and the `ticket` to the venue's pages."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Everything that a browser can be shown."""

    templates: Environment
    translators: Mapping[Language, Translator]
    release: str
    """A page drawn by another release fetches itself anew."""

    def staff_page(
        self, state: BoardState, language: Language, *, own_screen: bool = True, told: str | None = None
    ) -> str:
        """The staff page; on the kiosk's own screen with keys for whoever has no keyboard.

        `told` is the word by which it is in `language`; None: it goes by a later word alone.
        """
        t = self.translators[language]
        return self._render(
            "staff.html",
            t,
            page="staff",
            own_screen=own_screen,
            stream=f"/events?language={language.value}",
            told=_telling(state)["telling"] if told is None else told,
            title=t.gettext("Kaikukortti kiosk"),
            gone=t.gettext("No connection to the kiosk. Nothing can be confirmed here now."),
            broken=t.gettext("That did not work. Try again."),
            fragment=self._staff_board(state, t),
            # The one in use first: it can be left out where room is short, and no other moves then.
            languages=sorted(
                ((code.value, name) for code, name in LANGUAGES.items()), key=lambda each: each[0] != language.value
            ),
        )

    def staff_push(self, state: BoardState, language: Language, *, own_screen: bool = False) -> Pushed:
        """The changing part of the staff page, and what a screen reader says of it; to the kiosk's own the ticket."""
        t = self.translators[language]
        spoken = staff_view(state, t).spoken
        about = "" if state.desk.presented is None else state.desk.presented.id
        return {
            "html": self._staff_board(state, t),
            "spoken": spoken,
            "about": about,
            "release": self.release,
            "ticket": state.ticket if own_screen else "",
            **_telling(state),
        }

    def visitor_page(self, state: BoardState) -> str:
        """The visitor page, in all languages."""
        return self._render(
            "visitor.html",
            self.translators[Language.FI],
            page="visitor",
            stream="/events?page=visitor",
            title="Kaikukortti",
            gone=[(language.value, words.sign(t, "staff")) for language, t in self.translators.items()],
            fragment=self._sign(state),
        )

    def visitor_push(self, state: BoardState) -> Pushed:
        """The changing part of the visitor page."""
        return {"html": self._sign(state), "release": self.release}

    def problem_page(self, t: Translator, text: str, *, walking: bool = False) -> str:
        """A sentence and the way back, for a browser whose form or address was refused."""
        title = t.gettext("Kaikukortti kiosk")
        return self._render("problem.html", t, page="problem", title=title, text=text, walking=walking)

    def venue_page(self, template: str, t: Translator, **values: object) -> str:
        """One of the venue's pages, which have a template each."""
        return self._render(template, t, page="venue", title=t.gettext("Kaikukortti kiosk"), **values)

    def _staff_board(self, state: BoardState, t: Translator) -> Markup:
        return self._render("board.html", t, view=staff_view(state, t))

    def _sign(self, state: BoardState) -> Markup:
        sign = visitor_sign(state.desk)
        sentences = [(language.value, words.sign(t, sign)) for language, t in self.translators.items()]
        child = [(language.value, t.gettext("One child more")) for language, t in self.translators.items()]
        return self._render(
            "sign.html",
            self.translators[Language.FI],
            sign=sign,
            sentences=sentences,
            add_child_to=add_child_to(state.desk),
            child=child,
        )

    def _render(self, template: str, t: Translator, **values: object) -> Markup:
        text = self.templates.get_template(template).render(
            _=t.gettext, ngettext=t.ngettext, language=t.language.value, release=self.release, **values
        )
        return Markup(text)  # noqa: S704  # drawn by an escaping template


def _telling(state: BoardState) -> Pushed:
    """The last word about the language, and the language; empty where nobody has said one."""
    if state.telling is None:
        return {"telling": "", "language": ""}
    return {"telling": state.telling.id, "language": state.telling.language.value}


def load_pages(zone: ZoneInfo) -> Pages:
    """The pages with their texts read and compiled; times are those of `zone`."""
    templates = Environment(
        loader=PackageLoader("kiosk.screen"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Pages(templates, load_translators(zone), software_version())
