"""The sentences of the venue's pages that stand for something in the records."""

from __future__ import annotations

from kiosk.cards.desk_state import Notice
from kiosk.cards.exchange import ItemKind
from kiosk.cards.model import Category, Reason
from kiosk.cards.practice import PracticeCard
from kiosk.screen import words
from kiosk.screen.translations import Translator


def category(t: Translator, name: Category) -> str:
    """A category of the national statistics."""
    match name:
        case Category.CULTURE:
            return t.gettext("Culture")
        case Category.EDUCATION:
            return t.gettext("Education")
        case Category.SCIENCE:
            return t.gettext("Science")
        case Category.SPORT:
            return t.gettext("Sport")


def kind(t: Translator, item: ItemKind) -> str:
    """What a record is."""
    match item:
        case ItemKind.USE:
            return t.gettext("Use")
        case ItemKind.ANNULMENT:
            return t.gettext("Undo")
        case ItemKind.REFUSAL:
            return t.gettext("Refusal")


def todo(t: Translator, *, parked: bool, taken_back: bool = False, ended: bool = False) -> str:
    """What staff do about a record that needs a look."""
    if parked:
        return t.gettext("The register refuses this record. Nothing is lost: tell the technician.")
    if ended:
        return t.gettext("The register has settled this. There is nothing to do.")
    if taken_back:
        return t.gettext("The use was undone. There is nothing to do.")
    return t.gettext("The use is in the register. Undo it if it was a mistake; otherwise there is nothing to do.")


def found(t: Translator, code: str) -> str:
    """Why the register flagged or refused a record, where it sent no words of its own; empty for an unknown code."""
    match code:
        case "malformed":
            return t.gettext("The register cannot read the record.")
        case "id-reused":
            return t.gettext("The register has another record in the place of this one.")
        case "use-of-other-kiosk":
            return t.gettext("The use to be undone was recorded by another kiosk.")
        case "card-ambiguous":
            return t.gettext("It is not clear which card the record is about.")
        case "seal-unreadable":
            return t.gettext("The register cannot open the card's number.")
        case "event-unknown":
            return t.gettext("The register does not know the event.")
        case "time-in-future":
            return t.gettext("The time of the use lies in the future.")
        case "quota-exceeded":
            return refused_for(t, Reason.QUOTA_FULL)
        case _ if code in tuple(Reason):
            return refused_for(t, Reason(code))
        case _:
            return ""


def without_words(t: Translator, *, parked: bool) -> str:
    """What is said of a record of which the register said nothing that can be shown."""
    if parked:
        return t.gettext("The register has not taken this record, and did not say why.")
    return t.gettext("The register has a question about this record.")


def not_undone(t: Translator, notice: Notice | None) -> str:
    """Why a use was not undone just now; empty where none was to be."""
    return words.notice(t, notice) if notice in (Notice.UNDO_NEEDS_REGISTER, Notice.NOT_ANNULLED) else ""


def refused_for(t: Translator, reason: Reason) -> str:
    """Why visitors got no ticket, in a word or two."""
    match reason:
        case Reason.QUOTA_FULL:
            return t.gettext("3\N{NO-BREAK SPACE}% full")
        case Reason.SOLD_OUT:
            return t.gettext("Sold out")
        case Reason.CARD_EXPIRED:
            return t.gettext("Expired")
        case Reason.CARD_UNKNOWN | Reason.CARD_NOT_VERIFIED:
            return t.gettext("Not known")
        case Reason.ALREADY_USED:
            return t.gettext("Already used")
        case Reason.COURSE_LIMIT | Reason.COURSE_NOT_CHECKED | Reason.NOT_FOR_COURSES:
            return t.gettext("Course limit")
        case Reason.WRONG_AREA:
            return t.gettext("Other area")
        case _:
            return t.gettext("Other reasons")


def practice_card(t: Translator, card: PracticeCard) -> str:
    """What a practice card shows."""
    match card:
        case PracticeCard.GOOD:
            return t.gettext("A valid card")
        case PracticeCard.GROUP:
            return t.gettext("A community card")
        case PracticeCard.USED:
            return t.gettext("A card used before")
        case PracticeCard.OLD:
            return t.gettext("An expired card")
        case PracticeCard.LOST:
            return t.gettext("A lost card")
        case PracticeCard.STRANGE:
            return t.gettext("An unknown card")
