"""The columns of the paper form: printed, and in the CSV."""

from __future__ import annotations

from kiosk.screen.translations import Translator


def form_heads(t: Translator) -> list[str]:
    """All columns of the printed form."""
    return [t.gettext("Card number"), *_kept_heads(t)]


def csv_heads(t: Translator) -> list[str]:
    """The form's columns without the card's number, which the kiosk does not keep, and then the event's category.

    Nobody writes a category by hand, and coordinators count by it.
    """
    return [*_kept_heads(t), t.gettext("Category")]


def _kept_heads(t: Translator) -> list[str]:
    return [
        t.gettext("Day"),
        t.gettext("Time"),
        t.gettext("Event"),
        t.gettext("Course"),
        t.gettext("Own ticket"),
        t.gettext("Own children"),
        t.gettext("Clients under 16"),
        t.gettext("Assistants"),
    ]
