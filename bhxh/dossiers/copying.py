"""What dossiers hold of one person: those the person filed, and lines about the person in lists that others filed. For the own copy."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from bhxh.dossiers.models import CounterFiling, Decision, Dossier, Evidence, Line, Transition
from bhxh.dossiers.procedure import FilerKind

_DOSSIER: Final = (
    *("code", "procedure_slug", "procedure_version", "channel", "state", "period", "filer_email", "submitted_at"),
    *("received_at", "due_on", "appointment_on", "receipt_sha256", "receipt_sent_at", "result_sha256"),
)
_STEP: Final = ("n", "from_state", "to_state", "actor_kind", "at", "reason")
_LINE: Final = ("number", "pin", "state", "content", "findings", "proposal", "decision_n")
_DECISION: Final = ("n", "kind", "at", "rule_version", "payload_sha256", "kid")
_AT_COUNTER: Final = ("why", "filed_at", "answer", "answered_at", "confirmation_sha256")
_EVIDENCE: Final = ("register", "kind", "source_kind", "source_system", "record_id", "fetched_at", "content", "content_sha256")


def copy_of(person_id: int, *, pin: str, named_in: Collection[UUID]) -> list[dict[str, Any]]:
    """Dossiers, each with the person's own lines, what registers answered about the person, steps, and (own ones) decisions.

    Shape:  `named_in` are the dossiers that the person's looks name: whatever was worked on is among them. Of a dossier that somebody
            else filed only the person's lines are given, and nothing that says who else stands in it.
    """
    filed = Dossier.objects.filter(filer=f"{FilerKind.PERSON.value}:{person_id}")
    ids = {*filed.values_list("dossier_id", flat=True), *named_in}
    return [_dossier(row, person_id, pin) for row in Dossier.objects.filter(dossier_id__in=ids).order_by("dossier_id")]


def _dossier(row: Dossier, person_id: int, pin: str) -> dict[str, Any]:
    is_own = row.person_id == person_id
    told: dict[str, Any] = {name: getattr(row, name) for name in _DOSSIER if is_own or name != "filer_email"}
    within = {"dossier_id": row.dossier_id}
    told["is_filed_by_the_person"] = is_own
    told["lines"] = list(Line.objects.filter(**within, person_id=person_id).order_by("number").values(*_LINE))
    told["register_answers"] = list(Evidence.objects.filter(**within, subject=pin).order_by("n").values(*_EVIDENCE)) if pin else []
    at_counter = CounterFiling.objects.filter(**within, person_id=person_id).values(*_AT_COUNTER).first()
    told["at_counter"] = dict(at_counter) if at_counter else None
    told["steps"] = list(Transition.objects.filter(**within).order_by("n").values(*_STEP)) if is_own else []
    told["decisions"] = list(Decision.objects.filter(**within).order_by("n").values(*_DECISION)) if is_own else []
    return told
