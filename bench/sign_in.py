"""Sign-ins: what one costs us, step by step, without what it costs the e-ID. The product's own application in this process, the e-ID beside it."""

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any
from urllib.parse import urlsplit

import orjson

from bench.measuring import Row
from sandbox.holdings import load_holdings
from sandbox.supervisor import Ports, Sandbox
from tools.stack import free_base_port

_PEOPLE, _SIGN_INS, _WARM = 100, 600, 60
_CITIZENS, _EMPLOYERS, _SEED = 400, 8, 164
_ASKED = 200
_TARGET = 120
_BARE = "the same application, /health/live"
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def run() -> list[Row]:
    """Each person leaves for the e-ID, comes back, and asks who they are; CPU is counted around our own work only."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(
            Path(folder) / "sandbox", Ports.from_base(free_base_port() + 111), seed=_SEED, citizens=_CITIZENS, employers=_EMPLOYERS
        )
        sandbox.folder.mkdir()
        sandbox.start_one("eid")
        try:
            return _measured(sandbox, Path(folder))
        finally:
            sandbox.stop()


def _measured(sandbox: Sandbox, folder: Path) -> list[Row]:
    from django.core.wsgi import get_wsgi_application

    from bhxh.doors.partners import partners
    from bhxh.wiring.composition import bind
    from bhxh.wiring.configuration import configuration

    settings = configuration().model_copy(update={"state_folder": folder, "eid_url": sandbox.url("eid"), **_WITHOUT_LIMITS})
    bind(settings)
    sandbox.register_client(
        client_id=settings.eid_client_id,
        redirect_uris=[f"{settings.public_url}/dang-nhap/ve"],
        jwks=orjson.loads(partners().signing_in.client_keys()),
    )
    people = sorted(load_holdings(seed=_SEED, citizens=_CITIZENS, employers=_EMPLOYERS).persons)[:_PEOPLE]
    steps: dict[str, list[float]] = {"bare": [], "leave": [], "come back": [], "first request": []}
    visit = _Visit(get_wsgi_application(), sandbox, steps)
    for number in range(_WARM):
        visit.ask(visit.sign_in(people[number % len(people)]))
    for taken in steps.values():
        taken.clear()
    before = _database_cpu_s()
    browsers = [visit.sign_in(people[number % len(people)]) for number in range(_SIGN_INS)]
    database_ms = (_database_cpu_s() - before) / _SIGN_INS * 1000
    for browser in browsers[-_ASKED:]:
        visit.ask(browser)
    bare, leave, back, first = (sum(taken) / len(taken) * 1000 for taken in steps.values())
    middle = {name: median(taken) * 1000 for name, taken in steps.items()}
    note = f"{_SIGN_INS} sign-ins of {_PEOPLE} people; CPU of ours and of the database's backends, not of the e-ID"
    return [
        Row(
            what="sign-ins, one core",
            value=1000 / (leave + back + database_ms),
            unit="per s",
            beside="target",
            beside_value=_TARGET,
            note=note,
        ),
        Row(
            what="sign-in: leaving for the e-ID",
            value=leave,
            unit="ms CPU",
            beside=_BARE,
            beside_value=bare,
            note=f"median {middle['leave']:.2f}",
        ),
        Row(
            what="sign-in: coming back",
            value=back,
            unit="ms CPU",
            beside=_BARE,
            beside_value=bare,
            note=f"median {middle['come back']:.2f}; our proof, the code's exchange, the ID token, the session",
        ),
        Row(what="sign-in: database", value=database_ms, unit="ms CPU", note="its backends, both steps"),
        Row(
            what="who am I, by cookie",
            value=first,
            unit="ms CPU",
            beside=_BARE,
            beside_value=bare,
            note=f"median {middle['first request']:.2f}; all roles looked up; not part of signing in",
        ),
    ]


_WITHOUT_LIMITS = {f"limit_{of}": 0 for of in ("account", "organisation", "machine", "address", "sign_ins")}


class _Visit:
    """A browser before the application itself: no client library stands between, so its time is not counted as ours."""

    def __init__(self, application: Callable[..., Iterable[bytes]], sandbox: Sandbox, steps: dict[str, list[float]]) -> None:
        self._application, self._sandbox, self._steps = application, sandbox, steps

    def sign_in(self, pin: str) -> dict[str, str]:
        """All of it once; the cookies of the browser."""
        cookies: dict[str, str] = {}
        self._step("bare", "/health/live", "", {})
        left = self._step("leave", "/dang-nhap", "", cookies)
        back = urlsplit(self._sandbox.choose_identity(left["Location"], pin=pin))
        arrived = self._step("come back", back.path, back.query, cookies)
        assert arrived["status"] == "303", arrived
        return cookies

    def ask(self, cookies: dict[str, str]) -> None:
        """Who is signed in."""
        asked = self._step("first request", "/api/v1/session", "", cookies)
        assert asked["status"] == "200", asked

    def _step(self, name: str, path: str, query: str, cookies: dict[str, str]) -> dict[str, str]:
        answered: dict[str, str] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            answered.update(headers, status=status[:3])
            for header, value in headers:
                if header == "Set-Cookie":
                    cookie, _, content = value.partition(";")[0].partition("=")
                    cookies[cookie] = content

        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8600",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8600",
            "HTTP_COOKIE": "; ".join(f"{one}={content}" for one, content in cookies.items()),
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": BytesIO(),
            "wsgi.url_scheme": "http",
        }
        started = thread_time()
        body = self._application(environ, start_response)
        for _ in body:
            pass
        close = getattr(body, "close", None)
        if close is not None:
            close()
        self._steps[name].append(thread_time() - started)
        return answered


def _database_cpu_s() -> float:
    """What the backends of our connections have used so far, to the kernel's hundredth of a second."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = [row[0] for row in cursor.fetchall()]
    used = 0.0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += (int(fields[11]) + int(fields[12])) * _TICK_S
    return used
