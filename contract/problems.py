"""The closed list of problem types with the HTTP status and the title that each always has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contract.messages import ProblemType

PROBLEM_MEDIA_TYPE = "application/problem+json"

STATUS_OF: Mapping[ProblemType, int] = MappingProxyType(
    {
        "malformed": 400,
        "unauthorised": 401,
        "key-revoked": 401,
        "token-unknown": 403,
        "token-used": 403,
        "token-expired": 403,
        "not-found": 404,
        "method-not-allowed": 405,
        "cursor-gone": 410,
        "too-large": 413,
        "unsupported-media-type": 415,
        "too-many-requests": 429,
        "internal": 500,
        "unavailable": 503,
    }
)

TITLE_OF: Mapping[ProblemType, str] = MappingProxyType(
    {
        "malformed": "The request does not follow the contract",
        "unauthorised": "The key is missing, unknown or superseded",
        "key-revoked": "The key was revoked",
        "token-unknown": "The enrolment token is unknown",
        "token-used": "The enrolment token has been used",
        "token-expired": "The enrolment token has expired",
        "not-found": "There is nothing at this address",
        "method-not-allowed": "The address does not take this method",
        "cursor-gone": "The cursor is not of this feed any more",
        "too-large": "The request is too large",
        "unsupported-media-type": "The request is not JSON",
        "too-many-requests": "Too many requests",
        "internal": "The register failed",
        "unavailable": "The register cannot answer now",
    }
)
