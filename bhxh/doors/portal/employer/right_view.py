"""Who may act for an organisation, and which programs: as its representative sees them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from bhxh.access.authority import MandateAct, MandateSummary
from bhxh.access.machine_queries import ProgramSummary
from bhxh.access.roles import Grant, MandateRole
from bhxh.doors.portal.employer.filing_view import day
from bhxh.dossiers import catalogue
from bhxh.web.languages import in_words
from bhxh.web.moments import instant

ACTS: Final = {
    MandateAct.FILE: ("Kiểm tra, ký và nộp hồ sơ", "Check, sign and file"),
    MandateAct.FOLLOW: ("Xem hồ sơ, dữ liệu lao động và kết quả", "See dossiers, workers' data and results"),
    MandateAct.WITHDRAW: ("Rút hồ sơ", "Take dossiers back"),
}
ROLES: Final = {
    MandateRole.AUTHORISED: ("Nhân viên được ủy quyền", "A clerk with a mandate"),
    MandateRole.AGENT: ("Đại lý: tổ chức khác hoặc phần mềm", "An agent: another organisation or a program"),
    MandateRole.LEGAL_REPRESENTATIVE: ("Người đại diện theo pháp luật", "Legal representative"),
}
GRANTS: Final = {
    Grant.FILE_FOR_EMPLOYERS: ("Nộp hồ sơ cho các đơn vị đã ủy quyền", "File for organisations that gave it a mandate"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRow:
    """One mandate."""

    mandate_id: str
    holder: str
    number: str
    role: str
    acts: tuple[str, ...]
    procedures: str
    from_on: str
    until_on: str
    state: str
    kind: str
    is_open: bool
    """Can still be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One key of a program."""

    kid: str
    state: str
    kind: str
    until: str
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRow:
    """One program and its keys."""

    client_id: str
    name: str
    grants: tuple[str, ...]
    registered_at: str
    is_in_service: bool
    until: str
    keys: tuple[KeyRow, ...]


def mandates_of(found: Sequence[MandateSummary], named: Mapping[UUID, tuple[str, str]], today: date) -> tuple[MandateRow, ...]:
    """Those in force first, the newest of each first."""
    rows = [_mandate(one, named.get(one.mandate_id, ("", "")), today) for one in reversed(found)]
    return tuple(sorted(rows, key=lambda row: not row.is_open))


def program_of(program: ProgramSummary) -> ProgramRow:
    """In the language that is spoken."""
    return ProgramRow(
        client_id=program.client_id,
        name=program.name,
        grants=tuple(in_words(GRANTS.get(grant, (grant.value, grant.value))) for grant in sorted(program.grants)),
        registered_at=instant(program.registered_at),
        is_in_service=program.until_on is None,
        until=day(program.until_on) if program.until_on else "",
        keys=tuple(
            KeyRow(
                kid=key.kid,
                state=in_words(("Đang dùng", "In force") if key.is_in_force else ("Đã ngừng", "Ended")),
                kind="ok" if key.is_in_force else "plain",
                until=instant(key.not_after) if key.not_after else "",
                is_in_force=key.is_in_force,
            )
            for key in program.keys
        ),
    )


def _mandate(one: MandateSummary, named: tuple[str, str], today: date) -> MandateRow:
    is_over = one.until_on is not None and one.until_on <= today
    is_ahead = one.from_on > today
    words = (
        ("Không còn hiệu lực", "No longer in force")
        if is_over
        else ("Chưa bắt đầu", "Not begun yet")
        if is_ahead
        else ("Đang có hiệu lực", "In force")
    )
    return MandateRow(
        mandate_id=str(one.mandate_id),
        holder=named[0],
        number=named[1],
        role=in_words(ROLES[one.role]),
        acts=tuple(in_words(ACTS[act]) for act in sorted(one.scope.acts)),
        procedures=_procedures(one.scope.procedures),
        from_on=day(one.from_on),
        until_on=day(one.until_on) if one.until_on else "",
        state=in_words(words),
        kind="plain" if is_over else "info" if is_ahead else "ok",
        is_open=not is_over,
    )


def _procedures(slugs: frozenset[str] | None) -> str:
    if slugs is None:
        return in_words(("Mọi thủ tục", "Every procedure"))
    titles = {one.slug: in_words((one.title_vi, one.title_en)) for one in catalogue.list_procedures()}
    return "; ".join(titles.get(slug, slug) for slug in sorted(slugs))
