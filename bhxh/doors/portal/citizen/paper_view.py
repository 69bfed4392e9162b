"""What lies in a person's warehouse, as the page shows it, in the language that is spoken. Pure."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bhxh.doors.own_warehouse import SOURCES
from bhxh.kernel.errors import CATALOGUE
from bhxh.warehouse.queries import StoredItem
from bhxh.warehouse.uploads import OWN_KINDS, UploadState, UploadView
from bhxh.web.languages import in_words
from bhxh.web.moments import instant
from bhxh.web.sizes import size_shown

_MEDIA: Final = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "application/xml": "XML",
    "application/json": "JSON",
    "application/jose+json": "JSON",
}
_CONVERSIONS: Final[dict[str, tuple[str, str]]] = {
    "TO_ELECTRONIC": ("Chuyển từ bản giấy, có chứng thực", "Certified from paper"),
    "TO_PAPER": ("Đã in ra bản giấy có chứng thực", "Certified on paper"),
}
_SOURCES: Final = SOURCES | {"SUBMITTER": ("Bạn gửi lên", "Sent in by you")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper that is kept."""

    address: str
    title: str
    at: str
    what: str
    """Its form and size."""
    source: str
    conversion: str
    dossier: str
    """Code of the dossier that it belongs to; empty where none does."""
    is_own_dossier: bool
    uses: tuple[str, ...]
    """Codes of the dossiers that it was filed with besides."""
    kept: str
    unscanned: bool
    remove: str
    """Where its owner removes it; empty where it is kept whatever they wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that was sent in and is no paper yet, or was refused."""

    title: str
    at: str
    state: str
    state_kind: str
    why: str


def removal_of(item_id: UUID) -> str:
    """Where a paper is removed."""
    return f"/kho/{item_id}/xoa"


def paper_of(item: StoredItem, *, dossier: str, uses: tuple[str, ...] = ()) -> Paper:
    """An item with the code of its dossier, and of those that it was filed with."""
    source = _SOURCES.get(str(item.provenance.get("source_kind") or ""), SOURCES[""])
    until = item.keep_until_on
    return Paper(
        address=f"/api/v1/warehouse/items/{item.item_id}",
        title=in_words((item.title_vi, item.title_en)),
        at=instant(item.at),
        what=f"{_MEDIA.get(item.media_type, in_words(('Tệp', 'File')))}, {size_shown(item.size_bytes)}",
        source=in_words(source),
        conversion=in_words(_CONVERSIONS.get(item.conversion_direction or "", ("", ""))),
        dossier=dossier,
        uses=tuple(code for code in uses if code != dossier),
        is_own_dossier=bool(dossier) and item.kind != "book_reference",
        kept=in_words((f"Giữ đến {until:%d/%m/%Y}", f"Kept until {until:%d/%m/%Y}"))
        if until
        else in_words(("Giữ lâu dài", "Kept for good")),
        unscanned=item.provenance.get("scan") == "not_scanned",
        remove=removal_of(item.item_id) if item.is_own and not uses else "",
    )


def sent_of(upload: UploadView) -> Sent:
    """A file that waits or was refused."""
    why = CATALOGUE.get(upload.reason)
    is_refused = upload.state is UploadState.REFUSED
    return Sent(
        title=in_words(OWN_KINDS[upload.kind]),
        at=instant(upload.received_at),
        state=in_words(("Không nhận được", "Not taken")) if is_refused else in_words(("Đang kiểm tra", "Being checked")),
        state_kind="late" if is_refused else "wait",
        why=in_words((why.vi, why.en))
        if why
        else in_words(("Thường xong trong một phút. Tải lại trang để xem.", "Mostly done in a minute. Load the page again.")),
    )
