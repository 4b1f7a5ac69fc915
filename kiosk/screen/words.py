"""Every reason, notice and state as one short sentence for staff, with its facts in it."""

from __future__ import annotations

from kiosk.cards.desk_model import Notice
from kiosk.cards.model import CardKind, Finding, Reason, UnreadableWhy
from kiosk.cards.trust import TrustLevel
from kiosk.screen.translations import Translator


def sentence(t: Translator, finding: Finding) -> str:
    """What staff read about a finding: why, and what they can do."""
    text = _reason(t, finding.reason)
    facts = []
    if finding.day is not None:
        facts.append(t.day(finding.day))
    if finding.at is not None:
        facts.append(f"{t.day(finding.at.astimezone(t.zone).date())} {t.time(finding.at)}")
    if finding.door is not None:
        facts.append(finding.door)
    if finding.count is not None:
        facts.append(str(finding.count))
    return f"{text} ({', '.join(facts)})" if facts else text


def _reason(t: Translator, reason: Reason) -> str:
    match reason:
        case Reason.NOT_A_CARD:
            return t.gettext("This is not a Kaikukortti.")
        case Reason.CARD_UNKNOWN:
            return t.gettext("The register does not know this card. Check the number.")
        case Reason.CARD_NOT_VERIFIED:
            return t.gettext("The card could not be verified: this kiosk has no data on it now. You decide.")
        case Reason.CARD_BLOCKED:
            return t.gettext("The card has been replaced or reported lost.")
        case Reason.CARD_IN_STOCK:
            return t.gettext("The card has not been issued to anyone yet.")
        case Reason.CARD_EXPIRED:
            return t.gettext("The card is no longer valid. Last valid day:")
        case Reason.CARD_NOT_YET_VALID:
            return t.gettext("The card is not valid yet. First valid day:")
        case Reason.WRONG_AREA:
            return t.gettext("The card is valid in another area only.")
        case Reason.ALREADY_USED:
            return t.gettext("This card has been used at this event already. Has the visitor come back?")
        case Reason.SOLD_OUT:
            return t.gettext("The event is sold out.")
        case Reason.QUOTA_FULL:
            return t.gettext("The places for Kaikukortti at this event are taken. You decide.")
        case Reason.COURSE_LIMIT:
            return t.gettext("The card's course places for this period are used.")
        case Reason.COURSE_NOT_CHECKED:
            return t.gettext("The register could not tell how many courses the card has been used for. You decide.")
        case Reason.CLOCK_NOT_TRUSTED:
            return t.gettext("The kiosk is not sure of the date. Look at the card's last valid day.")
        case Reason.REGISTER_NEEDED:
            return t.gettext("The kiosk has been without the register for too long. You decide.")
        case Reason.NO_COMMITMENT:
            return t.gettext("The venue has not accepted the Kaikukortti guideline yet. You decide.")
        case Reason.MORE_CHILDREN_THAN_REGISTERED:
            return t.gettext("More children than the register says. Registered:")
        case Reason.NO_CLIENT:
            return t.gettext("A community card needs at least one client under 16.")
        case Reason.NOT_FOR_COURSES:
            return t.gettext("Not for courses: the card gives the holder's own course place only.")
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
        case UnreadableWhy.NOT_A_CARD:
            return t.gettext("This code is not a Kaikukortti. Look for the code on the card, or type its number.")


def notice(t: Translator, kind: Notice) -> str:
    """A short word beside the state."""
    match kind:
        case Notice.ANNULLED:
            return t.gettext("The use was undone.")
        case Notice.UNDO_TOO_LATE:
            return t.gettext("It is too late to undo this here. The venue's administrator still can.")
        case Notice.NOT_ANNULLED:
            return t.gettext("The use could not be undone. Try again.")
        case Notice.NOT_RECORDED:
            return t.gettext("The use was NOT recorded. Write it on paper.")
        case Notice.LOOK_UP_FAILED:
            return t.gettext("The card could not be looked up. Show it again.")
        case Notice.TRAY_FULL:
            return t.gettext("Five cards wait already; the earlier one was put away. Show it again later.")
        case Notice.TIMED_OUT:
            return t.gettext("Nobody confirmed; nothing was recorded.")


def trust(t: Translator, level: TrustLevel) -> str:
    """How long the kiosk may go on without the register; empty when there is nothing to say."""
    match level:
        case TrustLevel.OK:
            return ""
        case TrustLevel.WARN:
            return t.gettext("The register will soon be needed. Tell whoever looks after the network.")
        case TrustLevel.REGISTER_NEEDED:
            return t.gettext("The register is needed now. Each card is asked about until it is reached.")


def out_of_service(t: Translator, why: str) -> str:
    """Why the desk is closed, and what to do."""
    match why:
        case "starting":
            return t.gettext("The kiosk is starting.")
        case "not-enrolled":
            return t.gettext("The kiosk has not reached the register for the first time yet.")
        case _:
            return t.gettext("Uses cannot be saved now. Use the paper form.")


def card_kind(t: Translator, kind: CardKind) -> str:
    """What the card is called."""
    match kind:
        case CardKind.PERSONAL:
            return t.gettext("Kaikukortti")
        case CardKind.COMMUNITY:
            return t.gettext("Community Kaikukortti")
