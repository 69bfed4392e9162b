"""Papers of the filer's own warehouse that a filing or a supplement names instead of sending them again (R-041)."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from bhxh.dossiers.errors import DOS_WRONG_FILE
from bhxh.dossiers.facts import Attachment, Supplied
from bhxh.dossiers.supplement_commands import DOCUMENT_TYPES
from bhxh.kernel.errors import Invalid
from bhxh.warehouse.errors import WAR_TOO_LARGE
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import get_item, read_item

MAXIMUM_BYTES: Final = 64 * 1024 * 1024  # LIMIT: of all papers of one request, whose signatures are looked at while somebody waits


def papers_of(owner: Owner, items: Sequence[tuple[str, UUID]]) -> tuple[Supplied, ...]:
    """Each item with the component it is for. Raises NotFound WAR-005; Invalid DOS-033 for what is no document, WAR-004."""
    papers, size = [], 0
    for code, item_id in items:
        item = get_item(item_id, owner=owner)
        if item.media_type not in DOCUMENT_TYPES:
            raise Invalid(DOS_WRONG_FILE, where=str(item_id), name=item.title_vi)
        size += item.size_bytes
        papers.append(Supplied(code, item.media_type, item.sha256, item_id))
    if size > MAXIMUM_BYTES:
        raise Invalid(WAR_TOO_LARGE, size_bytes=size, maximum_bytes=MAXIMUM_BYTES)
    return tuple(papers)


def read_papers(owner: Owner, papers: Sequence[Supplied]) -> Iterator[Attachment]:
    """Their bytes, one held at a time."""
    for paper in papers:
        if paper.item_id is not None:
            yield Attachment(code=paper.code, content=read_item(paper.item_id, owner=owner), media_type=paper.media_type)
