"""What a reader sees of a decision or a receipt: names for codes, personal numbers masked, Vietnamese first. Pure.

The result is plain JSON for the page templates; nothing here changes or checks the sealed document.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from bhxh.book.issuing import AUTHORITY
from bhxh.dossiers.components import SOURCES
from bhxh.dossiers.errors import DOS_OFFICER_REASON
from bhxh.kernel.citing import cited_en, cited_vi, is_legal
from bhxh.kernel.clock import VIETNAM
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.decisions import Outcome
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.money import format_vnd

View = dict[str, Any]

_LONG_NUMBER: Final = re.compile(r"(?<!\d)\d{9,15}(?!\d)")
"""Personal, book and card numbers. Amounts carry dots and are shorter."""
_EXAMPLES: Final = frozenset(re.findall(r"\d{12}", Pin.rule[0]))
_BEFORE_MONTH: Final = re.compile(r"(?<=\w) (?=\d\d/\d{4}\b)")
_WAYS: Final = {
    "warehouse_and_email": (
        "Kho dữ liệu điện tử của người nộp và thư điện tử",
        "The filer's electronic data warehouse, and e-mail",
    ),
}


def present_decision(decision: Mapping[str, Any], *, number: int, seal: Mapping[str, str], public_url: str) -> View:
    """The view of one decision. `number` counts the decisions of its dossier from 1."""
    refused, granted = (
        [line for line in decision["lines"] if (line["outcome"] == "granted") is is_granted] for is_granted in (False, True)
    )
    procedure, code = decision["procedure"], decision["dossier_code"]
    decided_at = datetime.fromisoformat(decision["decided_at"])
    authority = AUTHORITY[Custodian(decision["custodian"])]
    shown_number = f"{code}/{number}"
    is_automatic = decision["kind"] != "officers"
    return {
        "title": f"Quyết định số {shown_number}",
        "agency": {"parent": authority[1], "name": decision["agency"]["name"], "code": decision["agency"]["code"]},
        "number": shown_number,
        "date": _date(decided_at),
        "subject": _both(
            "Về kết quả giải quyết hồ sơ " + code,
            "On the result of dossier " + code,
        ),
        "authority": _both(decision["agency"]["name"].upper(), authority[2]),
        "grounds": [
            *(_both(f"Căn cứ {cited_vi(law)};", f"{cited_en(law)};") for law in decision["law"] if is_legal(law)),
            _both(
                f"Căn cứ hồ sơ {code} về “{_lower_first(procedure['title_vi'])}” của người nộp {_filer_shown(decision['filer'], 'mã số thuế')}"
                f"{_period(decision['period'], ', kỳ kê khai ')}; xét theo pháp luật có hiệu lực ngày {_day(decision['law_on'])},",
                f"Dossier {code}, “{procedure.get('title_en', procedure['code'])}”, filed by {_filer_shown(decision['filer'], 'tax code')}"
                f"{_period(decision['period'], ', period ')}; under the law in force on {_day(decision['law_on'])},",
            ),
        ],
        "has_assumed": any(law.endswith("(assumed)") for law in _all_citations(decision)),
        "articles": _articles(decision, len(granted), len(refused)),
        "annexes": [
            *([_refused_annex(refused, is_list=_is_list(decision))] if refused else []),
            *([_granted_annex(granted, number="II" if refused else "I", is_list=_is_list(decision))] if granted else []),
        ],
        "people": _people(decision, is_automatic=is_automatic),
        "complaint": _both(
            "Nếu không đồng ý với quyết định này, người nộp và người có tên trong quyết định có quyền khiếu nại theo pháp luật về khiếu nại. "
            f"Gửi khiếu nại đến {decision['agency']['name']}, ghi số quyết định {shown_number}"
            f"{' và số thứ tự dòng' if _is_list(decision) else ''}.",
            "Who disagrees, the filer or a person named here, may lodge a complaint under the law on complaints with the agency above, "
            f"quoting the number of this decision{' and of the line' if _is_list(decision) else ''}.",
        ),
        "again": _both(
            "Nội dung chưa được chấp nhận vì dữ liệu sai hoặc thiếu có thể sửa và nộp lại ngay, không cần khiếu nại.",
            "What was refused because data were wrong or missing can be corrected and filed again at once; no complaint is needed.",
        )
        if refused
        else None,
        "seal": dict(seal),
        "address": f"{public_url}/ho-so/{code}",
        "keys": f"{public_url}/api/v1/open/keys",
        "code": code,
    }


def present_receipt(receipt: Mapping[str, Any], *, seal: Mapping[str, str], custodian: Custodian) -> View:
    """The view of one receipt and appointment. Law: decree-164 R-062."""
    procedure, received_at = receipt["procedure"], datetime.fromisoformat(receipt["received_at"])
    way = _WAYS.get(receipt["way_of_result"], (receipt["way_of_result"], receipt["way_of_result"]))
    return {
        "title": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả " + receipt["dossier_code"],
        "agency": {"parent": AUTHORITY[custodian][1], "name": receipt["office"]["name"], "code": receipt["office"]["code"]},
        "date": _date(received_at),
        "code": receipt["dossier_code"],
        "appointment": _day(receipt["appointment_on"]),
        "facts": [
            _fact("Thủ tục", "Procedure", f"{procedure['code']} – {procedure['title_vi']}", procedure["title_en"]),
            _fact("Người nộp", "Filed by", f"{receipt['filer']['name']}", _masked(receipt["filer"]["masked_id"])),
            _fact("Nhận lúc", "Received", _instant(received_at), "giờ Việt Nam · Viet Nam time (UTC+7)"),
            _fact("Cơ quan giải quyết", "Competent office", receipt["office"]["name"], "mã · code " + receipt["office"]["code"]),
            _fact("Cách nhận kết quả", "How the result comes", way[0], way[1]),
        ],
        "components": [
            {
                "vi": component["title_vi"],
                "en": component.get("title_en", ""),
                "source_vi": _upper_first(_source(component["source"])[0]),
                "source_en": _upper_first(_source(component["source"])[1]),
            }
            for component in receipt["components"]
        ],
        "pending": _both(
            "Chữ ký số đang được kiểm tra thêm với nơi cấp. Giờ nhận ghi ở trên vẫn được tính; người nộp không phải làm gì.",
            "The digital signature is still being checked with its issuer. The time of receipt stands; nothing need be done.",
        )
        if receipt["signature_pending"]
        else None,
        "seal": dict(seal),
        "address": receipt["tracking_url"],
    }


# -- below: the parts of a decision ---------------------------------------------------------------------------------


def _articles(decision: Mapping[str, Any], granted: int, refused: int) -> list[dict[str, str]]:
    if not _is_list(decision):
        return [
            _both("Chấp nhận đề nghị của người nộp, có hiệu lực từ thời điểm quyết định.", "The request is granted, from this decision on.")
            if granted
            else _both(
                "Không chấp nhận đề nghị của người nộp, vì lý do và căn cứ ghi trong Phụ lục I.",
                "The request is not granted, for the reasons and on the grounds given in annex I.",
            )
        ]
    total, told = granted + refused, []
    if granted:
        vi, en = _share(granted, total)
        told.append(
            _both(
                f"Chấp nhận {vi} được quyết định trong văn bản này (Phụ lục {'II' if refused else 'I'}), có hiệu lực từ thời điểm quyết định.",
                f"Granted, with effect from this decision on: {en} decided here (annex {'II' if refused else 'I'}).",
            )
        )
    if refused:
        vi, en = _share(refused, total)
        told.append(
            _both(
                f"Không chấp nhận {vi} được quyết định trong văn bản này, vì lý do và căn cứ ghi ở từng dòng (Phụ lục I).",
                f"Not granted, for the reasons and on the grounds given there: {en} decided here (annex I).",
            )
        )
    told.append(
        _both(
            "Dòng của hồ sơ không có trong văn bản này được quyết định riêng; trang hồ sơ cho biết từng dòng đang ở đâu.",
            "Lines of the dossier not listed here are decided separately; the dossier's page shows where each stands.",
        )
    )
    return told


def _is_list(decision: Mapping[str, Any]) -> bool:
    """Decisions sealed before the payload said so are of lists."""
    return bool(decision["procedure"].get("is_list", True))


def _annex_title(number: str, count: int, *, is_list: bool, is_granted: bool) -> dict[str, str]:
    vi, en = ("được chấp nhận", "granted") if is_granted else ("không được chấp nhận", "not granted")
    shown = format_vnd(count)
    what_vi, what_en = (f"{shown} dòng", "1 line" if count == 1 else f"{shown.in_english} lines") if is_list else ("Đề nghị", "Request")
    return _both(f"Phụ lục {number}. {what_vi} {vi}", f"Annex {number}. {what_en} {en}")


def _share(part: int, total: int) -> tuple[str, str]:
    if total == 1:
        return "dòng duy nhất", "the one line"
    some, of = format_vnd(part), format_vnd(total)
    if part == total:
        return f"toàn bộ {of} dòng", f"all {of.in_english} lines"
    return f"{some} trên {of} dòng", f"{some.in_english} of the {of.in_english} lines"


def _refused_annex(lines: Sequence[Mapping[str, Any]], *, is_list: bool) -> View:
    return {
        **_annex_title("I", len(lines), is_list=is_list, is_granted=False),
        "is_refused": True,
        "columns": [
            _column("Dòng", "Line", 11),
            _column("Người được khai", "Person", 36),
            _column("Nội dung", "Change", 36),
            _column("Kết quả: không chấp nhận – lý do, căn cứ", "Outcome: not granted – reason, ground", 93),
        ],
        "rows": [[str(line["number"]), _person(line), _about(line), _reasons(line)] for line in lines],
    }


def _granted_annex(lines: Sequence[Mapping[str, Any]], *, number: str, is_list: bool) -> View:
    return {
        **_annex_title(number, len(lines), is_list=is_list, is_granted=True),
        "is_refused": False,
        "columns": [
            _column("Dòng", "Line", 11),
            _column("Người được khai", "Person", 48),
            _column("Nội dung", "Change", 70),
            _column("Kết quả", "Outcome", 47),
        ],
        "rows": [[str(line["number"]), _person(line), _about(line), _remarks(line)] for line in lines],
    }


def _person(line: Mapping[str, Any]) -> list[list[str]]:
    """Cells are lists of (style, text): the template knows `strong`, `plain` and `small`."""
    name = str(line["content"].get("full_name", ""))
    pin = _masked(line["pin"]) if line["pin"] else "chưa đọc được số · number not read"
    return [["strong", _without_numbers(name)], ["small", pin]] if name else [["plain", pin]]


def _about(line: Mapping[str, Any]) -> list[list[str]]:
    about = line.get("about")
    if about:
        return [["plain", _kept_together(_without_numbers(about["vi"]))], ["small", _kept_together(_without_numbers(about["en"]))]]
    months = [_month(str(line["content"][name])) for name in ("from_month", "to_month") if line["content"].get(name)]
    shown = ", ".join(part for part in (str(line["content"].get("change_code", "")), " – ".join(months)) if part)
    return [["plain", _without_numbers(shown) or "–"]]


def _reasons(line: Mapping[str, Any]) -> list[list[str]]:
    told: list[list[str]] = []
    for finding in _spoken(line, {Outcome.NOT_MET.value}):
        told += [
            ["plain", _sentence(finding["vi"], line)],
            ["small", _in_english(finding, line)],
            ["ground", f"[{finding['code']}] Căn cứ: {cited_vi(finding['citation'])} · {cited_en(finding['citation'])}"],
        ]
    return told or [["plain", "–"]]


def _remarks(line: Mapping[str, Any]) -> list[list[str]]:
    told = [["granted", "Chấp nhận · Granted"]]
    for finding in _spoken(line, {Outcome.WARNING.value}):
        told += [["small", f"{_sentence(finding['vi'], line)} {_in_english(finding, line)} [{finding['code']}]"]]
    return told


def _in_english(finding: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    """What officers wrote stands in the Vietnamese sentence and is not repeated as if it were English."""
    if finding["code"] == DOS_OFFICER_REASON.code:
        return "Decided by officers, for the reason given in Vietnamese."
    return _sentence(finding["en"], line)


def _spoken(line: Mapping[str, Any], outcomes: set[str]) -> list[Mapping[str, Any]]:
    """The findings a reader must see, each sentence once; what officers wrote is always among them."""
    shown: dict[tuple[str, str], Mapping[str, Any]] = {}
    for finding in line["findings"]:
        if finding["outcome"] in outcomes or finding["code"] == DOS_OFFICER_REASON.code:
            shown.setdefault((finding["code"], finding["vi"]), finding)
    return list(shown.values())


def _people(decision: Mapping[str, Any], *, is_automatic: bool) -> list[View]:
    appraiser, approver, version = decision["appraiser"], decision["approver"], decision["procedure"]["version"]
    decided_at = _instant(datetime.fromisoformat(decision["decided_at"]))
    common = [
        _fact("Quyết định lúc", "Decided at", decided_at, "giờ Việt Nam · Viet Nam time (UTC+7)"),
        _fact("Nơi nhận", "To", "Người nộp hồ sơ", "Kho dữ liệu điện tử, thư điện tử · warehouse, mail"),
    ]
    if is_automatic:
        return [
            _fact("Thẩm định", "Appraised", f"Quy tắc tự động của thủ tục, phiên bản {version}", appraiser.removeprefix("rule:")),
            _fact("Phê duyệt", "Approved", "Khóa ký quyết định của cơ quan", approver.removeprefix("key:")),
            *common,
        ]
    return [
        _fact("Thẩm định", "Appraised", "Cán bộ thẩm định", "tài khoản · account " + _without_numbers(appraiser)),
        _fact("Phê duyệt", "Approved", "Cán bộ phê duyệt", "tài khoản · account " + _without_numbers(approver)),
        *common,
    ]


def _all_citations(decision: Mapping[str, Any]) -> list[str]:
    return [
        *(law for law in decision["law"] if is_legal(law)),
        *(
            finding["citation"]
            for line in decision["lines"]
            if line["outcome"] != "granted"
            for finding in _spoken(line, {Outcome.NOT_MET.value})
        ),
    ]


# -- below: words and numbers ---------------------------------------------------------------------------------------


def _masked(identifier: str) -> str:
    return Pin(identifier).masked if identifier.isdigit() and len(identifier) >= Pin.shown_ends[0] + Pin.shown_ends[1] else identifier


def _without_numbers(text: str) -> str:
    return _LONG_NUMBER.sub(lambda found: Pin(found[0]).masked, text)


def _sentence(text: str, line: Mapping[str, Any]) -> str:
    """A finding's words. The number every form gives as its example stays readable, unless the line is about that very number."""
    return _LONG_NUMBER.sub(lambda found: found[0] if found[0] in _EXAMPLES - {line["pin"]} else Pin(found[0]).masked, text)


def _kept_together(text: str) -> str:
    return _BEFORE_MONTH.sub("\u00a0", text)


def _filer_shown(identifier: str, label: str) -> str:
    """A tax code stands in full, a personal number masked."""
    return Pin(identifier).masked if Pin.pattern.fullmatch(identifier) else f"{label} {identifier}"


def _source(system: str) -> tuple[str, str]:
    return SOURCES.get(system, (system, system))


def _period(period: str, label: str) -> str:
    return label + _month(period) if period else ""


def _month(value: str) -> str:
    return f"{value[5:7]}/{value[:4]}"


def _day(value: str) -> str:
    return date.fromisoformat(value).strftime("%d/%m/%Y")


def _instant(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M:%S ngày %d/%m/%Y")


def _date(at: datetime) -> dict[str, int]:
    on = at.astimezone(VIETNAM)
    return {"year": on.year, "month": on.month, "day": on.day}


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _both(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def _fact(vi: str, en: str, value: str, note: str) -> dict[str, str]:
    return {"vi": vi, "en": en, "value": value, "note": note}


def _column(vi: str, en: str, width: int) -> dict[str, Any]:
    return {"vi": vi, "en": en, "width": width}
