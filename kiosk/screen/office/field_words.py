"""The sentences about what was typed on the venue's pages and cannot be used, each with the fields that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kiosk.screen.translations import Translator

Wrong = Mapping[str, tuple[str, ...]]
"""Each sentence, and the names of the fields to mend; no fields: mending what was typed does not help."""


def line_wrong(t: Translator, fields: Iterable[str]) -> Wrong:
    """What is wrong with a line of the paper form whose `fields` were not understood."""
    return _wrong(t, {name: _line_field(t, name) for name in fields})


def event_wrong(t: Translator, fields: Iterable[str]) -> Wrong:
    """What is wrong with an event whose `fields` were not understood."""
    return _wrong(t, {name: _time(t) if name == "time" else _name(t) for name in fields})


def paper_refused(t: Translator, why: str) -> Wrong:
    """Why a line of the paper form cannot be recorded."""
    match why:
        case "number":
            return {_number(t): ("number",)}
        case "time":
            return {_long_ago(t): ("day", "time")}
        case "tickets":
            return {t.gettext("Choose at least one ticket."): ("own", "children", "clients", "assistants")}
        case "course":
            sentence = t.gettext(
                "A course place is for the cardholder alone, not for children or clients under 16: "
                "enter 0 for them, or choose No under Course."
            )
            return {sentence: ("course", "children", "clients")}
        case _:
            return {t.gettext("The kiosk has not reached the register for the first time yet."): ()}


def _wrong(t: Translator, sentences: Mapping[str, str]) -> Wrong:
    """One sentence for all fields that it is about."""
    if not sentences:
        return {t.gettext("Something is missing: nothing was changed. Try again."): ()}
    told = dict.fromkeys(sentences.values())
    return {each: tuple(name for name, sentence in sentences.items() if sentence == each) for each in told}


def _line_field(t: Translator, name: str) -> str:
    match name:
        case "number":
            return _number(t)
        case "day":
            return _long_ago(t)
        case "time":
            return _time(t)
        case "event":
            return _name(t)
        case "own":
            return t.gettext("Enter 1 or 0 under Own ticket: a card gives its holder one.")
        case _:
            return t.gettext("The number of tickets must be from 0 to 99.")


def _number(t: Translator) -> str:
    return t.gettext("That is not a card number. Look at the form again.")


def _long_ago(t: Translator) -> str:
    return t.gettext("The time must lie in the last 60 days.")


def _time(t: Translator) -> str:
    return t.gettext("Give the time in hours and minutes, such as 18.30.")


def _name(t: Translator) -> str:
    return t.gettext("Give the event a name of at most 80 characters.")
