import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from bhxh.notices.letters import LetterComponent, LetterContext, LetterKind, LetterReason, render

PIN = "079188000123"


def context(**changes: object) -> LetterContext:
    values: dict[str, object] = {
        "agency_name": "Bảo hiểm xã hội Việt Nam",
        "dossier_code": "G12.99.01-261121-0007",
        "procedure_code": "1.001",
        "procedure_title_vi": "Báo tăng, giảm lao động",
        "procedure_title_en": "Register employees",
        "filer_name": "Công ty <Mẫu> & Bạn",
        "filer_identifier": "0100233488",
        "filer_is_employer": True,
        "tracking_url": "https://bhxh.example/ho-so/G12.99.01-261121-0007?a=1&b=2",
        "received_at": datetime(2026, 11, 21, 14, 5, tzinfo=UTC),
        "appointment_on": date(2026, 11, 26),
        "components": (LetterComponent("Mẫu D02-LT", "Form D02-LT", "đơn vị gửi", "sent by the employer"),),
        "seal_reference": "mof-receipt-abc / 9f2c",
        "lines_total": 32,
        "lines_granted": 28,
        "lines_with_officer": 1,
        "lines_refused": 3,
        "answer_by_on": date(2026, 12, 21),
        "decision_number": "12/QĐ",
        "decided_at": datetime(2026, 11, 21, 14, 6, tzinfo=UTC),
        "result_title_vi": "Quyết định",
        "result_title_en": "Decision",
        "reasons": (LetterReason(code="D02-007", vi=f"Số {PIN} không khớp", en=f"Number {PIN} differs", where="C7", citation="Law 1"),),
    }
    return LetterContext(**{**values, **changes})  # type: ignore[arg-type]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def parsed(html: str) -> _Tags:
    tags = _Tags()
    tags.feed(html)
    return tags


@pytest.mark.parametrize(
    "expected",
    [
        "G12.99.01-261121-0007",
        "1.001",
        "Báo tăng, giảm lao động",
        "Register employees",
        "Công ty <Mẫu> & Bạn",
        "******3488",
        "Mẫu D02-LT – nguồn: đơn vị gửi",
        "Form D02-LT – source: sent by the employer",
        "21:05 ngày 21/11/2026",
        "Bảo hiểm xã hội Việt Nam",
        "26/11/2026",
        "26 November 2026",
        "Kho dữ liệu điện tử",
        "https://bhxh.example/ho-so/",
        "mof-receipt-abc / 9f2c",
    ],
)
def test_the_receipt_says_what_r062_asks_in_both_forms(expected: str) -> None:
    _, text, html = render(LetterKind.RECEIPT, context())
    flat = " ".join(text.split())
    assert expected in flat
    assert expected in " ".join(parsed(html).text.split())


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_letter_is_whole_in_both_languages_and_safe(kind: LetterKind) -> None:
    subject, text, html = render(kind, context())
    tags = parsed(html)
    assert "G12.99.01-261121-0007" in subject and "\n" not in subject
    assert "{" not in text and "{you}" not in html
    assert PIN not in text + html and "0100233488" not in text + html
    assert "<Mẫu>" not in html, "values are escaped"
    assert [attrs["lang"] for tag, attrs in tags.seen if tag == "div" and "lang" in attrs] == ["vi", "en"]
    assert not {tag for tag, _ in tags.seen} & {"img", "script", "link", "iframe", "style"}, "nothing is loaded, nothing tracks"
    assert not re.search(r"url\(|src=", html)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_text_and_html_say_the_same(kind: LetterKind) -> None:
    _, text, html = render(kind, context())

    def words(of: str) -> set[str]:
        return set(re.findall(r"\w+", of.casefold()))

    body = html.partition("</head>")[2]
    assert words(parsed(body).text) == words(text)


def test_a_citizen_is_addressed_as_a_person_and_an_employer_as_a_unit() -> None:
    assert "hồ sơ của đơn vị" in render(LetterKind.RECEIPT, context())[1]
    assert "hồ sơ của bạn" in render(LetterKind.RECEIPT, context(filer_is_employer=False))[1]


def test_a_supplement_lists_each_reason_once_with_its_clause() -> None:
    _, text, _ = render(LetterKind.SUPPLEMENT, context())
    flat = " ".join(text.split())
    assert "C7: Số ********0123 không khớp Căn cứ: Law 1. [D02-007]" in flat
    assert "chậm nhất ngày 21/12/2026" in flat
