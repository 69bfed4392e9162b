"""Everything the product makes, made by it in one run: what the demonstration left in `out/`, and what it has no step for, asked of it here."""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from lxml import etree

from bhxh.connectors.revocation.client import HttpRevocationSource
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.clock import day_in_vietnam, now
from sandbox.pki.authority import Authority
from tools.demo.demonstration import OUT, Demonstration
from tools.foreign import openssl
from tools.foreign.other_years import copies_in_other_years
from tools.foreign.programs import Said, in_short
from tools.foreign.questions import (
    Artefact,
    Published,
    code,
    consent,
    digest_of_book,
    filed_document,
    key_set,
    log_proof,
    owner_archive,
    page,
    revocation_answer,
    sealed,
    stamp,
)
from tools.people import Client, wait_for
from tools.stack import OFFICE, ROOT

_PAGES = (
    ("book 1", "so-1", "so-2"),
    ("book 2", "so-2", "so-1"),
    ("book 3", "so-3", "so-1"),
    ("book withdrawn for a time", "so-tam-thu-hoi", ""),
    ("book given back, with codes", "so-co-ma-qr", "so-1"),
    ("receipt", "phieu-tiep-nhan", ""),
    ("decision by the rules, some refused", "quyet-dinh-1", ""),
    ("decision by two officers", "quyet-dinh-2", ""),
)
"""Files of the demonstration: a page (.pdf) and its sealed original (.json); another page, whose code leads elsewhere."""

_SEALED = (
    ("disclosure", "du-lieu-cung-cap"),
    ("status of a consent", "trang-thai-dong-y"),
    ("consent receipt", "phieu-dong-y"),
    ("status list before a withdrawal", "trang-thai-truoc"),
    ("status list after it", "trang-thai-tam-thu-hoi"),
    ("status list after the return", "trang-thai"),
    ("log head (checkpoint)", "goc-nhat-ky-cuoi"),
)


def collect(demo: Demonstration) -> list[Artefact]:
    """All of them, while the installation runs."""
    return list(_collected(demo))


def _collected(demo: Demonstration) -> Iterator[Artefact]:
    authority = Authority(demo.stack.sandbox.folder / "pki")
    asked = [*_asked_by_a_person(demo), *_asked_by_an_employer(demo)]
    own = [("a person's copy of everything", _person(demo).download("/me/copy"))]
    # WHY last: what was just made may have been the first under its key.
    published = Published(
        _open(demo, "keys"), authority.trust_folder / "sandbox-root.pem", authority.trust_folder / "sandbox-issuing.pem", OFFICE
    )
    root = json.loads(demo.stack.run("keys", "root", "--json").stdout)["keys"].encode()
    yield key_set("key set signed by the root", _open(demo, "keys/signed"), root)
    yield from (sealed(name, content, published, **given) for name, content, given in asked if not content.startswith(b"%PDF"))
    for name, pdf, given in asked:
        if pdf.startswith(b"%PDF"):
            yield from _page(name, pdf, published, **given)
    yield from (sealed(name, _out(f"{file}.json"), published) for name, file in _SEALED)
    for name, file, other in _PAGES:
        original = _out(f"{file}.json")
        yield sealed(name, original, published)
        # WHY both: the book that was given back carries its holder's card and summary.
        more = [_text("tom-tat-so"), _text("the-bhyt")] if file == "so-co-ma-qr" else []
        codes = [*more, f"{demo.stack.address}/xac-minh/{digest_of_book(original)}"] if file.startswith("so-") else []
        yield from _page(
            f"{name} as a page",
            _out(f"{file}.pdf"),
            published,
            original=original,
            codes=codes,
            another=_out(f"{other}.pdf") if other else b"",
        )
    yield from (owner_archive(name, archive, published) for name, archive in own)
    yield consent(_out("phieu-dong-y.json"), _out("du-lieu-cung-cap.json"), _out("trang-thai-dong-y.json"), published)
    yield from _codes(published)
    yield from _log(demo, published)
    yield from _filed(authority, published)
    yield from copies_in_other_years("book 1, copy for archives", _archived(demo), authority, published)


def _page(name: str, pdf: bytes, published: Published, **given: Any) -> Iterator[Artefact]:
    """A page, and the time stamp in its seal."""
    yield page(name, pdf, published, **given)
    token, stamped = openssl.stamp_on_page(pdf)
    yield stamp(f"time stamp in the seal of: {name}", token, stamped, published)


# -- asked of the running installation --------------------------------------------------------------------------------

_Asked = tuple[str, bytes, dict[str, Any]]


def _person(demo: Demonstration) -> Client:
    return Client.sign_in(demo.stack, demo.population.demo_workers[0].pin)


def _asked_by_a_person(demo: Demonstration) -> Iterator[_Asked]:
    """An extract, asked for by confirming with the e-ID, and one that is refused."""
    person = _person(demo)
    granted = _confirmed(person, {"from_month": "01/2020", "purpose": "Vay mua nhà"})
    document = person.download(f"/dossiers/{granted}/document")
    yield "e-ID confirmation", person.download(f"/dossiers/{granted}/confirmation"), {"about": document}
    [result] = [one for one in person.get(f"/dossiers/{granted}/results") if one["kind"] == "extract"]
    extract = person.download(f"/dossiers/{granted}/results/{result['sha256']}")
    yield "extract", extract, {}
    yield "extract as a page", person.download(f"/dossiers/{granted}/results/{result['sha256']}.pdf"), {"original": extract}
    refused = _confirmed(person, {"from_month": f"01/{now().year + 2}"})
    for name, path in (("receipt of a request", "receipt"), ("decision that refuses", "decisions/1")):
        original = person.download(f"/dossiers/{refused}/{path}")
        yield name, original, {}
        yield f"{name} as a page", person.download(f"/dossiers/{refused}/{path}.pdf"), {"original": original}


def _confirmed(person: Client, wish: dict[str, str]) -> str:
    """The code of a dossier that was confirmed and is decided."""
    shown = person.post("/confirmation-extract/preparations", wish)
    filed = str(person.post(f"/confirmations/{shown['draft_id']}", {"content_sha256": shown["content_sha256"]})["code"])
    wait_for("the answer", lambda: person.get(f"/dossiers/{filed}")["state"] in {"RETURNED", "REFUSED"})
    return filed


def _asked_by_an_employer(demo: Demonstration) -> Iterator[_Asked]:
    """A mandate, and its end."""
    employer, clerk = demo.population.demo_employer, demo.population.demo_workers[1]
    representative = Client.sign_in(demo.stack, employer.legal_representative_pin, org_id=employer.tax_code)
    today = day_in_vietnam(now())
    wanted = {
        "holder": {"kind": "person", "number": clerk.pin, "full_name": str(clerk.full_name)},
        "role": "AUTHORISED",
        "acts": ["FILE", "FOLLOW"],
        "from_on": today.isoformat(),
        "until_on": (today + timedelta(days=90)).isoformat(),
    }
    read = representative.post("/mandates/wordings", wanted)["content_sha256"]
    mandate_id = representative.post("/mandates", {**wanted, "content_sha256": read})["mandate_id"]
    representative.post(f"/mandates/{mandate_id}/revocation", {})
    for number, name in ((1, "mandate"), (2, "revocation of a mandate")):
        yield name, representative.download(f"/mandates/{mandate_id}/documents/{number}"), {}


def _archived(demo: Demonstration) -> bytes:
    copy = OUT / "so-1-luu-tru.pdf"
    demo.stack.run("archive", "make", str(OUT / "so-1.pdf"), "--out", str(copy))
    return copy.read_bytes()


def _open(demo: Demonstration, path: str) -> bytes:
    return httpx.get(f"{demo.stack.address}/api/v1/open/{path}", timeout=30, trust_env=False).raise_for_status().content


# -- what the demonstration left --------------------------------------------------------------------------------------


def _out(name: str) -> bytes:
    return (OUT / name).read_bytes()


def _codes(published: Published) -> Iterator[Artefact]:
    """The first summary was issued before the book was withdrawn, the second after it was given back; the card stayed good."""
    before, withdrawn, now_listed = (_out(f"{name}.json") for name in ("trang-thai-truoc", "trang-thai-tam-thu-hoi", "trang-thai"))
    since = {"after the withdrawal": withdrawn, "after the return: replaced": now_listed}
    yield code("first book summary as a QR code", _text("tom-tat-so-cu"), published, status_list=before, lists_after=since)
    for name, file in (("book summary as a QR code", "tom-tat-so"), ("health card as a QR code", "the-bhyt")):
        yield code(name, _text(file), published, status_list=now_listed, lists_after={})


def _text(name: str) -> str:
    return _out(f"{name}.txt").decode().strip()


def _log(demo: Demonstration, published: Published) -> Iterator[Artefact]:
    """The newest stamped checkpoint, and an entry proved against it."""
    newest = max(one["size"] for one in json.loads(_open(demo, "log/stamps")))
    found = json.loads(_open(demo, f"log/stamps/{newest}"))
    others = [b64decode(one) for one in found["certificates"]]
    yield sealed("log head that was stamped", canonical_bytes(found["head"]), published)
    yield stamp("time stamp of a log head", b64decode(found["token"]), canonical_bytes(found["head"]), published, others)
    keys = OUT / "keys.json"

    def by_openssl(bundle: bytes) -> Said:
        file = OUT / "log-proof-sua.json"
        file.write_bytes(bundle)
        # WHY -I -S: no package, ours or anybody's, can be imported.
        command = [
            sys.executable,
            "-I",
            "-S",
            str(ROOT / "tools" / "verify_log.py"),
            str(file),
            "--keys",
            str(keys),
            "--root",
            str(published.root),
        ]
        done = subprocess.run(command, capture_output=True, check=False)
        return Said(done.returncode == 0, in_short(done.stdout))

    yield log_proof("proof of an entry in the log", _out("log-proof.json"), published, by_openssl)


def _filed(authority: Authority, published: Published) -> Iterator[Artefact]:
    """The filed list as our signer made it, and what the authority said of the filer's certificate."""
    xml = _out("danh-sach-d02-da-ky.xml")
    spaces = {"ds": "http://www.w3.org/2000/09/xmldsig#", "xades": "http://uri.etsi.org/01903/v1.3.2#"}
    tree = etree.fromstring(xml)
    certificate = b64decode(tree.findtext(".//ds:X509Certificate", "", spaces))
    signed_at = tree.findtext(".//xades:SigningTime", "", spaces)
    yield filed_document("filed list (XAdES)", xml, published, certificate=certificate, at=datetime.fromisoformat(signed_at))
    [leaf] = [file for file in (authority.folder / "leaves").glob("employer-*.pem") if authority.leaf(file.stem).der == certificate]
    source = HttpRevocationSource()
    answer = source.fetch(certificate, authority.ca("issuing").der, 10.0)
    source.close()
    yield revocation_answer("OCSP answer about the filer's certificate", answer.content, Path(leaf), published)
