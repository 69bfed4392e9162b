"""Other people's signature files, and what we answer to each: the table of `docs/signature-fixtures.md`.

The files stand in `../shared/data` (45 XAdES and PAdES files of the EU project DSS, 30 of NIST PKITS, 4 Vietnamese authorities)
and are no part of this repository; where they are absent the table is neither written nor compared.
"""

import base64
import binascii
import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidCertificate, SignXMLException
from signxml.xades.xades import XAdESSignatureConfiguration

from bhxh.kernel.errors import Invalid, Unavailable
from bhxh.signing.certificates import AuthorityKind, TrustedAuthority, TrustList, check_certificate
from bhxh.signing.enveloping import verify_enveloping
from bhxh.signing.errors import SIG_TRUST_LIST
from bhxh.signing.ports import RevocationAnswer, RevocationKind
from bhxh.signing.profiles import DIGEST_METHODS, HOSO_ENVELOPING, HOSO_UNIT, INCLUSIVE_C14N, SIGNATURE_METHODS, SignatureProfile
from bhxh.signing.signature_shape import DS
from bhxh.signing.signers import SignerCertificate, read_certificate, signer_of
from bhxh.signing.usage import AUTHORITY_POLICY, SIGNER_POLICY
from bhxh.signing.xades import verify_xades
from bhxh.signing.xades_verifier import HeldVerifier
from bhxh.signing.xml_door import hardened_parser
from tools import signature_fixture_pdfs as pdfs
from tools.signature_fixture_notes import NOTES, PKITS_NOTES

DATA = next((up / "shared/data" for up in Path(__file__).resolve().parents if (up / "shared/data/signatures").is_dir()), None)
"""Where the files are, None where this checkout stands alone."""
PKITS_AT = datetime(2020, 6, 1, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
AGREE, HARSHER, DIVIDED = "as expected", "refused, expected valid", "refused, expectation divided"
TAKEN_DIVIDED = "accepted, expectation divided"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_D = f"{{{DS}}}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One file: what is expected of it and what we say."""

    file: str
    expected: str
    ours: str
    """At our door: a code, `good`, `pending` or `accepted`."""
    in_our_envelope: str
    fitted: str
    core: str
    verdict: str
    why: str


def dss() -> list[Answer]:
    """The XAdES and PAdES files."""
    assert DATA is not None
    folder = DATA / "signatures/dss"
    return [_dss_answer(row, (folder / row["file"]).read_bytes()) for row in manifest(folder)]


def pkits() -> list[Answer]:
    """The certificates as signers, the lists as the only answer about a good path."""
    assert DATA is not None
    folder = DATA / "signatures/pkits"
    return [_pkits_answer(folder, row) for row in manifest(folder)]


def vietnamese() -> list[Answer]:
    """The real authorities, read, and used as if they signed a document."""
    assert DATA is not None
    found = []
    for file in sorted((DATA / "certificates-vn").glob("*.pem")):
        certificate = read_certificate(file.read_bytes())
        is_root = certificate.subject == certificate.issuer
        kind = AuthorityKind.ROOT if is_root else AuthorityKind.INTERMEDIATE
        der = certificate.public_bytes(Encoding.DER)
        trust = TrustList((TrustedAuthority(file.stem, kind, der, LONG_AGO),))
        at = certificate.not_valid_before_utc + timedelta(days=1)
        signer = signer_of(certificate)
        ours = _code(lambda signer=signer, trust=trust, at=at: _state(signer, trust, at, _Nothing()))  # type: ignore[misc]
        why = f"read as {kind.value}: {signer.subject_name}; an authority does not sign documents"
        found.append(Answer(file.name, "an authority, no signer", ours, "", "", "", AGREE if ours == "SIG-023" else "?", why))
    return found


def pkits_check(name: str, lists: Path | None = None) -> str:
    """What we say of one certificate of the suite: `good`, `pending` or a code. `lists` is one CRL to answer everything with."""
    assert DATA is not None
    folder = DATA / "signatures/pkits"
    signer = signer_of(read_certificate((folder / name).read_bytes()))
    return _code(lambda: _state(signer, _pkits_trust(folder), PKITS_AT, _Lists(folder, lists)))


def document() -> str:
    """The table with its counts."""
    files, certificates, authorities = dss(), pkits(), vietnamese()
    lines = [
        "# Other people's signature files, and our answers\n",
        (
            "Files of others that stand beside the repository (`../shared/data`): what their makers say of them, what we answer, and why it "
            "differs where it does. The test `tests/foreign/test_signature_fixtures.py` compares this page with the answers of today.\n"
        ),
        (
            "| | as expected | refused, expected valid | refused, expectation divided | accepted, expectation divided | files |\n"
            "|---|---|---|---|---|---|"
        ),
    ]
    for title, answers in (("DSS", files), ("PKITS", certificates), ("Vietnamese authorities", authorities)):
        count = Counter(answer.verdict for answer in answers)
        lines.append(f"| {title} | {count[AGREE]} | {count[HARSHER]} | {count[DIVIDED]} | {count[TAKEN_DIVIDED]} | {len(answers)} |")
    accepted = sum(answer.fitted == "accepted" for answer in files)
    lines += [
        (
            "\n**No file that its makers call broken is accepted.** Read the number of valid files refused for what it is: we take few forms of "
            "signature, each by name, and these files have others. A refusal for the form says nothing about whether a fault would have been "
            "found behind it; where a file holds a fault, the last column names our own test that makes the same fault in the form we take.\n"
        ),
        "## DSS: XAdES and PAdES\n",
        (
            "*Door*: the file as it is, at its own signing time, its own authorities trusted: of XML our own profile (`Hoso`, signed in "
            "`Hoso/CKy_Dvi`), of a PDF whether every signature in it is intact by the validator's bottom line. *In our envelope*: its signature "
            "put where ours belongs, as an attacker would. *Fitted*: the foreign forms: of an enveloped file a profile made for it (its root, its "
            "place, exclusive canonicalisation too), of an enveloping one `hoso_enveloping` whatever is inside; accepted so: "
            f"{accepted}. *Core*: what cryptography alone would say if nobody looked at the form, by our algorithms and our demands on signers: "
            "`yes`, `no`, or `certificate` (no path, or not for signing documents). Where the core says yes and the file is broken, it is the form "
            "that protects us.\n"
        ),
        "| File | Level | Expected intact | Door | In our envelope | Fitted | Core | Verdict | Why |\n|---|---|---|---|---|---|---|---|---|",
    ]
    levels = {row["file"]: f"{row['kind']} {row['level']}".removesuffix(" -") for row in manifest(_folder("signatures/dss"))}
    lines += [
        f"| {a.file} | {levels[a.file]} | {a.expected} | {a.ours} | {a.in_our_envelope} | {a.fitted} | {a.core} | {a.verdict} | {_cell(a.why)} |"
        for a in files
    ]
    lines += [
        "\n## NIST PKITS: certificates and revocation lists\n",
        (
            "Certificates as signers of a document arriving on 1 June 2020, with the suite's lists as answers; `pending` is no acceptance: nothing "
            "is decided until the question is answered. Lists as the only answer about the good path: none of them alone makes it good.\n"
        ),
        "| File | Expected | Ours | Verdict | Why |\n|---|---|---|---|---|",
    ]
    lines += [f"| {a.file} | {a.expected} | {a.ours} | {a.verdict} | {_cell(a.why)} |" for a in certificates]
    lines += ["\n## Vietnamese authorities\n", "| File | Expected | Ours | Verdict | Why |\n|---|---|---|---|---|"]
    lines += [f"| {a.file} | {a.expected} | {a.ours} | {a.verdict} | {_cell(a.why)} |" for a in authorities]
    return "\n".join(lines) + "\n"


def door(data: bytes, profile: SignatureProfile = HOSO_UNIT) -> str:
    """Our answer to a file, its own authorities trusted and its own signing time taken: the most generous there is."""
    anchors, at = _circumstances(data)

    def verify() -> str:
        verify_xades(data, profile=profile, anchors=anchors, at=at)
        return "accepted"

    return _code(verify)


def _inside(data: bytes) -> str:
    """Our answer to a file that is the signature, the content inside it being whatever it is."""
    anchors, at = _circumstances(data)

    def verify() -> str:
        verify_enveloping(data, profile=HOSO_ENVELOPING, anchors=anchors, at=at)
        return "accepted"

    return _code(verify)


def core(data: bytes) -> str:
    """The cryptography alone, by our methods and for signers as we want them, wherever the signature stands and whatever it covers."""
    root = _tree(data)
    if root is None:
        return "-"
    anchors, at = _circumstances(data)
    first = next(root.iter(f"{_D}Signature"))
    methods = frozenset(SignatureMethod(method) for method in SIGNATURE_METHODS)
    settings = XAdESSignatureConfiguration(
        expect_references=len(first.findall(f"./{_D}SignedInfo/{_D}Reference")),
        signature_methods=methods,
        digest_algorithms=frozenset(DigestAlgorithm(method) for method in DIGEST_METHODS),
        verification_time=at,
    )
    verifier = HeldVerifier(anchors)
    try:
        verifier.verify(data, parser=hardened_parser(), expect_config=settings, ee_policy=SIGNER_POLICY, ca_policy=AUTHORITY_POLICY)
    except InvalidCertificate:
        return "certificate"
    except (SignXMLException, Invalid, etree.LxmlError, ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm):
        return "no"
    return "yes"


def enveloped(data: bytes) -> bytes:
    """The file's signature where our profile wants one."""
    body = data[data.index(b"?>") + 2 :] if data.lstrip().startswith(b"<?xml") else data
    return b"<Hoso><CKy_Dvi>" + body + b"</CKy_Dvi></Hoso>"


def _dss_answer(row: dict[str, str], data: bytes) -> Answer:
    root = _tree(data)
    expected = row["expected_intact"]
    if data.startswith(b"%PDF"):
        return _pdf_answer(row, data)
    ours, inside, fitted = door(data), door(enveloped(data)), "-"
    if root is not None and root.tag != f"{_D}Signature":
        holder = next(root.iter(f"{_D}Signature")).getparent()
        assert holder is not None
        place = "." if holder is root else root.getroottree().getelementpath(holder)
        forms = INCLUSIVE_C14N | {_EXCLUSIVE}
        fitted = door(data, SignatureProfile("fitted", place, (2, 3, 4), root=str(root.tag), canonicalisations=forms))
    elif root is not None:
        fitted = _inside(data)
    is_taken = "accepted" in (ours, inside, fitted)
    note = NOTES.get(row["file"], "")
    why = "; ".join([*_form(root), *([note] if note else [])])
    return Answer(row["file"], expected, ours, inside, fitted, core(data), _verdict(expected, is_taken=is_taken), why)


def _pdf_answer(row: dict[str, str], data: bytes) -> Answer:
    expected, note = row["expected_intact"], NOTES.get(row["file"], "")
    ours, reasons = pdfs.answer(data)
    verdict = _verdict(expected, is_taken=ours == pdfs.ACCEPTED)
    return Answer(row["file"], expected, ours, "-", "-", "-", verdict, "; ".join([*reasons, *([note] if note else [])]))


def _verdict(expected: str, *, is_taken: bool) -> str:
    if expected.startswith("no"):
        return "ACCEPTED, EXPECTED BROKEN" if is_taken else AGREE
    if expected.startswith("yes"):
        return AGREE if is_taken else HARSHER
    return TAKEN_DIVIDED if is_taken else DIVIDED


def _form(root: etree._Element | None) -> Iterator[str]:
    """What in the form of a signature is not ours."""
    if root is None:
        yield "not XML"
        return
    signatures = list(root.iter(f"{_D}Signature"))
    first = signatures[0]
    references = first.findall(f"./{_D}SignedInfo/{_D}Reference")
    uris = [reference.get("URI") for reference in references]
    if any(uri is None or (uri and not uri.startswith("#")) for uri in uris):
        yield "detached: the content is not in the file"
    elif first is root:
        yield "enveloping: the content stands inside the signature"
    else:
        yield "root is not `Hoso`"
    if len(signatures) > 1:
        yield f"{len(signatures)} signatures"
    if first.find(f"./{_D}KeyInfo/{_D}X509Data/{_D}X509Certificate") is None:
        yield "no certificate in KeyInfo"
    if (name := _algorithm(first, "CanonicalizationMethod")) not in INCLUSIVE_C14N:
        yield "exclusive canonicalisation" if name.startswith(_EXCLUSIVE) else "canonicalisation unknown"
    if (name := _algorithm(first, "SignatureMethod")) not in SIGNATURE_METHODS:
        yield f"{name.rpartition('#')[2]} is not taken"
    for name in sorted({_algorithm(reference, "DigestMethod") for reference in references} - DIGEST_METHODS):
        yield f"digest {name.rpartition('#')[2]} is not taken"


def _algorithm(parent: etree._Element, name: str) -> str:
    found = next(parent.iter(f"{_D}{name}"), None)
    return "" if found is None else found.get("Algorithm", "")


def _tree(data: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(data, parser=hardened_parser())
    except etree.XMLSyntaxError:
        return None


def _circumstances(data: bytes) -> tuple[list[x509.Certificate], datetime]:
    """The authorities that a file carries, and the time it claims."""
    root = _tree(data)
    carried = (
        []
        if root is None
        else [found for node in root.iter("{*}X509Certificate", "{*}EncapsulatedX509Certificate") if (found := _read(node))]
    )
    if root is None or not carried:
        return [], PKITS_AT
    time = root.findtext(".//{*}SigningTime")
    at = datetime.fromisoformat(time) if time else carried[0].not_valid_before_utc + timedelta(days=1)
    anchors = [
        certificate for certificate in carried if certificate.subject != carried[0].subject or certificate.issuer == certificate.subject
    ]
    return anchors, at if at.tzinfo else at.replace(tzinfo=UTC)


def _read(node: etree._Element) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(base64.b64decode(node.text or ""))
    except (ValueError, binascii.Error):
        return None


def _pkits_answer(folder: Path, row: dict[str, str]) -> Answer:
    name, note = row["file"], PKITS_NOTES.get(row["file"], "")
    if row["kind"] == "CRL":
        ours = pkits_check("ValidCertificatePathTest1EE.pem", folder / name)
        why = note or "a list of another authority, or of one of the two only, proves nothing about the path"
        return Answer(name, "not enough alone", ours, "", "", "", AGREE if ours == "pending" else "?", why)
    ours = pkits_check(name)
    expected = {"yes": "good", "no": "not good", "-": "an authority, no signer"}[row["path_valid"]]
    is_right = (ours == "good") is (row["path_valid"] == "yes")
    why = row["why"] if not note else f"{row['why']}; {note}"
    return Answer(name, expected, ours, "", "", "", AGREE if is_right else "?", why)


def _pkits_trust(folder: Path) -> TrustList:
    authorities = []
    for file in sorted([*folder.glob("*CACert.pem"), folder / "TrustAnchorRootCertificate.pem"]):
        kind = AuthorityKind.ROOT if file.stem.startswith("TrustAnchor") else AuthorityKind.INTERMEDIATE
        der = read_certificate(file.read_bytes()).public_bytes(Encoding.DER)
        authorities.append(TrustedAuthority(file.stem, kind, der, LONG_AGO))
    return TrustList(tuple(authorities))


class _Lists:
    """The suite's CRLs by issuer, or one of them for every question."""

    def __init__(self, folder: Path, only: Path | None) -> None:
        self._only = only
        self._folder = folder

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        issuer = x509.load_der_x509_certificate(issuer_der).fingerprint(hashes.SHA256())
        for file in sorted(self._folder.glob("*Cert*.pem")):
            known = self._folder / (file.stem.removesuffix("Certificate").removesuffix("Cert") + "CRL.pem")
            if self._only or (known.exists() and read_certificate(file.read_bytes()).fingerprint(hashes.SHA256()) == issuer):
                chosen = self._only or known
                der = x509.load_pem_x509_crl(chosen.read_bytes()).public_bytes(Encoding.DER)
                return RevocationAnswer(RevocationKind.CRL, der, chosen.name)
        raise Unavailable(SIG_TRUST_LIST, reason="no CRL")


class _Nothing:
    """An authority that says nothing."""

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        raise Unavailable(SIG_TRUST_LIST, reason="not asked")


def _state(signer: SignerCertificate, trust: TrustList, at: datetime, source: _Lists | _Nothing) -> str:
    return check_certificate(signer=signer, trust=trust, at=at, revocation=source, budget_s=10.0).state


def _code(call: Callable[[], str]) -> str:
    try:
        return call()
    except Invalid as refusal:
        return refusal.code


def manifest(folder: Path) -> list[dict[str, str]]:
    """The rows of a folder's manifest."""
    with (folder / "manifest.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _folder(name: str) -> Path:
    assert DATA is not None
    return DATA / name


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
