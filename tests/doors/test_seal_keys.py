"""`bhxh keys`, the published set under the root, and pages that leave sealed: book, receipt, decision, result."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bhxh.doors.api import open_data
from bhxh.doors.partners import partners
from bhxh.doors.public_verification import check_file
from bhxh.doors.seal_health import seal_health
from bhxh.kernel.errors import NotFound
from bhxh.signing.keysets import KeySet
from bhxh.signing.pdf_archiving import check_archive
from bhxh.signing.signed_keysets import verify_key_set
from sandbox.pki.authority import certify, open_authority
from tests.doors.cli_runs import Run, said
from tests.doors.world import World
from tests.page_seal_kit import certified_meanwhile, judged


@pytest.fixture
def certified(api: World) -> Iterator[World]:
    """The office has a certificate for its pages meanwhile."""
    with certified_meanwhile(partners().keys, api.settings.key_folder, api.sandbox.folder / "pki"):
        yield api


def test_every_page_that_leaves_is_sealed(certified: World) -> None:
    api, authority = certified, open_authority(certified.sandbox.folder / "pki")
    addresses = {"/me/book.pdf": "citizen", f"/dossiers/{api.code}/receipt.pdf": "clerk"}
    for address, role in addresses.items():
        reply = api.get(address, role)
        assert reply.status_code == 200, reply.content
        found = judged(reply.content, authority)
        assert found.bottom_line, address
        assert api.get(address, role).content == reply.content, "the copy that was kept"


def test_without_a_certificate_they_leave_as_before(api: World) -> None:
    content = api.get("/me/book.pdf", "citizen").content
    assert content.startswith(b"%PDF-") and b"/ByteRange" not in content


def test_the_set_under_the_root_is_published(api: World, tmp_path: Path) -> None:
    reply = api.get("/open/keys/signed")
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/jose+json")
    opened = verify_key_set(reply.content, root=partners().root.public_set())
    assert opened.keys.to_json() == api.get("/open/keys").content
    assert abs(opened.signed_at - datetime.now(UTC)) < timedelta(hours=1)


def test_a_key_is_rotated_and_the_old_one_goes_on_for_the_overlap(inside: Run, world: World) -> None:
    before = partners().keys.seal_key("confirmation").kid
    told = said(inside("keys", "rotate", "confirmation", "--overlap-days", "3", "--json"))
    listed = {one["kid"]: one for one in said(inside("keys", "list", "--json"))["keys"]}
    assert told["kid"] == partners().keys.seal_key("confirmation").kid != before
    assert listed[before]["is_in_force"] and listed[before]["not_after"] == told["old_until"]
    signed, root = inside("keys", "signed").stdout.strip(), inside("keys", "root").stdout.strip()
    opened = verify_key_set(signed.encode(), root=KeySet.from_json(root.encode()))
    assert {before, told["kid"]} <= {key.kid for key in opened.keys}


@pytest.mark.parametrize(
    "wrong",
    [("king",), ("root",), ("page", "--from", "2020-01-01T00:00+07:00"), ("page", "--overlap-days", "-1"), ("page", "--from", "today")],
)
def test_what_cannot_be_rotated_is_said(inside: Run, world: World, wrong: tuple[str, ...]) -> None:
    kids = {key.kid for key in partners().keys.key_set()}
    assert said(inside("keys", "rotate", *wrong, "--json"), 1)["error"]["code"] == "CLI-008"
    assert {key.kid for key in partners().keys.key_set()} == kids


def test_without_the_root_nothing_is_rotated(inside: Run, world: World, tmp_path: Path) -> None:
    known = partners()
    known.root.sign(known.keys, at=datetime.now(UTC))
    away = world.settings.root_key_folder.rename(tmp_path / "away")
    try:
        kids = {key.kid for key in known.keys.key_set()}
        assert said(inside("keys", "rotate", "confirmation", "--json"), 1)["error"]["code"] == "SIG-113"
        assert {key.kid for key in known.keys.key_set()} == kids
        with pytest.raises(NotFound):
            known.root.public_set()
    finally:
        away.rename(world.settings.root_key_folder)


def test_a_certificate_is_asked_for_and_installed(inside: Run, world: World, tmp_path: Path) -> None:
    asked = inside("keys", "request", "page", "--name", "Bảo hiểm xã hội thử nghiệm")
    (tmp_path / "chain.pem").write_bytes(certify(world.sandbox.folder / "pki", asked.stdout.encode()))
    told = said(inside("keys", "certify", "page", str(tmp_path / "chain.pem"), "--json"))
    try:
        listed = {one["kid"]: one for one in said(inside("keys", "list", "--json"))["keys"]}
        assert listed[told["kid"]]["certificate_until"] == told["certificate_until"]
    finally:
        (world.settings.key_folder / f"{told['kid']}.certificate.pem").unlink()
    assert said(inside("keys", "certify", "page", str(tmp_path / "nothing.pem"), "--json"), 1)["error"]["code"] == "CLI-001"
    assert said(inside("keys", "certify", "book", str(tmp_path / "chain.pem"), "--json"), 1)["error"]["code"] == "SIG-111"


def test_a_book_is_verified_with_the_set_under_the_root(inside: Run, world: World, tmp_path: Path) -> None:
    book, signed, root = (str(tmp_path / name) for name in ("book.json", "signed.json", "root.json"))
    assert inside("book", "-", "--out", book, stdin=world.people["citizen"]).returncode == 0
    Path(signed).write_text(inside("keys", "signed").stdout.strip())
    Path(root).write_text(inside("keys", "root").stdout.strip())
    assert said(inside("verify", book, "--keys", signed, "--root", root, "--json"))["holds"] is True
    assert said(inside("verify", book, "--keys", signed, "--json"), 1)["error"]["code"] == "CLI-040"
    assert said(inside("verify", book, "--keys", signed, "--root", signed, "--json"), 1)["error"]["code"] == "SIG-047"
    assert json.loads(Path(root).read_text())["keys"][0]["purpose"] == "root"


def test_an_archive_copy_is_made_checked_and_renewed(certified: World, inside: Run, tmp_path: Path) -> None:
    page, copy = tmp_path / "page.pdf", tmp_path / "archive" / "page.pdf"
    copy.parent.mkdir()
    page.write_bytes(certified.get("/me/book.pdf", "citizen").content)
    [made] = said(inside("archive", "make", str(page), "--out", str(copy), "--json"))["files"]
    assert made["holds"] and made["stamps"] == 1 and copy.read_bytes().startswith(page.read_bytes())
    [young] = said(inside("archive", "renew", str(copy.parent), "--json"))["files"]
    assert young["holds"] and not young["renewed"]
    [renewed] = said(inside("archive", "renew", str(copy.parent), "--after-days", "0", "--json"))["files"]
    assert renewed["holds"] and renewed["renewed"] and renewed["stamps"] == 2
    assert said(inside("archive", "check", str(copy), "--json"))["holds"]
    copy.write_bytes(copy.read_bytes().replace(b"/Lang", b"/Lanh", 1))
    before = copy.read_bytes()
    for act in ("check", "renew"):
        assert not said(inside("archive", act, str(copy), "--after-days", "0", "--json"), 1)["holds"]
    assert copy.read_bytes() == before, "what does not hold is left as it is"
    assert [file.name for file in copy.parent.iterdir()] == ["page.pdf"]


def test_what_is_no_sealed_page_gets_no_copy(certified: World, inside: Run, tmp_path: Path) -> None:
    (tmp_path / "text.pdf").write_bytes(b"%PDF-1.7 nothing")
    out = str(tmp_path / "out.pdf")
    for name, code in (("text.pdf", "SIG-114"), ("nothing.pdf", "CLI-001")):
        [told] = said(inside("archive", "make", str(tmp_path / name), "--out", out, "--json"), 1)["files"]
        assert told["code"] == code
    assert said(inside("archive", "make", str(tmp_path / "text.pdf"), "--json"), 1)["error"]["code"] == "CLI-008"
    assert not Path(out).exists()


def test_the_holder_asks_for_the_copy_for_decades_and_it_stays(certified: World, inside: Run, tmp_path: Path) -> None:
    api = certified
    copy = api.get("/me/book/archive.pdf", "citizen")
    assert (copy.status_code, copy["Content-Type"]) == (200, "application/pdf")
    assert check_archive(copy.content, trust=partners().trust(), at=datetime.now(UTC)).holds
    assert api.get("/me/book/archive.pdf?version=1", "citizen").content == copy.content
    out = tmp_path / "copy.pdf"
    assert inside("book", "-", "--archive", "--out", str(out), stdin=api.people["citizen"]).returncode == 0
    assert out.read_bytes() == copy.content
    assert said(inside("book", "-", "--archive", "--json", stdin=api.people["citizen"]), 1)["error"]["code"] == "CLI-008"


def test_without_a_certificate_there_is_no_new_copy_and_a_sentence(api: World) -> None:
    reply = api.get("/me/book/archive.pdf", "other citizen")
    assert (reply.status_code, reply.json()["code"]) == (409, "BOK-012")


def test_monitoring_hears_before_the_certificate_ends(certified: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = certified.get("/health/seals")
    assert (told.status_code, told.json()["holds"]) == (200, True)
    until = datetime.fromisoformat(told.json()["certificate_until"])
    keys = partners().keys
    for at, alarm in ((until - timedelta(days=59), "certificate_ending"), (until + timedelta(days=1), "certificate_ended")):
        monkeypatch.setattr(keys, "_clock", lambda at=at: at)
        found = seal_health(at)
        assert alarm in found.alarms, found
    monkeypatch.setattr(open_data, "now", lambda: until + timedelta(days=1))
    rings = certified.get("/health/seals")
    assert (rings.status_code, rings.json()["alarms"]) == (503, ["certificate_ended"])


def test_an_installation_that_never_had_a_certificate_hears_no_alarm(api: World) -> None:
    assert api.get("/health/seals").json()["certificate_until"] is None
    assert api.get("/health/seals").status_code == 200


def test_the_seal_on_a_page_is_verified_from_the_file(certified: World, inside: Run, tmp_path: Path) -> None:
    page, keys, trust = tmp_path / "page.pdf", tmp_path / "keys.json", str(certified.settings.trust_folder)
    page.write_bytes(certified.get("/me/book.pdf", "citizen").content)
    keys.write_bytes(certified.get("/open/keys").content)
    [found] = said(inside("verify", str(page), "--keys", str(keys), "--json"))["files"]
    assert found["kind"] == "book" and found["page_seal"]["stamped_at"] is None and "--trust" in found["page"]
    [found] = said(inside("verify", str(page), "--keys", str(keys), "--trust", trust, "--json"))["files"]
    assert found["page_seal"]["is_authority_checked"] and found["page_seal"]["stamped_at"]
    page.write_bytes(page.read_bytes() + b"%")
    [changed] = said(inside("verify", str(page), "--keys", str(keys), "--json"), 1)["files"]
    assert (changed["holds"], changed["code"]) == (False, "SIG-117"), "though the original inside still holds"


def test_the_root_is_replaced_and_whoever_knew_the_old_one_goes_on(inside: Run, world: World, tmp_path: Path) -> None:
    book, signed, root = (str(tmp_path / name) for name in ("book.json", "signed.json", "root.json"))
    assert inside("book", "-", "--out", book, stdin=world.people["citizen"]).returncode == 0
    Path(root).write_text(inside("keys", "root").stdout.strip())
    fresh = said(inside("keys", "new-root", "--json"))["kid"]
    assert json.loads(inside("keys", "root").stdout)["keys"][0]["kid"] == fresh
    Path(signed).write_text(inside("keys", "signed").stdout.strip())
    assert said(inside("verify", book, "--keys", signed, "--root", root, "--json"))["holds"] is True


def test_anybody_who_puts_a_page_before_us_is_told_of_its_seal(certified: World) -> None:
    page = certified.get("/me/book.pdf", "citizen").content

    def told(file: bytes) -> Any:
        return certified.call("POST", "/open/verifications/file", data=file, content_type="application/octet-stream")

    assert told(page).json()["holds"] is True
    changed = told(page.replace(b"/Lang", b"/Lanh", 1))
    assert (changed.status_code, changed.json()["code"]) == (422, "SIG-118"), "though the original inside still holds"
    rows = check_file(page, at=datetime.now(UTC), keys=partners().keys.key_set(), trust=partners().trust(), request_id="r1").rows
    assert any(label == "Pages" and "the seal holds" in value for _, label, value in rows)
    copy = certified.get("/me/book/archive.pdf", "citizen").content
    assert told(copy).json()["holds"] is True
