"""Signed filings: entitled signers, signatures that could not be fully checked, and the two-phase way in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import Client

from bhxh.dossiers import commands, flows, queries
from bhxh.dossiers.errors import DOS_SIGNATURE_NOT_PROVEN
from bhxh.dossiers.facts import SourceDocument
from bhxh.dossiers.gathering import PAUSES
from bhxh.dossiers.models import Dossier
from bhxh.dossiers.signature_commands import ASKED_AT_LEAST, refuse_signature
from bhxh.dossiers.states import State
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Unavailable
from bhxh.notices.models import Message
from bhxh.signing.certificates import TrustList
from bhxh.signing.ports import RevocationAnswer, RevocationKind
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.xades import complete_signature, prepare_signature
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.certificates import Issued
from sandbox.pki.service import PkiApplication
from sandbox.pki.token import sign_with
from tests.dossier_kit import SENDER, SYSTEM, TAX_CODE, UNKNOWN, World, xml_document
from tests.mandate_kit import grant

NOW = datetime.now(UTC).replace(microsecond=0)
"""WHY the clock: the sandbox's authority answers for the present."""


class Ocsp:
    """The sandbox authority's OCSP asked without a socket; down where a test says so."""

    def __init__(self, authority: Authority) -> None:
        self.is_down = False
        self.says: RevocationAnswer | None = None
        """What it answers whoever asks, where a test makes it lie."""
        self._client = Client(PkiApplication(authority))

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.x509.ocsp import OCSPRequestBuilder

        if self.is_down:
            raise Unavailable(UNKNOWN, pin="")
        if self.says is not None:
            return self.says
        certificate, issuer = x509.load_der_x509_certificate(certificate_der), x509.load_der_x509_certificate(issuer_der)
        request = OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
        service = "root" if issuer.subject == issuer.issuer else "issuing"
        answer = self._client.post(f"/ocsp/{service}", data=request.public_bytes(serialization.Encoding.DER))
        assert answer.status_code == 200
        return RevocationAnswer(RevocationKind.OCSP, answer.data, service)


class Desk:
    """The world with an authority, its trust list and the employer's certificate."""

    def __init__(self, world: World, authority: Authority) -> None:
        self.world, self.authority, self.ocsp = world, authority, Ocsp(authority)
        trust = TrustList.load(authority.trust_folder)
        self.receiving = replace(world.receiving, trust=trust, revocation=self.ocsp, revocation_budget_s=5.0)
        self.world.gathering = replace(world.gathering, trust=trust, revocation=self.ocsp, revocation_budget_s=5.0)

    def certify(self, *uids: str) -> Issued:
        return self.authority.issue_leaf("-".join(uids), name="Công ty TNHH Mẫu", uids=uids)

    def sign(self, by: Issued, *wishes: str, at: datetime = NOW) -> bytes:
        prepared = prepare_signature(xml_document(*wishes), profile=HOSO_UNIT, certificate=by.der, at=at)
        return complete_signature(prepared, sign_with(by.key, prepared.to_sign))

    def file(self, signed: bytes, **rest: Any) -> Any:
        given = {"at": NOW, "deps": self.receiving, "procedure_slug": "test_signed", "confirmation": None, **rest}
        return self.world.file(document=signed, **given)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return open_authority(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def desk(world: World, authority: Authority) -> Iterator[Desk]:
    yield Desk(world, authority)


def test_a_good_signature_of_the_unit_is_received_with_its_evidence(desk: Desk) -> None:
    receipt = desk.file(desk.sign(desk.certify(f"MST:{TAX_CODE}"), "grant"))
    dossier = desk.world.see(receipt.dossier_id)
    assert not receipt.signature_pending
    assert dossier.proof["kind"] == "certificate"
    assert len(dossier.proof["evidence"]) >= 1  # type: ignore[arg-type]
    assert desk.world.gather(receipt.dossier_id, NOW).state is State.RESOLVED


def test_the_same_content_signed_twice_is_one_dossier(desk: Desk) -> None:
    by = desk.certify(f"MST:{TAX_CODE}")
    first = desk.file(desk.sign(by, "grant"))
    again = desk.file(desk.sign(by, "grant", at=NOW - timedelta(minutes=5)), idempotency_key="other")
    assert (again.code, again.is_repeat) == (first.code, True)


def test_another_units_certificate_is_not_entitled(desk: Desk) -> None:
    with pytest.raises(NotAllowed) as caught:
        desk.file(desk.sign(desk.certify("MST:0309999997"), "grant"))
    assert caught.value.code == "DOS-006"
    with pytest.raises(NotAllowed):
        desk.file(desk.sign(desk.certify("MST:0309999997", "CCCD:001188000001"), "grant"))
    with pytest.raises(NotAllowed):
        desk.file(desk.sign(desk.certify("CCCD:001188000009"), "grant"))
    assert Dossier.objects.count() == 0


def test_the_acting_persons_own_certificate_is_entitled_by_the_mandate(desk: Desk) -> None:
    assert desk.file(desk.sign(desk.certify("CCCD:001188000001"), "grant")).lines_total == 1


def test_a_revoked_certificate_is_refused_at_the_door(desk: Desk) -> None:
    by = desk.certify(f"MST:{TAX_CODE}")
    desk.authority.revoke(by.certificate.serial_number, at=NOW - timedelta(hours=1), reason="key_compromise")
    with pytest.raises(Invalid) as caught:
        desk.file(desk.sign(by, "grant"))
    assert caught.value.code.startswith("SIG-")
    assert Dossier.objects.count() == 0


def test_a_changed_byte_is_refused_at_the_door(desk: Desk) -> None:
    signed = desk.sign(desk.certify(f"MST:{TAX_CODE}"), "grant")
    with pytest.raises(Invalid):
        desk.file(signed.replace(b"grant", b"grand"))


def test_with_the_authority_down_it_is_received_gathered_and_waits(desk: Desk) -> None:
    by = desk.certify(f"MST:{TAX_CODE}")
    desk.ocsp.is_down = True
    receipt = desk.file(desk.sign(by, "grant"))
    assert receipt.signature_pending
    outcome = desk.world.gather(receipt.dossier_id, NOW)
    assert (outcome.state, outcome.decided) == (State.RECEIVED, 0)
    assert outcome.retry_at is not None
    assert queries.list_evidence_of_line(receipt.dossier_id, 1) != ()
    desk.ocsp.is_down = False
    later = NOW + timedelta(seconds=20)
    assert desk.world.gather(receipt.dossier_id, later).state is State.RESOLVED
    dossier = desk.world.see(receipt.dossier_id)
    assert not dossier.signature_pending
    assert dossier.submitted_at == NOW


def test_found_bad_later_it_is_stopped_and_the_filer_told(desk: Desk) -> None:
    by = desk.certify(f"MST:{TAX_CODE}")
    desk.ocsp.is_down = True
    receipt = desk.file(desk.sign(by, "grant"))
    desk.authority.revoke(by.certificate.serial_number, at=NOW - timedelta(hours=1), reason="key_compromise")
    desk.ocsp.is_down = False
    assert desk.world.gather(receipt.dossier_id, NOW + timedelta(seconds=20)).state is State.STOPPED
    assert list(Message.objects.filter(dossier_id=receipt.dossier_id).order_by("kind").values_list("kind", flat=True)) == [
        "receipt",
        "refusal",
    ]
    assert [step.to_state for step in queries.list_history(receipt.dossier_id)] == ["SUBMITTED", "RECEIVED", "STOPPED"]
    assert desk.world.gather(receipt.dossier_id, NOW + timedelta(minutes=1)).decided == 0


@pytest.mark.parametrize(
    "name", ["MST:0101234565 in the common name", "letters that look like MST", "digits of another script", "unseen character", "two units"]
)
def test_a_look_alike_of_the_unit_is_not_entitled(desk: Desk, name: str) -> None:
    uids: dict[str, tuple[str, ...]] = {
        "MST:0101234565 in the common name": (),
        "letters that look like MST": (f"\N{CYRILLIC CAPITAL LETTER EM}ST:{TAX_CODE}",),
        "digits of another script": ("MST:" + "".join(chr(0xFF10 + int(digit)) for digit in TAX_CODE),),
        "unseen character": (f"MST:{TAX_CODE}\N{ZERO WIDTH SPACE}",),
        "two units": (f"MST:{TAX_CODE}", "MST:0309999997"),
    }
    by = desk.authority.issue_leaf(f"look-alike {name[:8]}", name=f"MST:{TAX_CODE} CÔNG TY TNHH MẪU", uids=uids[name])
    with pytest.raises(NotAllowed) as caught:
        desk.file(desk.sign(by, "grant"))
    assert caught.value.code == "DOS-006"
    assert Dossier.objects.count() == 0


def _lie(desk: Desk, kind: str, by: Issued) -> RevocationAnswer:
    """An answer that looks good and proves nothing: about another certificate, by a stranger, or of long ago."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.ocsp import OCSPRequestBuilder

    about = desk.certify("MST:0309999997") if kind == "of another" else by
    issuer = desk.authority.ca("issuing")
    request = OCSPRequestBuilder().add_certificate(about.certificate, issuer.certificate, hashes.SHA256()).build()
    data = PkiApplication(desk.authority).ocsp(
        "issuing", request.public_bytes(serialization.Encoding.DER), at=NOW - timedelta(days=30) if kind == "stale" else None
    )
    if kind == "changed":
        data = data[:-1] + bytes([data[-1] ^ 1])
    return RevocationAnswer(RevocationKind.OCSP, data, "issuing")


@pytest.mark.parametrize("kind", ["of another", "stale", "changed"])
@pytest.mark.parametrize("truth", ["good", "revoked"])
def test_lying_answers_keep_it_waiting_until_the_truth_comes(desk: Desk, kind: str, truth: str) -> None:
    by = desk.authority.issue_leaf(
        f"lied about {kind} {truth}", name="CÔNG TY", uids=(f"MST:{TAX_CODE}",), from_at=NOW - timedelta(days=60)
    )
    desk.ocsp.says = _lie(desk, kind, by)
    receipt = desk.file(desk.sign(by, "grant"))
    assert receipt.signature_pending
    at = NOW
    for _ in range(9):
        outcome = desk.world.gather(receipt.dossier_id, at)
        assert (outcome.state, outcome.decided) == (State.RECEIVED, 0)
        assert outcome.retry_at is not None and timedelta(0) < outcome.retry_at - at <= timedelta(hours=1)
        at = outcome.retry_at
    desk.ocsp.says = None
    if truth == "revoked":
        desk.authority.revoke(by.certificate.serial_number, at=NOW - timedelta(days=1), reason="superseded")
    ended = desk.world.gather(receipt.dossier_id, at)
    assert ended.state is (State.RESOLVED if truth == "good" else State.STOPPED)
    assert not desk.world.see(receipt.dossier_id).signature_pending


@pytest.mark.parametrize(("reason", "state"), [("superseded", State.RESOLVED), ("key_compromise", State.RECEIVED)])
def test_revoked_between_arrival_and_check(desk: Desk, reason: str, state: State) -> None:
    """Good when it arrived, unless the key was stolen: then it is nobody's automatic yes."""
    by = desk.authority.issue_leaf(f"between {reason}", name="CÔNG TY", uids=(f"MST:{TAX_CODE}",))
    arrived = NOW - timedelta(hours=2)
    desk.ocsp.is_down = True
    receipt = desk.file(desk.sign(by, "grant", at=arrived), at=arrived)
    desk.authority.revoke(by.certificate.serial_number, at=NOW - timedelta(hours=1), reason=reason)
    desk.ocsp.is_down = False
    assert desk.world.gather(receipt.dossier_id, NOW).state is state
    assert desk.world.see(receipt.dossier_id).signature_pending is (state is State.RECEIVED)


def _stolen_after_arrival(desk: Desk, rounds: int) -> UUID:
    """A dossier whose key was reported stolen after it arrived, asked about so many times."""
    by = desk.authority.issue_leaf(f"stolen {rounds}", name="CÔNG TY", uids=(f"MST:{TAX_CODE}",))
    at = NOW - timedelta(hours=12)
    desk.ocsp.is_down = True
    dossier_id: UUID = desk.file(desk.sign(by, "grant", at=at), at=at).dossier_id
    desk.authority.revoke(by.certificate.serial_number, at=NOW - timedelta(hours=10), reason="key_compromise")
    desk.ocsp.is_down = False
    for number in range(rounds):
        assert desk.world.gather(dossier_id, NOW + timedelta(minutes=number)).state is State.RECEIVED
    return dossier_id


def _refuse(desk: Desk, dossier_id: UUID, **given: Any) -> None:
    row_version = desk.world.see(dossier_id).row_version
    wanted = {"actor": desk.world.first_officer, "reason": "Khóa bị báo mất sau khi nộp", "row_version": row_version, **given}
    refuse_signature(at=NOW + timedelta(hours=2), dossier_id=dossier_id, sender=SENDER, **wanted)


def test_an_officer_does_not_end_what_their_own_unit_filed(desk: Desk) -> None:
    dossier_id = _stolen_after_arrival(desk, ASKED_AT_LEAST)
    employer_id = desk.world.see(dossier_id).employer_id
    assert employer_id is not None
    grant(at=NOW, employer_id=employer_id, holder="person:502", from_on=day_in_vietnam(NOW))
    with pytest.raises(NotAllowed) as caught:
        _refuse(desk, dossier_id, actor=replace(desk.world.first_officer, person_id=502))
    assert caught.value.code == "ACC-112"
    _refuse(desk, dossier_id, actor=replace(desk.world.first_officer, person_id=503))


def test_an_officer_ends_what_nobody_can_prove(desk: Desk) -> None:
    dossier_id = _stolen_after_arrival(desk, ASKED_AT_LEAST)
    assert [view.dossier_id for view in queries.list_unproven_signatures()] == [dossier_id]
    before = desk.world.see(dossier_id)
    _refuse(desk, dossier_id)
    after = desk.world.see(dossier_id)
    assert (after.state, after.signature_pending, after.received_at) == (State.STOPPED, False, before.received_at)
    assert after.proof["refused_by"] == desk.world.first_officer.account
    assert queries.list_unproven_signatures() == ()
    letter = Message.objects.get(dossier_id=dossier_id, kind="refusal")
    assert "Khóa bị báo mất sau khi nộp" in letter.body_text and DOS_SIGNATURE_NOT_PROVEN.vi[:40] in " ".join(letter.body_text.split())
    assert desk.world.gather(dossier_id, NOW + timedelta(hours=3)).state is State.STOPPED, "it is over, whoever asks again"
    assert queries.conservation(NOW).holds


def test_an_officer_may_not_end_it_early_nor_without_reason_nor_what_is_proven(desk: Desk) -> None:
    early = _stolen_after_arrival(desk, 1)
    for given, code in (
        ({}, "DOS-036"),
        ({"row_version": 0}, "DOS-004"),
        ({"actor": desk.world.clerk}, "AUD-010"),
    ):
        with pytest.raises(Refusal) as caught:
            _refuse(desk, early, **given)
        assert caught.value.code == code
    assert len(PAUSES) == ASKED_AT_LEAST, "as long as any silent partner is waited for"
    Dossier.objects.filter(dossier_id=early).update(gather_rounds=ASKED_AT_LEAST)
    with pytest.raises(Invalid) as caught:
        _refuse(desk, early, reason="  ")
    assert caught.value.code == "DOS-014"
    proven = desk.file(desk.sign(desk.certify(f"MST:{TAX_CODE}"), "grant", "officer")).dossier_id
    with pytest.raises(Conflict) as conflict:
        _refuse(desk, proven)
    assert conflict.value.code == "DOS-035"
    assert desk.world.see(early).state is State.RECEIVED


def test_two_phases_with_the_key_outside(desk: Desk) -> None:
    by, world = desk.certify(f"MST:{TAX_CODE}"), desk.world
    source = SourceDocument(content=b"workbook", name="d02.xlsx", media_type="application/vnd.ms-excel")
    draft = flows.prepare(
        actor=world.clerk, at=NOW, procedure_slug="test_signed", canonical=xml_document("grant"), certificate=by.der, source=source
    )
    signature = sign_with(by.key, draft.to_sign)

    def complete(actor: Any = world.clerk) -> Any:
        return flows.complete(actor=actor, at=NOW, draft_id=draft.draft_id, signature=signature, channel="PORTAL", deps=desk.receiving)

    with pytest.raises(NotFound) as caught:
        complete(replace(world.clerk, employer_id=world.employer_id + 1))
    assert caught.value.code == "DOS-019"
    receipt = complete()
    dossier = world.see(receipt.dossier_id)
    assert (dossier.source_name, dossier.state) == ("d02.xlsx", State.RECEIVED)
    assert complete().receipt == receipt.receipt


def test_an_expired_draft_is_signed_no_more_prepared_anew_for_some_weeks_and_then_gone(desk: Desk) -> None:
    by, world = desk.certify(f"MST:{TAX_CODE}"), desk.world
    draft = flows.prepare(actor=world.clerk, at=NOW, procedure_slug="test_signed", canonical=xml_document("grant"), certificate=by.der)

    def complete(at: datetime) -> object:
        signature = sign_with(by.key, draft.to_sign)
        return flows.complete(actor=world.clerk, at=at, draft_id=draft.draft_id, signature=signature, channel="PORTAL", deps=desk.receiving)

    later = NOW + timedelta(days=8)
    flows.sweep(later, sender=SENDER)
    with pytest.raises(Conflict) as caught:
        complete(later)
    assert caught.value.code == "DOS-046"
    anew = flows.prepare_anew(actor=world.clerk, at=later, draft_id=draft.draft_id)
    assert anew.expires_at == later + timedelta(days=7)
    assert commands.wake(actor=SYSTEM, at=later) == 0
    flows.sweep(NOW + timedelta(days=31), sender=SENDER)
    for at in (NOW, later):
        with pytest.raises(NotFound):
            complete(at)
