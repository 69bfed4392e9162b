"""Our API against its published description, by schemathesis: whatever is sent, no crash, and every answer is one that was announced."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.doors.world import World

EXAMPLES = 10  # for each operation and role; `make proof` may raise it
ROLES = ("stranger", "clerk", "citizen", "officer")
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@schemathesis.serializer("application/jose")
def _as_bytes(context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="session")
def description(world: World) -> Any:
    from bhxh.doors.api.application import api

    return schemathesis.openapi.from_dict(_plain(dict(api.get_openapi_schema(path_prefix="api/v1/"))))


def _plain(value: Any) -> Any:
    """As it is published: JSON with text keys."""
    import json

    return json.loads(json.dumps(value))


def operations() -> list[tuple[str, str]]:
    from bhxh.doors.api.application import api

    paths = api.get_openapi_schema(path_prefix="api/v1/")["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), operations(), ids=lambda part: str(part).removeprefix("/api/v1"))
def test_answers_are_as_announced(api: World, one_connection: None, description: Any, method: str, path: str, role: str) -> None:
    operation = description[path][method]

    @given(data=st.data())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def each(data: Any) -> None:
        case = data.draw(operation.as_strategy())
        if "code" in (case.path_parameters or {}) and data.draw(st.booleans()):
            case.path_parameters["code"] = api.code
        headers = {"Host": "localhost", **({"Authorization": f"Bearer {api.token(role)}"} if role != "stranger" else {})}
        case.headers.pop("Authorization", None) if case.headers else None
        response = case.call(app=_application(), headers=headers)
        case.validate_response(response, checks=list(CHECKS))

    each()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The application must not close the connection that this test's transaction lives on."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def _application() -> Any:
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()
