"""Limits, cookies and headers as they hold in production: a server process of its own in that mode, over the real database."""

import math
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

HOST = "bhxh.gov.vn"
PER_MINUTE = {"ACCOUNT": 40, "ORGANISATION": 60, "MACHINE": 50, "ADDRESS": 100, "SIGN_INS": 10}
_ROOT = Path(__file__).resolve().parents[2]


class _Server:
    """The running server, and people who are signed in at it."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(trust_env=False, timeout=60, headers={"Host": HOST})

    def get(self, path: str, *, come_from: str, cookie: str = "", **headers: str) -> httpx.Response:
        """As the proxy hands it on."""
        given = {"X-Forwarded-For": come_from, **({"Cookie": cookie} if cookie else {}), **headers}
        return self.http.get(f"{self.address}{path}", headers=given)

    def count_until_refused(self, path: str, most: int = 1000, **how: str) -> int:
        """How many are answered before the first 429, which says when to come again."""
        for passed in range(most):
            reply = self.get(path, **how)
            if reply.status_code == 429:
                assert (reply.json()["code"] if "json" in reply.headers["Content-Type"] else "ACC-034") == "ACC-034"
                assert "ACC-034" in reply.text
                assert 1 <= int(reply.headers["Retry-After"]) <= 60
                return passed
        raise AssertionError(f"{most} requests were answered")


def _signed_in(subject: str, org_id: str = "") -> str:
    """The cookie of a session made by our own command, as coming back from the e-ID makes it."""
    from bhxh.access.roles import AccountType
    from bhxh.access.session_commands import begin_session
    from bhxh.access.session_flows import holder
    from bhxh.access.sessions import SessionRules, digest_of, new_secret, own_roles
    from bhxh.access.tokens import EidClaims

    at, secret = datetime.now(UTC), new_secret()
    claims = EidClaims(
        issuer="VNeID",
        sub=subject,
        pin="001190000001",
        full_name="",
        birth_date="",
        account_type=AccountType.ORG if org_id else AccountType.CITIZEN,
        assurance_level=2,
        org_id=org_id,
        acting_pin="001190000001" if org_id else "",
        jti="",
        expires_at=at,
        issued_at=at,
        signed_in_at=at,
        sid=subject,
    )
    begin_session(
        actor=holder(claims, request_id="r"),
        at=at,
        claims=claims,
        secret_sha256=digest_of(secret),
        acting_as=own_roles(claims.account_type)[0],
        device="",
        rules=SessionRules(),
    )
    return f"__Host-bhxh-session={secret}"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """As an operator would set them; the partners' names are real in form and nobody answers there."""
    from bhxh.wiring.configuration import configuration

    partners = {
        f"BHXH_{name}_URL": f"https://{name.lower()}.invalid-partner.vn"
        for name in ("POPULATION", "BUSINESS", "EID", "NPSP", "TSA", "REMOTE_SIGNING")
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("BHXH_", "DATABASE_URL", "DJANGO_"))}
    return {
        **inherited,
        "BHXH_MODE": "production",
        "DATABASE_URL": configuration().address_of_database("bhxh_app"),
        "BHXH_STATE_FOLDER": str(tmp_path_factory.mktemp("production")),
        "BHXH_TRUST_LIST_KEYS": str(tmp_path_factory.mktemp("keys") / "trust-list-keys.json"),
        "BHXH_REMOTE_SIGNING_TOKEN": secrets.token_urlsafe(30),
        "BHXH_SECRET_KEY": secrets.token_urlsafe(60),
        "BHXH_ALLOWED_HOSTS": HOST,
        "BHXH_PUBLIC_URL": f"https://{HOST}",
        "BHXH_MAIL_HOST": "mail.bhxh.gov.vn",
        "BHXH_MAIL_PORT": "25",
        "BHXH_MAIL_FROM": "khong-tra-loi@bhxh.gov.vn",
        "BHXH_BOUNCE_ADDRESS": "tra-lai@bhxh.gov.vn",
        "BHXH_EID_ISSUER": "VNeID",
        "BHXH_EID_LEVELS": "1,2",
        "BHXH_PARTNER_TIMEOUT_S": "0.3",
        "BHXH_TRUSTED_PROXIES": "1",
        **{f"BHXH_LIMIT_{of}": str(number) for of, number in PER_MINUTE.items()},
        **partners,
    }


@pytest.fixture
def server(database: None, settings: dict[str, str]) -> Iterator[_Server]:
    from tests.contracts.conftest import _free_base
    from tools.stack import granian

    port = _free_base()
    command = [sys.executable, *granian("bhxh.wiring.wsgi:application", port)]
    with subprocess.Popen(command, env=settings, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        made, deadline = _Server(port), time.monotonic() + 120
        try:
            while time.monotonic() < deadline and process.poll() is None:
                with suppress(httpx.TransportError):
                    if made.get("/health/live", come_from="").status_code == 200:
                        break
                time.sleep(0.1)
            else:
                process.kill()
                pytest.fail((process.stdout.read() if process.stdout else b"").decode()[-3000:])
            yield made
        finally:
            made.http.close()
            process.terminate()
            process.wait(60)


def test_limits_hold_in_production(server: _Server) -> None:
    """One server for all of it: starting one takes longer than the rest."""
    _headers(server)
    _cookies(server)
    _by_address(server)
    _by_sign_in(server)
    _by_account(server)
    _by_organisation(server)


def _headers(server: _Server) -> None:
    reply = server.get("/", come_from="198.51.100.1")
    assert reply.status_code == 200
    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'")


def _cookies(server: _Server) -> None:
    cookie = _signed_in("c")
    answered = server.get("/api/v1/session", come_from="198.51.100.2", cookie=cookie)
    assert (answered.status_code, answered.json()["csrf"] != "") == (200, True)
    assert server.get("/api/v1/session", come_from="198.51.100.2", cookie=cookie.removeprefix("__Host-")).status_code == 401


def _by_address(server: _Server) -> None:
    limit = PER_MINUTE["ADDRESS"]
    began = time.monotonic()
    passed = server.count_until_refused("/errors", come_from="203.0.113.9")
    come_back = math.ceil((time.monotonic() - began) * limit / 60)  # on a loaded machine asking so often takes seconds
    assert limit <= passed <= limit + come_back + 1
    assert server.get("/errors", come_from="203.0.113.10").status_code == 200
    forged = server.get("/errors", come_from="203.0.113.10, 192.0.2.1, 203.0.113.9")
    assert forged.status_code == 429  # only what our own proxy wrote counts: the last
    assert server.get("/health/live", come_from="203.0.113.9").status_code == 200


def _by_sign_in(server: _Server) -> None:
    limit = PER_MINUTE["SIGN_INS"]
    passed = server.count_until_refused("/dang-nhap/ve?code=x&state=y", come_from="203.0.113.20")
    assert limit <= passed <= limit + 2
    assert server.get("/dang-nhap", come_from="203.0.113.20").status_code == 429
    assert server.get("/", come_from="203.0.113.20").status_code == 200


def _by_account(server: _Server) -> None:
    limit = PER_MINUTE["ACCOUNT"]
    phone, desk, other = _signed_in("a"), _signed_in("a"), _signed_in("b")
    assert server.count_until_refused("/api/v1/session", come_from="203.0.113.30", cookie=phone) >= limit
    assert server.get("/api/v1/session", come_from="203.0.113.31", cookie=desk).status_code == 429
    assert server.get("/api/v1/session", come_from="203.0.113.30", cookie=other).status_code == 200


def _by_organisation(server: _Server) -> None:
    limit = PER_MINUTE["ORGANISATION"]
    clerks = [_signed_in(f"o{number}", "0101234567") for number in range(4)]
    statuses = [
        server.get("/api/v1/session", come_from=f"203.0.113.{40 + turn % 4}", cookie=clerks[turn % 4]).status_code
        for turn in range(limit + 20)
    ]
    answered = statuses.count(200)
    assert statuses[:limit] == [200] * limit, "each clerk alone is far below the limit of an account"
    assert limit <= answered <= limit + 10 and 429 in statuses
    assert server.get("/api/v1/session", come_from="203.0.113.50", cookie=_signed_in("x", "0109999999")).status_code == 200


@pytest.mark.parametrize(
    ("variable", "value"), [("BHXH_LIMIT_ADDRESS", "0"), ("BHXH_LIMIT_ACCOUNT", "0"), ("BHXH_PUBLIC_URL", f"http://{HOST}")]
)
def test_production_does_not_start_without(settings: dict[str, str], database_server: None, variable: str, value: str) -> None:
    command = [sys.executable, "-c", "import bhxh.wiring.wsgi"]
    done = subprocess.run(command, env={**settings, variable: value}, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and variable in done.stderr and "WIR-002" in done.stderr
