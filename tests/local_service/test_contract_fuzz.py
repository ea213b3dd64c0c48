"""The vendor's OpenAPI file against the service, by schemathesis, past 404 on prepared projects."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

with warnings.catch_warnings():
    # WORKAROUND: schemathesis 4 imports deprecated names of its own dependencies.
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.checks import load_all_checks
    from schemathesis.specs.openapi.checks import positive_data_acceptance

TOKEN = "a-token-for-tests"
EXAMPLES = 25


@pytest.mark.timeout(110)
def test_every_operation_keeps_the_contract(service: Any, clip: Path, openapi: Path) -> None:
    load_all_checks()
    project = service.ready(clip)
    for path, body in (("vision", {}), ("transcript", {"language": "en"})):
        service.call("POST", f"{project}/{path}", body)
    service.call("POST", f"{project}/retake-removal", {"language": "en"})
    for path in ("vision", "transcript", "retake-removal"):
        service.wait(f"{project}/{path}")
    schema = schemathesis.openapi.from_dict(json.loads(openapi.read_text("utf-8")))
    schema.config.update(base_url=f"http://127.0.0.1:{service.port}")
    statuses = {
        operation.ok().label: check(operation.ok(), project.rpartition("/")[2])
        for operation in schema.get_all_operations()
    }
    assert len(statuses) == 10
    for label, seen in statuses.items():
        assert seen & {200, 201, 202}, (label, seen)
        assert not seen & {404, 500}, (label, seen)


def check(operation: Any, project_id: str) -> set[int]:
    """Fuzz one operation with what it allows and what it forbids; the statuses it answered."""
    statuses: set[int] = set()
    upload = operation.path.endswith("/projects/upload")
    excluded = [positive_data_acceptance] if upload else []

    def taken(case: Any) -> bool:
        # Half of what is valid is made of a kind that is taken; the rest is a 415, as it must be.
        valid = case.meta is None or case.meta.generation.mode.is_positive
        return upload and valid and len(case.body["filename"]) % 2 == 1

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        if "project_id" in (case.path_parameters or {}):
            case.path_parameters["project_id"] = project_id
        if taken(case):
            case.body["content_type"] = "video/mp4"
        answer = case.call_and_validate(
            headers={"Authorization": f"Bearer {TOKEN}"}, excluded_checks=excluded
        )
        statuses.add(answer.status_code)

    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        strategy = operation.as_strategy(generation_mode=mode)
        given(case=strategy)(run)()
    return statuses
