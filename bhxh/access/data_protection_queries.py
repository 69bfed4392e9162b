"""The register of data subjects' requests: what is open, what is late."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bhxh.access.models import DataRequest
from bhxh.law.data_requests import DataRequestKind

_PAGE = 100  # LIMIT: a page of the register; each row is a look at its person


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequestView:
    """One request as the register shows it."""

    request_id: UUID
    person_id: int
    kind: DataRequestKind
    words: str
    received_at: datetime
    answer_due_on: date
    done_due_on: date
    answered_at: datetime | None
    extended_at: datetime | None
    done_at: datetime | None
    is_granted: bool | None
    outcome: str

    def is_late(self, on: date) -> bool:
        """Whether the answer or the whole is overdue on a day."""
        return self.done_at is None and (on > self.done_due_on or (self.answered_at is None and on > self.answer_due_on))


_NAMES = tuple(DataRequestView.__dataclass_fields__)


def list_open_data_requests() -> tuple[DataRequestView, ...]:
    """What has still to be settled, the nearest last day first."""
    rows = DataRequest.objects.filter(done_at__isnull=True).order_by("done_due_on", "request_id")
    return tuple(_seen(row) for row in rows.values(*_NAMES)[:_PAGE])


def list_data_requests_of(person_id: int) -> tuple[DataRequestView, ...]:
    """A person's own requests, the latest first."""
    rows = DataRequest.objects.filter(person_id=person_id).order_by("-request_id")
    return tuple(_seen(row) for row in rows.values(*_NAMES)[:_PAGE])


def _seen(row: dict[str, object]) -> DataRequestView:
    return DataRequestView(**{**row, "kind": DataRequestKind(str(row["kind"]))})  # type: ignore[arg-type]
