"""What an employer sees of its own workers: their months with it, and nothing else. Law: R-195."""

from typing import Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from bhxh.access.permissions import check_see_worker
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.clock import now
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.kernel.who import EMPLOYER
from bhxh.ledger.queries import OpenMonth, list_open_months
from bhxh.registry.queries import find_person

router = Router(tags=["workers"])
_FIRST_MONTH: Final = Month(1995, 1)
"""Social insurance by contribution begins here; nothing is older."""


class WorkerIn(Schema):
    """Whom the employer asks about. In the body, because addresses are logged."""

    number: str = Field(max_length=20, description="the worker's personal number")


class WorkerMonthOut(Schema):
    """One month of work with this employer, as it counts now."""

    month: str
    unit_code: str
    participant_type: str
    base_vnd: int
    is_hazardous: bool
    is_contributed: bool = Field(description="false for a month that counts and for which nothing is due, such as maternity leave")

    @classmethod
    def of(cls, month: OpenMonth) -> "WorkerMonthOut":
        """From the ledger's view."""
        return cls(
            month=str(month.month),
            unit_code=month.unit_code,
            participant_type=month.participant_type.value,
            base_vnd=month.base_vnd,
            is_hazardous=month.is_hazardous,
            is_contributed=month.is_contributed,
        )


@router.post("/months", response=list[WorkerMonthOut], summary="A worker's months with this employer")
@lets_in(EMPLOYER)
def months(request: HttpRequest, body: WorkerIn) -> list[WorkerMonthOut]:
    """Only the months with the employer who asks. Of anybody who never worked there nothing is told, not even whether there is such a person."""
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    who, pin = signed_in.standing("own_workers"), Pin.parse(body.number)
    actor = who.actor
    assert actor.employer_id is not None, "only somebody who acts for an employer is let in"
    person = find_person("PIN", pin)
    found = list_open_months([person.person_id], _FIRST_MONTH, actor.employer_id)[person.person_id] if person else ()
    check_see_worker(actor, employer_id=actor.employer_id, worked_there=bool(found), authority=who.authority)
    assert person is not None, "nobody worked there who is not known"
    record_look(actor=actor, at=now(), person_id=person.person_id, what="worker_months")
    return [WorkerMonthOut.of(month) for month in found]
