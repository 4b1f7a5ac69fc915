"""Texts, times and dates in the three languages, from the .po files beside the code."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from kiosk.cards.model import Language, Texts

LOCALE_FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Translator:
    """One language."""

    language: Language
    catalogue: Translations
    zone: ZoneInfo

    def gettext(self, message: str) -> str:
        """`message` in this language."""
        return str(self.catalogue.ugettext(message))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form for `count`, with it filled in for `%(count)d`."""
        form = str(self.catalogue.ungettext(singular, plural, count))
        return form.replace("%(count)d", "%(count)s") % {"count": self.number(count)}

    def number(self, count: int) -> str:
        """A count with its thousands apart, such as 12 345."""
        return format_decimal(count, locale=self._locale)

    def name(self, texts: Texts) -> str:
        """A name as it is in this language."""
        return texts.in_language(self.language)

    def time(self, instant: dt.datetime) -> str:
        """The venue's clock time, such as 18.30."""
        return format_time(instant.astimezone(self.zone), "short", tzinfo=self.zone, locale=self._locale)

    def day(self, day: dt.date) -> str:
        """A day with its year."""
        return format_date(day, "medium", locale=self._locale)

    def day_and_time(self, instant: dt.datetime) -> str:
        """The venue's day, without its year, and clock time."""
        there = instant.astimezone(self.zone)
        return f"{format_skeleton('MMMd', there, tzinfo=self.zone, locale=self._locale)} {self.time(instant)}"

    def day_of_month(self, day: dt.date) -> str:
        """A day without its year, short, such as 14.3. or 14 Mar."""
        return format_skeleton("MMMd" if self._names_months else "Md", day, locale=self._locale)

    def month(self, day: dt.date) -> str:
        """The month of a day, short."""
        return format_date(day, "LLL", locale=self._locale)

    def month_of_year(self, day: dt.date) -> str:
        """The month of a day, with its year."""
        return format_skeleton("yMMMM", day, locale=self._locale)

    def short_weekday(self, day: dt.date) -> str:
        """A recent day with its weekday, short, such as la 14.3., lör 14 mars or Sat, 14 Mar; the year has no room."""
        return format_skeleton("MEd" if self.language is Language.FI else "MMMEd", day, locale=self._locale)

    def weekday(self, day: dt.date) -> str:
        """A day with its weekday and year."""
        return format_date(day, "full", locale=self._locale)

    @property
    def _names_months(self) -> bool:
        """Whether 01/03 would be a day of January to some of its readers."""
        return self.language is Language.EN

    @property
    def _locale(self) -> str:
        # English as it is written in Finland: day before month, 24 hours.
        return {Language.FI: "fi_FI", Language.SV: "sv_FI", Language.EN: "en_FI"}[self.language]


def load_translators(zone: ZoneInfo, folder: Path = LOCALE_FOLDER) -> Mapping[Language, Translator]:
    """A translator for each language; reads and compiles the .po files, so no build step is needed."""
    return {language: Translator(language, _catalogue(folder, language), zone) for language in Language}


def _catalogue(folder: Path, language: Language) -> Translations:
    with (folder / language.value / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        catalogue = read_po(file, locale=language.value, domain="kiosk")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain="kiosk")
