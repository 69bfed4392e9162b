"""Decision and receipt as PDF: same input, same bytes; the original inside; nobody's number on the page; both languages."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from bhxh.dossiers.presenting import present_decision, present_receipt
from bhxh.dossiers.rendering import payload_of, render_decision_pdf, render_receipt_pdf
from bhxh.kernel.custodian import Custodian
from tests.other_programs import INSTALLED_BY
from tests.unit.dossiers.letters import CODE, SEAL, decision, payload, pin, receipt, request

ROOT = Path(__file__).parents[3]
URL = "https://bhxh.example"
SEEN = {"kid": "k", "sha256": "0" * 64, "shown": "0"}
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason=f"NOT READ as others read it: the program pdftotext is not installed. {INSTALLED_BY}"
)


def _decision_pdf(size: int, *, refused: frozenset[int] = frozenset(), kind: str = "automatic") -> bytes:
    return render_decision_pdf(payload(decision(size, refused=refused, kind=kind)), SEAL, number=2, public_url=URL)


def _receipt_pdf(*, is_pending: bool = False) -> bytes:
    return render_receipt_pdf(payload(receipt(is_pending=is_pending)), SEAL, custodian=Custodian.MOF)


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match.group(1)))
        except zlib.error:
            found.append(match.group(1))
    return found


def _text(pdf: bytes, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def _flat(pdf: bytes) -> str:
    return " ".join(_text(pdf).split())


@pytest.mark.parametrize("name", ["decision", "receipt"])
def test_the_same_document_gives_the_same_bytes_in_another_process(name: str) -> None:
    document = payload(decision(40, refused=frozenset({3, 4})) if name == "decision" else receipt())
    program = (
        "import sys, hashlib; sys.path.insert(0, '.')\n"
        "from bhxh.dossiers.rendering import render_decision_pdf, render_receipt_pdf\n"
        "from bhxh.kernel.custodian import Custodian\n"
        f"seal, document = {SEAL!r}, sys.stdin.buffer.read()\n"
        f"pdf = render_decision_pdf(document, seal, number=2, public_url={URL!r}) if {name == 'decision'}"
        " else render_receipt_pdf(document, seal, custodian=Custodian.MOF)\n"
        "print(hashlib.sha256(pdf).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", program], cwd=ROOT, input=document, capture_output=True, check=True)
    here = _decision_pdf(40, refused=frozenset({3, 4})) if name == "decision" else _receipt_pdf()
    assert other.stdout.decode().strip() == hashlib.sha256(here).hexdigest()


@pytest.mark.parametrize("pdf", [_decision_pdf(3, refused=frozenset({2})), _receipt_pdf()], ids=["decision", "receipt"])
def test_it_claims_archive_and_accessibility_and_carries_the_original(pdf: bytes) -> None:
    """typst refuses what breaks PDF/A-3a or PDF/UA-1."""
    streams = _streams(pdf)
    metadata = b"".join(stream for stream in streams if b"pdfaid" in stream)
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert b"/Lang(vi)" in pdf
    assert SEAL in streams
    assert b"/AFRelationship/Source" in pdf


@pytest.mark.parametrize("kind", ["automatic", "officers"])
@pytest.mark.parametrize("refused", [frozenset[int](), frozenset({1}), frozenset({1, 2, 3})], ids=["all granted", "some", "all refused"])
def test_every_kind_of_decision_compiles(kind: str, refused: frozenset[int]) -> None:
    assert _decision_pdf(3, refused=refused, kind=kind).startswith(b"%PDF")


@needs_poppler
def test_a_decision_says_in_both_languages_what_was_decided() -> None:
    text = _flat(_decision_pdf(32, refused=frozenset({3, 7}), kind="officers"))
    for wanted in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"{CODE}/2",
        "Ngày 22 tháng 11 năm 2026",
        "Căn cứ Luật số 41/2024/QH15, Điều 28 và 31",
        "Chấp nhận 30 trên 32 dòng",
        "Không chấp nhận 2 trên 32 dòng",
        "2 of the 32 lines",
        "Phạm Ngọc Duyên",
        "TM – Tăng mới, từ 11/2026",
        "New worker, from 11/2026",
        "Tiền lương 1.500.000 đồng thấp hơn mức đóng thấp nhất",
        "is below the lowest contribution base",
        "[D02-141] Căn cứ: Luật số 41/2024/QH15, Điều 31",
        "officer-17",
        "officer-42",
        "quyền khiếu nại",
        "complaint under the law on complaints",
        "mof-decision-1234",
        f"{URL}/api/v1/open/keys",
    ):
        assert wanted in text, wanted
    assert hashlib.sha256(SEAL).hexdigest() in text.replace(" ", "")


@pytest.mark.skipif(
    shutil.which("pdfdetach") is None, reason=f"NOT READ as others read it: the program pdfdetach is not installed. {INSTALLED_BY}"
)
@pytest.mark.parametrize("name", ["quyet-dinh.json", "giay-tiep-nhan.json"])
def test_other_peoples_tools_take_the_original_out(name: str, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(_decision_pdf(2) if name == "quyet-dinh.json" else _receipt_pdf())
    subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(tmp_path / "letter.pdf")], capture_output=True, check=True)
    assert (tmp_path / name).read_bytes() == SEAL


@needs_poppler
def test_nobodys_personal_number_stands_on_a_page() -> None:
    everybody = frozenset(range(1, 61))
    text = _text(_decision_pdf(60, refused=everybody))
    assert not [number for number in everybody if pin(number) in re.sub(r"\s", "", text)]
    assert "079*****0003" in text


def test_the_pages_data_hold_no_personal_number_either() -> None:
    """What the template is given, the attached original aside."""
    seen = json.dumps(present_decision(decision(60, refused=frozenset(range(1, 61))), number=1, seal=SEEN, public_url=URL))
    assert not [number for number in range(1, 61) if pin(number) in seen]


def test_a_citizen_who_files_is_masked_and_an_employer_is_not() -> None:
    own = decision(1) | {"filer": pin(5)}
    grounds = present_decision(own, number=1, seal=SEEN, public_url=URL)["grounds"][-1]
    assert "079*****0005" in grounds["vi"]
    assert pin(5) not in str(grounds)
    grounds = present_decision(decision(1), number=1, seal=SEEN, public_url=URL)["grounds"][-1]
    assert "mã số thuế 0101234565" in grounds["vi"]
    assert "tax code 0101234565" in grounds["en"]


def test_the_example_number_of_a_sentence_stays_unless_it_is_the_lines_own() -> None:
    made = decision(3, refused=frozenset({3}))
    assert "ví dụ 079188000123" in str(present_decision(made, number=1, seal=SEEN, public_url=URL))
    made["lines"][2]["pin"] = "079188000123"
    assert "079188000123" not in str(present_decision(made, number=1, seal=SEEN, public_url=URL))


@needs_poppler
def test_a_long_list_repeats_its_head_and_loses_nobody() -> None:
    refused = frozenset(range(5, 700, 11))
    pages = _text(_decision_pdf(700, refused=refused), "-layout").split("\f")[:-1]
    assert len(pages) > 20
    assert all(f"Trang / Page {number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert all("Người được khai" in page for page in pages[2:])
    numbers = re.findall(r"^\s{0,6}(\d{1,3})\s+\S", "\n".join(pages[1:]), re.MULTILINE)
    assert {int(number) for number in numbers} >= set(range(1, 701))


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_request_that_is_no_list_is_not_spoken_of_as_lines(is_refused: bool) -> None:
    view = present_decision(request(is_refused=is_refused), number=1, seal=SEEN, public_url=URL)
    assert [article["vi"].startswith("Không chấp nhận đề nghị") for article in view["articles"]] == [is_refused]
    assert view["annexes"][0]["en"] == ("Annex I. Request not granted" if is_refused else "Annex I. Request granted")
    assert view["annexes"][0]["rows"][0][2][0] == ["plain", "Xác nhận quá trình đóng, từ\u00a001/2024, đến\u00a012/2025"]
    assert "dòng" not in view["complaint"]["vi"] and "dòng" not in str(view["articles"])
    assert render_decision_pdf(payload(request(is_refused=is_refused)), SEAL, public_url=URL).startswith(b"%PDF")


@needs_poppler
def test_a_receipt_holds_what_the_law_asks_on_one_page() -> None:
    """Law: decree-164 R-062."""
    text = _flat(_receipt_pdf(is_pending=True))
    for wanted in (
        CODE,
        "SI-02",
        "Báo tăng, báo giảm, điều chỉnh lao động tham gia bảo hiểm",
        "Register, release and adjust insured workers",
        "Công ty Cổ phần May mặc và Thương mại Phương Nam",
        "******4565",
        "Danh sách lao động tham gia bảo hiểm",
        "Người nộp cung cấp",
        "Cơ sở dữ liệu quốc gia về dân cư",
        "01:30:05 ngày 22/11/2026",
        "Bảo hiểm xã hội Việt Nam",
        "27/11/2026",
        "Kho dữ liệu điện tử của người nộp",
        f"{URL}/ho-so/{CODE}",
        "đang được kiểm tra thêm",
        "mof-decision-1234",
        "Trang / Page 1 / 1",
    ):
        assert wanted in text, wanted


def test_an_older_receipt_without_english_component_titles_still_prints() -> None:
    old = receipt()
    for component in old["components"]:  # type: ignore[union-attr]
        del component["title_en"]  # type: ignore[union-attr]
    assert present_receipt(old, seal=SEEN, custodian=Custodian.MPS)["agency"]["parent"] == "Bộ Công an"
    assert render_receipt_pdf(payload(old), SEAL, custodian=Custodian.MPS).startswith(b"%PDF")


def test_what_people_wrote_is_never_typst_source() -> None:
    made = decision(1, refused=frozenset({1}), full_name='#panic("x") $ * _ \\ ` ] }')
    made["lines"][0]["findings"].append({**made["lines"][0]["findings"][0], "vi": "#include $x$ [", "en": "*_`"})
    assert render_decision_pdf(payload(made), SEAL, public_url=URL).startswith(b"%PDF")


def test_an_officers_very_long_reason_still_fits() -> None:
    made = decision(1, refused=frozenset({1}))
    made["lines"][0]["findings"][0]["vi"] = "Lý do rất dài. " * 1_000
    pdf = render_decision_pdf(payload(made), SEAL, public_url=URL)
    if shutil.which("pdftotext"):
        assert _flat(pdf).split().count("dài.") == 1_000


def test_a_line_without_name_number_or_change_still_prints() -> None:
    made = decision(2, refused=frozenset({1, 2}))
    made["lines"][0] |= {"pin": "", "content": {}, "findings": []}
    made["lines"][1] |= {"content": {"from_month": "2024-01", "to_month": "2024-12"}}
    del made["lines"][0]["about"], made["lines"][1]["about"]
    rows = present_decision(made, number=1, seal=SEEN, public_url=URL)["annexes"][0]["rows"]
    assert rows[0][1:] == [[["plain", "chưa đọc được số · number not read"]], [["plain", "–"]], [["plain", "–"]]]
    assert rows[1][2] == [["plain", "01/2024 – 12/2024"]]
    assert render_decision_pdf(payload(made), SEAL, public_url=URL).startswith(b"%PDF")


def test_the_payload_is_found_in_the_sealed_document() -> None:
    assert payload_of(SEAL) == b"{}"
