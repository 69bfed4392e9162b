"""What an owner's warehouse looks like over HTTP: papers, and what became of files sent in."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Schema
from pydantic import Field

from bhxh.kernel.errors import CATALOGUE
from bhxh.warehouse.queries import StoredItem
from bhxh.warehouse.uploads import OWN_KINDS, UploadView

Kind = Annotated[
    Literal["contract", "identity", "civil_status", "medical", "decision", "other"], Query(description="what sort of paper it is")
]
Before = Annotated[UUID | None, Query(description="id of the last one of the page before")]
assert set(OWN_KINDS) == {"contract", "identity", "civil_status", "medical", "decision", "other"}, "the room's kinds are the API's"


class ItemOut(Schema):
    """One paper of the warehouse."""

    item_id: UUID
    kind: str
    title_vi: str
    title_en: str
    media_type: str
    size_bytes: int
    sha256: str
    kept_at: datetime
    source_kind: str = Field(description="where it comes from: SUBMITTER, OFFICER, SPECIALISED_DB, ...")
    scan: str = Field(description="clean, not_scanned (nobody looked for viruses), or empty: made by this installation")
    conversion: str = Field(description="TO_ELECTRONIC, TO_PAPER, or empty")

    @classmethod
    def of(cls, item: StoredItem) -> "ItemOut":
        """From the room's view."""
        return cls(
            item_id=item.item_id,
            kind=item.kind,
            title_vi=item.title_vi,
            title_en=item.title_en,
            media_type=item.media_type,
            size_bytes=item.size_bytes,
            sha256=item.sha256,
            kept_at=item.at,
            source_kind=str(item.provenance.get("source_kind", "")),
            scan=str(item.provenance.get("scan", "")),
            conversion=item.conversion_direction or "",
        )


class UploadOut(Schema):
    """A file that was sent in, and where it stands."""

    upload_id: UUID
    kind: str
    title_vi: str
    title_en: str
    size_bytes: int
    sha256: str
    received_at: datetime
    state: str = Field(description="received (waits to be examined), usable (is a paper of the warehouse), refused")
    scan: str = Field(description="waiting, clean, found, not_scanned: nobody looked for viruses, which does not mean that there are none")
    media_type: str = Field(description="as proven by reading it; empty until then")
    item_id: UUID | None = Field(description="of the paper, once it is usable")
    code: str = Field(description="why it was refused; empty otherwise")
    vi: str
    en: str
    examined_at: datetime | None

    @classmethod
    def of(cls, upload: UploadView) -> "UploadOut":
        """From the room's view."""
        title_vi, title_en = OWN_KINDS[upload.kind]
        why = CATALOGUE.get(upload.reason)
        return cls(
            upload_id=upload.upload_id,
            kind=upload.kind,
            title_vi=title_vi,
            title_en=title_en,
            size_bytes=upload.size_bytes,
            sha256=upload.sha256,
            received_at=upload.received_at,
            state=upload.state.value,
            scan=upload.scan.value,
            media_type=upload.media_type,
            item_id=upload.item_id,
            code=upload.reason,
            vi=why.vi if why else "",
            en=why.en if why else "",
            examined_at=upload.examined_at,
        )
