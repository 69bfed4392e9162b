"""Which programs can judge which artefact, what each is asked, and what is changed so that each must refuse."""

import hashlib
import io
import json
import zipfile
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from bhxh.credentials.drawing import draw_png
from bhxh.own_data.verification import MANIFEST
from bhxh.own_data.verification import TYPE_NAME as MANIFEST_TYPE
from bhxh.signing.keysets import KeySet
from tools.foreign import node_scripts, openssl, page_readers, xml_verifiers
from tools.foreign.programs import Said
from tools.foreign.spoiling import (
    COVERED,
    SEALED,
    STRUCTURE,
    Change,
    byte,
    exchanged,
    flipped,
    in_attachment,
    in_first_file,
    in_manifest,
    last_digit_of_time,
    one_leaf_before,
    without_one,
)


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
            Question("openssl", "dgst -verify: the signature", lambda data: openssl.seal(data, published.key_set), SEALED[:1]),
            Question("node", asked, by_node, SEALED),
        ),
        type_name,
    )


def key_set(name: str, content: bytes, root: bytes) -> Artefact:
    """The published key set under the root's signature."""
    type_name = type_of(content)
    ask = Question("openssl", "dgst -verify with the root", lambda data: openssl.seal(data, KeySet.from_json(root)), SEALED[:1])
    more = Question("node", "verify_seal.mjs: signed by the root", lambda data: node_scripts.seal(data, root, type_name=type_name), SEALED)
    return Artefact(name, content, (ask, more), type_name)


def page(name: str, pdf: bytes, published: Published, *, original: bytes, another: bytes, codes: Sequence[str] = ()) -> Artefact:
    """A sealed page: its seal by openssl, poppler and mupdf, its structure and its attachment by qpdf, what is printed as codes by zbar.

    Shape:   one code names the sealed original by its digest (or that of what it says); `codes` are printed besides. `another` is a page
             whose code names something else.
    """
    digests = (hashlib.sha256(original).hexdigest(), hashlib.sha256(_decoded(json.loads(original)["payload"])).hexdigest())

    def on_paper(data: bytes) -> Said:
        found = page_readers.codes_on_pages(data, dots=200)
        named = [one for one in found if one.endswith(digests)]
        return page_readers.reads(found, *(named or ["its digest"]), *codes)

    return Artefact(
        name,
        pdf,
        (
            Question("openssl", "cms -verify -cades, up to the root", lambda data: openssl.page(data, published.root), COVERED),
            Question("pdfsig", "valid, whose, all of it signed", lambda data: page_readers.pdfsig(data, signer=published.office), COVERED),
            Question("mutool", "sign -v: unchanged since signing", page_readers.mutool, COVERED),
            Question("qpdf", "--check: structure and streams", page_readers.qpdf, STRUCTURE),
            Question(
                "qpdf",
                "the sealed original attached",
                lambda data: page_readers.attached(data, original),
                (("a byte of it", in_attachment),),
            ),
            Question("zbarimg", "its codes on paper", on_paper, (("the page of another", lambda _: another),)),
        ),
    )


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


def filed_json(name: str, content: bytes, published: Published) -> Artefact:
    """A request that its filer signed as JSON, through our signer: JAdES B-B, the certificate in the header."""
    header = json.loads(_decoded(json.loads(content)["protected"]))
    certificate, signed_at = b64decode(header["x5c"][0]), datetime.fromisoformat(header["sigT"])

    def by_openssl(data: bytes) -> Said:
        parts = json.loads(data)
        raw = _decoded(parts["signature"])
        signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        return openssl.filing(f"{parts['protected']}.{parts['payload']}".encode(), signature, certificate)

    def its_path(_: bytes) -> Said:
        return openssl.path(certificate, published.issuer, published.root, at=signed_at)

    def by_node(data: bytes) -> Said:
        return node_scripts.filing(data, root=published.root, issuer=published.issuer)

    return Artefact(
        name,
        content,
        (
            Question("openssl", "dgst -verify by the filer's certificate", by_openssl, SEALED),
            Question("openssl", "verify: that certificate, up to the root, then", its_path),
            Question("node", "verify_filing.mjs: header, signature, path", by_node, SEALED),
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
    return Artefact("consent receipt with data and status", receipt, (Question("node", asked, ask, SEALED),))


def log_proof(name: str, bundle: bytes, published: Published, by_openssl: Callable[[bytes], Said]) -> Artefact:
    """An entry proved to be in the log: seals and stamp by openssl, the tree by Node."""
    told = json.loads(bundle)
    paths = tuple((f"a digit of the {way}", byte(told[way][-1].encode(), 1)) for way in ("inclusion", "consistency") if told[way])
    others = (
        ("the leaf's number less one", one_leaf_before),
        ("a letter of a head's signature", byte(b'"signature":"', 20)),
        *((f"two of the {way} exchanged", exchanged(way)) for way in ("inclusion", "consistency") if len(told[way]) > 1),
        *((f"one of the {way} removed", without_one(way)) for way in ("inclusion", "consistency") if told[way]),
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

    changed: tuple[tuple[str, Change], ...] = (("a letter of its manifest", in_manifest),)
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
            Question("openssl", "dgst -sha256 of every file in it", by_digests, (("a byte of a file", in_first_file),)),
        ),
        MANIFEST_TYPE,
    )


def type_of(content: bytes) -> str:
    """What the header of sealed JSON says it is."""
    return str(json.loads(_decoded(json.loads(content)["protected"]))["typ"])


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
