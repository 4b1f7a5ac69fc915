"""The contract for programs: an OpenAPI 3.1 document made from the message types and the table of calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from contract.messages import Problem, ProblemType
from contract.operations import JSON, NDJSON, OPERATIONS, Operation, Parameter
from contract.problems import PROBLEM_MEDIA_TYPE, STATUS_OF, TITLE_OF

VERSION = "1.2.0"
_SCHEMAS = "#/components/schemas/"
_DESCRIPTION = """\
What a Kaikukortti kiosk and the national register say to each other. Times are RFC 3339 in UTC with milliseconds;
days are local to the venue. Every error is a problem document (RFC 9457) whose `type` is from a closed list and whose
`message` staff are shown in Finnish, Swedish or English. The kiosk ignores unknown fields; the register refuses them.\
"""


def document() -> dict[str, Any]:
    """The OpenAPI document, fresh, as plain JSON values."""
    roots = _message_types()
    made = msgspec.json.schema_components(roots, ref_template=_SCHEMAS + "{name}")
    references, schemas = msgspec.json.decode(msgspec.json.encode(made))  # a default of () becomes []
    reference_of = dict(zip(map(repr, roots), references, strict=True))
    for name in _reached_from(_request_schemas(reference_of), schemas):
        schemas[name]["additionalProperties"] = False
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, reference_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kaikukortti: kiosk and register", "version": VERSION, "description": _DESCRIPTION},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The kiosk's key, from its enrolment.",
                }
            },
        },
    }


def _described(operation: Operation, reference_of: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "security": [{"key": []}] if operation.needs_key else [],
        "responses": {"200": _answer(operation, reference_of), **_problems(operation.problems)},
    }
    if operation.parameters:
        described["parameters"] = [_parameter(parameter, reference_of) for parameter in operation.parameters]
    if operation.request is not None:
        content = {JSON: {"schema": reference_of[repr(operation.request)]}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameter(parameter: Parameter, reference_of: dict[str, Any]) -> dict[str, Any]:
    plain = isinstance(parameter.kind, dict)
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.description,
        "schema": parameter.kind if plain else reference_of[repr(parameter.kind)],
    }


def _answer(operation: Operation, reference_of: dict[str, Any]) -> dict[str, Any]:
    plain = isinstance(operation.answer, dict)
    schema = operation.answer if plain else reference_of[repr(operation.answer)]
    answer: dict[str, Any] = {"description": "Done.", "content": {operation.media_type: {"schema": schema}}}
    if operation.media_type == NDJSON:
        answer["description"] = "The list; the schema is that of one line."
        answer["headers"] = {"Content-Encoding": _header("always `gzip`", {"type": "string", "enum": ["gzip"]})}
    return answer


def _problems(types: Sequence[ProblemType]) -> dict[str, Any]:
    by_status: dict[int, list[ProblemType]] = {}
    for problem_type in sorted(types, key=lambda known: STATUS_OF[known]):
        by_status.setdefault(STATUS_OF[problem_type], []).append(problem_type)
    return {str(status): _problem(status, of_status) for status, of_status in by_status.items()}


def _problem(status: int, types: Sequence[ProblemType]) -> dict[str, Any]:
    narrowed = {"properties": {"type": {"enum": list(types)}, "status": {"const": status}}}
    answer: dict[str, Any] = {
        "description": " ".join(f"{TITLE_OF[problem_type]} (`{problem_type}`)." for problem_type in types),
        "content": {PROBLEM_MEDIA_TYPE: {"schema": {"allOf": [{"$ref": f"{_SCHEMAS}{Problem.__name__}"}, narrowed]}}},
    }
    if status in (STATUS_OF["too-many-requests"], STATUS_OF["unavailable"]):
        answer["headers"] = {"Retry-After": _header("seconds to wait", {"type": "integer", "minimum": 1})}
    if status == STATUS_OF["unauthorised"]:
        answer["headers"] = {"WWW-Authenticate": _header("the scheme", {"type": "string"})}
    return answer


def _header(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": schema}


def _message_types() -> list[Any]:
    types: list[Any] = [Problem]
    for operation in OPERATIONS:
        types += [
            operation.request,
            operation.answer,
            *(parameter.kind for parameter in operation.parameters),
        ]
    unique = {repr(kind): kind for kind in types if kind is not None and not isinstance(kind, dict)}
    return list(unique.values())


def _request_schemas(reference_of: dict[str, Any]) -> list[str]:
    requests = [operation.request for operation in OPERATIONS if operation.request is not None]
    return [reference_of[repr(request)]["$ref"].removeprefix(_SCHEMAS) for request in requests]


def _reached_from(names: Sequence[str], schemas: dict[str, Any]) -> Iterator[str]:
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            yield name
            waiting += re.findall(f'"{_SCHEMAS}([^"]+)"', msgspec.json.encode(schemas[name]).decode())
