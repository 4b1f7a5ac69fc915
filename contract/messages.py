"""Message types of the kiosk interface, version 1, as both sides read and write them.

Times are UTC with milliseconds (`…Z`), days are local to the venue, ids are UUIDs as text. Structs are frozen; the
kiosk ignores unknown fields, the register refuses them (`contract.strict`).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from contract.continuing import MOST_CONTINUED, Continued
from contract.scalars import END, Hash, Id

MAX_BATCH_ITEMS = 500
"""Most items in one POST of uses, annulments or refusals (REGISTER-API.md)."""

LookupKey = Annotated[
    str,
    Meta(pattern="^[0-9a-f]{32}" + END, description="scrypt of the normalised card number, 16 bytes in hex"),
]
SealedNumber = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z0-9+/]{64,400}={0,2}" + END,
        description="card number in a libsodium sealed box to the register's public key, base64",
    ),
]
DeviceSecret = Annotated[
    str,
    Meta(pattern="^[A-Za-z0-9_-]{43}" + END, description="32 random bytes in base64url, made by the device"),
]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z][a-z0-9-]*" + END)]
Cursor = Annotated[str, Meta(min_length=1, max_length=200, pattern="^[A-Za-z0-9_.:-]+" + END, description="opaque")]
Count = Annotated[int, Meta(ge=0, le=1_000)]
Label = Annotated[
    str,
    Meta(
        min_length=1, max_length=80, pattern="^[^\\x00-\\x1f\\x7f]+" + END, description="what staff typed, on one line"
    ),
]
UtcTime = Annotated[dt.datetime, Meta(tz=True, description="RFC 3339, UTC, milliseconds")]


class Texts(Struct, frozen=True, kw_only=True):
    """One sentence or name in the three languages of the screens."""

    fi: str
    sv: str
    en: str


class LookupParameters(Struct, frozen=True, kw_only=True):
    """How a card number becomes its lookup key; a new salt means a new snapshot."""

    salt: Annotated[str, Meta(pattern="^[0-9a-f]{32,128}" + END, description="hex")]
    n: Annotated[int, Meta(ge=2, le=1_048_576)]
    r: Annotated[int, Meta(ge=1, le=64)]
    p: Annotated[int, Meta(ge=1, le=64)]


# --- enrolment and profile -------------------------------------------------------------------------------------


class DeviceFacts(Struct, frozen=True, kw_only=True):
    """What a kiosk says of itself when it enrols."""

    name: Name
    software_version: Annotated[str, Meta(min_length=1, max_length=64)]
    hardware: Annotated[str, Meta(max_length=200)] = ""


class EnrolmentRequest(Struct, frozen=True, kw_only=True):
    """A one-time token, exchanged for an identity."""

    token: Annotated[str, Meta(min_length=16, max_length=200)]
    device: DeviceFacts
    device_secret: DeviceSecret | None = None
    """The key is made of it and the token (`contract.keys`): asked again with both, the answer is the same."""
    continues: Annotated[tuple[Continued, ...], Meta(max_length=MOST_CONTINUED)] | UnsetType = UNSET
    """Who the device was before, newest first: its uses stay its own (since 1.2.0)."""


class Enrolment(Struct, frozen=True, kw_only=True):
    """A kiosk's identity; the key is shown this once only."""

    kiosk_id: Id
    key: str
    venue_id: Code
    lookup: LookupParameters
    register_public_key: Annotated[str, Meta(pattern="^[A-Za-z0-9+/]{43}=" + END, description="X25519, base64")]
    server_time: UtcTime


class NewKey(Struct, frozen=True, kw_only=True):
    """A new key; the old one works until this one is first used."""

    key: str


class Venue(Struct, frozen=True, kw_only=True):
    """The venue that owns the kiosk."""

    id: Code
    name: Texts
    area_id: Code
    area_closed: bool
    commitment_accepted: bool


class CourseRule(Struct, frozen=True, kw_only=True):
    """How many course places one card may take, and what to do when the register cannot be asked."""

    limit: Annotated[int, Meta(ge=1, le=1_000)]
    period: Literal["calendar-year", "academic-year"]
    when_unreachable: Literal["ask", "accept", "refuse"] = "ask"


class Policy(Struct, frozen=True, kw_only=True):
    """The venue's rules; every default is the safe one of DOMAIN.md."""

    quota_percent: Annotated[float, Meta(ge=0, le=100)] = 3.0
    quota_rounding: Literal["up", "down", "nearest"] = "up"
    quota_minimum: Annotated[int, Meta(ge=0, le=1_000)] = 1
    quota_counts_children: bool = True
    quota_counts_clients: bool = True
    quota_counts_assistants: bool = False
    when_quota_full: Literal["ask", "accept", "refuse"] = "ask"
    when_sold_out: Literal["ask", "accept", "refuse"] = "refuse"
    when_unknown_offline: Literal["ask", "accept", "refuse"] = "ask"
    course: CourseRule | None = None
    list_age_limit_h: Annotated[float, Meta(gt=0, le=8760)] = 72.0
    unsent_limit: Annotated[int, Meta(ge=1, le=1_000_000)] = 500
    offline_limit_h: Annotated[float, Meta(gt=0, le=8760)] = 72.0


class Profile(Struct, frozen=True, kw_only=True):
    """`GET /v1/kiosk`: who the kiosk is and what it may do."""

    kiosk_id: Id
    venue: Venue
    policy: Policy
    closed_areas: tuple[Code, ...]
    lookup: LookupParameters
    wanted_software_version: str | None
    server_time: UtcTime


# --- snapshot and feed -----------------------------------------------------------------------------------------


class CardListed(Struct, frozen=True, kw_only=True, tag="card"):
    """A card as the register knows it now; replaces what was known under its key."""

    lookup_key: LookupKey
    kind: Literal["personal", "community"]
    status: Literal["in-stock", "active", "blocked", "expired"]
    area_id: Code
    first_valid_day: dt.date | None
    last_valid_day: dt.date | None
    children: Count = 0


class CardRemoved(Struct, frozen=True, kw_only=True, tag="card-removed"):
    """A card that is no longer on the list."""

    lookup_key: LookupKey


class EventListed(Struct, frozen=True, kw_only=True, tag="event"):
    """An event of this venue; `places` is null where nobody counts them."""

    id: Id
    name: Texts
    kind: Literal["entrance", "course"]
    category: Literal["culture", "education", "science", "sport"]
    starts_at: UtcTime
    ends_at: UtcTime
    places: Annotated[int, Meta(ge=0, le=10_000_000)] | None
    sold_out: bool = False


class EventRemoved(Struct, frozen=True, kw_only=True, tag="event-removed"):
    """An event that was cancelled or entered by mistake."""

    id: Id


class ProfileChanged(Struct, frozen=True, kw_only=True, tag="profile"):
    """The venue's profile as it is now (policy, areas, names)."""

    profile: Profile


class UseElsewhere(Struct, frozen=True, kw_only=True, tag="use"):
    """A use that another kiosk recorded for an event of this venue."""

    use_id: Id
    lookup_key: LookupKey
    event_id: Id | None
    door: str
    decided_at: UtcTime
    own_ticket: Count
    children: Count
    assistants: Count
    clients: Count


class AnnulmentElsewhere(Struct, frozen=True, kw_only=True, tag="annulment"):
    """A use was taken back: another kiosk's by that kiosk or by the venue, or this kiosk's own by the venue."""

    use_id: Id
    annulled_at: UtcTime


class Verdict(Struct, frozen=True, kw_only=True, tag="verdict"):
    """What the register found out later about a use of this kiosk; every reason known by now, the first ones too."""

    use_id: Id
    reasons: tuple[Code, ...]
    message: Texts


Change = (
    CardListed | CardRemoved | EventListed | EventRemoved | ProfileChanged | UseElsewhere | AnnulmentElsewhere | Verdict
)
"""One piece of news, told apart by its `type`."""


class Changes(Struct, frozen=True, kw_only=True):
    """Answer of the long poll; empty after the waiting time. Ask on with `cursor`."""

    cursor: Cursor
    changes: tuple[Change, ...]
    more: bool
    server_time: UtcTime


class SnapshotHead(Struct, frozen=True, kw_only=True, tag="head"):
    """First line: where the feed stood *before* the list was read, and how many lines follow in all.

    `lines` is for showing progress: cards that are added or removed while the list is sent make it differ by as many.
    What counts as whole is the last line.
    """

    cursor: Cursor
    lines: int
    server_time: UtcTime


class SnapshotEnd(Struct, frozen=True, kw_only=True, tag="end"):
    """Last line; a snapshot without it was cut and is resumed with `from` = the last lookup key received.

    After a resumed snapshot the feed is read on from the cursor of the *first* head: cards of the first part may have
    changed since.
    """

    cursor: Cursor


SnapshotLine = (
    SnapshotHead | EventListed | ProfileChanged | UseElsewhere | AnnulmentElsewhere | Verdict | CardListed | SnapshotEnd
)
"""One line of the NDJSON snapshot: head, profile, events, uses of events to come, verdicts, cards by key, end."""


# --- what the kiosk sends --------------------------------------------------------------------------------------


class Stamp(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When something happened, with the kiosk's word on how far its clock can be trusted."""

    at: UtcTime
    clock_trusted: bool
    boot_id: Annotated[str, Meta(max_length=64)]
    monotonic_ms: Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)]
    sequence: Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)]
    uncorrected_at: UtcTime | None = None
    """What the kiosk's clock said then, where `at` was put right later from the monotonic time of the same boot."""


class ChainLink(Struct, frozen=True, kw_only=True):
    """Where a use stands among its kiosk's uses (`contract.chain` says what is hashed).

    Two uses at one position, a position that never comes, or a hash that does not fit are no reason to refuse a use:
    they are found by whoever runs the register.
    """

    chain: Annotated[Id, Meta(description="made with the kiosk's database")]
    position: Annotated[int, Meta(ge=1, le=9_007_199_254_740_991, description="without a gap")]
    previous: Annotated[Hash, Meta(description="of the use at the position before; zeros for the first")]
    hash: Hash


class UseSent(Struct, frozen=True, kw_only=True):
    """One recorded use; exactly one of `lookup_key` and `sealed_number` names the card."""

    id: Id
    lookup_key: LookupKey | None
    sealed_number: SealedNumber | None
    event_id: Id | None
    kind: Literal["entrance", "course"]
    own_ticket: Annotated[int, Meta(ge=0, le=1)]
    children: Count
    assistants: Count
    clients: Count
    decided: Stamp
    offline: bool
    remarks: Annotated[tuple[Code, ...], Meta(max_length=32)] = ()
    event_label: Label | UnsetType = UNSET
    """What staff called an event that the register does not know; `event_id` is then null. No reason to flag."""
    link: ChainLink | UnsetType = UNSET
    """Left out for a use of before the kiosk kept a chain: its content is then what it always was."""


class Uses(Struct, frozen=True, kw_only=True):
    """`POST /v1/uses`."""

    uses: Annotated[tuple[UseSent, ...], Meta(min_length=1, max_length=MAX_BATCH_ITEMS)]


class AnnulmentSent(Struct, frozen=True, kw_only=True):
    """The annulment of one of this kiosk's uses."""

    id: Id
    use_id: Id
    annulled: Stamp


class Annulments(Struct, frozen=True, kw_only=True):
    """`POST /v1/annulments`."""

    annulments: Annotated[tuple[AnnulmentSent, ...], Meta(min_length=1, max_length=MAX_BATCH_ITEMS)]


class RefusalSent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One visitor who got no ticket, counted by reason, event and hour; nothing of the card."""

    id: Id
    reason: Code
    event_id: Id | None
    hour: UtcTime
    uncorrected_hour: UtcTime | None = None
    """The hour that the kiosk's clock said then, where `hour` was put right later to another one."""


class Refusals(Struct, frozen=True, kw_only=True):
    """`POST /v1/refusals`."""

    refusals: Annotated[tuple[RefusalSent, ...], Meta(min_length=1, max_length=MAX_BATCH_ITEMS)]


class ItemResult(Struct, frozen=True, kw_only=True):
    """The answer to one item, in the order of the batch; `message` is for staff, `detail` for technicians."""

    id: str
    outcome: Literal["stored", "duplicate", "flagged", "refused"]
    reasons: tuple[Code, ...] = ()
    message: Texts | None = None
    detail: str = ""


class BatchResult(Struct, frozen=True, kw_only=True):
    """One answer for each item sent."""

    results: tuple[ItemResult, ...]


class CheckRequest(Struct, frozen=True, kw_only=True):
    """Dry run of the rules that need the nation's knowledge, under the id that the use will carry."""

    use_id: Id
    lookup_key: LookupKey
    event_id: Id | None
    kind: Literal["entrance", "course"]


class CheckAnswer(Struct, frozen=True, kw_only=True):
    """`reasons` is empty where nothing stands against the use."""

    reasons: tuple[Code, ...]
    used: int
    limit: int | None


class ChainHead(Struct, frozen=True, kw_only=True):
    """How far a kiosk's chain of uses reaches, whether or not they were sent."""

    chain: Id
    position: Annotated[int, Meta(ge=1, le=9_007_199_254_740_991)]


class Heartbeat(Struct, frozen=True, kw_only=True):
    """How the kiosk is."""

    software_version: Annotated[str, Meta(min_length=1, max_length=64)]
    queue_depth: Annotated[int, Meta(ge=0, le=100_000_000)]
    oldest_pending_age_s: Annotated[float, Meta(ge=0, le=1e9)] | None
    clock_offset_ms: Annotated[float, Meta(ge=-1e15, le=1e15)] | None
    temperature_c: Annotated[float, Meta(ge=-100, le=200)] | None = None
    undervoltage: bool | None = None
    storage_free_bytes: Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)] | None = None
    last_errors: Annotated[tuple[Annotated[str, Meta(max_length=500)], ...], Meta(max_length=20)] = ()
    chain_head: ChainHead | UnsetType = UNSET
    """By it the register misses also the last uses of a kiosk that is never heard of again."""


class HeartbeatAnswer(Struct, frozen=True, kw_only=True):
    """The register's time, for the kiosk's clock check."""

    server_time: UtcTime


# --- errors ----------------------------------------------------------------------------------------------------

ProblemType = Literal[
    "malformed",
    "unauthorised",
    "key-revoked",
    "token-used",
    "token-unknown",
    "token-expired",
    "not-found",
    "method-not-allowed",
    "cursor-gone",
    "too-large",
    "unsupported-media-type",
    "too-many-requests",
    "internal",
    "unavailable",
]
"""The closed list of problem types (RFC 9457 `type`)."""


class Problem(Struct, frozen=True, kw_only=True):
    """RFC 9457 problem document; `message` is what staff are shown."""

    type: ProblemType
    title: str
    status: int
    message: Texts
    detail: str = ""
