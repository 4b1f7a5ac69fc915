"""What schemathesis has to know of the register beyond its contract (loaded by SCHEMATHESIS_HOOKS)."""

from __future__ import annotations

import json
import re
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.specs.openapi.checks import negative_data_rejection

from contract.operations import MAX_WAIT_S

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


@schemathesis.hook
def before_call(ctx: Any, case: Any, kwargs: Any) -> None:
    """Good waits are short ones: with a cursor that an answer gave, each of the others would last its 25 seconds."""
    wait: Any = (case.query or {}).get("wait")
    if re.fullmatch("[0-9]+", str(wait)) and int(wait) in range(2, MAX_WAIT_S + 1):
        case.query["wait"] = type(wait)(1)


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
