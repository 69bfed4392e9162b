"""Signed PDFs of others: what is found of them, and what people try. Nothing is good that the validator's bottom line does not call so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Invalid
from bhxh.signing.pdf_signatures import MAXIMUM_REVISIONS, check_not_changed, verify_pdf
from bhxh.signing.status import Answer, Conclusion, SignatureStatus
from sandbox.pki.certificates import Issued
from tests.signing_kit import (
    AskedDirectly,
    add_annotation,
    add_page,
    appended,
    blank_pdf,
    draw_over,
    fill_in,
    show_instead,
    sign_pdf,
)
from tests.unit.signing.conftest import TAX_CODE, Desk

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


@dataclass(frozen=True)
class Reader:
    """The office that is handed a PDF."""

    desk: Desk
    source: AskedDirectly

    def sign(self, pdf: bytes | None = None, by: Issued | None = None, **wishes: object) -> bytes:
        return sign_pdf(pdf or blank_pdf(), by or self.desk.employer, self.desk.authority, **wishes)  # type: ignore[arg-type]

    def read(self, pdf: bytes) -> tuple[SignatureStatus, ...]:
        # WHY a minute later: the tool signs now, and a stamp of this second would lie after an arrival in it.
        at = self.desk.at + timedelta(minutes=1)
        return verify_pdf(pdf, trust=self.desk.trust, at=at, revocation=self.source, budget_s=5.0)


@pytest.fixture
def reader(desk: Desk) -> Reader:
    return Reader(desk, AskedDirectly(desk.authority))


def answers(found: tuple[SignatureStatus, ...]) -> list[tuple[Answer, Answer, Answer]]:
    return [(one.intact, one.trusted, one.revoked) for one in found]


def test_a_good_signature_with_everything_that_proves_it(reader: Reader) -> None:
    [found] = reader.read(reader.sign())
    assert (found.intact, found.trusted, found.revoked, found.conclusion) == (YES, YES, NO, Conclusion.GOOD)
    assert found.signer is not None and found.signer.tax_code == TAX_CODE
    assert (found.form, found.profile, found.digests) == ("pades", "ETSI.CAdES.detached", frozenset({"sha256"}))
    authority = reader.desk.authority
    assert found.certificates == (reader.desk.employer.der, authority.ca("issuing").der, authority.ca("root").der)
    assert len(found.answers) == 2 and (found.judged_by, found.time_stamp) == ("arrival", b"")
    kept: dict[str, bytes] = {}

    def keep(content: bytes) -> str:
        kept[sha256_hex(content)] = content
        return sha256_hex(content)

    said = found.as_json(keep)
    assert set(kept) == {*said["certificates"], *said["answers"]} and len(kept) == 5  # type: ignore[misc]
    assert said["trust_list"] == reader.desk.trust.version


def test_a_time_stamp_is_what_it_is_judged_for(reader: Reader) -> None:
    stamped_at = reader.desk.at - timedelta(hours=3)
    [found] = reader.read(reader.sign(stamped_at=stamped_at))
    assert (found.judged_for, found.judged_by, found.conclusion) == (stamped_at, "time_stamp", Conclusion.GOOD)
    assert len(found.time_stamp) > 500


def test_a_time_stamp_keeps_what_has_expired_since(reader: Reader) -> None:
    expired = reader.desk.authority.leaf("expired")
    stamped_at = expired.certificate.not_valid_after_utc - timedelta(days=30)
    [found] = reader.read(reader.sign(by=expired, stamped_at=stamped_at))
    assert (found.intact, found.trusted, found.judged_for) == (YES, YES, stamped_at)


def test_without_one_nobody_knows_how_old_it_is(reader: Reader) -> None:
    [found] = reader.read(reader.sign(by=reader.desk.authority.leaf("expired")))
    assert (found.intact, found.trusted, found.revoked) == (YES, UNKNOWN, UNKNOWN)
    assert found.conclusion is Conclusion.INDETERMINATE and "SIG-020" in found.reasons


def test_a_second_signer_does_not_break_the_first(reader: Reader) -> None:
    other = reader.desk.authority.issue_leaf("worker", name="NGƯỜI LAO ĐỘNG", uids=("CCCD:001190000001",))
    found = reader.read(reader.sign(reader.sign(), by=other, field="Sig2"))
    assert answers(found) == [(YES, YES, NO)] * 2
    assert [one.signer.subject_name for one in found if one.signer] == ["CÔNG TY TNHH VÍ DỤ", "NGƯỜI LAO ĐỘNG"]


CERTIFICATES = {
    "wrong-usage": (YES, NO, UNKNOWN, "SIG-023"),
    "unknown-ca": (YES, NO, UNKNOWN, "SIG-024"),
    "suspended-ca": (YES, NO, UNKNOWN, "SIG-025"),
    "not-yet-valid": (YES, NO, UNKNOWN, "SIG-021"),
    "revoked-superseded": (YES, YES, YES, "SIG-022"),
}


@pytest.mark.parametrize(("label", "expected"), CERTIFICATES.items(), ids=CERTIFICATES.keys())
def test_a_poor_certificate_leaves_the_document_intact(reader: Reader, label: str, expected: tuple[Answer, Answer, Answer, str]) -> None:
    [found] = reader.read(reader.sign(by=reader.desk.authority.leaf(label)))
    assert (found.intact, found.trusted, found.revoked) == expected[:3]
    assert expected[3] in found.reasons and found.conclusion is Conclusion.BAD
    check_not_changed([found], where="contract")


def test_a_silent_authority_leaves_one_question_open(reader: Reader) -> None:
    reader.source.is_silent = True
    [found] = reader.read(reader.sign())
    assert (found.intact, found.trusted, found.revoked, found.conclusion) == (YES, YES, UNKNOWN, Conclusion.INDETERMINATE)


def _byte_flipped(reader: Reader) -> bytes:
    return reader.sign().replace(b"Hop dong", b"Hop dung")


def _overlay(reader: Reader) -> bytes:
    return appended(reader.sign(), draw_over)


def _other_text(reader: Reader) -> bytes:
    return appended(reader.sign(), show_instead("EVIL"))


def _added_page(reader: Reader) -> bytes:
    return appended(reader.sign(), add_page)


def _annotation(reader: Reader) -> bytes:
    return appended(reader.sign(), add_annotation)


def _between_two_signers(reader: Reader) -> bytes:
    return reader.sign(_overlay(reader), field="Sig2")


def _byte_range(reader: Reader) -> bytes:
    """The second part of the signed bytes left out."""
    pdf = reader.sign()
    start = pdf.index(b"/ByteRange")
    end = pdf.index(b"]", start)
    numbers = pdf[start:end].rpartition(b" ")[2]
    return pdf[: end - len(numbers)] + b"0".ljust(len(numbers)) + pdf[end:]


def _wider_gap(reader: Reader) -> bytes:
    """The gap for the value made wider, so that something else may stand in it."""
    pdf = reader.sign()
    start = pdf.index(b"/ByteRange")
    numbers = pdf[pdf.index(b"[", start) + 1 : pdf.index(b"]", start)].split()
    wider = [numbers[0], str(int(numbers[1]) - 40).encode(), numbers[2], numbers[3]]
    spelled = b" ".join(wider)
    before = b" ".join(numbers)
    return pdf.replace(before, spelled.ljust(len(before)), 1)


ATTACKS: dict[str, Callable[[Reader], bytes]] = {
    "a byte changed": _byte_flipped,
    "overlay appended": _overlay,
    "second revision with other text": _other_text,
    "page appended": _added_page,
    "note over the page": _annotation,
    "overlay, then signed by another": _between_two_signers,
    "byte range cut short": _byte_range,
    "byte range with a wider gap": _wider_gap,
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_what_was_changed_is_not_good(reader: Reader, attack: Callable[[Reader], bytes]) -> None:
    found = reader.read(attack(reader))
    assert found and found[0].conclusion is not Conclusion.GOOD
    assert found[0].intact is NO
    with pytest.raises(Invalid) as caught:
        check_not_changed(found, where="contract")
    assert caught.value.code == "SIG-081"


def test_bytes_behind_the_end_are_for_people(reader: Reader) -> None:
    [found] = reader.read(reader.sign() + b"\n% not signed\n")
    assert (found.intact, found.conclusion) == (UNKNOWN, Conclusion.INDETERMINATE)
    assert "bytes-behind-the-end" in found.reasons


def test_a_form_filled_in_later_is_for_people(reader: Reader) -> None:
    [found] = reader.read(appended(reader.sign(blank_pdf(with_field=True)), fill_in))
    assert (found.intact, found.conclusion) == (UNKNOWN, Conclusion.INDETERMINATE)
    assert "filled-in-later" in found.reasons


def test_a_look_alike_of_the_authority_in_the_file_proves_nothing(reader: Reader, desk: Desk) -> None:
    """The file brings its own chain; only what stands in our list counts."""
    stranger = desk.authority.issue_leaf("stranger's", name="CÔNG TY TNHH VÍ DỤ", uids=(f"MST:{TAX_CODE}",), ca="stranger")
    [found] = reader.read(reader.sign(by=stranger))
    assert (found.trusted, found.conclusion) == (NO, Conclusion.BAD)


@pytest.mark.parametrize("data", [b"%PDF-1.7 /ByteRange", b"%PDF-1.7\n/ByteRange [0 1 2 3]\nstartxref\n9\n%%EOF"])
def test_what_cannot_be_read_is_not_known(reader: Reader, data: bytes) -> None:
    [found] = reader.read(data)
    assert (found.intact, found.trusted, found.revoked, found.reasons) == (UNKNOWN, UNKNOWN, UNKNOWN, ("SIG-080",))


def test_a_thousand_revisions_are_not_compared(reader: Reader) -> None:
    pdf = reader.sign()
    for number in range(MAXIMUM_REVISIONS):
        pdf = appended(pdf, show_instead(str(number)))
    assert [one.reasons for one in reader.read(pdf)] == [("SIG-080",)]


def test_an_unsigned_file_is_not_read(reader: Reader) -> None:
    assert reader.read(blank_pdf()) == () == reader.read(b"\xff\xd8\xff /ByteRange")
    assert reader.source.asked == 0
