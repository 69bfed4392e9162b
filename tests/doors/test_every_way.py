"""Acceptance: a planted read through every route and subcommand that shows a person's data is in that person's own list.

Both lists come from the application. What is neither read here nor said in `ways.py` to show nobody, with a reason, fails.
"""

import argparse
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from bhxh.doors.partners import partners
from sandbox.pki.authority import open_authority
from sandbox.pki.token import sign_with
from tests.doors import test_conversions as conversions
from tests.doors import test_counter_pages as counter_pages
from tests.doors import test_transcripts as transcripts
from tests.doors.browser import Browser
from tests.doors.test_consents import agree_tax_scope, granted, let_in, question, register_bank
from tests.doors.test_counter import acting_for, at_counter, meet_family
from tests.doors.test_employer_declaring import checked
from tests.doors.test_employer_pages import worker_reference
from tests.doors.test_employer_rights import read as read_mandate
from tests.doors.test_filing import person_of, persons_of
from tests.doors.test_filing_pages import Filer, asked_to_supply
from tests.doors.test_mandates import grant, revoke, signed_in, wanted
from tests.doors.test_office_pages import supplied
from tests.doors.test_own_data import MISTAKE, just_signed_in
from tests.doors.test_remote_signing import Device
from tests.doors.test_signed_requests import signed_request
from tests.doors.test_warehouse import examined, send
from tests.doors.ways import ROUTES_OF_NOBODY, SUBCOMMANDS_OF_NOBODY
from tests.doors.world import World
from tests.page_seal_kit import certified_meanwhile
from tests.unit.conversion.pdfs import scanned

WISH = {"purpose": "Vay"}
WHY = "Người dân hỏi quá trình đóng tại quầy số 3."


@dataclass
class Stage:
    """The world with a citizen whose request was answered, a consent of theirs that stands, and an agency's scope."""

    api: World
    code: str = ""
    sha256: str = ""
    document: str = ""
    consent_id: str = ""
    program: dict[str, str] = field(default_factory=dict)

    @property
    def citizen(self) -> int:
        return person_of(self.api, "citizen")

    @property
    def holder(self) -> int:
        """Whom the mandates granted here name."""
        return person_of(self.api, "clerk without mandate")

    def get(self, path: str, role: str = "citizen", **more: Any) -> Any:
        return self.api.get(path.format(code=self.code, sha256=self.sha256, consent_id=self.consent_id, number=1), role, **more)

    def asked(self, role: str = "clerk") -> str:
        """A question that waits."""
        reply = self.api.post("/sharing/requests", question(self.api), role)
        assert reply.status_code == 202, reply.content
        return str(reply.json()["request_id"])

    def draft(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.api.post("/confirmation-extract/preparations", WISH, "citizen").json()
        return shown

    def mandate(self) -> str:
        given = grant(self.api)
        assert given.status_code == 201, given.content
        return str(given.json()["mandate_id"])


Told = tuple[Any, set[int]]
"""An answer, and whose data it shows."""
Way = Callable[[Stage], Told]


def _own(path: str) -> Way:
    """The citizen reads what is theirs."""
    return lambda stage: (stage.get(path), {stage.citizen})


def _on_a_page(path: str) -> Way:
    """The same in a browser that signed in through the e-ID."""

    def read(stage: Stage) -> Told:
        browser = Browser(stage.api)
        assert browser.sign_in().status_code == 303
        asked = stage.asked() if "{request_id}" in path else ""
        named = {"code": stage.code, "consent_id": stage.consent_id, "request_id": asked, "message_id": _latest_letter(stage.citizen)}
        return browser.get(path.format(**named)), {stage.citizen}

    return read


def _on_an_officers_page(path: str, role: str = "officer") -> Way:
    """An officer's page, about the citizen's dossier, with the key shown."""

    def read(stage: Stage) -> Told:
        browser = Browser(stage.api).go_to_work(role)
        return browser.get(path.format(code=stage.code, document=stage.document)), {stage.citizen}

    return read


def _sheet_of_a_document(stage: Stage) -> Told:
    from bhxh.dossiers.queries import get_dossier

    document = supplied(get_dossier(stage.code).dossier_id, scanned())
    return _on_an_officers_page(f"/can-bo/ho-so/{{code}}/giay-to/{document}/trang/1")(stage)


def _on_a_unit_s_page(path: str) -> Way:
    """A clerk of the organisation reads its pages; whoever stands on its filed list is told."""

    def read(stage: Stage) -> Told:
        browser = Browser(stage.api)
        assert browser.sign_in("clerk", org_id=stage.api.population.demo_employer.tax_code).status_code == 303
        return browser.get(path.format(code=stage.api.code, reference=worker_reference(stage.api))), {stage.citizen}

    return read


def _latest_letter(person_id: int) -> str:
    from bhxh.notices.queries import list_inbox

    return str(list_inbox(person_id, limit=1)[0].message_id)


def _in_a_draft(rest: str) -> Way:
    """A page of something that was begun and not filed yet."""

    def read(stage: Stage) -> Told:
        filer = Filer(stage.api)
        assert filer.sign_in().status_code == 303
        return filer.get(filer.begin("confirmation_extract") + rest), {stage.citizen}

    return read


def _at_the_counter(rest: str) -> Way:
    """A page of what an officer types for somebody who came in person."""

    def read(stage: Stage) -> Told:
        desk = counter_pages.Filer(stage.api)
        desk.go_to_work(counter_pages.DESK)
        return desk.get(counter_pages.answered(desk, stage.api) + rest), {stage.citizen}

    return read


def _found_at_the_counter(stage: Stage) -> Told:
    desk = counter_pages.Filer(stage.api)
    desk.go_to_work(counter_pages.DESK)
    return counter_pages.find(desk, stage.api), {stage.citizen}


def _filed_at_the_counter(rest: str) -> Way:
    def read(stage: Stage) -> Told:
        desk = counter_pages.Filer(stage.api)
        desk.go_to_work(counter_pages.DESK)
        filed = counter_pages.confirm(desk, counter_pages.answered(desk, stage.api))["Location"]
        return desk.get(filed + rest), {stage.citizen}

    return read


def _answered_for_oneself(stage: Stage) -> Told:
    filer = Filer(stage.api)
    assert filer.sign_in().status_code == 303
    return filer.get(f"/ho-so/{counter_pages.handed(stage.api)}/nop-thay"), {stage.citizen}


def _wrong_lines_of_the_unit(stage: Stage) -> Told:
    from bhxh.dossiers.queries import get_dossier, list_all_lines
    from bhxh.dossiers.states import LineState

    refused = list_all_lines(get_dossier(stage.api.code).dossier_id, LineState.REFUSED)
    browser = Browser(stage.api)
    assert browser.sign_in("clerk", org_id=stage.api.population.demo_employer.tax_code).status_code == 303
    return browser.get(f"/don-vi/ho-so/{stage.api.code}/dong-sai.xlsx"), {line.person_id for line in refused if line.person_id}


def _listed_by_the_unit(stage: Stage) -> Told:
    browser = Browser(stage.api)
    assert browser.sign_in("clerk", org_id=stage.api.population.demo_employer.tax_code).status_code == 303
    name = stage.api.population.by_pin()[stage.api.people["citizen"]].full_name
    return browser.submit("/don-vi/lao-dong", csrf=browser.csrf, ten=name), {stage.citizen}


def _first_on_the_list(api: World) -> int:
    """Works there by now, so that joining again is refused: a line that is shown."""
    from bhxh.registry.queries import find_person
    from samples.make_d02_workbook import demo_lines

    found = find_person("PIN", str(demo_lines(api.population)[0]["si_code"]))
    assert found is not None
    return found.person_id


def _checked_by_the_unit(path: str) -> Way:
    """A list that names the citizen, judged and not filed."""

    def read(stage: Stage) -> Told:
        browser = Browser(stage.api)
        assert browser.sign_in("clerk", org_id=stage.api.population.demo_employer.tax_code).status_code == 303
        return browser.get(f"{checked(browser, stage.api.workbook)}{path}"), {_first_on_the_list(stage.api)}

    return read


def _in_a_dossier(rest: str) -> Way:
    """A page of a report that officers ask to be supplied."""

    def read(stage: Stage) -> Told:
        filer = Filer(stage.api)
        assert filer.sign_in().status_code == 303
        return filer.get(f"/ho-so/{asked_to_supply(stage.api, filer)}/{rest}"), {stage.citizen}

    return read


def _looked_up_on_the_page(stage: Stage) -> Told:
    browser = Browser(stage.api).go_to_work("officer")
    fields = {"so": stage.api.people["citizen"], "nhom": "basic", "ho-so": stage.code}
    return browser.submit("/can-bo/tra-cuu", csrf=browser.csrf, **fields), {stage.citizen}


def _desk_page(path: str) -> Way:
    """A converter's page about a paper of the citizen that was put forward."""

    def read(stage: Stage) -> Told:
        case_id = conversions.opened(stage.api, "paper_book")
        item_id = conversions.scanned(stage.api, case_id)
        assert conversions.put_forward(stage.api, case_id, item_id).status_code == 200
        browser = Browser(stage.api).go_to_work(conversions.CONVERTER)
        return browser.get(path.format(case_id=case_id, item_id=item_id)), {stage.citizen}

    return read


def _mandated_on_a_page(path: str) -> Way:
    """What the representative sees of a mandate."""

    def read(stage: Stage) -> Told:
        browser = Browser(stage.api)
        assert browser.sign_in("clerk", org_id=stage.api.population.demo_employer.tax_code).status_code == 303
        return browser.get(f"/don-vi/quyen{path.format(mandate_id=stage.mandate())}"), {stage.holder}

    return read


def _printed_on_the_page(stage: Stage) -> Told:
    browser = Browser(stage.api).go_to_work(conversions.CONVERTER)
    made = browser.submit("/can-bo/so-hoa", csrf=browser.csrf, viec="in", so=stage.api.people["citizen"])
    return browser.get(made["Location"]), {stage.citizen}


def _mandate_worded_on_a_page(stage: Stage) -> Told:
    browser = Browser(stage.api)
    assert browser.sign_in("clerk", org_id=stage.api.population.demo_employer.tax_code).status_code == 303
    return read_mandate(browser, stage.api), {stage.holder}


def _copy(stage: Stage) -> Told:
    return stage.get("/me/copy", "stranger", headers=just_signed_in(stage.api)), {stage.citizen}


def _archive(stage: Stage) -> Told:
    return stage.get("/warehouse/archive", "stranger", headers=just_signed_in(stage.api)), {stage.citizen}


def _paper(stage: Stage) -> Told:
    item_id = stage.get("/warehouse/items").json()[0]["item_id"]
    return stage.get(f"/warehouse/items/{item_id}"), {stage.citizen}


def _removing_asked(stage: Stage) -> Told:
    item_id = stage.get("/warehouse/items").json()[0]["item_id"]
    browser = Browser(stage.api)
    assert browser.sign_in("citizen").status_code == 303
    return browser.get(f"/kho/{item_id}/xoa"), {stage.citizen}


def _sent_in(stage: Stage) -> Told:
    sent = stage.api.call("POST", "/warehouse/uploads", "citizen", data=b"x", content_type="application/octet-stream")
    return stage.get(f"/warehouse/uploads/{sent.json()['upload_id']}"), {stage.citizen}


def _book_archive(stage: Stage) -> Told:
    with certified_meanwhile(partners().keys, stage.api.settings.key_folder, stage.api.sandbox.folder / "pki"):
        return stage.get("/me/book/archive.pdf"), {stage.citizen}


def _desk(path: str, content: Any = None, *, original: str = "paper_book") -> Way:
    """What a converter does at the desk with a paper of the citizen that was put forward, or, of a kind for one officer, certified."""

    def way(stage: Stage) -> Told:
        conversions.make_second(stage.api)
        case_id = conversions.opened(stage.api, original)
        item_id = conversions.scanned(stage.api, case_id)
        assert conversions.put_forward(stage.api, case_id, item_id).status_code == 200
        address = path.format(case_id=case_id, item_id=item_id, upload_id=_latest_upload())
        body = content and {**content, **({"items": [item_id]} if "items" in content else {})}
        reply = stage.api.post(address, body, conversions.SECOND) if body else stage.api.get(address, conversions.SECOND)
        return reply, {stage.citizen}

    return way


def _latest_upload() -> str:
    from bhxh.warehouse.models import Upload

    return str(Upload.objects.latest("upload_id").upload_id)


def _opened_at_the_desk(stage: Stage) -> Told:
    body = {"original": "contract", "pages": 1, "pin": stage.api.people["citizen"]}
    return stage.api.post("/office/conversions", body, conversions.CONVERTER), {stage.citizen}


def _scanned_at_the_desk(stage: Stage) -> Told:
    path = f"/office/conversions/{conversions.opened(stage.api)}/uploads"
    return stage.api.call("POST", path, conversions.CONVERTER, data=b"x", content_type="application/octet-stream"), {stage.citizen}


def _put_forward(stage: Stage) -> Told:
    case_id = conversions.opened(stage.api)
    return conversions.put_forward(stage.api, case_id, conversions.scanned(stage.api, case_id)), {stage.citizen}


def _old_book(stage: Stage) -> Told:
    paper = examined(stage.api, send(stage.api, conversions.photo(), kind="other"))
    named = {"papers": [{"item_id": paper["item_id"], "component": "so-giay"}]}
    return stage.api.post("/me/old-books", {**transcripts.OLD_BOOK, **named}, "citizen"), {stage.citizen}


def _typed(what: str, content: Any = None) -> Way:
    """What a converter does with a book of the citizen whose typing began."""

    def way(stage: Stage) -> Told:
        address = f"/office/dossiers/{transcripts.book_begun(stage.api)}/transcript{what}"
        role = conversions.CONVERTER
        return stage.api.post(address, content, role) if content else stage.api.get(address, role), {stage.citizen}

    return way


def _typed_on_a_page(what: str) -> Way:
    """The same in the browser of an officer who showed the key."""

    def read(stage: Stage) -> Told:
        address = f"/can-bo/nhap-so/{transcripts.book_begun(stage.api)}{what}"
        return Browser(stage.api).go_to_work(conversions.CONVERTER).get(address), {stage.citizen}

    return read


def _compared_on_a_page(stage: Stage) -> Told:
    code = transcripts.book_differing(stage.api)
    return Browser(stage.api).go_to_work(conversions.CONVERTER).get(f"/can-bo/nhap-so/{code}/so-sanh"), {stage.citizen}


def _page_of_a_book(sheet: str = "") -> Way:
    def read(stage: Stage) -> Told:
        browser = Browser(stage.api).go_to_work(conversions.CONVERTER)
        page = browser.get(f"/can-bo/nhap-so/{transcripts.book_filed(stage.api)}").content.decode()
        file = page.split('<img src="')[1].split('"')[0]
        return browser.get(f"{file}{sheet}"), {stage.citizen}

    return read


def _typing_begun(stage: Stage) -> Told:
    """Once more from the same conversion."""
    code = transcripts.book_begun(stage.api)
    case_id = stage.api.get(f"/office/dossiers/{code}/transcript", conversions.CONVERTER).json()["case_id"]
    return transcripts.typed(stage.api, code, "", {"case_id": case_id}), {stage.citizen}


def _typing_settled(stage: Stage) -> Told:
    settled = transcripts.typed(
        stage.api, transcripts.book_differing(stage.api), "/settlement", {"choices": {"1.wage": "2,67"}}, conversions.SECOND
    )
    return settled, {stage.citizen}


def _printed(stage: Stage) -> Told:
    return conversions.printed(stage.api), {stage.citizen}


def _print_fetched(stage: Stage) -> Told:
    print_id = conversions.printed(stage.api).json()["print_id"]
    return stage.get(f"/office/print-copies/{print_id}/file", conversions.CONVERTER), {stage.citizen}


def _represented(stage: Stage) -> Told:
    return stage.get("/me/represented", "parent"), {person_of(stage.api, "child")}


def _filed_at_counter(stage: Stage) -> Told:
    return at_counter(stage.api, "officer RECEPTION", form={"purpose": "Quầy"}), {stage.citizen}


def _own_counter_filings(stage: Stage) -> Told:
    assert at_counter(stage.api, "officer RECEPTION", form={"purpose": "Quầy"}).status_code == 201
    return stage.get("/me/counter-filings"), {stage.citizen}


def _grant(stage: Stage) -> Told:
    return granted(stage.api, stage.asked()), {stage.citizen}


def _withdraw(stage: Stage) -> Told:
    return stage.api.post(f"/me/consents/{stage.consent_id}/withdrawal", {}, "citizen"), {stage.citizen}


def _post(path: str, content: Any, role: str = "citizen") -> Way:
    return lambda stage: (stage.api.post(path, content, role), {stage.citizen})


def _by_number(path: str, role: str, **more: Any) -> Way:
    return lambda stage: (stage.api.post(path, {"number": stage.api.people["citizen"], **more}, role), {stage.citizen})


def _signed_json(stage: Stage) -> Told:
    """The citizen's own certificate over the request, no confirmation."""
    signed = signed_request(stage.api, "citizen", purpose="Tự ký")
    reply = stage.api.call("POST", "/confirmation-extract/filings", "citizen", data=signed, content_type="application/jose+json")
    return reply, {stage.citizen}


def _prepared_to_sign(stage: Stage) -> tuple[Told, Any]:
    """The citizen's request, prepared for a certificate of their own, and the key."""
    by = open_authority(stage.api.sandbox.folder / "pki").issue_leaf("way", name="NGƯỜI DÂN", uids=(f"CCCD:{stage.api.people['citizen']}",))
    body = {**WISH, "certificate": b64encode(by.der).decode()}
    return (stage.api.post("/confirmation-extract/signing-preparations", body, "citizen"), {stage.citizen}), by.key


def _signed_by_token(stage: Stage) -> Told:
    (made, own), key = _prepared_to_sign(stage)
    body = {"signature": b64encode(sign_with(key, b64decode(made.json()["to_sign"]))).decode()}
    return stage.api.post(f"/signing/{made.json()['draft_id']}/filing", body, "citizen"), own


def _prepared_anew(stage: Stage) -> Told:
    (made, own), _ = _prepared_to_sign(stage)
    return stage.api.post(f"/signing/{made.json()['draft_id']}/renewal", {}, "citizen"), own


def _signed_by_service(stage: Stage) -> Told:
    (_, own), _ = _prepared_to_sign(stage)  # the service keeps a certificate of the citizen's from then on
    draft = stage.api.post("/confirmation-extract/signing-preparations", WISH, "citizen").json()["draft_id"]
    asked = stage.api.post(f"/signing/{draft}/question", {}, "citizen").json()
    Device(stage.api).say("approve", asked["shown"])
    return stage.api.post(f"/signing/{draft}/collection", {}, "citizen"), own


def _drafted(stage: Stage) -> Told:
    return stage.get(f"/confirmations/{stage.draft()['draft_id']}"), {stage.citizen}


def _confirmed(stage: Stage) -> Told:
    shown = stage.draft()
    body = {"content_sha256": shown["content_sha256"]}
    return stage.api.post(f"/confirmations/{shown['draft_id']}", body, headers=just_signed_in(stage.api)), {stage.citizen}


def _data_requests(stage: Stage) -> Told:
    assert _post("/data-requests/me", {"kind": "access", "words": "Xin bản sao."})(stage)[0].status_code == 201
    return stage.get("/data-requests", "officer DATA_PROTECTION"), {stage.citizen}


def _log_entries(stage: Stage) -> Told:
    return stage.get("/log/entries?verb=access.consent.grant", "officer AUDITOR"), {stage.citizen}


def _log_looks(stage: Stage) -> Told:
    return stage.get("/log/looks?what=own_copy", "officer AUDITOR"), {stage.citizen}


def _breach(stage: Stage) -> Told:
    from bhxh.audit.models import Look
    from bhxh.kernel.clock import now

    account = Look.objects.filter(person_id=stage.citizen, acting_person_id=stage.citizen).latest("look_id").account
    span = {"from_at": (now() - timedelta(days=1)).isoformat(), "until_at": (now() + timedelta(days=1)).isoformat()}
    body = {"account": account, "words": "Mất máy tính của quầy số 3.", **span}
    reply = stage.api.post("/log/breaches", body, "officer DATA_PROTECTION")
    assert b"".join(reply.streaming_content), "one line at least"
    return reply, {stage.citizen}


def _to_represent(path: str) -> Way:
    """What the unit's representative reads about who holds its mandates."""
    return lambda stage: (stage.api.get(path.format(mandate_id=stage.mandate()), headers=signed_in(stage.api)), {stage.holder})


def _held(stage: Stage) -> Told:
    stage.mandate()
    return stage.api.get("/mandates/held", headers=just_signed_in(stage.api, "clerk without mandate")), {stage.holder}


def _standing_for_the_office(stage: Stage) -> Told:
    stage.mandate()
    unit = stage.api.population.employers[0].tax_code
    return stage.get(f"/office/mandates/standing?employer={unit}", "officer AUDITOR"), {stage.holder}


def _granted_mandate(stage: Stage) -> Told:
    return grant(stage.api), {stage.holder}


def _worded(stage: Stage) -> Told:
    return stage.api.post("/mandates/wordings", wanted(stage.api), headers=signed_in(stage.api)), {stage.holder}


def _prepared_mandate(stage: Stage) -> Told:
    signer = stage.api.signer
    assert signer is not None
    body = {**wanted(stage.api), "certificate": b64encode(signer.certificate).decode()}
    return stage.api.post("/mandates/preparations", body, headers=signed_in(stage.api)), {stage.holder}


def _signed_mandate(stage: Stage) -> Told:
    from base64 import b64decode

    signer = stage.api.signer
    assert signer is not None
    parts = _prepared_mandate(stage)[0].json()
    signature = b64encode(signer.sign(b64decode(parts["to_sign"]))).decode()
    body = {**wanted(stage.api), "certificate": b64encode(signer.certificate).decode(), "signature": signature}
    body |= {"document": parts["document"], "to_sign": parts["to_sign"]}
    return stage.api.post("/mandates/signed", body, headers=signed_in(stage.api)), {stage.holder}


def _revoked(stage: Stage) -> Told:
    return revoke(stage.api, stage.mandate()), {stage.holder}


def _from_the_portal(stage: Stage) -> Told:
    return stage.api.take(stage.api.intake(stage.api.people["citizen"])), {stage.citizen}


def _office_document(stage: Stage) -> Told:
    return stage.get(f"/office/dossiers/{stage.code}/documents/{stage.document}", "officer"), {stage.citizen}


def _waiting(stage: Stage) -> tuple[list[int], set[int]]:
    from bhxh.dossiers.queries import get_dossier

    numbers = [line["number"] for line in stage.api.get(f"/office/dossiers/{stage.api.code}/lines", "officer").json()]
    return numbers, persons_of(get_dossier(stage.api.code).dossier_id, numbers)


def _office_lines(stage: Stage) -> Told:
    return stage.api.get(f"/office/dossiers/{stage.api.code}/lines", "officer"), _waiting(stage)[1]


def _evidence(stage: Stage) -> Told:
    numbers, persons = _waiting(stage)
    return stage.api.get(f"/office/dossiers/{stage.api.code}/lines/{numbers[0]}/evidence", "officer"), persons


def _checked(stage: Stage) -> Told:
    reply = stage.api.upload("/register-employees/checks", {"workbook": ("d02.xlsx", stage.api.workbook)}, "clerk", period=stage.api.period)
    return reply, {stage.citizen, person_of(stage.api, "other citizen")}


def _read_with_consent(stage: Stage) -> Told:
    return stage.api.post(f"/sharing/consents/{stage.consent_id}/reads", {}, "clerk"), {stage.citizen}


def _read_by_duty(stage: Stage) -> Told:
    body = {"scope": "tax", "personal_number": stage.api.people["citizen"], "reference": "HS-9"}
    return stage.api.post("/sharing/agency-reads", body, headers=stage.program), {stage.citizen}


def _shared(stage: Stage) -> Told:
    made = stage.api.post("/me/credentials/shares", {"kind": "BOOK_SUMMARY", "parts": ["IDENTITY"]}, "citizen").json()
    return stage.api.get("/chia-se/" + made["address"].rpartition("/")[2], root=""), {stage.citizen}


def _verified_on_the_page(stage: Stage) -> Told:
    text = stage.api.post("/me/credentials", {"kind": "BOOK_SUMMARY"}, "citizen").json()["text"]
    body, form = urlencode({"ma": text}), "application/x-www-form-urlencoded"
    return stage.api.call("POST", "/xac-minh", data=body, content_type=form, root=""), {stage.citizen}


def _verified(stage: Stage) -> Told:
    text = stage.api.post("/me/credentials", {"kind": "BOOK_SUMMARY"}, "citizen").json()["text"]
    return stage.api.post("/open/verifications", {"text": text}), {stage.citizen}


_OWN = (
    *(
        "/me/book",
        "/me/book.pdf",
        "/me/book/standing",
        "/me/consent-requests",
        "/me/consents",
        "/me/consents/{consent_id}/receipt",
        "/me/looks",
    ),
    *("/warehouse/items", "/warehouse/uploads"),
    *("/data-requests/me", "/dossiers", "/dossiers/{code}", "/dossiers/{code}/confirmation", "/dossiers/{code}/decisions/{number}"),
    *("/dossiers/{code}/decisions/{number}.pdf", "/dossiers/{code}/document", "/dossiers/{code}/history", "/dossiers/{code}/lines"),
    *("/dossiers/{code}/receipt", "/dossiers/{code}/receipt.pdf", "/dossiers/{code}/results", "/dossiers/{code}/results/{sha256}"),
    "/dossiers/{code}/results/{sha256}.pdf",
)
WAYS: dict[str, Way] = {
    **{f"GET {path}": _own(path) for path in _OWN},
    "GET /me/book/archive.pdf": _book_archive,
    "GET /me/copy": _copy,
    "GET /warehouse/archive": _archive,
    "GET /warehouse/items/{item_id}": _paper,
    "GET /warehouse/uploads/{upload_id}": _sent_in,
    "GET /me/counter-filings": _own_counter_filings,
    "GET /me/represented": _represented,
    "GET /confirmations/{draft_id}": _drafted,
    "GET /data-requests": _data_requests,
    "GET /log/entries": _log_entries,
    "GET /log/looks": _log_looks,
    "GET /mandates": _to_represent("/mandates"),
    "GET /mandates/held": _held,
    "GET /mandates/standing": _to_represent("/mandates/standing"),
    "GET /mandates/{mandate_id}/documents/{number}": _to_represent("/mandates/{mandate_id}/documents/1"),
    "GET /office/conversions/{case_id}": _desk("/office/conversions/{case_id}"),
    "GET /office/conversions/{case_id}/files/{item_id}": _desk("/office/conversions/{case_id}/files/{item_id}"),
    "GET /office/conversions/{case_id}/uploads/{upload_id}": _desk("/office/conversions/{case_id}/uploads/{upload_id}"),
    "GET /office/print-copies/{print_id}/file": _print_fetched,
    "GET /office/dossiers/{code}/documents/{sha256}": _office_document,
    "GET /office/dossiers/{code}/lines": _office_lines,
    "GET /office/dossiers/{code}/lines/{number}/evidence": _evidence,
    "GET /office/mandates/standing": _standing_for_the_office,
    "POST /confirmation-extract/filings": _signed_json,
    "POST /confirmation-extract/preparations": _post("/confirmation-extract/preparations", WISH),
    "POST /confirmation-extract/signing-preparations": lambda stage: _prepared_to_sign(stage)[0],
    "POST /signing/{draft_id}/collection": _signed_by_service,
    "POST /signing/{draft_id}/filing": _signed_by_token,
    "POST /signing/{draft_id}/renewal": _prepared_anew,
    "POST /confirmation-extract/requests": _post("/confirmation-extract/requests", {"purpose": "Nhà"}),
    "POST /confirmations/{draft_id}": _confirmed,
    "POST /data-requests/me": _post("/data-requests/me", {"kind": "access", "words": "Xin bản sao."}),
    "POST /log/breaches": _breach,
    "* /ai-da-xem": _on_a_page("/ai-da-xem"),
    "* /chia-se": _on_a_page("/chia-se"),
    "* /chia-se/dong-y/{consent_id}": _on_a_page("/chia-se/dong-y/{consent_id}"),
    "* /chia-se/yeu-cau/{request_id}": _on_a_page("/chia-se/yeu-cau/{request_id}"),
    "* /can-bo/ho-so/{code}": _on_an_officers_page("/can-bo/ho-so/{code}"),
    "* /can-bo/nhap-so/{code}": _typed_on_a_page(""),
    "* /can-bo/nhap-so/{code}/nhap": _typed_on_a_page("/nhap"),
    "* /can-bo/nhap-so/{code}/so-sanh": _compared_on_a_page,
    "* /can-bo/nhap-so/{code}/trang/{item_id}": _page_of_a_book(),
    "* /can-bo/nhap-so/{code}/trang/{item_id}/trang/{number}": _page_of_a_book("/trang/1"),
    "* /can-bo/ho-so/{code}/giay-to/{sha256}": _on_an_officers_page("/can-bo/ho-so/{code}/giay-to/{document}"),
    "* /can-bo/ho-so/{code}/giay-to/{sha256}/trang/{number}": _sheet_of_a_document,
    "* /can-bo/so-hoa/ban-in/{print_id}": _printed_on_the_page,
    "* /can-bo/so-hoa/{case_id}": _desk_page("/can-bo/so-hoa/{case_id}"),
    "* /can-bo/so-hoa/{case_id}/tep/{item_id}": _desk_page("/can-bo/so-hoa/{case_id}/tep/{item_id}"),
    "* /can-bo/so-hoa/{case_id}/tep/{item_id}/trang/{number}": _desk_page("/can-bo/so-hoa/{case_id}/tep/{item_id}/trang/1"),
    "* /can-bo/tra-cuu": _looked_up_on_the_page,
    "* /can-bo/tai-quay": _found_at_the_counter,
    "* /can-bo/tai-quay/da-nop/{code}": _filed_at_the_counter(""),
    "* /can-bo/tai-quay/da-nop/{code}/phieu.pdf": _filed_at_the_counter("/phieu.pdf"),
    "* /can-bo/tai-quay/nhap/{draft_id}": _at_the_counter(""),
    "* /can-bo/tai-quay/nhap/{draft_id}/kiem-tra": _at_the_counter("/kiem-tra"),
    "* /can-bo/tai-quay/nhap/{draft_id}/xoa": _at_the_counter("/xoa"),
    "* /can-bo/tai-quay/nhap/{draft_id}/{part}": _at_the_counter("/noi-dung"),
    "* /chia-se/{secret}": _shared,
    "* /don-vi/quyen": _mandated_on_a_page(""),
    "* /don-vi/quyen/moi": _mandate_worded_on_a_page,
    "* /don-vi/quyen/{mandate_id}": _mandated_on_a_page("/{mandate_id}"),
    "* /don-vi/khai-bao/{check_id}": _checked_by_the_unit("?xem=tat-ca"),
    "* /don-vi/khai-bao/{check_id}/tep-danh-dau": _checked_by_the_unit("/tep-danh-dau"),
    "* /don-vi/ho-so/{code}/dong-sai.xlsx": _wrong_lines_of_the_unit,
    "* /don-vi/ho-so/{code}": _on_a_unit_s_page("/don-vi/ho-so/{code}?dong=tat-ca"),
    "* /don-vi/lao-dong": _listed_by_the_unit,
    "* /don-vi/lao-dong/{reference}": _on_a_unit_s_page("/don-vi/lao-dong/{reference}"),
    "* /ho-so": _on_a_page("/ho-so"),
    "* /ho-so/moi/{slug}": _on_a_page("/ho-so/moi/report_mistake"),
    "* /ho-so/nhap/{draft_id}": _in_a_draft(""),
    "* /ho-so/nhap/{draft_id}/kiem-tra": _in_a_draft("/kiem-tra"),
    "* /ho-so/nhap/{draft_id}/xoa": _in_a_draft("/xoa"),
    "* /ho-so/nhap/{draft_id}/{part}": _in_a_draft("/noi-dung"),
    "* /ho-so/{code}/bo-sung": _in_a_dossier("bo-sung"),
    "* /ho-so/{code}/da-nop": _on_a_page("/ho-so/{code}/da-nop"),
    "* /ho-so/{code}/nop-thay": _answered_for_oneself,
    "* /ho-so/{code}/rut": _in_a_dossier("rut"),
    "* /ho-so/{code}/theo-doi": _on_a_page("/ho-so/{code}/theo-doi"),
    "* /so": _on_a_page("/so"),
    "* /so/lich-su": _on_a_page("/so/lich-su"),
    "* /so/ma": _on_a_page("/so/ma"),
    "* /thong-bao": _on_a_page("/thong-bao"),
    "* /thong-bao/{message_id}": _on_a_page("/thong-bao/{message_id}"),
    "* /kho": _on_a_page("/kho"),
    "* /kho/{item_id}/xoa": _removing_asked,
    "* /toi": _on_a_page("/toi"),
    "* /dai-dien": _on_a_page("/dai-dien"),
    "* /the": _on_a_page("/the"),
    "* /the/trinh": _on_a_page("/the/trinh"),
    "* /xac-minh": _verified_on_the_page,
    "POST /open/verifications": _verified,
    "POST /me/credentials": _post("/me/credentials", {"kind": "BOOK_SUMMARY"}),
    "POST /log/looks/of-person": _by_number("/log/looks/of-person", "officer AUDITOR", purpose="inspection", words=WHY),
    "POST /mandates": _granted_mandate,
    "POST /mandates/preparations": _prepared_mandate,
    "POST /mandates/signed": _signed_mandate,
    "POST /mandates/wordings": _worded,
    "POST /mandates/{mandate_id}/revocation": _revoked,
    "POST /me/consent-requests/{request_id}/grant": _grant,
    "POST /me/consents/{consent_id}/withdrawal": _withdraw,
    "POST /me/changes": _post("/me/changes", transcripts.CHANGE),
    "POST /me/mistakes": _post("/me/mistakes", MISTAKE),
    "POST /me/old-books": _old_book,
    "POST /npsp/intakes": _from_the_portal,
    "POST /office/conversions": _opened_at_the_desk,
    "POST /office/conversions/{case_id}/checks": _desk("/office/conversions/{case_id}/checks", {"items": []}),
    "POST /office/conversions/{case_id}/confirmation": _desk("/office/conversions/{case_id}/confirmation", {"has_compared": True}),
    "POST /office/conversions/{case_id}/proposal": _put_forward,
    "POST /office/conversions/{case_id}/refusal": _desk("/office/conversions/{case_id}/refusal", {"words": conversions.WHY}),
    "POST /office/conversions/{case_id}/uploads": _scanned_at_the_desk,
    "POST /office/conversions/{case_id}/withdrawal": _desk(
        "/office/conversions/{case_id}/withdrawal", {"words": conversions.WHY}, original="contract"
    ),
    "GET /office/dossiers/{code}/transcript": _typed(""),
    "POST /office/dossiers/{code}/transcript": _typing_begun,
    "POST /office/dossiers/{code}/transcript/discard": _typed("/discard", {"words": "Nhập nhầm sổ của lần khác."}),
    "POST /office/dossiers/{code}/transcript/entries": _typed("/entries", {"rows": [transcripts.LINE]}),
    "POST /office/dossiers/{code}/transcript/saves": _typed("/saves", {"rows": [transcripts.LINE]}),
    "POST /office/dossiers/{code}/transcript/settlement": _typing_settled,
    "POST /office/print-copies": _printed,
    "POST /office/counter-filings": _filed_at_counter,
    "POST /office/persons/readings": _by_number(
        "/office/persons/readings", "officer RECEPTION", groups=["basic"], purpose="at_counter", words=WHY
    ),
    "POST /register-employees/checks": _checked,
    "POST /sharing/agency-reads": _read_by_duty,
    "POST /sharing/consents/{consent_id}/reads": _read_with_consent,
    "POST /workers/months": _by_number("/workers/months", "clerk"),
}
"""Address under /api/v1 -> how somebody's data are read there."""


@pytest.fixture
def stage(api: World) -> Stage:
    from bhxh.access.roles import Grant
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier, list_components
    from bhxh.warehouse.owners import Owner
    from bhxh.warehouse.queries import list_items

    meet_family(api)
    made = Stage(api)
    register_bank(api)
    reply = api.post("/confirmation-extract/requests", WISH, "citizen")
    assert reply.status_code == 201, reply.content
    made.code = reply.json()["code"]
    dossier_id = get_dossier(made.code).dossier_id
    tasks.gather(dossier_id=str(dossier_id))
    tasks.deliver(dossier_id=str(dossier_id))
    extract = [item for item in list_items(Owner("person", made.citizen), dossier_id=dossier_id) if item.kind == "extract"]
    made.sha256 = extract[0].sha256
    made.document = next(one.content_sha256 for one in list_components(dossier_id) if one.content_sha256)
    made.consent_id = granted(api, made.asked()).json()["consent"]["consent_id"]
    made.program = let_in(api, Grant.READ_BY_DUTY)
    agree_tax_scope()
    assert b"".join(_copy(made)[0].streaming_content), "the citizen's own look, for who reads the log"
    return made


def test_every_address_is_read_here_or_shows_nobody() -> None:
    from tools.matrix import routes

    listed = {route.name for route in routes()}
    shown = {name if name.startswith("*") else name.replace(" ", " /api/v1", 1) for name in WAYS}
    assert not shown & ROUTES_OF_NOBODY.keys()
    assert listed - shown - ROUTES_OF_NOBODY.keys() == set(), "read it in test_every_way.py, or say in ways.py why it shows nobody's data"
    assert (shown | ROUTES_OF_NOBODY.keys()) - listed == set(), "gone"


def _in_the_persons_list(person_id: int, looks: set[Any]) -> bool:
    from bhxh.doors.partners import partners
    from bhxh.own_data.looks import tell_looks

    return bool(looks & {look.look_id for look in tell_looks(person_id, office=partners().office)})


def _looks_of(request_id: str, person_id: int) -> set[Any]:
    from bhxh.audit.models import Look

    return set(Look.objects.filter(request_id=request_id, person_id=person_id).values_list("look_id", flat=True))


def test_a_planted_read_through_every_address_is_in_the_persons_list(stage: Stage) -> None:
    from django.db import transaction

    untold = []
    for name, way in WAYS.items():
        with transaction.atomic():
            reply, persons = way(stage)
            assert 200 <= reply.status_code < 300, (name, reply.status_code, reply.content[:300])
            assert persons, name
            request_id = reply["X-Request-Id"]
            untold += [name for one in persons if not _in_the_persons_list(one, _looks_of(request_id, one))]
            transaction.set_rollback(True)
    assert untold == []


# -- the command line -------------------------------------------------------------------------------------------------


def subcommands() -> Iterator[str]:
    """What `bhxh` can be asked for: each subcommand, with what it does where it does several things."""
    from bhxh.doors.cli.options import parser

    [commands] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    for name, command in commands.choices.items():
        acts = next((action.choices for action in command._actions if action.dest == "what"), None)
        yield from (f"{name} {act}" for act in acts) if acts else (name,)


def _at_the_desk(stage: Stage, folder: Any) -> dict[str, tuple[list[str], set[int]]]:
    """Papers of the citizen at every stage, and what a converter types about each."""
    api, own, scan = stage.api, {stage.citizen}, folder / "scan.jpg"
    conversions.make_second(api)
    scan.write_bytes(conversions.photo())
    waiting = []
    for _ in range(2):
        case_id = conversions.opened(api, "paper_book")
        assert conversions.put_forward(api, case_id, conversions.scanned(api, case_id)).status_code == 200
        waiting.append(case_id)
    who = ["--as", "only-converter", "--pin", api.people["citizen"]]
    minh = ["--as", "minh"]
    return {
        "convert scan": ([str(scan), *who, "--paper", "A5", "--compared"], own),
        "convert show": ([waiting[0], *minh], own),
        "convert confirm": ([waiting[0], *minh, "--compared"], own),
        "convert refuse": ([waiting[1], *minh, "--words", conversions.WHY], own),
        "convert withdraw": ([conversions.certified(api)["case_id"], *minh, "--words", conversions.WHY], own),
        "convert print": ([*who, "--out", str(folder / "ban-in.pdf")], own),
    }


def typed(stage: Stage, folder: Any) -> dict[str, tuple[list[str], set[int]]]:
    """Subcommand -> what is typed, and whose data it shows."""
    api, pin, own = stage.api, stage.api.people["citizen"], {stage.citizen}
    unit, mandate_id, workbook = api.population.employers[0].tax_code, stage.mandate(), folder / "d02.xlsx"
    workbook.write_bytes(api.workbook)
    listed = {stage.citizen, person_of(api, "other citizen")}
    return {
        "book": ([pin], own),
        "credential": ([pin, "--kind", "summary"], own),
        "own looks": ([pin], own),
        "own copy": ([pin, "--out", str(folder / "own.zip")], own),
        "own warehouse": ([pin, "--out", str(folder / "kho.zip")], own),
        "warehouse items": (["--pin", pin], own),
        "audit looks": (["--pin", pin], own),
        "consent list": (["--pin", pin], own),
        "dossier show": ([stage.code], own),
        "dossier letter": ([stage.code, "--out", str(folder / "receipt.json")], own),
        "decide": ([api.code], _waiting(stage)[1]),
        "file": (["--as", unit, str(workbook), "--period", api.period], listed),
        **_at_the_desk(stage, folder),
        "mandate list": (["--employer", unit], {stage.holder}),
        "mandate document": ([mandate_id, "--out", str(folder)], {stage.holder}),
        "mandate replay": (["--employer", unit], {stage.holder}),
    }


def test_a_planted_read_through_every_subcommand_is_in_the_persons_list(
    stage: Stage, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    from bhxh.audit.models import Look
    from bhxh.doors.cli import main

    asked = typed(stage, tmp_path)
    assert not asked.keys() & SUBCOMMANDS_OF_NOBODY.keys()
    assert set(subcommands()) == asked.keys() | SUBCOMMANDS_OF_NOBODY.keys(), "type it here, or say in ways.py why it shows nobody's data"
    untold = []
    for name, (arguments, persons) in asked.items():
        before = set(Look.objects.values_list("look_id", flat=True))
        code = main.run(["--json", *name.split(), *arguments], prepare=lambda _: None, migrate=lambda: None, work=lambda _: None)
        assert code == 0 and persons, (name, capsys.readouterr().out)
        for person_id in persons:
            new = set(Look.objects.filter(person_id=person_id).values_list("look_id", flat=True)) - before
            untold += [] if _in_the_persons_list(person_id, new) else [name]
    assert untold == []


def test_a_parents_reading_for_a_child_is_in_the_childs_list(stage: Stage) -> None:
    """The copy of everything too; the parent proves themselves anew for it, and who they are no longer is asked at once."""
    from tests.doors.test_filing import check_problem

    api = stage.api
    child, fresh = person_of(api, "child"), just_signed_in(api, "parent")
    as_parent = acting_for(api, "parent")
    reply = api.get("/me/copy", headers={**fresh, **as_parent})
    assert reply.status_code == 200, reply.content
    assert b"".join(reply.streaming_content).startswith(b"PK")
    assert _in_the_persons_list(child, _looks_of(reply["X-Request-Id"], child))
    assert not _looks_of(reply["X-Request-Id"], person_of(api, "parent")), "nothing of the parent's own was shown"
    stale = {"Authorization": f"Bearer {api.sign_in(api.people['parent'], auth_age_s=400)}"}
    check_problem(api.get("/me/copy", headers={**stale, **as_parent}), 403, "ACC-030")
    check_problem(api.get("/me/copy", headers={**just_signed_in(api, "spouse"), **as_parent}), 403, "ACC-203")
