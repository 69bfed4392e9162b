"""What every answer carries, and what garbage gets: a sentence in both languages and never a trace of our insides."""

import re
from typing import Any

import orjson
import pytest

from tests.doors.world import World

_INSIDES = re.compile(
    rb"Traceback|File \"|\.py|psycopg|django|ninja|pydantic|lxml|Exception|[a-z]Error\b|SELECT |0x[0-9a-f]{6}", re.IGNORECASE
)
_SHAPE = {"type", "title", "status", "code", "detail", "vi", "en", "instance"}
_PREPARE = "/register-employees/preparations"


def check_problem(reply: Any, status: int, code: str = "") -> Any:
    assert reply.status_code == status, reply.content
    assert reply["Content-Type"] == "application/problem+json"
    body = reply.json()
    assert set(body) >= _SHAPE
    assert body["status"] == status
    assert body["vi"] != body["en"]
    assert "{" not in body["vi"] + body["en"], "every placeholder is filled"
    assert body["instance"] == reply["X-Request-Id"]
    assert not _INSIDES.search(reply.content), reply.content
    if code:
        assert body["code"] == code
    return body


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "vi"),
        ("vi", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("en;q=0.1, vi", "vi"),
        ("vi;q=0.1, en;q=0.2", "en"),
        ("fr, de", "vi"),
        ("*", "vi"),
        ("en;q=abc", "vi"),
        ("," * 5000, "vi"),
    ],
)
def test_the_detail_is_in_the_language_asked_for(api: World, accepted: str, language: str) -> None:
    body = check_problem(api.get("/dossiers", headers={"Accept-Language": accepted}), 401)
    assert body["detail"] == body[language]


def test_every_answer_has_a_request_id_of_our_making(api: World) -> None:
    seen = set()
    for path in ("/open/keys", "/dossiers", "/nowhere", "/health/live", "/health/ready"):
        reply = api.get(path, headers={"X-Request-Id": "chosen-by-the-caller"})
        assert re.fullmatch(r"[0-9a-f]{32}", reply["X-Request-Id"])
        seen.add(reply["X-Request-Id"])
    assert len(seen) == 5


def test_unknown_addresses_and_methods_are_problems_too(api: World) -> None:
    check_problem(api.get("/nowhere", "citizen"), 404, "API-012")
    reply = api.call("DELETE", "/dossiers", "citizen")
    check_problem(reply, 405, "API-013")
    assert reply["Allow"] == "GET"
    check_problem(api.get("/dossiers/G12%00", "clerk"), 404)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data", "application/xml", ""])
def test_garbage_as_a_signature(api: World, content_type: str) -> None:
    path = "/register-employees/drafts/01930000-0000-7000-8000-000000000000/filing"
    for body in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"{" * 100_000,
        b'{"signature": 1}',
        b'{"signature": "%%%"}',
        b'{"signature":"\\ud800"}',
    ):
        reply = api.call("POST", path, "clerk", data=body, content_type=content_type, headers={"Idempotency-Key": "k"})
        assert reply.status_code in {400, 404, 422}, (body[:40], reply.content)
        check_problem(reply, reply.status_code)


@pytest.mark.parametrize("signature", ["", "AAAA", "A" * 2000, "MEUCIQ==", "!" * 10])
def test_garbage_as_a_signature_over_a_real_draft(api: World, signature: str) -> None:
    draft, _ = api.prepare_list(batch=2)
    reply = api.post(f"/register-employees/drafts/{draft}/filing", {"signature": signature}, "clerk", headers={"Idempotency-Key": "k"})
    check_problem(reply, 422)


@pytest.mark.parametrize(
    "document",
    [b"", b"x", b"<a/>", b"<Hoso", b"\x00\x01\x02" * 50, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a>" * 20_000, bytes(range(256))],
)
def test_garbage_as_a_signed_document(api: World, document: bytes) -> None:
    reply = api.call(
        "POST", "/register-employees/filings", "clerk", data=document, content_type="application/xml", headers={"Idempotency-Key": "k"}
    )
    check_problem(reply, 422)


@pytest.mark.parametrize(
    "workbook", [b"", b"x", b"PK\x03\x04" + b"\x00" * 100, b"\xd0\xcf\x11\xe0" * 40, b"a,b,c\n1,2,3\n", bytes(range(256))]
)
def test_garbage_as_a_workbook(api: World, workbook: bytes) -> None:
    check_problem(api.upload("/register-employees/checks", {"workbook": ("x.xlsx", workbook)}, "clerk"), 422)


@pytest.mark.parametrize(
    "certificate", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", b"\x30\x82\xff\xff" + b"\x00" * 90]
)
def test_garbage_as_a_certificate(api: World, certificate: bytes) -> None:
    files = {"workbook": ("d02.xlsx", api.workbook), "certificate": ("c.pem", certificate)}
    check_problem(api.upload(_PREPARE, files, "clerk", period=api.period), 422, "API-007")


@pytest.mark.parametrize("period", ["13/2026", "x", "2026", "١١/٢٠٢٦", "\x00", "99999999"])
def test_garbage_as_a_period(api: World, period: str) -> None:
    check_problem(api.upload("/register-employees/checks", {"workbook": ("d.xlsx", api.workbook)}, "clerk", period=period), 422)


@pytest.mark.parametrize("message", [b"", b"x", b"a.b.c", b"\xff" * 100, b"." * 10_000, b"{}", b"eyJhbGciOiJub25lIn0.e30."])
def test_garbage_as_a_portals_message(api: World, message: bytes) -> None:
    check_problem(api.take(message), 422, "CON-005")


def test_a_multipart_body_that_breaks_off(api: World) -> None:
    reply = api.call(
        "POST", "/register-employees/checks", "clerk", data=b"--x\r\nContent-Dis", content_type="multipart/form-data; boundary=x"
    )
    assert reply.status_code in {400, 422}
    check_problem(reply, reply.status_code)


@pytest.mark.parametrize("path", ["/register-employees/filings", "/npsp/intakes", "/register-employees/checks"])
def test_more_than_the_limit_is_refused_before_it_is_read(api: World, path: str) -> None:
    big = b"x" * (api.settings.maximum_upload_bytes + 2 * 1024 * 1024)
    reply = api.call("POST", path, "clerk", data=big, content_type="application/octet-stream", headers={"Idempotency-Key": "k"})
    check_problem(reply, 413, "API-004")


@pytest.mark.parametrize("path", ["/register-employees/filings", "/npsp/intakes"])
def test_a_little_more_than_the_limit_too(api: World, path: str) -> None:
    big = b"x" * (api.settings.maximum_upload_bytes + 1)
    reply = api.call("POST", path, "clerk", data=big, content_type="application/octet-stream", headers={"Idempotency-Key": "k"})
    assert reply.status_code in {413, 422}, reply.content
    check_problem(reply, reply.status_code)


def test_a_crash_of_ours_tells_nothing_but_an_incident(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from bhxh.doors.api import open_data

    def crash(sha256: str) -> None:
        raise RuntimeError("Nguyễn Thị Mẫu 001199000001")

    monkeypatch.setattr(open_data, "find_by_digest", crash)
    body = check_problem(api.get("/open/verification/" + "0" * 64), 500, "API-003")
    assert body["instance"][:8] in body["en"]
    assert "001199" not in orjson.dumps(body).decode()


def test_health_is_open_and_small(api: World) -> None:
    assert api.get("/health/live").json() == {"status": "live"}
    ready = api.get("/health/ready")
    assert (ready.status_code, ready.json()["status"], ready.json()["missing"]) == (200, "ready", 0)
    promise = api.get("/health/promise")
    assert promise.json()["holds"] is (promise.status_code == 200)
    assert promise.json()["filed"] == 1


def test_not_ready_while_a_migration_is_missing(api: World) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'book'")
        cursor.execute("SET LOCAL ROLE bhxh_app")
    reply = api.get("/health/ready")
    assert (reply.status_code, reply.json()["status"]) == (503, "not ready")
    assert reply.json()["missing"] > 0


def test_not_ready_without_tables_or_rights(api: World) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("REVOKE SELECT ON django_migrations FROM bhxh_app")
        cursor.execute("SET LOCAL ROLE bhxh_app")
        cursor.execute("SAVEPOINT before")
    assert api.get("/health/ready").status_code == 503
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO SAVEPOINT before")


def test_a_database_ahead_of_this_code_is_ready(api: World) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('book', '9999_later', now())")
        cursor.execute("SET LOCAL ROLE bhxh_app")
    assert api.get("/health/ready").status_code == 200
