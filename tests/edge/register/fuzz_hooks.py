"""What schemathesis has to know of the register beyond its contract (loaded by SCHEMATHESIS_HOOKS)."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from schemathesis.specs.openapi.checks import AcceptedNegativeData, negative_data_rejection

BATCHES = ("/v1/uses", "/v1/annulments", "/v1/refusals")


@schemathesis.check
def invalid_data_is_refused(ctx: Any, response: Any, case: Any) -> None:
    """As schemathesis' own check; in a batch it is enough that the invalid item is refused and says so."""
    try:
        negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData:
        if case.path not in BATCHES or all(result["outcome"] != "refused" for result in response.json()["results"]):
            raise


@schemathesis.hook
def map_body(ctx: Any, body: Any) -> Any:
    """Whole numbers as whole numbers: JSON Schema calls 7.0 an integer, no kiosk writes one so."""
    return _whole(body)


@schemathesis.deserializer("application/x-ndjson")
def first_line(ctx: Any, response: Any) -> Any:
    """The schema of the snapshot is that of one line."""
    return json.loads(response.content.splitlines()[0])


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
