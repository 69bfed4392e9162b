"""What a dossier consists of, and what need not be supplied because a register holds it. Pure.

Law: decree-164 R-042, R-044, R-045: what is available in a source is neither asked nor demanded; when the source is
     down, the person may be asked.
"""

from collections.abc import Collection, Mapping
from typing import Final

from bhxh.dossiers.errors import DOS_COMPONENT_MISSING
from bhxh.dossiers.facts import ComponentSource
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
    attached: Mapping[str, tuple[str, str]],
    sources_off: Collection[str] = (),
) -> tuple[ComponentSource, ...]:
    """For each component: supplied (attached: code -> digest, media type), or reused from a source.

    Raises: Invalid DOS-009 for the first demanded component that is missing.
    """
    resolved = []
    for component in procedure.components:
        supplied = attached.get(component.code)
        if supplied is None and _is_form(procedure, component):
            supplied = (form_sha256, form_media_type)
        source = _reusing(component, sources_off)
        if supplied is not None:
            kind, system = SourceKind.SUBMITTER, "submitter"
        elif source is not None:
            kind, system = _KINDS.get(source, SourceKind.SPECIALISED_DB), source
        elif component.is_mandatory:
            raise Invalid(DOS_COMPONENT_MISSING, where=component.code, title_vi=component.title_vi, title_en=component.title_en)
        else:
            continue
        resolved.append(
            ComponentSource(
                code=component.code,
                title_vi=component.title_vi,
                title_en=component.title_en,
                is_reused=supplied is None,
                source_kind=kind.value,
                source_system=system,
                content_sha256=supplied[0] if supplied else "",
                media_type=supplied[1] if supplied else "",
            )
        )
    return tuple(resolved)


def _is_form(procedure: Procedure, component: Component) -> bool:
    """The form is the component called so, or else the first that no register replaces."""
    if any(other.code == FORM for other in procedure.components):
        return component.code == FORM
    return component is next((other for other in procedure.components if not other.made_unnecessary_by), None)


def _reusing(component: Component, sources_off: Collection[str]) -> str | None:
    return next((source for source in component.made_unnecessary_by if source not in sources_off), None)
