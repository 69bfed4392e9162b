"""Files of a copy, and those that lie in an owner's warehouse: named, told in both languages, read piece by piece."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import orjson

from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import StoredItem, list_items, stream_item

_ENDINGS: Final = {
    "application/json": "json",
    "application/jose+json": "json",
    "application/pdf": "pdf",
    "application/xml": "xml",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


@dataclass(frozen=True, slots=True)
class CopyFile:
    """One file of a copy: what it is called, what it is, its bytes, all at once or piece by piece."""

    name: str
    vi: str
    en: str
    content: bytes | Iterator[bytes]


def list_warehouse_files(owner: Owner) -> Iterator[CopyFile]:
    """Everything in an owner's warehouse, a list of it first."""
    listed = [_told(item) for item in list_items_of(owner)]
    content = orjson.dumps(listed, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
    yield CopyFile("muc-luc.json", "Mục lục: từng giấy tờ và nguồn gốc", "A list of the papers with where each comes from", content)
    yield from list_items_as_files(owner)


def list_items_as_files(owner: Owner) -> Iterator[CopyFile]:
    """Each item as one file, newest first."""
    for item in list_items_of(owner):
        yield CopyFile(file_name(item), item.title_vi, item.title_en, stream_item(item))


def file_name(item: StoredItem) -> str:
    """By day, kind and the end of its id; never by what a sender called it."""
    return f"kho-du-lieu/{item.at:%Y-%m-%d}-{item.kind}-{item.item_id.hex[-8:]}.{_ENDINGS.get(item.media_type, 'bin')}"


def list_items_of(owner: Owner) -> Iterator[StoredItem]:
    """All of an owner's items, newest first, page by page."""
    before = None
    while items := list_items(owner, before=before):
        yield from items
        before = items[-1].item_id


def _told(item: StoredItem) -> dict[str, object]:
    return {
        "name": file_name(item),
        "item_id": item.item_id,
        "kind": item.kind,
        "vi": item.title_vi,
        "en": item.title_en,
        "sha256": item.sha256,
        "size_bytes": item.size_bytes,
        "media_type": item.media_type,
        "kept_at": item.at,
        "kept_until_on": item.keep_until_on,
        "provenance": item.provenance,
        "conversion": item.conversion_direction,
    }
