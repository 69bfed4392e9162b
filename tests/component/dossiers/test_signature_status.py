"""What a dossier keeps of its signatures: each question by itself, with the evidence; attached PDFs and foreign forms too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bhxh.dossiers import flows, supplement_commands
from bhxh.dossiers.facts import Attachment
from bhxh.dossiers.models import Dossier
from bhxh.dossiers.states import State
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Invalid
from bhxh.signing.jws import complete_json, prepare_json
from bhxh.signing.profiles import HOSO_ENVELOPING, HOSO_UNIT_FOREIGN, JSON_FILER
from bhxh.signing.trust import TrustList
from bhxh.warehouse.store import read_blob
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.certificates import Issued
from sandbox.pki.token import sign_with
from tests.dossier_kit import SENDER, TAX_CODE, World, document, procedures, xml_document
from tests.foreign_signer import Tool
from tests.signing_kit import AskedDirectly, appended, blank_pdf, draw_over, sign_pdf

NOW = datetime.now(UTC).replace(microsecond=0)
"""WHY the clock: the sandbox's authority answers for the present."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return open_authority(tmp_path_factory.mktemp("pki"))


class Desk:
    """The world with an authority that answers, its trust list and the employer's certificate."""

    def __init__(self, world: World, authority: Authority) -> None:
        self.world, self.authority, self.source = world, authority, AskedDirectly(authority)
        self.trust = TrustList.load(authority.trust_folder)
        asked: dict[str, Any] = {"trust": self.trust, "revocation": self.source, "revocation_budget_s": 5.0}
        self.receiving = replace(world.receiving, **asked)
        world.gathering = replace(world.gathering, **asked)
        self.unit = authority.issue_leaf("unit", name="Công ty TNHH Mẫu", uids=(f"MST:{TAX_CODE}",))

    def file(self, signed: bytes, slug: str, **rest: Any) -> Any:
        given = {"at": NOW, "deps": self.receiving, "procedure_slug": slug, "confirmation": None, **rest}
        return self.world.file(document=signed, **given)


@pytest.fixture
def desk(world: World, authority: Authority) -> Iterator[Desk]:
    from bhxh.dossiers import catalogue

    before = dict(catalogue._bound)
    signed = next(one for one in procedures() if one.slug == "test_signed")
    foreign = replace(signed, slug="test_foreign", foreign_profiles=(HOSO_UNIT_FOREIGN, HOSO_ENVELOPING))
    as_json = replace(procedures()[0], slug="test_json", json_profile=JSON_FILER)
    catalogue._bound.update({foreign.slug: foreign, as_json.slug: as_json})
    yield Desk(world, authority)
    catalogue._bound.clear()
    catalogue._bound.update(before)


def tool(desk: Desk, **wishes: Any) -> Tool:
    return Tool(desk.unit, NOW, **wishes)


def test_the_status_keeps_each_question_with_its_evidence(desk: Desk) -> None:
    filed = desk.file(tool(desk).sign_whole(xml_document("grant"), "CKy_Dvi"), "test_foreign")
    proof: dict[str, Any] = dict(desk.world.see(filed.dossier_id).proof)
    said = proof["status"]
    assert [said[name] for name in ("form", "profile", "intact", "trusted", "revoked", "conclusion")] == [
        *("xades", "hoso_unit_foreign", "yes", "yes", "no", "good"),
    ]
    assert (said["judged_for"], said["judged_by"]) == (NOW.isoformat(), "arrival")
    assert said["trust_list"] == desk.trust.version and said["reasons"] == []
    chain = [read_blob(digest) for digest in said["certificates"]]
    assert chain == [desk.unit.der, desk.authority.ca("issuing").der, desk.authority.ca("root").der]
    assert len(said["answers"]) == 2 and all(read_blob(digest) for digest in said["answers"])
    assert proof["path"] == [sha256_hex(der) for der in chain]


def test_what_was_open_at_the_arrival_stays_beside_what_was_found_later(desk: Desk) -> None:
    desk.source.is_silent = True
    filed = desk.file(tool(desk).sign_around(xml_document("grant")), "test_foreign")
    assert filed.signature_pending
    desk.source.is_silent = False
    assert desk.world.gather(filed.dossier_id, NOW + timedelta(minutes=5)).state is State.RESOLVED
    proof: dict[str, Any] = dict(desk.world.see(filed.dossier_id).proof)
    first, later = proof["status"], proof["completed_status"]
    assert (first["revoked"], first["conclusion"], later["revoked"], later["conclusion"]) == ("unknown", "indeterminate", "no", "good")
    assert first["judged_for"] == later["judged_for"] == NOW.isoformat()
    assert proof["completed_at"] == (NOW + timedelta(minutes=5)).isoformat()


def test_the_same_list_by_another_tool_is_the_same_filing(desk: Desk) -> None:
    first = desk.file(tool(desk).sign_whole(xml_document("grant"), "CKy_Dvi"), "test_foreign")
    place = xml_document("grant").replace(b"</Hoso>", b"<CKy_Dvi/></Hoso>")
    again = desk.file(tool(desk).sign_around(place), "test_foreign", idempotency_key="other")
    assert (again.code, again.is_repeat) == (first.code, True)


def test_a_foreign_form_is_refused_where_it_is_not_named(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        desk.file(tool(desk).sign_whole(xml_document("grant"), "CKy_Dvi"), "test_signed")
    assert caught.value.code == "SIG-009"
    assert Dossier.objects.count() == 0


def test_a_list_past_its_day_keeps_filings_waiting(desk: Desk) -> None:
    from bhxh.signing.trust_file import Issue

    stale = replace(desk.trust, issue=Issue(1, NOW - timedelta(days=9), NOW - timedelta(days=1), "mof-trust-list-x"))
    filed = desk.file(tool(desk).sign_whole(xml_document("grant"), "CKy_Dvi"), "test_foreign", deps=replace(desk.receiving, trust=stale))
    assert filed.signature_pending
    assert desk.world.see(filed.dossier_id).proof["gaps"] == ["stale-list"]
    assert desk.world.gather(filed.dossier_id, NOW + timedelta(minutes=1)).state is State.RESOLVED


def _json(desk: Desk, by: Issued, *wishes: str) -> bytes:
    prepared = prepare_json(document(*wishes), certificate=by.der, at=NOW)
    return complete_json(prepared, sign_with(by.key, prepared.to_sign), profile=JSON_FILER)


def test_json_signed_by_its_filer(desk: Desk) -> None:
    filed = desk.file(_json(desk, desk.unit, "grant"), "test_json")
    dossier = desk.world.see(filed.dossier_id)
    assert dossier.proof["kind"] == "certificate" and dossier.proof["status"]["form"] == "jws"  # type: ignore[call-overload, index]
    assert read_blob(dossier.canonical_sha256) == document("grant")
    assert desk.world.gather(filed.dossier_id, NOW).state is State.RESOLVED


def test_json_by_a_revoked_certificate_is_refused_at_the_door(desk: Desk) -> None:
    by = desk.authority.issue_leaf("json-revoked", name="X", uids=(f"MST:{TAX_CODE}",))
    desk.authority.revoke(by.certificate.serial_number, at=NOW - timedelta(hours=1), reason="key_compromise")
    with pytest.raises(Invalid) as caught:
        desk.file(_json(desk, by, "grant"), "test_json")
    assert caught.value.code == "SIG-022"


def _attached(pdf: bytes, code: str = "identity") -> list[Attachment]:
    return [Attachment(code=code, content=pdf, media_type="application/pdf")]


def test_an_attached_pdf_is_filed_with_what_is_known_of_its_signature(desk: Desk) -> None:
    pdf = sign_pdf(blank_pdf(), desk.unit, desk.authority)
    unsigned = blank_pdf("Ban sao")
    attachments = [*_attached(pdf), *_attached(unsigned, "form-2")]
    filed = desk.world.file("grant", at=NOW, deps=desk.receiving, attachments=attachments)
    attached: dict[str, Any] = desk.world.see(filed.dossier_id).proof["attached"]  # type: ignore[assignment]
    assert set(attached) == {sha256_hex(pdf)}
    [said] = attached[sha256_hex(pdf)]["signatures"]
    assert attached[sha256_hex(pdf)]["component"] == "identity"
    assert (said["form"], said["conclusion"]) == ("pades", "good")
    assert read_blob(said["certificates"][0]) == desk.unit.der


def test_a_pdf_changed_after_signing_files_nothing(desk: Desk) -> None:
    pdf = appended(sign_pdf(blank_pdf(), desk.unit, desk.authority), draw_over)
    with pytest.raises(Invalid) as caught:
        desk.world.file("grant", at=NOW, deps=desk.receiving, attachments=_attached(pdf))
    assert (caught.value.code, caught.value.where) == ("SIG-081", "identity")
    assert Dossier.objects.count() == 0


def test_a_signature_nobody_asked_for_keeps_nobody_out(desk: Desk) -> None:
    """By an unknown authority, by a revoked certificate: what it is worth stands in the file, and people decide."""
    for label, reason in (("unknown-ca", "SIG-024"), ("revoked-superseded", "SIG-022")):
        pdf = sign_pdf(blank_pdf(label), desk.authority.leaf(label), desk.authority)
        filed = desk.world.file("grant", label, at=NOW, deps=desk.receiving, attachments=_attached(pdf))
        attached: dict[str, Any] = desk.world.see(filed.dossier_id).proof["attached"]  # type: ignore[assignment]
        [said] = attached[sha256_hex(pdf)]["signatures"]
        assert said["conclusion"] == "bad" and reason in said["reasons"]


def test_a_supplement_brings_its_signatures_with_it(desk: Desk) -> None:
    first = sign_pdf(blank_pdf("mot"), desk.unit, desk.authority)
    filed = desk.world.file("officer", at=NOW, deps=desk.receiving, attachments=_attached(first))
    desk.world.gather(filed.dossier_id, NOW)
    supplement_commands.request_supplement(
        actor=desk.world.first_officer,
        at=NOW,
        dossier_id=filed.dossier_id,
        row_version=desk.world.see(filed.dossier_id).row_version,
        defects=[supplement_commands.Shortcoming(vi="Thiếu hợp đồng", en="The contract is missing", component="contract")],
        days=30,
        sender=SENDER,
    )

    def answer(pdf: bytes) -> None:
        flows.answer_supplement(
            actor=desk.world.clerk, at=NOW, dossier_id=filed.dossier_id, attachments=_attached(pdf, "contract"), deps=desk.receiving
        )

    second = sign_pdf(blank_pdf("hai"), desk.unit, desk.authority)
    with pytest.raises(Invalid) as caught:
        answer(appended(second, draw_over))
    assert caught.value.code == "SIG-081"
    assert desk.world.see(filed.dossier_id).state is State.SUPPLEMENT_REQUIRED
    answer(second)
    attached: dict[str, Any] = desk.world.see(filed.dossier_id).proof["attached"]  # type: ignore[assignment]
    assert {one["component"] for one in attached.values()} == {"identity", "contract"}
    assert set(attached) == {sha256_hex(first), sha256_hex(second)}
