"""The kiosk's calls as a table: what each takes, gives and may answer instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from contract import messages
from contract.messages import ProblemType

MAX_WAIT_S = 25
"""Longest wait of the long poll (REGISTER-API.md)."""
JSON = "application/json"
NDJSON = "application/x-ndjson"

ALWAYS: tuple[ProblemType, ...] = ("internal", "unavailable")
WITH_KEY: tuple[ProblemType, ...] = ("unauthorised", "key-revoked", "too-many-requests", *ALWAYS)
WITH_BODY: tuple[ProblemType, ...] = ("malformed", "too-large", "unsupported-media-type")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter."""

    name: str
    kind: Any
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the interface."""

    name: str
    method: Literal["GET", "POST"]
    path: str
    summary: str
    description: str
    answer: Any
    problems: tuple[ProblemType, ...]
    request: Any = None
    parameters: tuple[Parameter, ...] = ()
    media_type: str = JSON
    needs_key: bool = True


BATCH = (
    "One answer for each item, in their order. An item that does not follow the contract is `refused` by itself, and "
    "the others are stored. Sending again is safe: the same id with the same content is a `duplicate` and gets the "
    "first answer; with other content it is `refused`, and the first record stands."
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "enrol",
        "POST",
        "/v1/enrolments",
        "Exchange a one-time token for an identity",
        "A token is valid for 24 hours and for one kiosk. Asked again within that time with the same token and the "
        "same device secret, the register gives the same answer; with another secret the token is used up.",
        request=messages.EnrolmentRequest,
        answer=messages.Enrolment,
        problems=("token-unknown", "token-used", "token-expired", *WITH_BODY, *ALWAYS),
        needs_key=False,
    ),
    Operation(
        "rotateKey",
        "POST",
        "/v1/kiosk/key",
        "Get a new key",
        "The old key dies when the new one is first used, so a lost answer locks nobody out.",
        answer=messages.NewKey,
        problems=WITH_KEY,
    ),
    Operation(
        "readKiosk",
        "GET",
        "/v1/kiosk",
        "Read the kiosk's venue, policy and limits",
        "Who the kiosk is, what it may do without the register, and which software it should run.",
        answer=messages.Profile,
        problems=WITH_KEY,
    ),
    Operation(
        "readSnapshot",
        "GET",
        "/v1/snapshot",
        "Read the whole card list, events and policy",
        "NDJSON, always gzip, one `SnapshotLine` a line: head, profile, events, uses of other kiosks at this venue's "
        "events of now and to come, verdicts on its own uses and those that the venue annulled, cards by ascending "
        "lookup key, end. Cut off before the end, it is resumed by `from`; the feed is then read on from the cursor of "
        "the first head.",
        answer=messages.SnapshotLine,
        media_type=NDJSON,
        parameters=(
            Parameter("from", messages.LookupKey, required=False, description="last lookup key that was received"),
        ),
        problems=("malformed", *WITH_KEY),
    ),
    Operation(
        "readChanges",
        "GET",
        "/v1/changes",
        "Wait for news",
        "Long poll: answers at once where there is news after the cursor, else after at most `wait` seconds. After "
        "`cursor-gone` the kiosk takes a new snapshot.",
        answer=messages.Changes,
        parameters=(
            Parameter("since", messages.Cursor, required=True, description="cursor of the last answer"),
            Parameter(
                "wait",
                {"type": "integer", "minimum": 0, "maximum": MAX_WAIT_S, "default": 0},
                required=False,
                description="seconds to wait for news",
            ),
        ),
        problems=("malformed", "cursor-gone", *WITH_KEY),
    ),
    Operation(
        "check",
        "POST",
        "/v1/checks",
        "Ask what stands against a use, and record nothing",
        "Dry run of the rules that need the nation's knowledge, such as course limits.",
        request=messages.CheckRequest,
        answer=messages.CheckAnswer,
        problems=(*WITH_BODY, *WITH_KEY),
    ),
    Operation(
        "sendUses",
        "POST",
        "/v1/uses",
        "Record uses",
        f"{BATCH} A use that the register would not have granted is stored too, `flagged` with reasons.",
        request=messages.Uses,
        answer=messages.BatchResult,
        problems=(*WITH_BODY, *WITH_KEY),
    ),
    Operation(
        "sendAnnulments",
        "POST",
        "/v1/annulments",
        "Annul uses of this kiosk",
        f"{BATCH} An annulment may arrive before the use that it annuls.",
        request=messages.Annulments,
        answer=messages.BatchResult,
        problems=(*WITH_BODY, *WITH_KEY),
    ),
    Operation(
        "sendRefusals",
        "POST",
        "/v1/refusals",
        "Count refusals",
        f"{BATCH} Nothing of the card is told.",
        request=messages.Refusals,
        answer=messages.BatchResult,
        problems=(*WITH_BODY, *WITH_KEY),
    ),
    Operation(
        "sendHeartbeat",
        "POST",
        "/v1/heartbeats",
        "Tell how the kiosk is",
        "The answer holds the register's time, for the kiosk's clock check.",
        request=messages.Heartbeat,
        answer=messages.HeartbeatAnswer,
        problems=(*WITH_BODY, *WITH_KEY),
    ),
    Operation(
        "readContract",
        "GET",
        "/v1/openapi.json",
        "Read this document",
        "The contract that the register keeps, for programs.",
        answer={"type": "object", "description": "An OpenAPI 3.1 document."},
        problems=ALWAYS,
        needs_key=False,
    ),
)
"""Every call of REGISTER-API.md, "Kiosk endpoints"."""
