"""Everything the product makes, made by it in one run: what lies in `out/` after the demonstration, and what it has no step for, asked for here.

Whatever is sealed in `out/` is judged, by its kind: who adds a step to the demonstration adds an artefact.
"""

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from lxml import etree

from bhxh.connectors.revocation.client import HttpRevocationSource
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.signing.confirmations import TYPE_NAME as CONFIRMATION
from bhxh.signing.jws import complete_json, prepare_json
from bhxh.signing.profiles import JSON_FILER
from bhxh.signing.signed_keysets import TYPE_NAME as KEY_SET
from bhxh.signing.trust_file import FILE_NAME as TRUST_LIST
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.token import sign_with
from tools.demo.demonstration import OUT, Demonstration
from tools.foreign import openssl, page_readers
from tools.foreign.other_years import copies_in_other_years
from tools.foreign.programs import Said, in_short
from tools.foreign.questions import (
    Artefact,
    Published,
    code,
    consent,
    filed_document,
    filed_json,
    key_set,
    log_proof,
    owner_archive,
    page,
    revocation_answer,
    sealed,
    stamp,
    type_of,
)
from tools.people import Client, wait_for
from tools.stack import OFFICE, ROOT

_SPOILED = "-sua"
"""In the name of files that the demonstration spoils on purpose."""
_CONFIRMED = "noi-dung-xac-nhan.json"
_ARCHIVED = "so-1-luu-tru.pdf"
_FILED = "jose+json"
"""Of a request that its filer signed: no type of ours."""


def collect(demo: Demonstration) -> list[Artefact]:
    """All of them, while the installation runs."""
    return list(_collected(demo))


def _collected(demo: Demonstration) -> Iterator[Artefact]:
    _ask_as_a_person(demo)
    _ask_as_an_employer(demo)
    _ask_as_the_operator(demo)
    authority = Authority(demo.stack.sandbox.folder / "pki")
    trust = authority.trust_folder
    # WHY only now: what was just made may have been the first under its key.
    published = Published(_open(demo, "keys"), trust / "sandbox-root.pem", trust / "sandbox-issuing.pem", OFFICE)
    yield from _sealed_in_out(published)
    yield from _pages_in_out(published)
    for file in sorted(OUT.glob("*.zip")):
        yield owner_archive(file.name, file.read_bytes(), published)
    yield consent(_out("phieu-dong-y.json"), _out("du-lieu-cung-cap.json"), _out("trang-thai-dong-y.json"), published)
    yield from _codes(published)
    yield from _log(demo, published)
    yield from _filed(authority, published)
    yield from copies_in_other_years(_ARCHIVED, _out(_ARCHIVED), authority, published)


# -- asked of the running installation --------------------------------------------------------------------------------


def _ask_as_a_person(demo: Demonstration) -> None:
    """An extract, asked for by confirming with the e-ID; one that is refused; everything that is held."""
    person = Client.sign_in(demo.stack, demo.population.demo_workers[0].pin)
    granted = _confirmed(person, {"from_month": "01/2020", "purpose": "Vay mua nhà"})
    _keep("xac-nhan-e-id.json", person.download(f"/dossiers/{granted}/confirmation"))
    _keep(_CONFIRMED, person.download(f"/dossiers/{granted}/document"))
    [result] = [one for one in person.get(f"/dossiers/{granted}/results") if one["kind"] == "extract"]
    for ending, path in ((".json", result["sha256"]), (".pdf", f"{result['sha256']}.pdf")):
        _keep(f"ban-trich{ending}", person.download(f"/dossiers/{granted}/results/{path}"))
    refused = _confirmed(person, {"from_month": f"01/{now().year + 2}"})
    for name, path in (("phieu-tiep-nhan-yeu-cau", "receipt"), ("quyet-dinh-tu-choi", "decisions/1")):
        for ending in ("", ".pdf"):
            _keep(f"{name}{ending or '.json'}", person.download(f"/dossiers/{refused}/{path}{ending}"))
    _keep("ban-sao-du-lieu.zip", person.download("/me/copy"))
    _keep("kho-du-lieu.zip", person.download("/warehouse/archive"))
    _file_signed(demo, person, document=person.download(f"/dossiers/{granted}/document"))


def _file_signed(demo: Demonstration, person: Client, *, document: bytes) -> None:
    """The like of that request, signed by the person's own certificate instead of confirmed."""
    wanted = canonical_bytes({**json.loads(document), "purpose": "Ký số"})
    signer = open_authority(demo.stack.sandbox.folder / "pki").issue_leaf(
        "person", name="NGƯỜI DÂN", uids=(f"CCCD:{json.loads(document)['pin']}",)
    )
    prepared = prepare_json(wanted, certificate=signer.der, at=now())
    signed = complete_json(prepared, sign_with(signer.key, prepared.to_sign), profile=JSON_FILER)
    sent = person.request("POST", "/confirmation-extract/filings", content=signed, headers={"Content-Type": "application/jose+json"})
    filed = sent.raise_for_status().json()["code"]
    _keep("yeu-cau-ky-so.json", person.download(f"/dossiers/{filed}/document"))


def _confirmed(person: Client, wish: dict[str, str]) -> str:
    """The code of a dossier that was confirmed and is decided."""
    shown = person.post("/confirmation-extract/preparations", wish)
    filed = str(person.post(f"/confirmations/{shown['draft_id']}", {"content_sha256": shown["content_sha256"]})["code"])
    wait_for("the answer", lambda: person.get(f"/dossiers/{filed}")["state"] in {"RETURNED", "REFUSED"})
    return filed


def _ask_as_an_employer(demo: Demonstration) -> None:
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
    for number, name in ((1, "uy-quyen"), (2, "thu-hoi-uy-quyen")):
        _keep(f"{name}.json", representative.download(f"/mandates/{mandate_id}/documents/{number}"))


def _ask_as_the_operator(demo: Demonstration) -> None:
    """A copy for archives, the key set under the root, and the list of licensed authorities, sealed in a copy of its folder."""
    demo.stack.run("archive", "make", str(OUT / "so-1.pdf"), "--out", str(OUT / _ARCHIVED))
    with TemporaryDirectory() as made:
        folder = shutil.copytree(demo.stack.sandbox.folder / "pki" / "trust", Path(made) / "trust")
        demo.stack.run("trust", "seal", str(folder))
        _keep("danh-sach-tin-cay.json", (folder / TRUST_LIST).read_bytes())
    _keep("khoa-da-ky.json", _open(demo, "keys/signed"))
    _keep("khoa-goc.json", json.loads(demo.stack.run("keys", "root", "--json").stdout)["keys"].encode())


def _open(demo: Demonstration, path: str) -> bytes:
    return httpx.get(f"{demo.stack.address}/api/v1/open/{path}", timeout=30, trust_env=False).raise_for_status().content


def _keep(name: str, content: bytes) -> None:
    (OUT / name).write_bytes(content)


# -- what lies in out/ ------------------------------------------------------------------------------------------------


def _out(name: str) -> bytes:
    return (OUT / name).read_bytes()


def _sealed_in_out(published: Published) -> Iterator[Artefact]:
    for file in sorted(OUT.glob("*.json")):
        content = file.read_bytes()
        if _SPOILED in file.name or not content.startswith(b'{"payload":"'):
            continue
        match type_of(content):
            case type_name if type_name == KEY_SET:
                yield key_set(file.name, content, _out("khoa-goc.json"))
            case type_name if type_name == _FILED:
                yield filed_json(file.name, content, published)
            case type_name if type_name == CONFIRMATION:
                yield sealed(file.name, content, published, about=_out(_CONFIRMED))
            case _:
                yield sealed(file.name, content, published)


def _pages_in_out(published: Published) -> Iterator[Artefact]:
    """Each page, the time stamp in its seal, and where no file beside it is its original, the one it carries."""
    files = [file for file in sorted(OUT.glob("*.pdf")) if file.name != _ARCHIVED]
    for file, other in pairwise([*files, files[0]]):
        pdf, twin = file.read_bytes(), file.with_suffix(".json")
        original = twin.read_bytes() if twin.exists() else page_readers.attachment(pdf)
        if not twin.exists():
            yield sealed(f"original in {file.name}", original, published)
        yield page(file.name, pdf, published, original=original, another=other.read_bytes(), codes=_codes_of(file))
        token, stamped = openssl.stamp_on_page(pdf)
        yield stamp(f"time stamp in the seal of {file.name}", token, stamped, published)


def _codes_of(file: Path) -> list[str]:
    """The book that was given back carries its holder's card and summary as they were issued."""
    return [_text("tom-tat-so"), _text("the-bhyt")] if file.stem == "so-co-ma-qr" else []


def _text(name: str) -> str:
    return _out(f"{name}.txt").decode().strip()


def _codes(published: Published) -> Iterator[Artefact]:
    """The first summary was issued before the book was withdrawn, the second after it was given back; the card stayed good."""
    before, withdrawn, now_listed = (_out(f"{name}.json") for name in ("trang-thai-truoc", "trang-thai-tam-thu-hoi", "trang-thai"))
    since = {"after the withdrawal": withdrawn, "after the return: replaced": now_listed}
    yield code("tom-tat-so-cu (QR)", _text("tom-tat-so-cu"), published, status_list=before, lists_after=since)
    for name in ("tom-tat-so", "the-bhyt"):
        yield code(f"{name} (QR)", _text(name), published, status_list=now_listed, lists_after={})


def _log(demo: Demonstration, published: Published) -> Iterator[Artefact]:
    """The newest stamped checkpoint, and an entry proved against it."""
    newest = max(one["size"] for one in json.loads(_open(demo, "log/stamps")))
    found: dict[str, Any] = json.loads(_open(demo, f"log/stamps/{newest}"))
    others = [b64decode(one) for one in found["certificates"]]
    yield sealed("log head that was stamped", canonical_bytes(found["head"]), published)
    yield stamp("time stamp of that log head", b64decode(found["token"]), canonical_bytes(found["head"]), published, others)
    keys = OUT / "keys.json"

    def by_openssl(bundle: bytes) -> Said:
        file = OUT / f"log-proof{_SPOILED}.json"
        file.write_bytes(bundle)
        # WHY -I -S: no package, ours or anybody's, can be imported.
        script = ("-I", "-S", str(ROOT / "tools" / "verify_log.py"))
        done = subprocess.run(
            [sys.executable, *script, str(file), "--keys", str(keys), "--root", str(published.root)], capture_output=True, check=False
        )
        return Said(done.returncode == 0, in_short(done.stdout))

    yield log_proof("log-proof.json", _out("log-proof.json"), published, by_openssl)


def _filed(authority: Authority, published: Published) -> Iterator[Artefact]:
    """The filed list as our signer made it, and what the authority said of the filer's certificate."""
    file = "danh-sach-d02-da-ky.xml"
    spaces = {"ds": "http://www.w3.org/2000/09/xmldsig#", "xades": "http://uri.etsi.org/01903/v1.3.2#"}
    tree = etree.fromstring(_out(file))
    certificate = b64decode(tree.findtext(".//ds:X509Certificate", "", spaces))
    signed_at = datetime.fromisoformat(tree.findtext(".//xades:SigningTime", "", spaces))
    yield filed_document(file, _out(file), published, certificate=certificate, at=signed_at)
    [leaf] = [file for file in (authority.folder / "leaves").glob("employer-*.pem") if authority.leaf(file.stem).der == certificate]
    source = HttpRevocationSource()
    answer = source.fetch(certificate, authority.ca("issuing").der, 10.0)
    source.close()
    yield revocation_answer("OCSP answer about the filer's certificate", answer.content, leaf, published)
