"""A list that is being judged, and what was found of its lines: steps, counts, cells, money. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bhxh.doors.portal.employer.filing_view import said_of, short_account
from bhxh.dossiers.list_checks import CheckState, CheckView
from bhxh.kernel.months import Month
from bhxh.web.amounts import grouped
from bhxh.web.languages import in_words
from bhxh.web.moments import instant

PAGE: Final = 100  # LIMIT: lines on one page of verdicts
_CELL: Final = re.compile(r"[A-Z]{1,3}\d{1,7}")
_STATES: Final = {
    CheckState.WAITING: (("Đã nhận tệp, đang chờ", "Received, waiting"), "info"),
    CheckState.READING: (("Đang đọc", "Being read"), "info"),
    CheckState.CHECKING: (("Đang kiểm tra", "Being checked"), "info"),
    CheckState.DONE: (("Đã kiểm tra", "Checked"), "ok"),
    CheckState.REFUSED: (("Không đọc được", "Cannot be read"), "late"),
    CheckState.FAILED: (("Có lỗi ở phía chúng tôi", "Our fault"), "late"),
}
_LINES: Final = {
    "refused": (("Chưa đạt", "Does not comply"), "late"),
    "unreadable": (("Không đọc được", "Cannot be read"), "late"),
    "officer": (("Cán bộ sẽ xem", "An officer will look"), "wait"),
    "clean": (("Đạt", "Complies"), "ok"),
}
_KINDS: Final = {
    "joining": ("Tăng", "Joining"),
    "leaving": ("Giảm", "Leaving"),
    "wage": ("Đổi mức lương", "Wage changes"),
    "past": ("Truy thu, thoái thu", "Past months"),
    "other": ("Thay đổi khác", "Other changes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """One uploaded list where several are listed."""

    check_id: str
    name: str
    period: str
    batch: int
    state: str
    kind: str
    note: str
    made_at: str
    sender: str
    sha256: str
    size: str
    until: str
    is_open: bool
    """Still being judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a check."""

    kind: str
    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """One row, its cells, what is wrong with them."""

    number: int
    row: int
    name: str
    state: str
    kind: str
    said: tuple[tuple[str, str, str], ...]
    """(cell, sentence, code)."""
    repairs: tuple[tuple[str, str, str], ...]
    """(cell, what stands there, what was meant)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyEffect:
    """What granting the lines that comply would come to."""

    lines: int
    months: int
    period_worker: str
    period_employer: str
    period_total: str
    other_total: str
    """Of other months than the declared one; empty where there are none."""
    taken_back: str
    difference: str


def uploaded(check: CheckView, *, is_filed: bool = False) -> Uploaded:
    """In the language that is spoken."""
    words, kind = _STATES[check.state]
    if is_filed:
        words = ("Đã nộp", "Filed")
    wrong = len(check.wrong_lines)
    note = ""
    if check.state is CheckState.DONE:
        vi, en = (
            f"{grouped(check.total)} dòng, {grouped(wrong)} dòng cần sửa",
            f"{grouped(check.total)} lines, {grouped(wrong)} to be corrected",
        )
        note = in_words((vi, en))
        kind = "wait" if wrong else "ok"
    return Uploaded(
        check_id=str(check.check_id),
        name=check.source_name,
        period=Month.parse(check.period).shown,
        batch=check.batch,
        state=in_words(words),
        kind=kind,
        note=note,
        made_at=instant(check.made_at),
        sender=short_account(check.account),
        sha256=check.source_sha256,
        size=f"{grouped(max(1, check.size_bytes // 1024))} KB",
        until=instant(check.expires_at),
        is_open=check.finished_at is None,
    )


def steps_of(check: CheckView) -> tuple[Step, ...]:
    """Received, read, checked so far, done."""
    names = (
        in_words(("Đã nhận tệp", "File received")),
        in_words(("Đọc tệp", "Reading the file")),
        in_words(("Kiểm tra từng dòng", "Checking each line")),
        in_words(("Xong", "Done")),
    )
    here = {CheckState.WAITING: 0, CheckState.READING: 1, CheckState.CHECKING: 2}.get(check.state, 3)
    notes = [instant(check.made_at), "", "", ""]
    if check.state is CheckState.WAITING:
        notes[0] = in_words((f"{notes[0]} · đang chờ đến lượt", f"{notes[0]} · waiting for its turn"))
    if check.state is CheckState.CHECKING:
        notes[2] = f"{grouped(check.done)}/{grouped(check.total)}"
    kinds = ["done" if place < here else "here" if place == here else "next" for place in range(len(names))]
    return tuple(Step(kind=kind, name=name, note=note) for kind, name, note in zip(kinds, names, notes, strict=True))


def progress_said(check: CheckView) -> str:
    """For a screen reader: by quarters, not each time."""
    if check.state is not CheckState.CHECKING or not check.total:
        return in_words(_STATES[check.state][0])
    quarter = check.done * 4 // check.total * 25
    return in_words((f"Đã kiểm tra {quarter} %", f"{quarter} % checked"))


def tiles_of(check: CheckView) -> tuple[tuple[str, str, str], ...]:
    """(how many, words, kind) by what happens to workers, then what is wrong."""
    kinds = [(grouped(check.kinds[kind]), in_words(words), "") for kind, words in _KINDS.items() if check.kinds.get(kind)]
    officer, wrong = check.counts.get("officer", 0), len(check.wrong_lines)
    if officer:
        kinds.append((grouped(officer), in_words(("Cán bộ sẽ xem", "An officer will look")), "wait"))
    return (*kinds, (grouped(wrong), in_words(("Dòng cần sửa", "Lines to correct")), "late" if wrong else "ok"))


def verdicts_of(lines: Sequence[Mapping[str, Any]]) -> tuple[VerdictLine, ...]:
    """With the cell of each sentence; the row where it speaks of the whole line."""
    return tuple(_verdict(line) for line in lines)


def _verdict(line: Mapping[str, Any]) -> VerdictLine:
    words, kind = _LINES[line["state"]]
    said = [
        (_cell(str(finding["where"]), int(line["row"])), sentence, code)
        for finding in line["findings"]
        for code, sentence, _ in said_of([finding])
    ]
    return VerdictLine(
        number=line["number"],
        row=line["row"],
        name=line["name"],
        state=in_words(words),
        kind=kind,
        said=tuple(dict.fromkeys(said)),
        repairs=tuple((str(one["cell"]), str(one["written"]), str(one["proposed"])) for one in line["repairs"]),
    )


def _cell(where: str, row: int) -> str:
    return where if _CELL.fullmatch(where) else in_words((f"dòng {row}", f"row {row}"))


def money_of(check: CheckView) -> MoneyEffect | None:
    """None where nothing could be told."""
    money = check.money
    if not money.get("lines"):
        return None
    period = money["period_worker_vnd"] + money["period_employer_vnd"]
    posted = money["worker_vnd"] + money["employer_vnd"]
    taken = money["taken_back_worker_vnd"] + money["taken_back_employer_vnd"]
    return MoneyEffect(
        lines=money["lines"],
        months=money["months"],
        period_worker=grouped(money["period_worker_vnd"]),
        period_employer=grouped(money["period_employer_vnd"]),
        period_total=grouped(period),
        other_total=grouped(posted - period) if posted != period else "",
        taken_back=grouped(taken) if taken else "",
        difference=f"{'+' if posted > taken else '−' if posted < taken else ''}{grouped(abs(posted - taken))}",
    )
