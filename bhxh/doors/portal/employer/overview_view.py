"""What an organisation has to do this month: what is due, what waits, what needs an answer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bhxh.doors.portal.employer.filing_view import Filed, day
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.states import TERMINAL, LineState
from bhxh.kernel.months import Month
from bhxh.ledger.queries import EmployerMonth
from bhxh.web.amounts import grouped
from bhxh.web.languages import in_words

_EXPIRES_SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What one month's lists come to, and by when it is paid."""

    month: str
    by: str
    lines: int
    worker: str
    employer: str
    total: str
    is_now: bool
    """The one that is due this month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureState:
    """How the organisation last signed, and whether it can go on so."""

    kind: str
    words: str


def dues_of(months: Sequence[EmployerMonth], today: date) -> tuple[Due, ...]:
    """Newest first. Law: Law 41/2024/QH15, Art. 34: by the last day of the following month."""
    return tuple(
        Due(
            month=one.month.shown,
            by=day(_last_day(one.month.plus(1))),
            lines=one.lines,
            worker=grouped(one.worker_vnd),
            employer=grouped(one.employer_vnd),
            total=grouped(one.worker_vnd + one.employer_vnd),
            is_now=one.month.plus(1) == Month.of(today),
        )
        for one in reversed(months)
    )


def needing_something(dossiers: Sequence[DossierView], shown: Sequence[Filed]) -> tuple[tuple[Filed, str], ...]:
    """Filings that ask for an answer or have refused lines, each with what to do."""
    found = []
    for dossier, one in zip(dossiers, shown, strict=True):
        refused = dossier.lines.get(LineState.REFUSED, 0)
        if one.is_asked:
            found.append((one, f"{one.next} {one.by}".strip()))
        elif refused and dossier.period:
            found.append(
                (
                    one,
                    in_words(
                        (f"{refused} dòng không được giải quyết: sửa và nộp lại.", f"{refused} lines were refused: correct and file again.")
                    ),
                )
            )
    return tuple(found)


def in_work(dossiers: Sequence[DossierView]) -> int:
    """How many are not done yet."""
    return sum(one.state not in TERMINAL for one in dossiers)


def signature_state(proofs: Sequence[Any], today: date, *, has_service: bool) -> SignatureState:
    """By the newest filing that says it: the certificate's end is told a month before."""
    for proof in proofs:
        until = str(proof.get("not_after", ""))[:10]
        if until:
            ends_on = date.fromisoformat(until)
            if ends_on < today:
                words = (
                    f"Chứng thư số đã dùng hết hạn ngày {day(ends_on)}. Gia hạn trước khi ký tiếp.",
                    f"The certificate last used ended on {day(ends_on)}. Renew it before signing again.",
                )
                return SignatureState(kind="late", words=in_words(words))
            words = (
                f"Chứng thư số dùng lần gần nhất có hạn đến {day(ends_on)}.",
                f"The certificate last used is good until {day(ends_on)}.",
            )
            return SignatureState(kind="wait" if ends_on - today < _EXPIRES_SOON else "ok", words=in_words(words))
    words = ("Chưa có lần ký bằng chứng thư số nào.", "Nothing was signed with a certificate yet.")
    if has_service:
        words = (
            f"{words[0]} Có thể ký bằng USB token, dịch vụ ký từ xa, hoặc xác nhận bằng tài khoản định danh.",
            f"{words[1]} Sign with a token, by the remote signing service, or confirm by e-ID.",
        )
    return SignatureState(kind="info", words=in_words(words))


def _last_day(month: Month) -> date:
    return month.plus(1).first_on - timedelta(days=1)
