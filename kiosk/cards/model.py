"""The things the kiosk speaks of, as frozen data: cards, events, policies, facts, decisions, uses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Language(StrEnum):
    """The languages of every screen, Finnish first."""

    FI = "fi"
    SV = "sv"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    """A name or sentence in all three languages."""

    fi: str
    sv: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in `language`."""
        return {Language.FI: self.fi, Language.SV: self.sv, Language.EN: self.en}[language]


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner, camera, terminal or keyboard read, as it came."""

    text: str = field(repr=False)
    source: str
    """Name of the device or page that read it, for health and remarks."""
    waited_ms: int = field(default=0, compare=False)
    """How long ago it was read, where it had to wait for the desk."""


@dataclass(frozen=True, slots=True, repr=False)
class CardNumber:
    """A normalised card number; lives only between the scan and the look-up, and never shows itself."""

    normal: str

    @property
    def tail(self) -> str:
        """Its last two characters, all that a screen may show."""
        return self.normal[-2:]

    def __repr__(self) -> str:
        """A mask: the number must not reach logs or tracebacks."""
        return "CardNumber(•••)"


class CardKind(StrEnum):
    """DOMAIN.md, Cards."""

    PERSONAL = "personal"
    COMMUNITY = "community"


class CardStatus(StrEnum):
    """The register's statuses."""

    IN_STOCK = "in-stock"
    ACTIVE = "active"
    BLOCKED = "blocked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Card:
    """A card as the register last told."""

    kind: CardKind
    status: CardStatus
    area_id: str
    first_valid_day: dt.date | None
    """None: valid from issue."""
    last_valid_day: dt.date | None
    """Inclusive, in the venue's time zone; None only for a card that was never issued."""
    children: int
    """Own children and grandchildren under 18, as registered."""


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """Who a presented card is, without its number."""

    lookup_key: str
    """32 hexadecimal characters."""
    sealed_number: str | None = field(repr=False)
    """Only for a card that is not on the list: sealed to the register, base64."""
    tail: str
    """Last two characters, for staff."""


class UseKind(StrEnum):
    """What a use was for."""

    ENTRANCE = "entrance"
    COURSE = "course"


class Category(StrEnum):
    """The split of the national statistics."""

    CULTURE = "culture"
    EDUCATION = "education"
    SCIENCE = "science"
    SPORT = "sport"


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the venue; general admission is the absence of an event."""

    id: str
    name: Texts
    kind: UseKind
    category: Category | None
    """None: added by hand, and nobody has said."""
    starts_at: dt.datetime
    ends_at: dt.datetime
    places: int | None
    """None: nobody counts them, so there is no quota."""
    sold_out: bool
    by_hand: bool = False
    """Added by staff, and unknown to the register: its uses are general admission and carry its name."""
    whole_day: bool = False
    """Added without a time."""


class Answer(StrEnum):
    """What the desk says; worst last."""

    ACCEPT = "accept"
    ASK = "ask"
    REFUSE = "refuse"


class QuotaRounding(StrEnum):
    """How a share of places becomes whole places (open in DOMAIN.md; default up)."""

    UP = "up"
    DOWN = "down"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class CoursePolicy:
    """A local limit of course places per card."""

    limit: int
    period: str
    """`calendar-year` or `academic-year`."""
    when_unreachable: Answer


@dataclass(frozen=True, slots=True)
class Policy:
    """The venue's rules, from the register; defaults are the safe ones of DOMAIN.md."""

    quota_percent: float = 3.0
    quota_rounding: QuotaRounding = QuotaRounding.UP
    quota_minimum: int = 1
    quota_counts_children: bool = True
    quota_counts_clients: bool = True
    quota_counts_assistants: bool = False
    when_quota_full: Answer = Answer.ASK
    when_sold_out: Answer = Answer.REFUSE
    when_unknown_offline: Answer = Answer.ASK
    course: CoursePolicy | None = None
    list_age_limit: dt.timedelta = dt.timedelta(hours=72)
    unsent_limit: int = 500
    offline_limit: dt.timedelta = dt.timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Venue:
    """The venue that owns the kiosk."""

    id: str
    name: Texts
    area_id: str
    area_closed: bool
    commitment_accepted: bool


@dataclass(frozen=True, slots=True)
class Tickets:
    """Who goes in on one card."""

    own: int = 1
    children: int = 0
    assistants: int = 0
    clients: int = 0


@dataclass(frozen=True, slots=True)
class EarlierUse:
    """A use of the same card at the same event, not annulled."""

    decided_at: dt.datetime
    door: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision may know; pending uses of this kiosk are counted in."""

    card: Card | None
    """None: not on the list."""
    event: Event | None
    """None: general admission."""
    venue: Venue | None
    """None: the register has not told yet."""
    closed_areas: frozenset[str]
    policy: Policy
    earlier_uses: tuple[EarlierUse, ...]
    quota_used: int
    """Places of the event already taken on cards at every door known here, counted as the policy counts."""
    list_synced_at: dt.datetime | None
    """When the register last confirmed the card list; None: there is no list, or it came in pieces."""
    unsent: int
    """Uses that the register does not have, without those that fail alone while others get through."""
    oldest_unsent_at: dt.datetime | None
    """When the oldest of these was decided."""
    online: bool
    course_uses: int | None
    """Course places this card has had in the period, nation-wide; None: the register was not or could not be asked."""
    clock_trusted: bool
    newest_register_time: dt.datetime | None
    """The newest time ever learnt from the register; today is never earlier."""
    event_label: str | None = None
    """Where the desk serves an event that was added by hand: its name."""


class Reason(StrEnum):
    """The closed list of reasons of a decision and remarks of a use."""

    NOT_A_CARD = "not-a-card"
    CARD_UNKNOWN = "card-unknown"
    CARD_NOT_VERIFIED = "card-not-verified"
    CARD_BLOCKED = "card-blocked"
    CARD_IN_STOCK = "card-in-stock"
    CARD_EXPIRED = "card-expired"
    CARD_NOT_YET_VALID = "card-not-yet-valid"
    WRONG_AREA = "wrong-area"
    ALREADY_USED = "already-used"
    SOLD_OUT = "sold-out"
    QUOTA_FULL = "quota-full"
    COURSE_LIMIT = "course-limit"
    COURSE_NOT_CHECKED = "course-not-checked"
    CLOCK_NOT_TRUSTED = "clock-not-trusted"
    REGISTER_NEEDED = "register-needed"
    NO_COMMITMENT = "no-commitment"
    MORE_CHILDREN_THAN_REGISTERED = "more-children-than-registered"
    NO_CLIENT = "no-client"
    NOT_FOR_COURSES = "not-for-courses"
    TICKETS_NOT_OFFERED = "tickets-not-offered"
    NO_TICKETS = "no-tickets"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that spoke: its answer, its reason, and the facts that make the sentence whole."""

    answer: Answer
    reason: Reason
    day: dt.date | None = None
    """For example the last valid day of an expired card."""
    at: dt.datetime | None = None
    """For example the time of the earlier use."""
    door: str | None = None
    count: int | None = None
    """For example the registered number of children, or the places of the quota."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the visitor may take."""

    own: bool
    children_registered: int
    """Free children's tickets; more than these is a warning, not a refusal."""
    children: bool
    assistants: bool
    clients: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a card, with every finding, worst first; no findings means accepted."""

    answer: Answer
    findings: tuple[Finding, ...]
    offer: Offer


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was decided here, by both clocks of this boot."""

    at: dt.datetime
    clock_trusted: bool
    boot_id: str
    monotonic_ms: int
    uncorrected_at: dt.datetime | None = None
    """What the clock said then, where `at` was put right later."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a card, identified once, at confirmation."""

    id: str
    """UUIDv7."""
    card: CardIdentity
    event_id: str | None
    kind: UseKind
    tickets: Tickets
    quota_places: int
    """Places of the event's quota that the tickets take, counted by the policy of that moment."""
    decided: Stamp
    offline: bool
    remarks: tuple[Reason, ...]
    event_label: str | None = None
    """What staff called the event, where the register knows none: the use is then one of no event."""


@dataclass(frozen=True, slots=True)
class Annulment:
    """A use taken back; both records stay."""

    id: str
    use_id: str
    annulled: Stamp


@dataclass(frozen=True, slots=True)
class Refusal:
    """A visitor who got no ticket: reason, event and time, nothing of the card."""

    id: str
    reason: Reason
    event_id: str | None
    refused: Stamp


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this kiosk is to the register, from its enrolment."""

    kiosk_id: str
    venue_id: str
    key: str = field(repr=False)
    register_public_key: bytes
    """X25519, 32 bytes: unknown numbers are sealed to it."""
    previous_key: str | None = field(default=None, repr=False)
    """Good until `key` has been used for the first time; None: `key` has been."""
    key_since: dt.datetime | None = None
    """When `key` was made, as far as the kiosk knows."""
    revoked: bool = False
    """Whether the register has ended this identity."""


@dataclass(frozen=True, slots=True)
class PastIdentity:
    """Who this kiosk was to the register before, and what proves it."""

    kiosk_id: str
    key_digest: bytes = field(repr=False)
    """SHA-256 of a key that it once had: opens nothing, and the register knows it."""
