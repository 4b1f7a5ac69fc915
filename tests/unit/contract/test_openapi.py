"""The OpenAPI document says what the contract's text says."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import validate

from contract.openapi import document
from contract.operations import MAX_WAIT_S, OPERATIONS

CALLS = {
    ("post", "/v1/enrolments"),
    ("post", "/v1/kiosk/key"),
    ("get", "/v1/kiosk"),
    ("get", "/v1/snapshot"),
    ("get", "/v1/changes"),
    ("post", "/v1/checks"),
    ("post", "/v1/uses"),
    ("post", "/v1/annulments"),
    ("post", "/v1/refusals"),
    ("post", "/v1/heartbeats"),
    ("get", "/v1/openapi.json"),
}
"""REGISTER-API.md, "Kiosk endpoints", and the document itself."""


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_valid_openapi_3_1() -> None:
    assert document()["openapi"] == "3.1.0"
    validate(document())


def test_it_has_every_call_of_the_contract_and_no_other() -> None:
    assert {(method, path) for method, path, _ in operations()} == CALLS
    assert len(OPERATIONS) == len(CALLS)


def test_every_call_but_two_needs_a_key() -> None:
    open_calls = {path for _, path, operation in operations() if not operation["security"]}
    assert open_calls == {"/v1/enrolments", "/v1/openapi.json"}


def test_every_call_may_answer_with_problem_documents_of_the_closed_list() -> None:
    for _, path, operation in operations():
        problems = {status: told for status, told in operation["responses"].items() if status != "200"}
        assert {"500", "503"} <= set(problems), path
        assert ("401" in problems) == bool(operation["security"]), path
        assert {"400", "413", "415"} <= set(problems) or "requestBody" not in operation, path
        for told in problems.values():
            _, narrowed = told["content"]["application/problem+json"]["schema"]["allOf"]
            assert narrowed["properties"]["type"]["enum"]


@pytest.mark.parametrize("status", ["429", "503"])
def test_where_a_kiosk_is_told_to_wait_it_is_told_how_long(status: str) -> None:
    told = [operation["responses"][status] for _, _, operation in operations() if status in operation["responses"]]
    assert told
    assert all("Retry-After" in answer["headers"] for answer in told)


def test_requests_are_closed_to_unknown_fields_and_answers_are_open() -> None:
    schemas = document()["components"]["schemas"]
    closed = {name for name, schema in schemas.items() if schema.get("additionalProperties") is False}
    assert closed == {
        "EnrolmentRequest", "DeviceFacts", "Continued", "CheckRequest", "Uses", "UseSent", "ChainLink", "Stamp",
        "Annulments", "AnnulmentSent", "Refusals", "RefusalSent", "Heartbeat", "ChainHead",
    }  # fmt: skip
    assert {"Enrolment", "Profile", "Changes", "BatchResult", "Problem", "Texts"} <= set(schemas) - closed


def test_the_long_poll_waits_no_longer_than_the_contract_says() -> None:
    parameters = {parameter["name"]: parameter for parameter in document()["paths"]["/v1/changes"]["get"]["parameters"]}
    assert parameters["wait"]["schema"]["maximum"] == MAX_WAIT_S == 25
    assert parameters["since"]["required"] is True


def test_each_document_is_fresh() -> None:
    document()["paths"].clear()
    assert document()["paths"]
