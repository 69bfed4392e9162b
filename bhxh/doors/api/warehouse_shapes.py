"""What an owner's warehouse looks like over HTTP: papers, and what became of files sent in."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Schema
from pydantic import Field

from bhxh.doors.own_warehouse import SOURCES
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import CATALOGUE
from bhxh.law.retention import retention_of
from bhxh.warehouse.queries import StoredItem
from bhxh.warehouse.uploads import OWN_KINDS, UploadView

Kind = Annotated[
    Literal["contract", "identity", "civil_status", "medical", "decision", "other"], Query(description="what sort of paper it is")
]
Before = Annotated[UUID | None, Query(description="id of the last one of the page before")]
assert set(OWN_KINDS) == {"contract", "identity", "civil_status", "medical", "decision", "other"}, "the room's kinds are the API's"


ComponentCode = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")]


class PaperIn(Schema):
    """A paper of the filer's own warehouse, and what it is for. It is not sent again."""

    item_id: UUID
    component: ComponentCode = Field("", description="code of the component it is for; empty in a supplement: the supplement as a whole")


Papers = Annotated[
    list[PaperIn], Field(default_factory=list, max_length=20, description="papers of one's own warehouse for components of the dossier")
]


def named_papers(papers: list[PaperIn], *, otherwise: str = "") -> list[tuple[str, UUID]]:
    """As the engine takes them; `otherwise` stands where no component was named."""
    return [(paper.component or otherwise, paper.item_id) for paper in papers]


class ProvenanceOut(Schema):
    """Where a paper comes from."""

    source_kind: str = Field(description="SUBMITTER, SPECIALISED_DB, OFFICER, ...")
    vi: str
    en: str
    source_system: str = Field(description="upload: sent in by the owner; dossiers: a dossier brought it")
    source_record_id: str = Field(description="of the upload, or in the source system")
    received_at: datetime = Field(description="when it reached this installation")
    dossier: str = Field(description="code of the dossier that brought it; empty: none did")

    @classmethod
    def of(cls, item: StoredItem, *, dossier: str) -> "ProvenanceOut":
        """As it was written down when the paper was kept."""
        told = {name: str(item.provenance.get(name) or "") for name in ("source_kind", "source_system", "source_record_id", "received_at")}
        vi, en = SOURCES.get(told["source_kind"], SOURCES[""])
        return cls(
            source_kind=told["source_kind"],
            vi=vi,
            en=en,
            source_system=told["source_system"],
            source_record_id=told["source_record_id"],
            received_at=datetime.fromisoformat(told["received_at"]) if told["received_at"] else item.at,
            dossier=dossier,
        )


class RetentionOut(Schema):
    """How long a paper is kept."""

    until_on: date | None = Field(description="the first day on which it goes by itself; null: never. What a dossier rests on stays longer")
    ground: str = Field(description="the rule's source of law")
    is_assumed: bool = Field(description="no article with a number was found: the years are this installation's assumption")

    @classmethod
    def of(cls, item: StoredItem) -> "RetentionOut":
        """By the rule of the day it was kept."""
        ground = retention_of(item.kind, kept_on=day_in_vietnam(item.at)).ground
        return cls(until_on=item.keep_until_on, ground=ground.source, is_assumed=ground.is_assumed)


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
    provenance: ProvenanceOut
    retention: RetentionOut
    scan: str = Field(description="clean, not_scanned (nobody looked for viruses), or empty: made by this installation")
    conversion: str = Field(description="TO_ELECTRONIC, TO_PAPER, or empty")

    @classmethod
    def of(cls, item: StoredItem, *, dossier: str = "") -> "ItemOut":
        """From the room's view, with the code of its dossier."""
        return cls(
            item_id=item.item_id,
            kind=item.kind,
            title_vi=item.title_vi,
            title_en=item.title_en,
            media_type=item.media_type,
            size_bytes=item.size_bytes,
            sha256=item.sha256,
            kept_at=item.at,
            provenance=ProvenanceOut.of(item, dossier=dossier),
            retention=RetentionOut.of(item),
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
