"""Every reason, notice and state as one short sentence for people, with its facts in it."""

from __future__ import annotations

from kiosk.cards.desk_state import Notice
from kiosk.cards.model import CardKind, Finding, Reason, Tickets
from kiosk.cards.trust import TrustLevel
from kiosk.cards.unreadable import UnreadableWhy
from kiosk.errors import StoreFault
from kiosk.screen.translations import Translator


def sentence(t: Translator, finding: Finding) -> str:
    """What staff read about a finding: why, with the facts that it carries, and what they can do."""
    match finding:
        case Finding(reason=Reason.CARD_EXPIRED, day=day) if day is not None:
            return t.gettext("The card was valid until %(day)s.") % {"day": t.day(day)}
        case Finding(reason=Reason.CARD_NOT_YET_VALID, day=day) if day is not None:
            return t.gettext("The card becomes valid on %(day)s.") % {"day": t.day(day)}
        case Finding(reason=Reason.ALREADY_USED, at=at, door=door) if at is not None:
            when = ", ".join(filter(None, (t.day_and_time(at), door)))
            return t.gettext("The card has already been used: %(when)s. Is the visitor coming back in?") % {
                "when": when
            }
        case Finding(reason=Reason.QUOTA_FULL, count=count) if count is not None:
            # Also said when places are left, and not as many as the group takes.
            return t.gettext("There are not enough places for cards: %(count)s in all.") % {"count": t.number(count)}
        case Finding(reason=Reason.COURSE_LIMIT, count=count) if count is not None:
            return t.ngettext(
                "The card's only course place for this period has been used.",
                "All %(count)d course places of the card for this period have been used.",
                count,
            )
        case Finding(reason=Reason.MORE_CHILDREN_THAN_REGISTERED, count=count) if count is not None:
            return t.gettext("More children than the register says (%(count)s).") % {"count": t.number(count)}
        case _:
            return _plain(t, finding.reason)


def _plain(t: Translator, reason: Reason) -> str:
    match reason:
        case Reason.NOT_A_CARD:
            return t.gettext("This is not a Kaikukortti.")
        case Reason.CARD_UNKNOWN:
            return t.gettext("The register does not know this card. Check the number.")
        case Reason.CARD_NOT_VERIFIED:
            return t.gettext("The kiosk has no data on this card now. Look at the last valid day on the card.")
        case Reason.CARD_BLOCKED:
            return t.gettext("The card has been replaced or reported lost.")
        case Reason.CARD_IN_STOCK:
            return t.gettext("The card has not been issued to anyone yet.")
        case Reason.CARD_EXPIRED:
            return t.gettext("The card is no longer valid.")
        case Reason.CARD_NOT_YET_VALID:
            return t.gettext("The card is not valid yet.")
        case Reason.WRONG_AREA:
            return t.gettext("The card is valid in another area only.")
        case Reason.ALREADY_USED:
            return t.gettext("The card has already been used. Is the visitor coming back in?")
        case Reason.SOLD_OUT:
            return t.gettext("The event is sold out.")
        case Reason.QUOTA_FULL:
            return t.gettext("There are not enough places for cards.")
        case Reason.COURSE_LIMIT:
            return t.gettext("The card's course places for this period have been used.")
        case Reason.COURSE_NOT_CHECKED:
            return t.gettext("The register did not say how many courses the card has been used for. Ask the visitor.")
        case Reason.CLOCK_NOT_TRUSTED:
            return t.gettext("The kiosk is not sure of the date. Look at the last valid day on the card.")
        case Reason.REGISTER_NEEDED:
            return t.gettext("The kiosk's data may be out of date. Look at the last valid day on the card.")
        case Reason.NO_COMMITMENT:
            return t.gettext("The venue has not accepted the Kaikukortti guideline yet.")
        case Reason.MORE_CHILDREN_THAN_REGISTERED:
            return t.gettext("The kiosk does not know how many children belong to this card.")
        case Reason.NO_CLIENT:
            return t.gettext("A community card needs at least one client under 16.")
        case Reason.NOT_FOR_COURSES:
            return t.gettext("A community card is not for courses.")
        case Reason.TICKETS_NOT_OFFERED:
            return t.gettext("The card does not give tickets of this kind.")
        case Reason.NO_TICKETS:
            return t.gettext("Choose at least one ticket.")


def unreadable(t: Translator, why: UnreadableWhy) -> str:
    """Why a reading is no card number, and what helps."""
    match why:
        case UnreadableWhy.EMPTY:
            return t.gettext("Nothing was read. Show the card again.")
        case UnreadableWhy.TOO_LONG:
            return t.gettext("This code is too long for a Kaikukortti.")
        case UnreadableWhy.CONTROL_CHARACTERS:
            return t.gettext("The code was not read cleanly. Show the card again.")
        case UnreadableWhy.TWO_CODES:
            return t.gettext("Two codes were read at once. Show one card at a time.")
        case UnreadableWhy.PRACTICE_CARD:
            return t.gettext("This is a practice card. Start practice mode to use it.")
        case UnreadableWhy.NO_PRACTICE_CARD:
            return t.gettext("Practice mode knows practice cards only. End it before you let visitors in.")
        case UnreadableWhy.NOT_A_CARD:
            return t.gettext("This code is not a Kaikukortti. Look for the code on the card, or type its number.")


def notice(t: Translator, kind: Notice) -> str:
    """A short word beside the state."""
    match kind:
        case Notice.ANNULLED:
            return t.gettext("The use was undone.")
        case Notice.ANNULLED_BY_VENUE:
            return t.gettext("The venue's administrator has undone a use of this desk.")
        case Notice.UNDO_TOO_LATE:
            return t.gettext("It is too late to undo this here. The venue's administrator still can.")
        case Notice.UNDO_NEEDS_REGISTER:
            return t.gettext("So late, a use can be undone only while the kiosk is online. Try again then.")
        case Notice.NOT_ANNULLED:
            return t.gettext("The use could not be undone. Try again.")
        case Notice.NOT_RECORDED:
            return t.gettext("The use was NOT recorded. Write it on paper.")
        case Notice.LOOK_UP_FAILED:
            return t.gettext("The card could not be looked up. Show it again.")
        case Notice.TRAY_FULL:
            return t.gettext("Five cards wait already: the card just shown was not taken. Show it again in a moment.")
        case Notice.ASK_ABOUT_CHILDREN:
            return t.gettext("More children than the register says: please ask the staff.")
        case Notice.TIMED_OUT:
            return t.gettext("Nobody confirmed; nothing was recorded.")
        case Notice.NOTHING_TO_DO:
            return t.gettext("That command does nothing now.")
        case Notice.LOCKED:
            return t.gettext("The desk is locked just now. A card that was shown waits until it is opened.")
        case Notice.WRONG_PIN:
            return t.gettext("That is not the PIN.")
        case Notice.PIN_TOO_SOON:
            return t.gettext("This PIN was not tried.")


def wait_for_pin(t: Translator, wait_s: int) -> str:
    """How long nobody may try a PIN."""
    return t.ngettext(
        "Too many wrong tries. Wait %(count)d second.", "Too many wrong tries. Wait %(count)d seconds.", wait_s
    )


def pin_digits(t: Translator, digits: int) -> str:
    """How many digits of a PIN were entered; said, where the page shows as many dots."""
    return t.ngettext("%(count)d digit", "%(count)d digits", digits)


def trust(t: Translator, level: TrustLevel) -> str:
    """How long the kiosk may go on without the register; empty when there is nothing to say."""
    match level:
        case TrustLevel.OK:
            return ""
        case TrustLevel.WARN:
            return t.gettext("The register will soon be needed. Tell whoever looks after the network.")
        case TrustLevel.REGISTER_NEEDED:
            return t.gettext("The register is needed now. Until it is reached, you decide on each card.")


def out_of_service(t: Translator, why: str) -> str:
    """Why the desk is closed, and what to do."""
    match why:
        case "closed":
            return t.gettext("The staff have closed this desk.")
        case "starting":
            return t.gettext("The kiosk is starting.")
        case "not-enrolled":
            return t.gettext("The kiosk has not reached the register for the first time yet.")
        case "key-revoked":
            return t.gettext("The register has shut this kiosk out. Use the paper form, and tell the technician.")
        case StoreFault.FULL:
            return t.gettext("The kiosk's storage is full. Use the paper form, and tell the technician.")
        case StoreFault.READ_ONLY:
            return t.gettext("The kiosk's storage can only be read. Use the paper form, and tell the technician.")
        case StoreFault.DAMAGED:
            return t.gettext("The kiosk's records are damaged. Use the paper form, and tell the technician.")
        case StoreFault.TOO_NEW:
            return t.gettext(
                "The records were made by a newer version of the program. Use the paper form, and tell the technician."
            )
        case StoreFault.LOCKED:
            return t.gettext("Another program holds the kiosk's records. Use the paper form, and tell the technician.")
        case _:
            return t.gettext("Uses cannot be saved now. Use the paper form.")


def card_kind(t: Translator, kind: CardKind) -> str:
    """What the card is called."""
    match kind:
        case CardKind.PERSONAL:
            return t.gettext("Kaikukortti")
        case CardKind.COMMUNITY:
            return t.gettext("Community Kaikukortti")


def tickets(t: Translator, given: Tickets) -> str:
    """Who goes in, such as `own ticket, 2 children`."""
    parts = []
    if given.own:
        parts.append(t.gettext("own ticket"))
    if given.children:
        parts.append(t.ngettext("%(count)d child", "%(count)d children", given.children))
    if given.clients:
        parts.append(t.ngettext("%(count)d client", "%(count)d clients", given.clients))
    if given.assistants:
        parts.append(t.ngettext("%(count)d assistant", "%(count)d assistants", given.assistants))
    return ", ".join(parts)


def quota(t: Translator, left: int) -> str:
    """Places left for cards at the event."""
    return t.ngettext("%(count)d place left for cards", "%(count)d places left for cards", left)


def queue(t: Translator, waiting: int) -> str:
    """Records that wait for the register."""
    return t.ngettext("%(count)d record waits to be sent", "%(count)d records wait to be sent", waiting)


def needs_look(t: Translator, records: int) -> str:
    """Records that the register flagged or refuses."""
    return t.ngettext("%(count)d record needs a look", "%(count)d records need a look", records)


def failing(t: Translator, parts: int) -> str:
    """Parts of the kiosk that do not work."""
    return t.ngettext("%(count)d fault: tell the technician", "%(count)d faults: tell the technician", parts)


def sign(t: Translator, kind: str) -> str:
    """What the visitor reads under the sign `kind` (see `visitor_sign`)."""
    match kind:
        case "welcome":
            return t.gettext("Show your Kaikukortti")
        case "working":
            return t.gettext("One moment, please")
        case "accepted":
            return t.gettext("Welcome in!")
        case "wait":
            return t.gettext("Please wait for your turn")
        case "thanks":
            return t.gettext("Thank you – enjoy!")
        case _:
            return t.gettext("Please talk to the staff")
