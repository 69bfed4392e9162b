"""Sandbox people as clients of the API: a clerk, citizens, officers. Used by the demonstration, tests and benches."""

import re
import time
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from bhxh.registry.synthetic import Population, SyntheticCitizen, SyntheticEmployer, register_view
from sandbox.pki.authority import issue_employer_certificate
from sandbox.pki.token import SigningToken
from sandbox.security_key import SecurityKey, register, show
from tools.stack import Stack

_TIMEOUT_S = 180  # LIMIT: a list of 50,000 rows takes a minute
_CSRF = "X-CSRF-Token"


@dataclass(frozen=True)
class Client:
    """Somebody signed in: a browser by its session, or a program by a token."""

    stack: Stack
    headers: Mapping[str, str]
    """What every request carries."""

    @classmethod
    def sign_in(cls, stack: Stack, pin: str, *, org_id: str = "", assurance_level: int = 2, role: str = "") -> "Client":
        """As in a browser: to the e-ID and back with a code, then a session cookie and the token that protects it.

        Shape:   a citizen, or a person acting for an organisation; `role` (SELF, EMPLOYER, OFFICER) where somebody has several.
        Raises:  RuntimeError with what the page said.
        """
        with httpx.Client(base_url=stack.address, timeout=_TIMEOUT_S, trust_env=False) as browser:
            at_eid = _sent_on(browser.get("/dang-nhap"))
            back = stack.sandbox.choose_identity(at_eid, pin=pin, org_id=org_id, assurance_level=assurance_level)
            _sent_on(browser.get(back))
            if role:
                wanted = {"acting_as": role}
                _checked(browser.post("/api/v1/session/role", json=wanted, headers={_CSRF: _csrf(browser)}))
            cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
            return cls(stack, {"Cookie": cookie, _CSRF: _csrf(browser)})

    @classmethod
    def with_token(cls, stack: Stack, pin: str) -> "Client":
        """A person's program that holds a token of the e-ID for our API; how it came by it is not our business."""
        address = f"{stack.sandbox.url('eid')}/sandbox/token"
        reply = httpx.post(address, json={"pin": pin}, timeout=_TIMEOUT_S, trust_env=False).raise_for_status()
        return cls(stack, {"Authorization": f"Bearer {reply.json()['access_token']}"})

    @classmethod
    def sign_in_officer(cls, stack: Stack, *, login: str, pin: str) -> "Client":
        """An officer: the e-ID account, then a security key of software, registered on first use with the operator's one-time code."""
        client = cls.sign_in(stack, pin, role="OFFICER")
        file = stack.sandbox.folder / "security-keys" / f"{login}.json"
        key = SecurityKey.load(file) if file.exists() else SecurityKey()
        if not client.get("/officers/session")["keys"]:
            code = orjson.loads(stack.run("officer", "invite", login, "--json").stdout)["code"]
            register(client.post, key, origin=stack.address, code=code)
        show(client.post, key, origin=stack.address)
        key.save(file)
        return client

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One call of the API."""
        headers = {**self.headers, **options.pop("headers", {})}
        address = f"{self.stack.address}/api/v1{path}"
        return httpx.request(method, address, headers=headers, timeout=_TIMEOUT_S, trust_env=False, **options)

    def get(self, path: str) -> Any:
        """JSON of a GET that must succeed."""
        return _checked(self.request("GET", path)).json()

    def download(self, path: str) -> bytes:
        """Bytes of a GET that must succeed."""
        return _checked(self.request("GET", path)).content

    def post(self, path: str, content: Any) -> Any:
        """JSON of a POST that must succeed."""
        return _checked(self.request("POST", path, json=content)).json()


@dataclass(frozen=True)
class Clerk:
    """A person who files for an employer, with the employer's signing token."""

    client: Client
    signer: SigningToken

    @classmethod
    def of(cls, stack: Stack, *, tax_code: str, name: str, pin: str) -> "Clerk":
        """Signed in as the legal representative, with a certificate of the sandbox's authority."""
        certificate, key = issue_employer_certificate(stack.sandbox.folder / "pki", tax_code, name)
        return cls(Client.sign_in(stack, pin, org_id=tax_code), SigningToken(certificate, key))

    def check(self, workbook: bytes, **fields: str) -> Any:
        """Judge a workbook."""
        return _checked(
            self.client.request("POST", "/register-employees/checks", files={"workbook": ("d02.xlsx", workbook)}, data=fields)
        ).json()

    def prepare(self, workbook: bytes, **fields: str) -> tuple[str, bytes, bytes]:
        """(draft, bytes to sign, canonical XML) of a list that fits into one document."""
        [only] = self.prepare_all(workbook, **fields)
        return only

    def prepare_all(self, workbook: bytes, **fields: str) -> list[tuple[str, bytes, bytes]]:
        """The same for every document of a list."""
        files = {"workbook": ("d02.xlsx", workbook), "certificate": ("certificate.der", self.signer.certificate)}
        answer = _checked(self.client.request("POST", "/register-employees/preparations", files=files, data=fields)).json()
        return [(draft["draft_id"], b64decode(draft["to_sign"]), b64decode(draft["document"])) for draft in (answer, *answer["further"])]

    def file(self, draft_id: str, to_sign: bytes, key: str) -> Any:
        """Sign outside the server, and file. The answer comes after the commit."""
        return _checked(self.file_unchecked(draft_id, to_sign, key)).json()

    def file_unchecked(self, draft_id: str, to_sign: bytes, key: str) -> httpx.Response:
        """The same, whatever the answer."""
        body = {"signature": b64encode(self.signer.sign(to_sign)).decode()}
        return self.client.request("POST", f"/register-employees/drafts/{draft_id}/filing", json=body, headers={"Idempotency-Key": key})


def list_outsiders(population: Population, employers: Collection[SyntheticEmployer]) -> list[SyntheticCitizen]:
    """Who can be an officer where these employers file: nobody decides about themselves (ACC-072) or what their own unit filed (ACC-112).

    Shape:  in work elsewhere, so that nobody hires them; never worked for these employers and represent none; known to the registers as they are.
    """
    view, numbers = register_view(population), {employer.number for employer in employers}
    parties = {*view.mismatched_pins, *view.missing_pins, *(employer.legal_representative_pin for employer in population.employers)}
    return [
        citizen
        for citizen in population.citizens
        if citizen.is_registered
        and citizen.managed_by == "mof"
        and citizen.pin not in parties
        and citizen.present_spell(population.last_month) is not None
        and not any(spell.employer in numbers for spell in citizen.spells)
    ]


def wait_for(what: str, is_so: Any, *, timeout_s: float = 60, pause_s: float = 0.05) -> Any:
    """Ask until the answer is true; returns it. Raises RuntimeError with what was waited for."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = is_so()
        if answer:
            return answer
        time.sleep(pause_s)
    raise RuntimeError(f"waited {timeout_s:.0f} s in vain for: {what}")


def _sent_on(reply: httpx.Response) -> str:
    """The address a browser is sent to."""
    if reply.has_redirect_location:
        return reply.headers["Location"]
    said = re.sub(r"<style>.*?</style>|<[^>]+>", " ", reply.text, flags=re.DOTALL)
    raise RuntimeError(f"{reply.request.url.path} answered {reply.status_code}: {' '.join(said.split())[:600]}")


def _csrf(browser: httpx.Client) -> str:
    return str(_checked(browser.get("/api/v1/session")).json()["csrf"])


def _checked(reply: httpx.Response) -> httpx.Response:
    if reply.is_success:
        return reply
    raise RuntimeError(f"{reply.request.method} {reply.request.url.path} answered {reply.status_code}: {reply.text[:1500]}")
