"""The demonstration's filing, deciding and sealing by clients that insist: an answer that did not come is asked for again."""

import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg

from bhxh.registry.synthetic import Population, generate
from samples.make_d02_workbook import demo_lines, demo_period, make
from tests.crash.strikes import Striker
from tools.people import Clerk, Client
from tools.stack import CITIZENS, EMPLOYERS, SEED, Stack

_PATIENCE_S = 90


@dataclass
class Outcome:
    """What the clients were told, and what is there afterwards."""

    receipts: dict[str, str] = field(default_factory=dict)
    """Dossier code -> sealed receipt, as acknowledged."""
    trace: dict[str, list[Any]] = field(default_factory=dict)
    """Everything of substance in the tables, without times and serials: two runs of the same filing leave the same."""
    letters: Counter[str] = field(default_factory=Counter)
    """Message-ID -> how often the mail server got it."""
    seconds: float = 0


def run(stack: Stack, folder: Path, striker: Striker | None = None) -> Outcome:
    """File a list and a request through the portal, decide, wait until everything is at rest; the stack runs already."""
    population = generate(SEED, citizens=CITIZENS, employers=EMPLOYERS)
    officers = _appoint(stack, population)
    outcome, tell = Outcome(), striker.sending if striker else lambda point: None
    employer, period = population.demo_employer, demo_period(population).shown
    clerk = Clerk.of(stack, tax_code=employer.tax_code, name=employer.name, pin=employer.legal_representative_pin)
    workbook = make(folder / "d02.xlsx", demo_lines(population)).read_bytes()
    draft_id, to_sign, _ = clerk.prepare(workbook, period=period)
    began = time.monotonic()
    with striker or nullcontext():
        tell("sending-list")
        receipt = insist("the receipt", lambda: clerk.file(draft_id, to_sign, "crash-1"))
        outcome.receipts[receipt["code"]] = receipt["receipt"]
        portal = insist("the portal's receipt", lambda: _through_portal(stack, population))
        outcome.receipts[portal["code"]] = portal["receipt"]
        _decide(clerk, officers, receipt["code"], tell)
        if striker is not None:
            insist("every point to be struck", lambda: striker.is_done or striker.failure)  # a quick machine is at rest before the last
        insist("all at rest", lambda: _is_at_rest(stack))
        outcome.seconds = round(time.monotonic() - began, 1)
    again = insist("the same filing's answer", lambda: clerk.file(draft_id, to_sign, "crash-1"))  # the last strike may be still felt
    assert (again["code"], again["receipt"]) == (receipt["code"], receipt["receipt"]), "the same filing gives the first receipt"
    outcome.trace = _trace(stack)
    _acknowledged(stack, outcome)
    outcome.letters = _letters(stack)
    return outcome


def insist(what: str, ask: Callable[[], Any]) -> Any:
    """Ask until there is a true answer; a broken connection or a refusal is no answer."""
    deadline, last = time.monotonic() + _PATIENCE_S, ""
    while time.monotonic() < deadline:
        try:
            if answer := ask():
                return answer
        except (httpx.HTTPError, RuntimeError, psycopg.OperationalError) as error:
            last = f"{type(error).__name__}: {error}"
        time.sleep(0.1)
    raise AssertionError(f"waited {_PATIENCE_S} s in vain for {what}; {last}")


def check_by_commands(stack: Stack, outcome: Outcome) -> None:
    """What an operator would ask after a crash."""
    conservation = _json(stack, "conservation")
    assert conservation["holds"] and conservation["filed"] == len(outcome.receipts), conservation
    equality = _json(stack, "equality")
    assert equality["holds"] and equality["books"] == len(outcome.trace["books"]), equality
    _json(stack, "audit", "head")
    audit = _json(stack, "audit", "verify")
    assert audit["holds"] and audit["size"] > 0, audit


def _json(stack: Stack, *arguments: str) -> Any:
    return orjson.loads(stack.run(*arguments, "--json").stdout)


def _appoint(stack: Stack, population: Population) -> tuple[Client, Client]:
    chosen = [c for c in population.citizens if c.is_registered and c.managed_by == "mof" and c.story == "steady"][:2]
    for login, citizen in zip(("lan", "minh"), chosen, strict=True):
        stack.run("appoint", login, "--pin", "-", stdin=citizen.pin)
    first, second = (Client.sign_in(stack, citizen.pin) for citizen in chosen)
    return first, second


def _through_portal(stack: Stack, population: Population) -> Any:
    """The portal sends the same dossier, under its own number, until it is told it was taken."""
    citizen = next(c for c in population.demo_workers[20:] if c.is_registered)
    wanted = {
        "procedure": "CF-01",
        "pin": citizen.pin,
        "form": {},
        "email": citizen.email,
        "reference": "DVCQG-CRASH-1",
        "deliver_to": f"{stack.address}/api/v1/npsp/intakes",
    }
    reply = httpx.post(f"{stack.sandbox.url('npsp')}/sandbox/intakes", json=wanted, timeout=30, trust_env=False).raise_for_status()
    delivery = reply.json()["delivery"]
    return orjson.loads(delivery["body"]) if delivery["status"] in (200, 201) else None


def _decide(clerk: Clerk, officers: tuple[Client, Client], code: str, tell: Callable[[str], None]) -> None:
    first, second = officers
    insist("the rules' decision", lambda: clerk.client.get(f"/dossiers/{code}")["lines"]["pending"] == 0)
    waiting = [line["number"] for line in insist("lines for officers", lambda: first.get(f"/office/dossiers/{code}/lines"))]

    def appraise() -> bool:
        version = clerk.client.get(f"/dossiers/{code}")["row_version"]
        body = {"lines": waiting, "proposal": "grant", "reason": "Đã đối chiếu giấy khai sinh.", "row_version": version}
        return bool(first.post(f"/office/dossiers/{code}/appraisals", body))

    def approve() -> bool:
        dossier = clerk.client.get(f"/dossiers/{code}")
        if dossier["lines"]["officer"] == 0:
            return True
        tell("sending-approval")
        return bool(second.post(f"/office/dossiers/{code}/approvals", {"row_version": dossier["row_version"]}))

    insist("the appraisal", appraise)
    insist("the approval", approve)
    insist("the result", lambda: clerk.client.get(f"/dossiers/{code}")["state"] == "RETURNED")


def _acknowledged(stack: Stack, outcome: Outcome) -> None:
    """Exactly the dossiers that were acknowledged exist, with the receipts that were given."""
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        kept = connection.execute("SELECT code, receipt FROM dossiers_dossier").fetchall()
    assert {code: b64encode(receipt).decode() for code, receipt in kept} == outcome.receipts


_UNREST = (
    "SELECT (SELECT count(*) FROM dossiers_dossier WHERE state <> 'RETURNED' OR receipt_sent_at IS NULL)"
    " + (SELECT count(*) FROM procrastinate_jobs)"
    " + (SELECT count(*) FROM notices_message WHERE state = 'waiting')"
    " + (SELECT count(*) FROM book_state s WHERE NOT EXISTS"
    "    (SELECT FROM book_publication p WHERE p.person_id = s.person_id AND p.n = s.latest_n))"
)


def _is_at_rest(stack: Stack) -> bool:
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        return connection.execute(_UNREST).fetchone() == (0,)


_TRACE = {
    "dossiers": "SELECT procedure_slug, state, lines_total, lines_clean, lines_officer, lines_refused, decision_count FROM dossiers_dossier",
    "steps": "SELECT procedure_slug, n, from_state, to_state FROM dossiers_transition JOIN dossiers_dossier USING (dossier_id)",
    "lines": "SELECT procedure_slug, number, l.state, decision_n FROM dossiers_line l JOIN dossiers_dossier USING (dossier_id)",
    "decisions": "SELECT procedure_slug, n, kind, granted_lines::text, refused_lines::text"
    " FROM dossiers_decision JOIN dossiers_dossier USING (dossier_id)",
    "months": "SELECT si_code, month, turn, sign, employer_id, kind, worker_vnd, employer_vnd"
    " FROM ledger_contribution_line JOIN registry_person USING (person_id) WHERE dossier_id IS NOT NULL",
    "participations": "SELECT si_code, employer_id, from_month, until_month, change_code, wage_vnd"
    " FROM registry_participation p JOIN registry_person USING (person_id)",
    "persons": "SELECT si_code, managed_by FROM registry_person",
    "books": "SELECT si_code, n FROM book_version JOIN registry_person USING (person_id)",
    "publications": "SELECT si_code, n FROM book_publication JOIN registry_person USING (person_id)",
    "letters": "SELECT procedure_slug, kind, recipient, m.state FROM notices_message m LEFT JOIN dossiers_dossier USING (dossier_id)",
    "items": "SELECT owner_kind, owner_id, kind FROM warehouse_item WHERE owner_kind <> 'person'",
    "items of persons": "SELECT si_code, kind FROM warehouse_item JOIN registry_person ON person_id = owner_id WHERE owner_kind = 'person'",
}


def _trace(stack: Stack) -> dict[str, list[Any]]:
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        return {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in _TRACE.items()}


def _letters(stack: Stack) -> Counter[str]:
    """What the mail server holds; every letter of it must be one of ours, and each of ours must be there."""
    listed = httpx.get(f"{stack.sandbox.url('mail')}/messages", trust_env=False).raise_for_status().json()
    arrived = Counter(row["message_id"] for row in listed)
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        rows = connection.execute("SELECT smtp_message_id, dedupe_key FROM notices_message WHERE state = 'sent'").fetchall()
    assert len({dedupe_key for _, dedupe_key in rows}) == len(rows) and len({message_id for message_id, _ in rows}) == len(rows)
    assert set(arrived) == {message_id for message_id, _ in rows}, "each letter arrived, under its one Message-ID, and no other"
    return arrived
