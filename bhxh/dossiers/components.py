"""What a dossier consists of, and what need not be supplied because a register holds it. Pure.

Law: decree-164 R-042, R-044, R-045: what is available in a source is neither asked nor demanded; when the source is
     down, the person may be asked.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from bhxh.dossiers.errors import DOS_COMPONENT_MISSING, DOS_NO_SUCH_COMPONENT
from bhxh.dossiers.facts import ComponentSource, Supplied
from bhxh.dossiers.ports import SourceKind
from bhxh.dossiers.procedure import Component, Procedure
from bhxh.kernel.errors import Invalid

FORM = "form"
"""Code of the component that the canonical document itself is."""

_KINDS = {
    "population": SourceKind.NATIONAL_DB,
    "business": SourceKind.NATIONAL_DB,
    "registry": SourceKind.SPECIALISED_DB,
    "warehouse": SourceKind.WAREHOUSE,
    "npsp": SourceKind.NPSP,
}

SOURCES: Final = {
    "submitter": ("người nộp cung cấp", "supplied by the filer"),
    "population": ("Cơ sở dữ liệu quốc gia về dân cư", "National Population Database"),
    "business": ("Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp", "national business register"),
    "registry": ("Cơ sở dữ liệu quốc gia về bảo hiểm", "National Insurance Database"),
    "warehouse": ("kho dữ liệu điện tử của người nộp", "the filer's electronic warehouse"),
    "npsp": ("Cổng Dịch vụ công quốc gia", "National Public Service Portal"),
}
"""Where a component came from, as people call it."""


def list_demanded(procedure: Procedure, sources_off: Collection[str] = ()) -> tuple[Component, ...]:
    """The components the filer must supply while these sources are off. Doors show exactly these."""
    return tuple(
        component
        for component in procedure.components
        if component.is_mandatory and _reusing(component, sources_off) is None and not _is_form(procedure, component)
    )


def resolve(
    procedure: Procedure,
    *,
    form_sha256: str,
    form_media_type: str,
    supplied: Sequence[Supplied],
    at: datetime,
    sources_off: Collection[str] = (),
) -> tuple[ComponentSource, ...]:
    """For each component: supplied, sent in now or named from the filer's warehouse, or else reused from a source.

    Raises: Invalid DOS-009 for the first demanded component that is missing.
    """
    resolved = []
    for component in procedure.components:
        papers = [paper for paper in supplied if paper.code == component.code]
        if not papers and _is_form(procedure, component):
            papers = [Supplied(component.code, form_media_type, form_sha256)]
        source = _reusing(component, sources_off)
        if papers:
            resolved += [_source_of(component, paper, at) for paper in papers]
        elif source is not None:
            resolved.append(_reused(component, _KINDS.get(source, SourceKind.SPECIALISED_DB), source))
        elif component.is_mandatory:
            raise Invalid(DOS_COMPONENT_MISSING, where=component.code, title_vi=component.title_vi, title_en=component.title_en)
    return tuple(resolved)


def check_component(procedure: Procedure, code: str) -> None:
    """That a paper may be named for it: one of the procedure's, and not the form itself. Raises Invalid DOS-060."""
    if not any(component.code == code and not _is_form(procedure, component) for component in procedure.components):
        raise Invalid(DOS_NO_SUCH_COMPONENT, where=code, code=code)


def _source_of(component: Component, paper: Supplied, at: datetime) -> ComponentSource:
    is_reused = paper.item_id is not None
    return ComponentSource(
        code=component.code,
        title_vi=component.title_vi,
        title_en=component.title_en,
        is_reused=is_reused,
        source_kind=(SourceKind.WAREHOUSE if is_reused else SourceKind.SUBMITTER).value,
        source_system="warehouse" if is_reused else "submitter",
        content_sha256=paper.sha256,
        media_type=paper.media_type,
        source_record_id=str(paper.item_id or ""),
        fetched_at=at if is_reused else None,
    )


def _reused(component: Component, kind: SourceKind, source: str) -> ComponentSource:
    return ComponentSource(
        code=component.code,
        title_vi=component.title_vi,
        title_en=component.title_en,
        is_reused=True,
        source_kind=kind.value,
        source_system=source,
    )


def _is_form(procedure: Procedure, component: Component) -> bool:
    """The form is the component called so, or else the first that no register replaces."""
    if any(other.code == FORM for other in procedure.components):
        return component.code == FORM
    return component is next((other for other in procedure.components if not other.made_unnecessary_by), None)


def _reusing(component: Component, sources_off: Collection[str]) -> str | None:
    return next((source for source in component.made_unnecessary_by if source not in sources_off), None)
