"""Which programs can judge which artefact, what each is asked, and what is changed so that each must refuse."""

import hashlib
import io
import json
import re
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bhxh.credentials.drawing import draw_png
from bhxh.own_data.verification import MANIFEST
from bhxh.own_data.verification import TYPE_NAME as MANIFEST_TYPE
from bhxh.signing.keysets import KeySet
from tools.foreign import node_scripts, openssl, page_readers, xml_verifiers
from tools.foreign.programs import Said

Change = Callable[[bytes], bytes]
_TIME = re.compile(rb"\x18[\x0f-\x20]20\d{12}")
"""GeneralizedTime up to its seconds; some authorities write fractions."""


@dataclass(frozen=True, slots=True)
class Question:
    """One program's judgement of one artefact."""

    tool: str
    asked: str
    ask: Callable[[bytes], Said]
    spoils: tuple[tuple[str, Change], ...] = ()
    """Each makes another artefact that this program must refuse."""
    expected: bool = True


@dataclass(frozen=True, slots=True)
class Artefact:
    """Something the running product made, and everybody who can judge it."""

    name: str
    content: bytes
    questions: tuple[Question, ...]
    type_name: str = ""
    """Of sealed JSON: what its header says it is."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a verifier was given beforehand, by another way than the artefacts."""

    keys: bytes
    root: Path
    """The authorities' root certificate, PEM."""
    issuer: Path
    """The authority below it that issues to signers."""
    office: str
    """Whose name a page's seal must bear."""

    @property
    def key_set(self) -> KeySet:
        """The keys, read."""
        return KeySet.from_json(self.keys)


# -- what is changed --------------------------------------------------------------------------------------------------


def byte(marker: bytes, offset: int = 0) -> Change:
    """One bit of the byte that stands so far behind a marker's last occurrence's start."""

    def change(content: bytes) -> bytes:
        return flipped(content, content.rindex(marker) + offset)

    return change


def flipped(content: bytes, position: int) -> bytes:
    """One bit of one byte."""
    return content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]


def letter_of(member: str) -> Change:
    """One letter in the middle of a member of sealed JSON becomes another letter of Base64."""

    def change(content: bytes) -> bytes:
        start = content.index(b'"%b":"' % member.encode()) + len(member) + 4
        place = (start + content.index(b'"', start)) // 2
        return content[:place] + (b"A" if content[place : place + 1] != b"A" else b"B") + content[place + 1 :]

    return change


def last_digit_of_time(der: bytes) -> bytes:
    """The seconds of the first time (GeneralizedTime) in DER."""
    found = _TIME.search(der)
    assert found is not None
    return flipped(der, found.end() - 1)


_SEALED = tuple((f"a letter of the {member}", letter_of(member)) for member in ("payload", "protected", "signature"))
_COVERED: tuple[tuple[str, Change], ...] = (("a byte that the seal covers", lambda pdf: flipped(pdf, pdf.index(b"/Lang") + 4)),)
_STRUCTURE = (("a digit of startxref", byte(b"startxref", 10)),)


def _in_attachment(pdf: bytes) -> bytes:
    return flipped(pdf, pdf.index(b"stream", pdf.index(b"/Type/EmbeddedFile")) + 60)


def _in_first_file(archive: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as read, zipfile.ZipFile(made, "w") as written:
        for number, name in enumerate(read.namelist()):
            content = read.read(name)
            written.writestr(name, flipped(content, len(content) // 2) if number == 0 else content)
    return made.getvalue()


def _in_manifest(archive: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as read, zipfile.ZipFile(made, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            written.writestr(name, letter_of("payload")(content) if name == MANIFEST else content)
    return made.getvalue()


# -- artefacts of each kind -------------------------------------------------------------------------------------------


def sealed(name: str, content: bytes, published: Published, *, about: bytes | None = None) -> Artefact:
    """Sealed JSON: openssl judges the signature alone, Node also what the header says, whose key it is, and the file's spelling."""
    type_name = type_of(content)
    asked = f"verify_seal.mjs: key of its purpose, header, signature{', the document itself' if about is not None else ''}"

    def by_node(data: bytes) -> Said:
        return node_scripts.seal(data, published.keys, type_name=type_name, content=about)

    return Artefact(
        name,
        content,
        (
            Question("openssl", "dgst -verify: the signature", lambda data: openssl.seal(data, published.key_set), _SEALED[:1]),
            Question("node", asked, by_node, _SEALED),
        ),
        type_name,
    )


def key_set(name: str, content: bytes, root: bytes) -> Artefact:
    """The published key set under the root's signature."""
    type_name = type_of(content)
    ask = Question("openssl", "dgst -verify with the root", lambda data: openssl.seal(data, KeySet.from_json(root)), _SEALED[:1])
    more = Question("node", "verify_seal.mjs: signed by the root", lambda data: node_scripts.seal(data, root, type_name=type_name), _SEALED)
    return Artefact(name, content, (ask, more), type_name)


def page(name: str, pdf: bytes, published: Published, *, original: bytes, codes: Sequence[str] = (), another: bytes = b"") -> Artefact:
    """A sealed page: its seal by openssl, poppler and mupdf, its structure and its attachment by qpdf, what is printed as codes by zbar."""

    def same_original(data: bytes) -> Said:
        return page_readers.attached(data, original)

    def read_on_paper(data: bytes) -> Said:
        return page_readers.reads(page_readers.codes_on_pages(data, dots=200), *codes)

    questions = [
        Question("openssl", "cms -verify -cades, up to the root", lambda data: openssl.page(data, published.root), _COVERED),
        Question("pdfsig", "valid, whose, all of it signed", lambda data: page_readers.pdfsig(data, signer=published.office), _COVERED),
        Question("mutool", "sign -v: unchanged since signing", page_readers.mutool, _COVERED),
        Question("qpdf", "--check: structure and streams", page_readers.qpdf, _STRUCTURE),
        Question("qpdf", "the sealed original attached", same_original, (("a byte of it", _in_attachment),)),
    ]
    if codes:
        others = (("the page of another", lambda _: another),) if another else ()
        questions.append(Question("zbarimg", f"{len(codes)} code(s) on paper, as issued", read_on_paper, others))
    return Artefact(name, pdf, tuple(questions))


def stamp(name: str, token: bytes, data: bytes, published: Published, others: Sequence[bytes] = ()) -> Artefact:
    """An RFC 3161 token over some bytes of ours."""

    def ask(content: bytes) -> Said:
        return openssl.stamp(content, data, published.root, others=others)

    def ask_of_another(content: bytes) -> Said:
        return openssl.stamp(content, flipped(data, len(data) // 2), published.root, others=others)

    return Artefact(
        name,
        token,
        (
            Question("openssl", "ts -verify, up to the root", ask, (("a digit of its time", last_digit_of_time),)),
            Question("openssl", "ts -verify of other data, one byte changed", ask_of_another, expected=False),
        ),
    )


def revocation_answer(name: str, answer: bytes, certificate: Path, published: Published) -> Artefact:
    """An authority's answer about a certificate."""

    def ask(content: bytes) -> Said:
        return openssl.revocation_answer(content, certificate, published.issuer, published.root)

    return Artefact(
        name, answer, (Question("openssl", "ocsp -respin: its own, says good", ask, (("a digit of its time", last_digit_of_time),)),)
    )


def filed_document(name: str, xml: bytes, published: Published, *, certificate: bytes, at: datetime) -> Artefact:
    """A filed document as the filer signed it, through our signer: XAdES, three references."""
    content = (("a digit of its content", byte(b"</STT>", -1)), ("a digit of the signing time", byte(b"</xades:SigningTime>", -8)))
    signature = (("a letter of the signature", byte(b"</ds:SignatureValue>", -9)),)

    def by_xmlsec1(data: bytes) -> Said:
        return xml_verifiers.xmlsec1(data, root=published.root, issuer=published.issuer)

    return Artefact(
        name,
        xml,
        (
            Question("xmlsec1", "--verify: 3 references, signature, path", by_xmlsec1, content + signature),
            Question("xadesjs", "3 references and the signature", xml_verifiers.xadesjs, content + signature),
            Question(
                "openssl",
                "verify: the signer's certificate, up to the root, then",
                lambda _: openssl.path(certificate, published.issuer, published.root, at=at),
            ),
            Question(
                "openssl",
                "verify: that certificate, one byte changed",
                lambda _: openssl.path(flipped(certificate, len(certificate) - 1), published.issuer, published.root, at=at),
                expected=False,
            ),
        ),
    )


def code(name: str, text: str, published: Published, *, status_list: bytes, lists_after: Mapping[str, bytes]) -> Artefact:
    """A card or a summary as a QR code: read by zbar as we draw it, judged by Node alone; refused once a later list says otherwise."""

    def another(content: bytes) -> bytes:
        place = len(content) // 2
        return content[:place] + (b"0" if content[place : place + 1] != b"0" else b"1") + content[place + 1 :]

    def drawn(content: bytes) -> Said:
        return page_readers.reads(page_readers.codes_in_picture(draw_png(content.decode())), text)

    def judged(content: bytes, listed: bytes) -> Said:
        return node_scripts.credentials(content.decode(), published.keys, status_list=listed)[0]

    one = (("a character, before it is drawn", another),)
    questions = [
        Question("zbarimg", "reads what was issued", drawn, one),
        Question("node", "verify_credential.mjs: genuine, still valid", lambda data: judged(data, status_list), one),
    ]
    for since, listed in lists_after.items():
        asked = f"verify_credential.mjs, {since}"
        questions.append(Question("node", asked, lambda data, listed=listed: judged(data, listed), expected=False))  # type: ignore[misc]
    return Artefact(name, text.encode(), tuple(questions))


def consent(receipt: bytes, disclosure: bytes, status: bytes, published: Published) -> Artefact:
    """A consent receipt together with what rests on it."""

    def ask(content: bytes) -> Said:
        return node_scripts.consent(content, published.keys, disclosure=disclosure, status=status)

    asked = "verify_consent_receipt.mjs: data and status rest on it"
    return Artefact("consent receipt with data and status", receipt, (Question("node", asked, ask, _SEALED),))


def log_proof(name: str, bundle: bytes, published: Published, by_openssl: Callable[[bytes], Said]) -> Artefact:
    """An entry proved to be in the log: seals and stamp by openssl, the tree by Node."""
    told = json.loads(bundle)
    paths = tuple((f"a digit of the {way}", byte(told[way][-1].encode(), 1)) for way in ("inclusion", "consistency") if told[way])
    others = (
        ("the leaf's number less one", _one_leaf_before),
        ("a letter of a head's signature", byte(b'"signature":"', 20)),
        *((f"two of the {way} exchanged", _exchanged(way)) for way in ("inclusion", "consistency") if len(told[way]) > 1),
        *((f"one of the {way} removed", _without_one(way)) for way in ("inclusion", "consistency") if told[way]),
    )
    token = (("a letter of the time stamp", byte(b'"token":"', 400)),)

    def by_node(data: bytes) -> Said:
        return node_scripts.log_proof(data, published.keys)

    return Artefact(
        name,
        bundle,
        (
            Question("openssl", "verify_log.py with published keys and root", by_openssl, (*paths, *others, *token)),
            Question("node", "verify_log.mjs: leaf, tree, seals", by_node, (*paths, *others)),
        ),
    )


def _one_leaf_before(bundle: bytes) -> bytes:
    told = json.loads(bundle)
    return _spelled({**told, "leaf_number": told["leaf_number"] - 1})


def _exchanged(way: str) -> Change:
    def change(bundle: bytes) -> bytes:
        told = json.loads(bundle)
        first, second, *rest = told[way]
        return _spelled({**told, way: [second, first, *rest]})

    return change


def _without_one(way: str) -> Change:
    def change(bundle: bytes) -> bytes:
        told = json.loads(bundle)
        return _spelled({**told, way: told[way][1:]})

    return change


def _spelled(told: dict[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def owner_archive(name: str, archive: bytes, published: Published) -> Artefact:
    """Everything of an owner as one ZIP: its sealed manifest, and each file by the digest that stands there."""

    def manifest(content: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as read:
            return read.read(MANIFEST)

    def by_digests(content: bytes) -> Said:
        with zipfile.ZipFile(io.BytesIO(content)) as read:
            listed = json.loads(_decoded(json.loads(read.read(MANIFEST))["payload"]))["files"]
            if sorted(read.namelist()) != sorted([*(one["name"] for one in listed), MANIFEST]):
                return Said(holds=False, words="other files than the manifest names")
            said = [openssl.digest(read.read(one["name"]), one["sha256"]) for one in listed]
        wrong = [one for one in said if not one.holds]
        return wrong[0] if wrong else Said(holds=True, words=f"{len(said)} files as the manifest names them")

    changed: tuple[tuple[str, Change], ...] = (("a letter of its manifest", _in_manifest),)
    return Artefact(
        name,
        archive,
        (
            Question("openssl", "dgst -verify of the manifest", lambda data: openssl.seal(manifest(data), published.key_set), changed),
            Question(
                "node",
                "verify_seal.mjs of the manifest",
                lambda data: node_scripts.seal(manifest(data), published.keys, type_name=MANIFEST_TYPE),
                changed,
            ),
            Question("openssl", "dgst -sha256 of every file in it", by_digests, (("a byte of a file", _in_first_file),)),
        ),
        MANIFEST_TYPE,
    )


def type_of(content: bytes) -> str:
    """What the header of sealed JSON says it is."""
    return str(json.loads(_decoded(json.loads(content)["protected"]))["typ"])


def digest_of_book(original: bytes) -> str:
    """What its verification code leads to: the digest of what was sealed."""
    return hashlib.sha256(_decoded(json.loads(original)["payload"])).hexdigest()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
