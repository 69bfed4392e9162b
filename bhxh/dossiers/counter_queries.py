"""What officers filed for persons, and what the persons said to it."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from bhxh.dossiers.errors import DOS_NO_COUNTER_FILING
from bhxh.dossiers.facts import CounterAnswer, CounterFilingView, WhyAtCounter
from bhxh.dossiers.models import CounterFiling, Dossier
from bhxh.dossiers.states import State
from bhxh.kernel.errors import NotFound

_PAGE: Final = 100  # LIMIT: a person has a few; of refused ones the latest


def list_counter_filings(person_id: int) -> tuple[CounterFilingView, ...]:
    """What was filed for a person, newest first."""
    return _views(CounterFiling.objects.filter(person_id=person_id).order_by("-dossier_id")[:_PAGE])


def list_refused_counter_filings() -> tuple[CounterFilingView, ...]:
    """What persons say they never wanted, the latest first: for whoever supervises the counter."""
    return _views(CounterFiling.objects.filter(answer=CounterAnswer.REFUSED.value).order_by("-answered_at")[:_PAGE])


def get_counter_filing(dossier_id: UUID, *, person_id: int | None) -> CounterFilingView:
    """One, for its person. Raises NotFound DOS-042, also for somebody else's."""
    found = _views(CounterFiling.objects.filter(dossier_id=dossier_id))
    if not found or found[0].person_id != person_id:
        raise NotFound(DOS_NO_COUNTER_FILING)
    return found[0]


def get_counter_filing_by_code(code: str, *, person_id: int | None) -> CounterFilingView:
    """The same by the dossier's code. Raises NotFound DOS-042."""
    dossier_id = Dossier.objects.filter(code=code).values_list("dossier_id", flat=True).first()
    if dossier_id is None:
        raise NotFound(DOS_NO_COUNTER_FILING)
    return get_counter_filing(dossier_id, person_id=person_id)


def get_filed_by_officer(code: str, *, account: str) -> CounterFilingView:
    """The same for the officer who filed it. Raises NotFound DOS-042, also for what another officer filed."""
    rows = CounterFiling.objects.filter(officer=account, dossier_id__in=Dossier.objects.filter(code=code).values("dossier_id"))
    found = _views(rows)
    if not found:
        raise NotFound(DOS_NO_COUNTER_FILING)
    return found[0]


def is_filed_by_officer(dossier_id: UUID, *, account: str) -> bool:
    """Whether it was this officer, at the counter."""
    return CounterFiling.objects.filter(dossier_id=dossier_id, officer=account).exists()


def _views(rows: "QuerySet[CounterFiling]") -> tuple[CounterFilingView, ...]:
    listed = list(rows)
    dossiers = Dossier.objects.in_bulk([row.dossier_id for row in listed])
    return tuple(_view(row, dossiers[row.dossier_id]) for row in listed)


def _view(row: CounterFiling, dossier: Dossier) -> CounterFilingView:
    return CounterFilingView(
        dossier_id=row.dossier_id,
        code=dossier.code,
        procedure_slug=dossier.procedure_slug,
        state=State(dossier.state),
        person_id=row.person_id,
        officer=row.officer,
        why=WhyAtCounter(row.why),
        filed_at=row.filed_at,
        answer=CounterAnswer(row.answer),
        answered_at=row.answered_at,
        content_sha256=dossier.canonical_sha256,
        is_decided=dossier.decision_count > 0,
    )
