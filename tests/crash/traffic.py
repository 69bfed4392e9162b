"""Clerks, citizens and two officers who never stop: what is not answered is sent again, and every answer is kept to be compared."""

import io
import random
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import psycopg

from bhxh.kernel.clock import day_in_vietnam
from bhxh.procedures.register_employees import canonical_xml
from bhxh.procedures.register_employees.form import Header, Line
from bhxh.registry.synthetic import Population, SyntheticCitizen, SyntheticEmployer, generate, register_view
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.xades import complete_signature, prepare_signature
from samples.make_d02_workbook import make
from sandbox.pki.authority import issue_employer_certificate
from sandbox.pki.token import sign_with
from sandbox.security_key import SecurityKey, register, show
from tests.crash.installation import Installation
from tools.people import list_outsiders
from tools.stack import CITIZENS, EMPLOYERS, SEED

_CLERKS, _EMPLOYERS, _TABLE_ROWS = 2, 40, 3
_UPLOADS_WAITING = 10  # of all; an owner may have twenty
_IN_FLIGHT = 40  # dossiers and jobs under way at a time; those whose worker was killed wait six seconds until they are taken up
_UNDER_WAY = """SELECT (SELECT count(*) FROM dossiers_dossier WHERE state NOT IN ('RETURNED', 'STOPPED'))
  + (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now())"""
"""WHY jobs too: publishing gives way to everything else, and must have its turn here."""
_TOKEN_S = 600
_PATIENCE_S = 120
_LATER = frozenset({502, 503})
_WAITING = (
    "SELECT code, row_version, (SELECT array_agg(number) FROM dossiers_line l WHERE l.dossier_id = d.dossier_id AND l.state = 'officer')"
    " FROM dossiers_dossier d WHERE state = 'IN_PROCESS' AND lines_officer > 0 ORDER BY dossier_id LIMIT 5"
)


_WAITING_UPLOADS = "SELECT count(*) FROM warehouse_upload WHERE state = 'received'"


@dataclass
class Filing:
    """One filing as its sender has it: what was sent, and the receipt that was given."""

    key: str
    send: Callable[[httpx.Client], httpx.Response]
    code: str = ""
    receipt: str = ""


def a_paper(words: str) -> bytes:
    """A PDF of one empty page, with some words that nobody sees."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = words
        document.save(made)
    return made.getvalue()


@dataclass
class Traffic:
    """The people of one walk."""

    installation: Installation
    filings: list[Filing] = field(default_factory=list)
    """Those that were acknowledged."""
    repeated: int = 0
    uploads: dict[str, str] = field(default_factory=dict)
    """Those that were acknowledged: id and digest."""
    failure: str = ""

    def __post_init__(self) -> None:
        self.population: Population = generate(SEED, citizens=CITIZENS, employers=EMPLOYERS)
        view = register_view(self.population)
        self._dirty = {*view.mismatched_pins, *view.missing_pins}
        self._over, self._filing_is_over = threading.Event(), threading.Event()
        self._lock, self._serial = threading.Lock(), 0
        self._under_way = 0
        self._hires = iter([c for c in self.population.hire_candidates if c.pin not in self._dirty and c.is_registered is False])
        self._employers = [e for e in self.population.employers if len(self._workers(e)) >= _TABLE_ROWS][:_EMPLOYERS]
        self._officers = [citizen.pin for citizen in list_outsiders(self.population, self._employers)[:2]]
        self._period = self.population.last_month.plus(1)
        self._tokens: dict[tuple[str, str], tuple[float, str]] = {}
        self._keys: dict[str, tuple[SecurityKey, str]] = {}
        self._threads: list[threading.Thread] = []

    def appoint(self) -> None:
        """Put the two officers into service."""
        for login, pin in zip(("lan", "minh"), self._officers, strict=True):
            self.installation.stack.run("appoint", login, "--pin", "-", stdin=pin)
            self._keys[pin] = SecurityKey(), self.installation.command("officer", "invite", login)["code"]

    def start(self, seed: int, *, is_filing: bool = True) -> None:
        """All begin, or begin again; or only the officers."""
        self._over.clear()
        self._filing_is_over.clear()
        self._threads.clear()
        acts: list[Callable[[httpx.Client, random.Random], None]] = [self._decide]
        if is_filing:
            acts = [*[self._file_lists] * _CLERKS, self._ask_through_portal, self._send_papers_in, *acts]
        for number, act in enumerate(acts):
            thread = threading.Thread(target=self._guarded, args=(act, random.Random(seed * 10 + number)), daemon=True)
            self._threads.append(thread)
            thread.start()

    def finish_filing(self) -> None:
        """No new filings; officers go on until `stop`."""
        self._filing_is_over.set()

    @property
    def is_acknowledged(self) -> bool:
        """Whether nobody waits for an answer any more; the officers go on."""
        return not any(thread.is_alive() for thread in self._threads[:-1])

    def stop(self) -> None:
        """All go home; who still waits for an answer waits for it first."""
        self._filing_is_over.set()
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=_PATIENCE_S)

    def again(self, filing: Filing, client: httpx.Client) -> None:
        """The same filing again: the first receipt, byte for byte."""
        reply = self._insist("the same filing's answer", filing.send, client)
        answer = reply.json()
        assert (answer["code"], answer["receipt"]) == (filing.code, filing.receipt), f"{filing.key}: another receipt the second time"
        with self._lock:
            self.repeated += 1

    def prepare_one(self) -> Filing:
        """A signed list with one change of wage that rules decide, not sent yet."""
        with self._lock:
            self._serial += 1
            number = self._serial
        employer = self._employers[0]
        worker = self._workers(employer)[number % _TABLE_ROWS]
        return self._signed(employer, [self._raise(worker, number)], number)

    # -- clerks -----------------------------------------------------------------------------------------------------

    def _file_lists(self, client: httpx.Client, chance: random.Random) -> None:
        for number in self._while_open():
            employer = chance.choice(self._employers)
            if number % 5 == 4:
                filing = self._draft(client, employer, number)
            else:
                filing = self._signed(employer, self._list(employer, number, chance), number)
            self.file(filing, client)
            if chance.random() < 0.25:
                self.again(filing, client)

    def file(self, filing: Filing, client: httpx.Client) -> None:
        """Send until it is acknowledged, and keep the receipt."""
        answer = self._insist(f"the receipt of {filing.key}", filing.send, client).json()
        filing.code, filing.receipt = answer["code"], answer["receipt"]
        with self._lock:
            self.filings.append(filing)

    def _list(self, employer: SyntheticEmployer, number: int, chance: random.Random) -> list[Line]:
        """A wage change that rules decide, one whose name differs so that people decide, now and then a refused one and a newcomer."""
        workers = chance.sample(self._workers(employer), 3)
        lines = [self._raise(workers[0], number)]
        if number % 2:
            lines.append(self._raise(workers[1], number, full_name=f"{workers[1].full_name} Khác"))
        if number % 7 == 3:
            lines.append(self._raise(workers[2], number, wage_vnd=1_000_000))
        newcomer = next(self._hires, None) if number % 3 == 0 else None
        if newcomer is not None:
            joining = {"declaration_type": "1", "change_code": "TM", "from_month": str(self._period), "job_title": "Công nhân may"}
            lines.append(Line(full_name=newcomer.full_name, si_code=newcomer.pin, wage_vnd=9_800_000, nationality="VN", **joining))
        return lines

    def _raise(self, worker: SyntheticCitizen, number: int, **differing: Any) -> Line:
        raised = {"full_name": worker.full_name, "si_code": worker.pin, "wage_vnd": 9_000_000 + number * 1_000}
        return Line(**{**raised, **differing}, declaration_type="2", change_code="DC", from_month=str(self._period))

    def _signed(self, employer: SyntheticEmployer, lines: list[Line], number: int) -> Filing:
        """Signed by filing software outside, sent as one document."""
        header = Header(
            tax_code=employer.tax_code,
            unit_code=employer.unit_code,
            unit_name=employer.name,
            agency_code=employer.agency_code,
            period=str(self._period),
            batch=number % 900 + 1,
            made_on=day_in_vietnam(datetime.now(UTC)),
        )
        certificate, key = self._certificate(employer)
        document = canonical_xml.write(header, [canonical_xml.as_filed(place, line) for place, line in enumerate(lines, 1)])
        prepared = prepare_signature(document, profile=HOSO_UNIT, certificate=certificate, at=datetime.now(UTC))
        body, name = complete_signature(prepared, sign_with(key, prepared.to_sign)), f"walk-{number}"

        def send(client: httpx.Client) -> httpx.Response:
            headers = {"Content-Type": "application/xml", "Idempotency-Key": name, **self._signed_in(client, employer)}
            return client.post(self._api("/register-employees/filings"), content=body, headers=headers)

        return Filing(name, send)

    def _draft(self, client: httpx.Client, employer: SyntheticEmployer, number: int) -> Filing:
        """A workbook, prepared by the server and signed outside in two phases."""
        certificate, key = self._certificate(employer)
        files = {
            "workbook": ("d02.xlsx", self._workbook(employer)),
            "certificate": ("certificate.der", certificate),
        }
        fields = {"period": self._period.shown, "batch": str(number % 900 + 1)}

        def prepare(client: httpx.Client) -> httpx.Response:
            headers = self._signed_in(client, employer)
            return client.post(self._api("/register-employees/preparations"), files=files, data=fields, headers=headers)

        prepared = self._insist("a draft", prepare, client).json()
        value = sign_with(key, b64decode(prepared["to_sign"]))
        body, name = {"signature": b64encode(value).decode()}, f"walk-{number}"

        def send(client: httpx.Client) -> httpx.Response:
            headers = {"Idempotency-Key": name, **self._signed_in(client, employer)}
            return client.post(self._api(f"/register-employees/drafts/{prepared['draft_id']}/filing"), json=body, headers=headers)

        return Filing(name, send)

    # -- citizens and officers ------------------------------------------------------------------------------------------

    def _ask_through_portal(self, client: httpx.Client, chance: random.Random) -> None:
        citizens = [
            c
            for c in self.population.citizens
            if c.is_registered and c.managed_by == "mof" and c.email and c.pin not in {*self._dirty, *self._officers}
        ]
        for number in self._while_open():
            citizen = chance.choice(citizens)
            wanted = {
                "procedure": "CF-01",
                "pin": citizen.pin,
                "form": {"purpose": f"vay vốn {number}"},
                "email": citizen.email,
                "reference": f"DVCQG-WALK-{number:06d}",
                "deliver_to": self._api("/npsp/intakes"),
            }

            def send(client: httpx.Client, wanted: dict[str, Any] = wanted) -> httpx.Response:
                reply = client.post(f"{self.installation.stack.sandbox.url('npsp')}/sandbox/intakes", json=wanted)
                delivery = reply.raise_for_status().json()["delivery"]
                return httpx.Response(delivery["status"] or 503, text=delivery["body"])

            filing = Filing(wanted["reference"], send)
            self.file(filing, client)
            if chance.random() < 0.25:
                self.again(filing, client)

    def _send_papers_in(self, client: httpx.Client, chance: random.Random) -> None:
        """Into one's own warehouse; each is another. What was not answered is sent again, and is the same item."""
        citizens = [c for c in self.population.citizens if c.is_registered and c.managed_by == "mof" and c.pin not in self._officers]
        for number in self._while_open():
            paper, citizen = a_paper(f"walk {number}"), chance.choice(citizens[:5])

            def send(client: httpx.Client, paper: bytes = paper, pin: str = citizen.pin) -> httpx.Response:
                headers = {"Content-Type": "application/octet-stream", **self._bearer(client, pin)}
                return client.post(self._api("/warehouse/uploads"), content=paper, headers=headers)

            answer = self._insist("a paper's answer", send, client).json()
            assert answer["sha256"] == sha256(paper).hexdigest()
            with self._lock:
                self.uploads[answer["upload_id"]] = answer["sha256"]
            self._wait_for_the_examination()

    def _wait_for_the_examination(self) -> None:
        time.sleep(0.3)  # WHY: papers are beside what is walked through, not the most of it
        while not self._filing_is_over.is_set():
            with suppress(psycopg.OperationalError):
                if self.installation.query(_WAITING_UPLOADS)[0][0] < _UPLOADS_WAITING:
                    return
            time.sleep(0.1)

    def _decide(self, client: httpx.Client, chance: random.Random) -> None:
        """Whatever the queue holds: one proposes to grant, the other approves. What went stale comes again."""
        while not self._over.is_set():
            try:
                self._under_way = self._count_under_way()
                waiting = self.installation.query(_WAITING)
            except psycopg.OperationalError:
                time.sleep(0.05)
                continue
            for code, row_version, lines in waiting:
                appraisal = {"lines": lines, "proposal": "grant", "reason": "Đã đối chiếu giấy tờ.", "row_version": row_version}
                first = self._act(client, self._officers[0], f"/office/dossiers/{code}/appraisals", appraisal)
                if first in (201, 409):
                    # WHY also refused after a conflict: it may have come before anybody proposed anything, or after an answer that was lost.
                    also = {403} if first == 409 else set()
                    self._act(client, self._officers[1], f"/office/dossiers/{code}/approvals", {"row_version": row_version + 1}, also)
            time.sleep(0.1)

    def _act(self, client: httpx.Client, pin: str, path: str, body: dict[str, Any], also: Collection[int] = ()) -> int:
        try:
            reply = client.post(self._api(path), json=body, headers=self._bearer(client, pin))
        except httpx.HTTPError:
            return 0
        if reply.status_code not in {201, 401, 409, *_LATER, *also}:
            raise AssertionError(f"{path} answered {reply.status_code}: {reply.text[:500]}")
        if reply.status_code == 401:
            self._tokens.clear()
        return reply.status_code

    # -- how --------------------------------------------------------------------------------------------------------

    def _while_open(self) -> Iterator[int]:
        """Numbers of new filings, while filing is open and not too many are under way."""
        while not self._filing_is_over.is_set():
            if self._under_way >= _IN_FLIGHT:
                time.sleep(0.05)
                continue
            with self._lock:
                self._serial += 1
                number = self._serial
            yield number

    def _count_under_way(self) -> int:
        [(count,)] = self.installation.query(_UNDER_WAY)
        return int(count)

    def _guarded(self, act: Callable[[httpx.Client, random.Random], None], chance: random.Random) -> None:
        with httpx.Client(timeout=30, trust_env=False, verify=False) as client:
            try:
                act(client, chance)
            except BaseException as error:  # noqa: BLE001  # a thread's failure must fail the walk
                self.failure = self.failure or f"{type(error).__name__}: {error}"

    def _insist(self, what: str, send: Callable[[httpx.Client], httpx.Response], client: httpx.Client) -> httpx.Response:
        """Send until there is a true answer. A refusal or a server error is a failure of the walk."""
        deadline, last = time.monotonic() + _PATIENCE_S, ""
        while time.monotonic() < deadline and not self._is_called_off():
            try:
                reply = send(client)
            except httpx.HTTPError as error:
                last = type(error).__name__
            else:
                if reply.is_success:
                    return reply
                last = f"{reply.status_code} {reply.text[:300]}"
                if reply.status_code == 401:
                    self._tokens.clear()
                elif reply.status_code not in _LATER:
                    raise AssertionError(f"{what}: {last}")
            time.sleep(0.05)
        raise AssertionError(f"waited {_PATIENCE_S} s in vain for {what}; {last}")

    def _is_called_off(self) -> bool:
        return self._over.is_set() and threading.current_thread() in self._threads

    def _signed_in(self, client: httpx.Client, employer: SyntheticEmployer) -> dict[str, str]:
        return self._bearer(client, employer.legal_representative_pin, employer.tax_code)

    def _bearer(self, client: httpx.Client, pin: str, org_id: str = "") -> dict[str, str]:
        made_at, token = self._tokens.get((pin, org_id), (0.0, ""))
        if time.monotonic() - made_at > _TOKEN_S or not token:
            wanted = {"pin": pin, "account_type": "ORG" if org_id else "CITIZEN", "assurance_level": 2}
            wanted |= {"org_id": org_id} if org_id else {}
            token = (
                client.post(f"{self.installation.stack.sandbox.url('eid')}/sandbox/token", json=wanted)
                .raise_for_status()
                .json()["access_token"]
            )
            if pin in self._keys and not org_id:
                self._show_key(client, pin, token)
            self._tokens[pin, org_id] = (time.monotonic(), token)
        return {"Authorization": f"Bearer {token}"}

    def _show_key(self, client: httpx.Client, pin: str, token: str) -> None:
        """An officer's second factor. A registration whose answer was lost was done; then there is a key, and it is shown."""
        (key, code), stack = self._keys[pin], self.installation.stack
        headers = {"Authorization": f"Bearer {token}"}

        def post(path: str, content: Mapping[str, Any]) -> Any:
            reply = client.post(self._api(path), json=dict(content), headers=headers)
            assert reply.status_code in {200, 201, 401, *_LATER}, f"{path} answered {reply.status_code}: {reply.text[:500]}"
            return reply.raise_for_status().json()

        if not client.get(self._api("/officers/session"), headers=headers).raise_for_status().json()["keys"]:
            register(post, key, origin=stack.address, code=code)
        show(post, key, origin=stack.address)

    def _api(self, path: str) -> str:
        return f"{self.installation.stack.address}/api/v1{path}"

    def _certificate(self, employer: SyntheticEmployer) -> tuple[bytes, Any]:
        return issue_employer_certificate(self.installation.stack.sandbox.folder / "pki", employer.tax_code, employer.name)

    def _workers(self, employer: SyntheticEmployer) -> list[SyntheticCitizen]:
        return [worker for worker in self.population.workers_of(employer.number) if worker.pin not in self._dirty]

    def _workbook(self, employer: SyntheticEmployer) -> bytes:
        """Made once for each employer: new titles for three workers."""
        file = Path(self.installation.folder) / f"{employer.tax_code}.xlsx"
        if not file.exists():
            rows = [
                {"full_name": c.full_name, "si_code": c.pin, "declaration_type": 5, "change_code": "CD", "job_title": "Tổ trưởng"}
                for c in self._workers(employer)[:_TABLE_ROWS]
            ]
            make(file, [{"worker_reference": n, "from_month": self._period.shown, **row} for n, row in enumerate(rows, 1)])
        return file.read_bytes()
