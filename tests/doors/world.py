"""Who takes part in the door tests, and the calls they make. Django must be set up before anything here is called."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx

from bhxh.access.roles import OfficerRole
from bhxh.registry.synthetic import Population, SyntheticCitizen, generate
from sandbox.pki.authority import issue_employer_certificate
from sandbox.pki.token import SigningToken
from sandbox.security_key import SecurityKey, register, show
from sandbox.supervisor import Sandbox

SEED, CITIZENS, EMPLOYERS = 164, 400, 8
_SIGNED_IN_S, _OFFICER_S = 240, 200
OFFICERS = (
    ("lan", "officer", ("APPRAISER", "APPROVER")),
    ("minh", "other officer", ("APPRAISER", "APPROVER")),
    ("hoa", "operator", ("OPERATOR",)),
    *((f"only-{role.value.lower()}", f"officer {role.value}", (role,)) for role in OfficerRole),
)
"""Login, role of a test, what they are appointed as. Each has shown a security key in the session whose token `World.token` gives."""


@contextmanager
def bindings() -> Iterator[None]:
    """What wiring binds is put back afterwards: other tests bind their own."""
    from bhxh.book import issuing, page_seals, pdf_copies, seal_keys
    from bhxh.doors import partners
    from bhxh.dossiers import catalogue
    from bhxh.kernel import jobs
    from bhxh.warehouse import store

    lists: list[list[Any]] = [
        *(jobs._binding, store._bound, issuing._bound, pdf_copies._bound, page_seals._bound, seal_keys._bound, partners._bound),
    ]
    kept, slugs = [list(bound) for bound in lists], dict(catalogue._bound)
    try:
        yield
    finally:
        for bound, before in zip(lists, kept, strict=True):
            bound[:] = before
        catalogue._bound.clear()
        catalogue._bound.update(slugs)


def ask_anew() -> None:
    """From now on authorities are asked as by a process that has just started: none is remembered as silent, no answer kept."""
    from dataclasses import replace

    from bhxh.connectors.revocation.client import HttpRevocationSource
    from bhxh.doors import partners

    partners.bind(replace(partners.partners(), revocation=HttpRevocationSource(timeout_s=5.0)))


@dataclass
class World:
    """The prepared installation."""

    sandbox: Sandbox
    settings: Any
    population: Population
    people: dict[str, str] = field(default_factory=dict)
    """Role of a test -> personal number."""
    code: str = ""
    """The filed list, with one line waiting for officers."""
    workbook: bytes = b""
    period: str = ""
    signer: SigningToken | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    _given_at: dict[str, float] = field(default_factory=dict)
    keys: dict[str, SecurityKey] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)

    def token(self, role: str) -> str:
        """An e-ID token of one of the roles; empty for a stranger."""
        if role == "stranger":
            return ""
        # WHY not officers: a key is shown in a session, and what a test writes is rolled back; `keep_officers_signed_in` does it between tests.
        # WHY again: a sign-in counts as fresh for five minutes and a token lasts fifteen; on a slow machine tests take longer.
        is_old = role not in self.keys and monotonic() - self._given_at.get(role, inf) > _SIGNED_IN_S
        if role not in self.tokens or is_old:
            self.tokens[role] = self.sign_in(self.people[role], **_SIGN_IN(self).get(role, {}))
            self._given_at[role] = monotonic()
        return self.tokens[role]

    def register_key(self, role: str, code: str) -> None:
        """An officer's security key, registered with the operator's code and shown in the role's session."""
        key = self.keys.setdefault(role, SecurityKey())
        register(lambda path, content: self._answer(path, content, role), key, origin=self.settings.public_url, code=code)
        self._show_key(role)

    def keep_officers_signed_in(self) -> None:
        """Outside of any test's transaction: who signed in a while ago does so again, and shows the key."""
        for role in self.keys:
            if monotonic() - self._given_at.get(role, -inf) > _OFFICER_S:
                self.tokens.pop(role, None)
                self._show_key(role)

    def _show_key(self, role: str) -> None:
        show(lambda path, content: self._answer(path, content, role), self.keys[role], origin=self.settings.public_url)

    def _answer(self, path: str, content: Any, role: str) -> Any:
        reply = self.post(path, content, role)
        assert reply.status_code in {200, 201}, reply.content
        return reply.json()

    def misbehave(self, partner: str, mode: str) -> None:
        """Until the test ends."""
        self.faulty.add(partner)
        self.sandbox.set_fault(partner, mode)

    def sign_in(self, pin: str, **more: Any) -> str:
        wanted = {"pin": pin, "account_type": "ORG" if "org_id" in more else "CITIZEN", "assurance_level": 2, **more}
        reply = httpx.post(f"{self.sandbox.url('eid')}/sandbox/token", json=wanted, timeout=60, trust_env=False).raise_for_status()
        return str(reply.json()["access_token"])

    def call(
        self,
        method: str,
        path: str,
        role: str = "stranger",
        *,
        headers: dict[str, str] | None = None,
        root: str = "/api/v1",
        **options: Any,
    ) -> Any:
        """One request to the real application."""
        from django.test import Client

        given = {"Host": "localhost", **(headers or {})}
        if role != "stranger":
            given["Authorization"] = f"Bearer {self.token(role)}"
        address = path if path.startswith("/health") else f"{root}{path}"
        return Client(raise_request_exception=False).generic(method, address, headers=given, **options)

    def get(self, path: str, role: str = "stranger", **options: Any) -> Any:
        return self.call("GET", path, role, **options)

    def post(self, path: str, content: Any, role: str = "stranger", **options: Any) -> Any:
        import orjson

        return self.call("POST", path, role, data=orjson.dumps(content), content_type="application/json", **options)

    def upload(
        self, path: str, files: Any, role: str, *, root: str = "/api/v1", headers: dict[str, str] | None = None, **fields: str
    ) -> Any:
        request = httpx.Request("POST", "http://localhost/", files=files, data=fields)
        content_type = request.headers["Content-Type"]
        return self.call("POST", path, role, data=request.read(), content_type=content_type, root=root, headers=headers)

    def prepare_list(self, role: str = "clerk", batch: int = 1) -> tuple[str, bytes]:
        """(draft, bytes to sign)."""
        assert self.signer is not None
        files = {"workbook": ("d02.xlsx", self.workbook), "certificate": ("c.der", self.signer.certificate)}
        reply = self.upload("/register-employees/preparations", files, role, period=self.period, batch=str(batch))
        assert reply.status_code == 200, reply.content
        return reply.json()["draft_id"], b64decode(reply.json()["to_sign"])

    def file_draft(self, draft: str, to_sign: bytes, *, key: str, role: str = "clerk", **more: Any) -> Any:
        assert self.signer is not None
        body = {"signature": b64encode(self.signer.sign(to_sign)).decode(), **more}
        return self.post(f"/register-employees/drafts/{draft}/filing", body, role, headers={"Idempotency-Key": key} if key else {})

    def intake(self, pin: str, **more: Any) -> str:
        """A message signed by the sandbox's national portal."""
        wanted = {"procedure": "CF-01", "pin": pin, "form": {}, **more}
        reply = httpx.post(f"{self.sandbox.url('npsp')}/sandbox/intakes", json=wanted, timeout=60, trust_env=False)
        return str(reply.raise_for_status().json()["message"])

    def take(self, message: str | bytes) -> Any:
        return self.call("POST", "/npsp/intakes", data=message, content_type="application/jose")


def _SIGN_IN(world: World) -> dict[str, dict[str, Any]]:  # noqa: N802
    first, second = world.population.employers[0].tax_code, world.population.employers[1].tax_code
    return {
        "clerk": {"org_id": first},
        "mandated clerk": {"org_id": first},
        "clerk without mandate": {"org_id": first},
        "other clerk": {"org_id": second},
        "level 1": {"assurance_level": 1},
        "clerk of level 1": {"org_id": first, "assurance_level": 1},
    }


def prepare(sandbox: Sandbox, settings: Any) -> World:
    """Load the population, let people in, file and decide the demonstration's list. Committed."""
    import orjson

    from bhxh.access.commands import appoint_officer, link_account
    from bhxh.access.machine_commands import register_machine
    from bhxh.access.officer_key_commands import invite_officer_key
    from bhxh.access.roles import Grant, person_reference
    from bhxh.access.tokens import account_reference
    from bhxh.doors.cli.generate import generate_into_database
    from bhxh.doors.jobs import tasks
    from bhxh.doors.partners import partners
    from bhxh.dossiers.queries import get_decisions, get_dossier
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.clock import day_in_vietnam, now
    from bhxh.registry.offices import load_offices
    from bhxh.registry.queries import find_employer, find_persons
    from bhxh.registry.reference import load_reference_data
    from bhxh.registry.synthetic.offices import office_table
    from samples.make_d02_workbook import demo_lines, demo_period, make
    from tests.mandate_kit import grant

    population = generate(SEED, citizens=CITIZENS, employers=EMPLOYERS)
    actor, at = system_actor(name="test", request_id=uuid4().hex, purpose="operation"), now()
    load_reference_data(actor=actor, at=at)
    load_offices(actor=actor, at=at, content=office_table())
    generate_into_database(actor=actor, at=at, seed=SEED, citizens=CITIZENS, employers=EMPLOYERS)
    sandbox.register_client(
        client_id=settings.eid_client_id,
        redirect_uris=[f"{settings.public_url}/dang-nhap/ve"],
        post_logout_redirect_uris=[f"{settings.public_url}/dang-xuat/xong"],
        jwks=orjson.loads(partners().signing_in.client_keys()),
    )
    made = World(sandbox, settings, population)
    made.people = _cast(population)
    issuer = settings.eid_issuer
    ids = {pin: summary.person_id for (_, pin), summary in find_persons([("PIN", pin) for pin in made.people.values()]).items()}
    for login, role, roles in OFFICERS:
        pin = made.people[role]
        subject = partners().accounts.find_subjects([pin])[pin]
        link_account(actor=actor, at=at, issuer=issuer, subject=subject, person_id=ids[pin])
        appoint_officer(
            actor=actor,
            at=at,
            login=login,
            account=account_reference(issuer, subject),
            agency_code="00101",
            roles=roles,
            from_on=day_in_vietnam(at),
        )
        made.register_key(role, invite_officer_key(actor=actor, at=at, login=login))
    employer = find_employer(tax_code=population.demo_employer.tax_code)
    assert employer is not None
    grant(
        actor=actor,
        at=at,
        key=partners().keys.seal_key("mandate"),
        employer_id=employer.employer_id,
        holder=person_reference(ids[made.people["mandated clerk"]]),
        from_on=day_in_vietnam(at),
    )
    register_machine(actor=actor, at=at, client_id="npsp", name="NPSP", jwks=partners().portal_keys.get(), grants=[Grant.FILE_FOR_PERSONS])
    made.signer = SigningToken(*issue_employer_certificate(sandbox.folder / "pki", employer.tax_code, employer.name))
    made.period = demo_period(population).shown
    made.workbook = make(settings.state_folder / "d02.xlsx", demo_lines(population)).read_bytes()
    receipt = made.file_draft(*made.prepare_list(), key="prepared")
    assert receipt.status_code == 201, receipt.content
    made.code = receipt.json()["code"]
    dossier = get_dossier(made.code)
    tasks.gather(dossier_id=str(dossier.dossier_id))
    for decision in get_decisions(dossier.dossier_id):
        tasks.seal(dossier_id=str(dossier.dossier_id), person_ids=list(decision.touched_person_ids))
    return made


def _cast(population: Population) -> dict[str, str]:
    """Who plays which part. Citizens have a sealed book because they stand on the filed list."""
    from bhxh.registry.synthetic import register_view
    from samples.make_d02_workbook import demo_lines

    view = register_view(population)
    dirty = {*view.mismatched_pins, *view.missing_pins}
    listed = [str(line["si_code"]) for line in demo_lines(population)]
    by_pin = population.by_pin()
    workers = [pin for pin in listed if pin in by_pin and by_pin[pin].is_registered and by_pin[pin].managed_by == "mof"]
    rest: list[SyntheticCitizen] = [
        citizen
        for citizen in population.citizens
        if citizen.is_registered and citizen.managed_by == "mof" and citizen.pin not in {*listed, *dirty} and citizen.story == "steady"
    ]
    unregistered = next(c for c in population.citizens if not c.is_registered and c.pin not in view.missing_pins)
    first, second = population.employers[0], population.employers[1]
    used = {first.legal_representative_pin, second.legal_representative_pin}
    free = [citizen.pin for citizen in rest if citizen.pin not in used]
    return {
        "clerk": first.legal_representative_pin,
        "other clerk": second.legal_representative_pin,
        "clerk of level 1": first.legal_representative_pin,
        "citizen": workers[-1],
        "other citizen": workers[-2],
        "level 1": workers[-3],
        "soldier": population.soldiers[0].pin,
        "unregistered": unregistered.pin,
        **dict(zip((*(role for _, role, _ in OFFICERS), "mandated clerk", "clerk without mandate"), free, strict=False)),
    }
