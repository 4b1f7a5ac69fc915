"""The reply table of the kiosk (REGISTER-API.md): what an answer means for what was sent; its default keeps."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

from kiosk.cards.exchange import Fate, Settlement
from kiosk.cards.model import Texts

ITEM_FATES: dict[tuple[str, bool], Fate] = {
    # (outcome, has reasons): fate; an outcome that is not here keeps the record in the queue
    ("stored", False): Fate.DELIVERED,
    ("stored", True): Fate.FLAGGED,
    ("duplicate", False): Fate.DELIVERED,
    ("duplicate", True): Fate.FLAGGED,  # the first answer was flagged, and it was lost
    ("flagged", False): Fate.FLAGGED,
    ("flagged", True): Fate.FLAGGED,
    ("refused", False): Fate.PARKED,
    ("refused", True): Fate.PARKED,
}


class Action(StrEnum):
    """What an answer to a whole request asks of the kiosk."""

    TAKE = "take"
    """It is an answer; read it."""
    LATER = "later"
    """Keep everything, and obey Retry-After."""
    HALVE = "halve"
    """Send the halves; a single item that is still rejected is parked."""
    REVOKED = "revoked"
    """Send nothing more."""
    CURSOR_GONE = "cursor-gone"
    """Take a new snapshot."""
    NO_TOKEN = "no-token"  # noqa: S105  # an action, not a secret
    """This enrolment token will never do."""
    KEEP = "keep"
    """Not understood: as if there had been no answer."""


@dataclass(frozen=True, slots=True)
class Row:
    """Answers with one of `statuses`, and of one of the problem `types` (None: of any, or no problem document)."""

    statuses: Collection[int]
    types: Collection[str] | None
    action: Action


TOKEN_PROBLEMS = ("token-used", "token-unknown", "token-expired")
CONTENT_PROBLEMS = ("malformed", "not-found", "too-large")
"""What the contract says of a request that will never do; any other answer of that status is not its word."""

ANSWERS: tuple[Row, ...] = (
    Row(range(200, 300), None, Action.TAKE),
    Row((401,), ("key-revoked",), Action.REVOKED),
    Row((410,), ("cursor-gone",), Action.CURSOR_GONE),
    Row(range(400, 500), TOKEN_PROBLEMS, Action.NO_TOKEN),
    Row((400, 404, 413, 422), CONTENT_PROBLEMS, Action.HALVE),
    Row((401, 403, 408, 429), None, Action.LATER),
    Row(range(500, 600), None, Action.LATER),
)
"""The first row that fits counts; where none does, KEEP."""


def action_for(status: int, problem_type: str | None) -> Action:
    """The action for an answer with `status` and, where it is a problem document, its type."""
    for row in ANSWERS:
        if status in row.statuses and (row.types is None or problem_type in row.types):
            return row.action
    return Action.KEEP


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What the register says of one item."""

    item_id: str
    outcome: str
    reasons: tuple[str, ...] = ()
    message: Texts | None = None
    """For staff."""
    detail: str = ""
    """For technicians."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a batch: final answers, and the items that stay in the queue."""

    settlements: tuple[Settlement, ...]
    kept: tuple[str, ...]


def judge(item_ids: Sequence[str], answers: Sequence[ItemAnswer]) -> Judgement:
    """The fates of the items that were sent.

    An item without an answer, with two, or with one that is not understood stays in the queue; an answer to
    an item that was not sent is nobody's.
    """
    told = Counter(answer.item_id for answer in answers)
    by_id = {answer.item_id: answer for answer in answers if told[answer.item_id] == 1}
    settlements = [settlement for item_id in item_ids if (settlement := _settle(by_id.get(item_id))) is not None]
    settled = {settlement.item_id for settlement in settlements}
    return Judgement(tuple(settlements), tuple(item_id for item_id in item_ids if item_id not in settled))


def _settle(answer: ItemAnswer | None) -> Settlement | None:
    fate = None if answer is None else ITEM_FATES.get((answer.outcome, bool(answer.reasons)))
    if answer is None or fate is None:
        return None
    error = f"refused by the register: {', '.join(answer.reasons) or 'no reason given'} {answer.detail}".rstrip()
    return Settlement(answer.item_id, fate, answer.reasons, answer.message, error if fate is Fate.PARKED else None)


def retry_after_s(header: str | None, date_header: str | None, now: dt.datetime) -> float | None:
    """Seconds to wait by a Retry-After `header` (RFC 9110, 10.2.3); None where there is none to be read.

    A date is compared with the answer's own Date, as the kiosk's clock may be wrong; `now` stands in for it.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until = _http_date(text)
    if until is None:
        return None
    return max(0.0, (until - (_http_date(date_header or "") or now)).total_seconds())


def _http_date(text: str) -> dt.datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=dt.UTC)
