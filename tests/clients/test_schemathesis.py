"""Whatever is asked of the API, it answers as its OpenAPI document says, and never with a fault of ours."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.clients.conftest import Served

CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_api_does_what_its_document_says(served: Served) -> None:
    document = schemathesis.openapi.from_url(f"{served.address}/api/openapi.json")
    document = document.exclude(path="/api/stream")  # it does not end; tests/entry/test_stream.py listens to it
    _, write_key = served.source("schemathesis")
    faults: dict[str, str] = {}
    asked = 0
    for found in document.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def ask(case: schemathesis.Case) -> None:
            key = write_key if case.path.startswith("/v1/") else served.admin_key
            answer = case.call(headers={"Authorization": f"Bearer {key}"}, timeout=30)
            assert answer.status_code < 500, answer.text
            case.validate_response(answer, checks=CHECKS)
            if answer.status_code >= 400:
                assert {"code", "message", "field", "hint"} <= answer.json().keys()

        try:
            ask()
        except BaseExceptionGroup as several:
            faults[operation.label] = str(several.exceptions[0])[:1500]
        except Exception as error:  # each operation is asked, and all faults are told together
            faults[operation.label] = str(error)[:1500]
        asked += 1
    assert asked > 30
    assert not faults, "\n\n".join(f"{label}: {fault}" for label, fault in faults.items())
