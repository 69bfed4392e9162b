"""A copy of everything held of one person: which files it has, and what stands in each.

Files are made one after another, so that the largest of them, not their sum, is what is held in memory.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import orjson

from bhxh.access.copying import copy_of as access_copy
from bhxh.audit.queries import LookSeen, list_looks
from bhxh.book.queries import get_payload_and_sealed, list_versions
from bhxh.book.rendering import render_pdf
from bhxh.conversion.copying import copy_of as conversion_copy
from bhxh.credentials.copying import copy_of as credentials_copy
from bhxh.dossiers.copying import copy_of as dossiers_copy
from bhxh.dossiers.copying import copy_of_drafts
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.queries import list_dossiers
from bhxh.kernel.data_groups import GROUP_WORDS
from bhxh.ledger.copying import copy_of as ledger_copy
from bhxh.notices.queries import MessageSeen, list_inbox, list_messages
from bhxh.own_data.files import CopyFile, list_items_as_files
from bhxh.own_data.looks import Office, in_words
from bhxh.own_data.overview import LATEST_LOOKS, CopyCounts, render_overview
from bhxh.registry.copying import copy_of as registry_copy
from bhxh.registry.queries import get_person, list_employers
from bhxh.transcripts.copying import copy_of as transcripts_copy
from bhxh.warehouse.owners import Owner

_PAGE: Final = 1000  # LIMIT: looks read at once


def list_files(person_id: int, *, at: datetime, office: Office) -> Iterator[CopyFile]:
    """Every file of the copy but its manifest, one at a time; the overview comes last, because it counts the others.

    Raises: NotFound REG-001, REG-002, before the first.
    """
    person = get_person(person_id)
    counts = CopyCounts(
        person_id=person_id,
        name=person.full_name,
        si_code=person.si_code,
        birth_on=person.birth_on,
        birth_precision=person.birth_precision,
    )
    for file in _files(person_id, person.pin, office, counts):
        counts.files.append((file.name, file.vi, file.en))
        yield file
    yield CopyFile("tong-quan.pdf", "Tổng quan để đọc", "An overview to read", render_overview(counts, at=at, office=office))


def _files(person_id: int, pin: str, office: Office, counts: CopyCounts) -> Iterator[CopyFile]:
    for group, tables in registry_copy(person_id).items():
        vi, en = GROUP_WORDS[group]
        counts.groups[group] = sum(len(rows) for rows in tables.values())
        yield _as_json(f"du-lieu/{group.value}.json", vi, en, tables)
    lines = ledger_copy(person_id)
    counts.contribution_lines = len(lines)
    yield _as_json("du-lieu/ledger.json", "Từng dòng đóng bảo hiểm, với căn cứ", "Every contribution line, with its ground", lines)
    yield from _books(person_id)
    if issued := credentials_copy(person_id):
        yield _as_json("so-bhxh/ma-qr.json", "Thẻ và bản tóm tắt sổ dạng mã QR đã cấp", "Cards and summaries issued as QR codes", issued)
    looks = _all_looks(person_id)
    counts.looks, named = len(looks), {look.dossier_id for look in looks if look.dossier_id is not None}
    dossiers = dossiers_copy(person_id, pin=pin, named_in=named)
    counts.dossiers = len(dossiers)
    yield _as_json(
        "du-lieu/dossiers.json", "Hồ sơ, và dòng về bạn trong hồ sơ của đơn vị", "Dossiers, and lines about you in others'", dossiers
    )
    if drafts := copy_of_drafts(person_id):
        yield _as_json("du-lieu/drafts.json", "Bản nháp hồ sơ của bạn", "Your drafts", drafts)
    yield _as_json("du-lieu/letters.json", "Thư gửi bạn", "Letters to you", _letters(person_id))
    access = access_copy(person_id)
    _name_employers(access)
    for name, (vi, en) in _OF_ACCESS.items():
        if name in access:
            yield _as_json(f"du-lieu/{name}.json", vi, en, access[name])
    if converted := conversion_copy(person_id):
        yield _as_json(
            "du-lieu/conversions.json", "Giấy tờ đã chuyển đổi giữa giấy và điện tử", "Papers converted to or from paper", converted
        )
    if typed := transcripts_copy(person_id):
        yield _as_json(
            "du-lieu/transcripts.json", "Những gì cán bộ đã nhập từ sổ giấy của bạn", "What officers typed from your old books", typed
        )
    told = [look for start in range(0, len(looks), _PAGE) for look in in_words(person_id, looks[start : start + _PAGE], office=office)]
    counts.latest_looks = told[:LATEST_LOOKS]
    yield _as_json("du-lieu/looks.json", "Ai đã xem dữ liệu của bạn", "Who looked at your data", [asdict(look) for look in told])
    yield from list_items_as_files(Owner("person", person_id))


_OF_ACCESS: Final = {
    "accounts": ("Tài khoản định danh điện tử đã liên kết", "Linked e-ID accounts"),
    "sessions": ("Các trình duyệt đang đăng nhập", "Browsers that are signed in"),
    "consents": ("Sự đồng ý của bạn, kèm biên nhận đã ký số", "Your consents, with their sealed receipts"),
    "consent_requests": ("Ai đã xin xem dữ liệu của bạn", "Who asked for your data"),
    "data_requests": ("Yêu cầu của bạn về dữ liệu của mình", "Your requests about your own data"),
    "mandates": ("Ủy quyền đứng tên bạn", "Mandates in your name"),
}


def _books(person_id: int) -> Iterator[CopyFile]:
    versions = list_versions(person_id)
    for version in reversed(versions):
        payload, sealed = get_payload_and_sealed(person_id, version.version)
        yield CopyFile(
            f"so-bhxh/so-bhxh-{version.version}.json",
            f"Sổ bảo hiểm xã hội, phiên bản {version.version}, đã ký số",
            f"The insurance book, version {version.version}, sealed",
            sealed,
        )
    if versions:
        yield CopyFile("so-bhxh/so-bhxh.pdf", "Sổ bảo hiểm xã hội để đọc", "The insurance book to read", render_pdf(payload, sealed))


def _all_looks(person_id: int) -> list[LookSeen]:
    looks: list[LookSeen] = []
    while page := list_looks(person_id, before=looks[-1].look_id if looks else None, limit=_PAGE):
        looks += page
    return looks


def _letters(person_id: int) -> list[dict[str, Any]]:
    of_dossiers = [(dossier.code, letter) for dossier in _own_dossiers(person_id) for letter in list_messages(dossier.dossier_id)]
    told = {letter.message_id for _, letter in of_dossiers}
    others = [("", letter) for letter in _inbox(person_id) if letter.message_id not in told]
    return [
        {
            "dossier": code,
            "kind": letter.kind,
            "at": letter.created_at,
            "to": letter.recipient,
            "subject": letter.subject,
            "text": letter.text,
            "read_at": letter.read_at,
        }
        for code, letter in sorted((*of_dossiers, *others), key=lambda one: one[1].message_id)
    ]


def _inbox(person_id: int) -> Iterator[MessageSeen]:
    page = list_inbox(person_id, limit=_PAGE)
    while page:
        yield from page
        page = list_inbox(person_id, before=page[-1].message_id, limit=_PAGE)


def _own_dossiers(person_id: int) -> Iterator[DossierView]:
    page = list_dossiers(person_id=person_id)
    while page:
        yield from page
        page = list_dossiers(person_id=person_id, before=page[-1].dossier_id)


def _name_employers(access: dict[str, list[dict[str, Any]]]) -> None:
    """Mandates name an employer by its unit code, not by our inner id."""
    mandates = access.get("mandates", [])
    employers = list_employers({row["employer_id"] for row in mandates if row["employer_id"] is not None})
    for row in mandates:
        employer = employers.get(row.pop("employer_id"))
        row["unit_code"], row["unit_name"] = (employer.unit_code, employer.name) if employer else ("", "")


def _as_json(name: str, vi: str, en: str, content: Any) -> CopyFile:
    return CopyFile(name, vi, en, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS))
