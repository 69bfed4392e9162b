"""Archive copies travel in time: good in 2031 after the seal's certificate ended, lost in 2036 without a new stamp, good with one."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import ocsp
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader

from bhxh.kernel.errors import Invalid, Unavailable
from bhxh.signing.errors import SIG_NO_KEY_MODULE
from bhxh.signing.page_sealing import Stamping
from bhxh.signing.pdf_archiving import Archivist, check_archive
from bhxh.signing.pdf_seals import seal_pdf
from bhxh.signing.policy import DIGESTS, KEY_KINDS, AlgorithmRule, SignaturePolicy, Window
from bhxh.signing.ports import RevocationAnswer
from bhxh.signing.trust import TrustList
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.other_times import AnswersAt, StamperAt, next_time_stamper
from tests.page_seal_kit import certified_keys, sealer_of
from tests.unit.book.books import composed, months
from tests.unit.book.test_rendering import _pdf

NOW = datetime.now(UTC).replace(microsecond=0)
IN_2031 = NOW + timedelta(days=5 * 365)
IN_2036 = NOW + timedelta(days=10 * 365)


@dataclass
class Office:
    """An authority, a page sealed B-T, and its archive copy of today."""

    authority: Authority
    trust: TrustList
    sealed: bytes
    copy: bytes

    def archivist(self, at: datetime, *, tsa: str = "tsa") -> Archivist:
        return Archivist(StamperAt(self.authority, at, tsa), AnswersAt(self.authority, at), lambda: self.trust)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    authority = open_authority(tmp_path_factory.mktemp("pki"))
    trust = TrustList.load(authority.trust_folder)
    keys = certified_keys(tmp_path_factory.mktemp("keys"), authority)
    sealer = sealer_of(keys, at=NOW, stamping=Stamping(lambda: StamperAt(authority, NOW), lambda: trust))
    seal = sealer.now()
    assert seal is not None
    sealed, name = seal.put_on(_pdf(composed(months("2026-01", 2)).payload))
    assert name.startswith(b"B-T")
    next_time_stamper(authority, name="tsa-later", from_at=IN_2031 - timedelta(days=30))
    office = Office(authority, trust, sealed, b"")
    office.copy = office.archivist(NOW).archive(sealed, at=NOW)
    return office


def holds(office: Office, copy: bytes, at: datetime) -> bool:
    return check_archive(copy, trust=office.trust, at=at).holds


def test_a_copy_holds_now_and_still_begins_with_what_was_sealed(office: Office) -> None:
    found = check_archive(office.copy, trust=office.trust, at=NOW)
    assert found.holds and found.stamps == 1 and found.stamped_at == NOW
    assert office.copy.startswith(office.sealed)
    assert PdfFileReader(BytesIO(office.copy)).root["/DSS"]["/OCSPs"], "the authorities' answers lie in it"


def test_the_seals_certificate_ends_and_the_copy_holds_on(office: Office) -> None:
    [seal] = PdfFileReader(BytesIO(office.copy)).embedded_regular_signatures
    assert seal.signer_cert.not_valid_after < IN_2031
    assert holds(office, office.copy, IN_2031)


def test_after_the_stamps_certificate_ended_it_is_lost_without_a_renewal(office: Office) -> None:
    found = check_archive(office.copy, trust=office.trust, at=IN_2036)
    assert found.lasts_until is not None and found.lasts_until < IN_2036
    assert not found.holds and found.reason


def test_with_a_renewal_in_time_it_holds(office: Office) -> None:
    renewed = office.archivist(IN_2031, tsa="tsa-later").renew(office.copy, at=IN_2031)
    assert renewed.startswith(office.copy)
    found = check_archive(renewed, trust=office.trust, at=IN_2036)
    assert found.holds and found.stamps == 2 and found.stamped_at == IN_2031


@pytest.mark.parametrize("at", [NOW, IN_2031], ids=["now", "2031"])
def test_the_librarys_own_judgement_over_time_agrees(office: Office, at: datetime) -> None:
    """pyHanko's reading of ETSI EN 319 102-1, 5.6.3. WHY not later: it looks at the machine's clock once a stamp has ended."""
    from pyhanko.sign.validation.ades import AdESPassed, ades_lta_validation
    from pyhanko.sign.validation.policy_decl import (
        CertificateFetchingRule,
        PdfSignatureValidationSpec,
        RevinfoOnlineFetchingRule,
        RevocationInfoGatheringSpec,
        SignatureValidationSpec,
    )
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
    from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
    from pyhanko_certvalidator.registry import SimpleTrustManager

    [seal] = PdfFileReader(BytesIO(office.copy)).embedded_regular_signatures
    seal.compute_integrity_info()
    roots = SimpleTrustManager.build(trust_roots=[asn1.Certificate.load(office.authority.ca("root").der)])
    answers = CertRevTrustPolicy(
        REQUIRE_REVINFO, freshness=timedelta(days=12 * 366), freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION
    )
    offline = RevocationInfoGatheringSpec(
        RevinfoOnlineFetchingRule.LOCAL_ONLY, certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH
    )
    rules = SignatureValidationSpec(CertValidationPolicySpec(roots, answers), revinfo_gathering_policy=offline)
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    found = asyncio.run(ades_lta_validation(seal, PdfSignatureValidationSpec(rules), timing_info=timing))
    assert found.ades_subindic is AdESPassed.OK, found.failure_msg


def test_a_renewal_too_late_is_refused(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.archivist(IN_2036, tsa="tsa-later").renew(office.copy, at=IN_2036)
    assert refused.value.code == "SIG-116"


def test_a_changed_byte_is_found_in_every_layer(office: Office) -> None:
    length = len(office.sealed)
    for position in (office.copy.index(b"/Lang") + 3, length - 40, length + 200):
        changed = office.copy[:position] + bytes([office.copy[position] ^ 1]) + office.copy[position + 1 :]
        try:
            assert not holds(office, changed, NOW), position
        except Invalid as refused:
            assert refused.code == "SIG-114"


def test_a_page_without_a_seal_and_a_revoked_seal_get_no_copy(office: Office, tmp_path: Path) -> None:
    page = _pdf(composed(months("2026-01", 1)).payload)
    with pytest.raises(Invalid) as refused:
        office.archivist(NOW).archive(page, at=NOW)
    assert refused.value.code == "SIG-114"
    by = certified_keys(tmp_path / "keys", office.authority).certified("page")
    assert by is not None
    sealed = seal_pdf(page, by=by, at=NOW).content
    office.authority.revoke(by.certificate.own.serial_number, at=NOW - timedelta(hours=1), reason="key_compromise")
    with pytest.raises(Invalid) as refused:
        office.archivist(NOW).archive(sealed, at=NOW)
    assert refused.value.code == "SIG-115"


def test_while_an_authority_is_away_nothing_is_made(office: Office) -> None:
    class Silent:
        def stamp(self, sha256: bytes) -> bytes:
            raise Unavailable(SIG_NO_KEY_MODULE, kid="")

        def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
            raise Unavailable(SIG_NO_KEY_MODULE, kid="")

    good = office.archivist(NOW)
    for archivist in (Archivist(Silent(), good.revocation, good.trust), Archivist(good.stamper, Silent(), good.trust)):
        with pytest.raises(Unavailable):
            archivist.archive(office.sealed, at=NOW)
        with pytest.raises(Unavailable):
            archivist.renew(office.copy, at=NOW)


def test_somebody_elses_root_proves_nothing(office: Office, tmp_path: Path) -> None:
    strangers = TrustList.load(open_authority(tmp_path / "strangers").trust_folder)
    assert not check_archive(office.copy, trust=strangers, at=NOW).holds


def test_the_answers_are_those_the_authorities_gave(office: Office) -> None:
    kept = [ocsp.OCSPResponse.load(answer.get_object().data) for answer in PdfFileReader(BytesIO(office.copy)).root["/DSS"]["/OCSPs"]]
    said = {response.response_data["responses"][0]["cert_id"]["serial_number"].native for response in kept}
    chain = [asn1.Certificate.load(office.authority.ca(name).der) for name in ("issuing", "tsa")]
    assert {one.serial_number for one in chain} <= said and len(said) == 3


def _ending(trust: TrustList, name: str, until: datetime | None) -> TrustList:
    rules = [AlgorithmRule(one, Window(None, until if one == name else None)) for one in (*KEY_KINDS, *DIGESTS)]
    return replace(trust, policy=SignaturePolicy(tuple(rules)))


@pytest.mark.parametrize("name", ["sha256", "secp256r1"])
def test_the_end_of_an_algorithm_ends_a_copy(office: Office, name: str) -> None:
    """The trust list says until when an algorithm is accepted; a copy has to get its next stamp before."""
    end = IN_2031 + timedelta(days=10)
    ending = _ending(office.trust, name, end)
    found = check_archive(office.copy, trust=ending, at=IN_2031)
    assert found.holds and found.lasts_until == end
    assert not check_archive(office.copy, trust=ending, at=end + timedelta(days=1)).holds
    never = check_archive(office.copy, trust=_ending(office.trust, name, NOW - timedelta(days=1)), at=NOW)
    assert not never.holds and "algorithm" in never.reason
    assert check_archive(office.copy, trust=_ending(office.trust, "rsa", NOW), at=IN_2031).holds, "nothing here is RSA"
