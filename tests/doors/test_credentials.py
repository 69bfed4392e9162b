"""QR codes, withdrawn books and their verification over the API and the command line."""

from html import unescape
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.doors.test_filing import check_problem
from tests.doors.world import World

WHY = "Chữ ký trong hồ sơ hưởng không phải của người này."


def issued(api: World, role: str = "citizen", kind: str = "BOOK_SUMMARY") -> Any:
    reply = api.post("/me/credentials", {"kind": kind}, role)
    assert reply.status_code == 201, reply.content
    return reply.json()


def suspend(api: World, pin: str, *, act: str = "SUSPEND", reason: str = "SUSPECTED_FRAUD") -> None:
    """As two officers."""
    body = {"number": pin, "act": act, "reason": reason, "words": WHY}
    made = api.post("/office/book-states", body, "officer")
    assert made.status_code == 201, made.content
    reply = api.post(f"/office/book-states/{made.json()['proposal_id']}/approval", {}, "other officer")
    assert reply.status_code == 200, reply.content


def published(api: World) -> Any:
    from bhxh.signing.keysets import KeySet

    return KeySet.from_json(api.get("/open/keys").content)


def test_the_published_list_says_that_a_book_is_withdrawn(api: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from bhxh.doors.cli import main

    shown = issued(api)
    path = "/tt/" + shown["status_address"].rpartition("/")[2]
    files = {"qr.txt": shown["text"].encode(), "keys.json": api.get("/open/keys").content, "before.json": api.get(path, root="").content}
    suspend(api, api.people["citizen"])
    files["after.json"] = api.get(path, root="").content
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    for name, expected in (("before.json", 0), ("after.json", 1)):
        arguments = ["--json", "verify", "--keys", "keys.json", "--status-list", name, "qr.txt"]
        typed = [str(tmp_path / word) if (tmp_path / word).exists() else word for word in arguments]
        assert main.run(typed, prepare=lambda _: None, migrate=lambda: None, work=lambda _: None) == expected
        [found] = orjson.loads(capsys.readouterr().out)["files"]
        assert found.get("code", "") == ("" if expected == 0 else "CRD-023")
    assert api.get("/tt/999", root="").status_code == 404


def test_a_citizen_gets_a_code_that_the_published_keys_verify(api: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from bhxh.doors.cli import main

    shown = issued(api)
    assert shown["svg"].startswith("<svg") and shown["status_address"].endswith("/tt/0")
    (tmp_path / "qr.txt").write_text(shown["text"] + "\n")
    (tmp_path / "keys.json").write_bytes(api.get("/open/keys").content)
    arguments = ["--json", "verify", "--keys", str(tmp_path / "keys.json"), str(tmp_path / "qr.txt")]
    assert main.run(arguments, prepare=lambda _: None, migrate=lambda: None, work=lambda _: None) == 0
    [found] = orjson.loads(capsys.readouterr().out)["files"]
    assert found["kind"] == "QR code" and found["content"]["si"] >= 1
    (tmp_path / "qr.txt").write_text(shown["text"][:-1] + ("0" if shown["text"][-1] != "0" else "1"))
    assert main.run(arguments, prepare=lambda _: None, migrate=lambda: None, work=lambda _: None) == 1


def test_anybody_verifies_a_code_and_its_holder_sees_it(api: World) -> None:
    text = issued(api)["text"]
    said = api.post("/open/verifications", {"text": text + "\n"}).json()
    assert (said["holds"], said["status"], said["kind"]) == (True, "valid", "BOOK_SUMMARY")
    assert said["content"]["name"] and "k" not in said["content"]
    latest = next(look for look in api.get("/me/looks", "citizen").json() if look["what"] == "credential")
    assert "mã QR mà bạn đưa ra" in str(latest)
    suspend(api, api.people["citizen"])
    said = api.post("/open/verifications", {"text": text}).json()
    assert (said["holds"], said["status"], said["reason"]) == (False, "suspended", "SUSPICION")
    spoiled = text[:-1] + ("0" if text[-1] != "0" else "1")
    reply = api.post("/open/verifications", {"text": spoiled})
    assert reply.status_code == 422 and "name" not in reply.json()


def asked(api: World, content: bytes) -> Any:
    return api.call("POST", "/open/verifications/file", data=content, content_type="application/octet-stream")


@pytest.mark.parametrize("form", ["/me/book", "/me/book.pdf"])
def test_anybody_verifies_a_book_as_a_file(api: World, form: str) -> None:
    book = api.get(form, "citizen").content
    said = asked(api, book).json()
    assert (said["holds"], said["kind"], said["is_known"], said["status"], said["version"]) == (True, "book", True, "valid", 1)
    assert said["sentence_vi"] == "Sổ thật, còn giá trị và là bản mới nhất"
    assert not {"full_name", "si_code", "pin"} & said.keys()
    suspend(api, api.people["citizen"])
    said = asked(api, book).json()
    assert (said["holds"], said["status"], said["version"]) == (False, "suspended", 1)
    suspend(api, api.people["citizen"], act="RESUME", reason="CLEARED")
    said = asked(api, book).json()
    assert (said["holds"], said["status"], said["sentence_en"]) == (False, "replaced", "A genuine book, but a newer one exists")
    assert asked(api, api.get(form, "citizen").content).json()["status"] == "valid"


def test_anybody_verifies_letters_and_codes_as_files(api: World) -> None:
    receipt = api.get(f"/dossiers/{api.code}/receipt", "clerk").content
    pdf = api.get(f"/dossiers/{api.code}/receipt.pdf", "clerk").content
    for content in (receipt, pdf):
        said = asked(api, content).json()
        assert (said["holds"], said["kind"], said["status"]) == (True, "receipt", "")
        assert "chưa bị sửa" in said["sentence_vi"] and api.code not in str(said)
    said = asked(api, issued(api)["text"].encode() + b"\n").json()
    assert (said["holds"], said["kind"], said["status"]) == (True, "QR code", "valid")


def test_files_that_are_not_ours_or_not_as_they_were(api: World) -> None:
    from bhxh.doors.public_verification import MOST_BYTES

    book = api.get("/me/book", "citizen").content
    changed = book.replace(b'"payload":"ey', b'"payload":"eY', 1)
    assert changed != book
    pdf = b"%%PDF-1.7\n1 0 obj\n<</Type/EmbeddedFile>>\nstream\n%b\nendstream\nendobj\n"
    assert asked(api, pdf % book).json()["status"] == "valid"
    wrong = (changed, pdf % changed, b"x", b"", b"{}", b"%PDF-1.7", b"PK\x03\x04", b"VNB1:")
    for content in wrong:
        assert asked(api, content).status_code == 422
    check_problem(asked(api, b"x"), 422, "API-040")
    check_problem(asked(api, b"%PDF-1.7 nothing in it"), 422, "API-041")
    check_problem(asked(api, b"x" * (MOST_BYTES + 1)), 422, "API-042")


def test_a_book_of_ours_that_is_not_here(api: World) -> None:
    """Sealed by our key, known to no database: a restore lost it, or it is another installation's."""
    from base64 import urlsafe_b64decode

    from bhxh.book.verification import TYPE_NAME
    from bhxh.doors.partners import partners
    from bhxh.kernel.canonical import canonical_bytes
    from bhxh.signing.seals import as_flattened, seal

    payload = orjson.loads(api.get("/me/book", "citizen").content)["payload"]
    said = orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    said["person"]["full_name"] = "Người Khác"
    content = canonical_bytes(said)
    book = as_flattened(content, seal(content, key=partners().keys.seal_key("book"), type_name=TYPE_NAME))
    said = asked(api, book).json()
    assert (said["holds"], said["is_known"], said["status"]) == (False, False, "")


def test_a_holder_takes_a_code_back(api: World) -> None:
    text = issued(api)["text"]
    assert api.post("/me/credentials/withdrawal", {"kind": "BOOK_SUMMARY"}, "citizen").json() == {"withdrawn": 1}
    said = api.post("/open/verifications", {"text": text}).json()
    assert (said["holds"], said["status"], said["reason"]) == (False, "withdrawn", "BY_HOLDER")
    assert issued(api)["text"] != text
    assert api.get("/me/book.pdf", "citizen").content.startswith(b"%PDF-")


def test_a_holder_shares_chosen_parts_for_some_minutes(api: World) -> None:
    made = api.post("/me/credentials/shares", {"kind": "BOOK_SUMMARY", "parts": ["MONTHS"], "minutes": 5}, "citizen")
    assert made.status_code == 201, made.content
    path = "/chia-se/" + made.json()["address"].rpartition("/")[2]
    page = api.get(path, root="")
    text = page.content.decode()
    summary = issued(api)
    assert page.status_code == 200 and "Số tháng đóng BHXH" in text and "Họ và tên" not in text
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    name = api.post("/open/verifications", {"text": summary["text"]}).json()["content"]["name"]
    assert name not in text, "only what was chosen"
    assert any(look["what"] == "shared" for look in api.get("/me/looks", "citizen").json())
    assert api.post("/me/credentials/shares/ending", {}, "citizen").json() == {"ended": 1}
    over = api.get(path, root="")
    assert over.status_code == 404 and "CRD-032" in over.content.decode()
    never = api.get("/chia-se/never", root="")
    gone = over.content.replace(path.encode(), b"/chia-se/never")
    assert (never.status_code, never.content) == (404, gone), "what is over and what never was look alike"


def test_anybody_verifies_on_the_page(api: World) -> None:
    from urllib.parse import urlencode

    def sent(**fields: str) -> Any:
        form = "application/x-www-form-urlencoded"
        return api.call("POST", "/xac-minh", data=urlencode(fields), content_type=form, root="")

    page = api.get("/xac-minh", root="").content.decode()
    assert 'name="ma"' in page and 'name="tep"' in page and 'enctype="multipart/form-data"' in page
    text = issued(api)["text"]
    good = sent(ma=text).content.decode()
    assert 'result--yes"' in good and "Họ và tên" in good and "Còn giá trị" in good
    book = api.get("/me/book", "citizen").content
    for name, content in (("so-bhxh.json", book), ("so.pdf", api.get("/me/book.pdf", "citizen").content)):
        whole = api.upload("/xac-minh", {"tep": (name, content)}, "stranger", root="").content.decode()
        assert 'result--yes"' in whole and "Họ và tên" not in whole
    too_large = api.upload("/xac-minh", {"tep": ("so.pdf", b"%PDF-" + b"x" * (9 << 20))}, "stranger", root="")
    assert too_large.status_code == 422 and "API-042" in too_large.content.decode()
    suspend(api, api.people["citizen"])
    bad = sent(ma=text).content.decode()
    assert 'result--wait"' in bad and "Tạm thu hồi" in bad and text in unescape(bad), "what was typed comes back"
    old = api.upload("/xac-minh", {"tep": ("so-bhxh.json", book)}, "stranger", root="").content.decode()
    assert 'result--wait"' in old and "đang tạm thu hồi" in old
    for reply in (sent(ma="<script>"), sent(), api.upload("/xac-minh", {"tep": ("x", b"x")}, "stranger", root="")):
        assert reply.status_code == 422 and "<script>" not in reply.content.decode()


def test_parts_of_the_other_kind_are_not_shared(api: World) -> None:
    body = {"kind": "BOOK_SUMMARY", "parts": ["VALIDITY"], "minutes": 5}
    check_problem(api.post("/me/credentials/shares", body, "citizen"), 422, "CRD-030")


def test_who_verifies_too_often_waits(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from bhxh.access.limits import Allowance
    from bhxh.doors.partners import partners

    clock, limits = [0.0], partners().signing_in.limits
    monkeypatch.setattr(limits, "_verifications", Allowance(3, monotonic=lambda: clock[0]))
    text = issued(api)["text"]
    assert [api.post("/open/verifications", {"text": text}).status_code for _ in range(4)] == [200, 200, 200, 429]
    clock[0] = 20.5
    assert api.post("/open/verifications", {"text": text}).status_code == 200


def test_the_command_line_draws_one(api: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from bhxh.doors.cli import main

    for name, start in (("qr.svg", b"<svg"), ("qr.png", b"\x89PNG"), ("qr.txt", b"VNB1:")):
        arguments = ["credential", api.people["citizen"], "--kind", "summary", "--out", str(tmp_path / name)]
        assert main.run(arguments, prepare=lambda _: None, migrate=lambda: None, work=lambda _: None) == 0
        assert (tmp_path / name).read_bytes().startswith(start)
    assert "VNB1:" in capsys.readouterr().out


def test_a_book_is_withdrawn_by_two_officers_and_its_holder_is_told(api: World) -> None:
    from bhxh.credentials.verification import verify
    from bhxh.kernel.clock import now

    before = issued(api)
    suspend(api, api.people["citizen"])
    standing = api.get("/me/book/standing", "citizen").json()
    assert (standing["state"], standing["reason"], standing["words"]) == ("SUSPENDED", "SUSPECTED_FRAUD", WHY)
    check_problem(api.post("/me/credentials", {"kind": "BOOK_SUMMARY"}, "citizen"), 409, "CRD-002")
    sha256 = verify(before["text"], published(api), at=now()).content["sha256"]
    assert isinstance(sha256, bytes)
    page = api.get(f"/xac-minh/{sha256.hex()}", root="")
    assert "Tạm thu hồi" in page.content.decode() and 'result--wait"' in page.content.decode()
    suspend(api, api.people["citizen"], act="RESUME", reason="CLEARED")
    assert api.get("/me/book/standing", "citizen").json()["state"] == "ACTIVE"
    issued(api)


def test_one_officer_alone_withdraws_nothing(api: World) -> None:
    body = {"number": api.people["citizen"], "act": "SUSPEND", "reason": "SUSPECTED_FRAUD", "words": WHY}
    made = api.post("/office/book-states", body, "officer").json()["proposal_id"]
    [waiting] = api.get("/office/book-states", "other officer").json()
    assert (waiting["proposal_id"], waiting["words"]) == (made, WHY)
    check_problem(api.post(f"/office/book-states/{made}/approval", {}, "officer"), 403, "ACC-020")
    assert api.post(f"/office/book-states/{made}/refusal", {}, "other officer").status_code == 200
    assert api.get("/me/book/standing", "citizen").json()["state"] == "ACTIVE"
    assert api.get("/office/book-states", "other officer").json() == []


def test_the_command_line_does_the_same_as_two_officers(api: World, capsys: pytest.CaptureFixture[str]) -> None:
    from bhxh.doors.cli import main

    def typed(*arguments: str) -> Any:
        code = main.run(["--json", "book-state", *arguments], prepare=lambda _: None, migrate=lambda: None, work=lambda _: None)
        return code, orjson.loads(capsys.readouterr().out)

    pin = api.people["citizen"]
    code, made = typed("suspend", pin, "--as", "lan", "--reason", "SUSPECTED_FORGERY", "--words", WHY)
    assert code == 0
    assert typed("list")[1]["waiting"][0]["proposal_id"] == made["proposal_id"]
    assert typed("approve", made["proposal_id"], "--as", "lan")[0] == 1
    assert typed("approve", made["proposal_id"], "--as", "minh")[0] == 0
    assert api.get("/me/book/standing", "citizen").json()["state"] == "SUSPENDED"
    for wrong in (("suspend", pin, "--as", "lan", "--reason", "x", "--words", WHY), ("approve", "x", "--as", "minh")):
        assert typed(*wrong) == (1, {"error": {**typed(*wrong)[1]["error"], "code": "CLI-008"}})
    code, again = typed("resume", pin, "--as", "lan", "--reason", "cleared", "--words", WHY)
    assert code == 0 and typed("refuse", again["proposal_id"], "--as", "minh")[0] == 0
    assert typed("list")[1]["waiting"] == []
