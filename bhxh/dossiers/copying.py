"""What dossiers hold of one person: those the person filed, and lines about the person in lists that others filed. For the own copy."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from bhxh.dossiers.models import AnswerDraft, CounterFiling, Decision, Dossier, Evidence, Line, Transition
from bhxh.dossiers.procedure import FilerKind

_DOSSIER: Final = (
    *("code", "procedure_slug", "procedure_version", "channel", "state", "period", "filer_email", "submitted_at"),
    *("received_at", "due_on", "appointment_on", "receipt_sha256", "receipt_sent_at", "result_sha256"),
)
_STEP: Final = ("n", "from_state", "to_state", "actor_kind", "at", "reason")
_LINE: Final = ("number", "pin", "state", "content", "findings", "proposal", "decision_n")
_DECISION: Final = ("n", "kind", "at", "rule_version", "payload_sha256", "kid")
_AT_COUNTER: Final = ("why", "filed_at", "answer", "answered_at", "confirmation_sha256")
_DRAFT: Final = ("procedure_slug", "typed", "files", "begun_at", "saved_at", "expires_at", "filed_code")
_EVIDENCE: Final = ("register", "kind", "source_kind", "source_system", "record_id", "fetched_at", "content", "content_sha256")


def copy_of(person_id: int, *, pin: str, named_in: Collection[UUID]) -> list[dict[str, Any]]:
    """Dossiers, each with the person's own lines, what registers answered about the person, and, of own ones, steps and decisions.

    Shape:  `named_in` are the dossiers that the person's looks name: whatever was worked on is among them. Of a dossier that somebody
            else filed only the person's lines are given, and nothing that says who else stands in it. However many there are, the
            statements are as few.
    """
    filed = Dossier.objects.filter(filer=f"{FilerKind.PERSON.value}:{person_id}")
    ids = {*filed.values_list("dossier_id", flat=True), *named_in}
    rows = list(Dossier.objects.filter(dossier_id__in=ids).order_by("dossier_id"))
    own = [row.dossier_id for row in rows if row.person_id == person_id]
    lines = _by_dossier(Line.objects.filter(dossier_id__in=ids, person_id=person_id).order_by("number"), _LINE)
    answers = _by_dossier(Evidence.objects.filter(dossier_id__in=ids, subject=pin).order_by("n"), _EVIDENCE) if pin else {}
    at_counter = _by_dossier(CounterFiling.objects.filter(dossier_id__in=ids, person_id=person_id), _AT_COUNTER)
    steps = _by_dossier(Transition.objects.filter(dossier_id__in=own).order_by("n"), _STEP)
    decisions = _by_dossier(Decision.objects.filter(dossier_id__in=own).order_by("n"), _DECISION)
    return [
        {
            **{name: getattr(row, name) for name in _DOSSIER if row.person_id == person_id or name != "filer_email"},
            "is_filed_by_the_person": row.person_id == person_id,
            "lines": lines.get(row.dossier_id, []),
            "register_answers": answers.get(row.dossier_id, []),
            "at_counter": next(iter(at_counter.get(row.dossier_id, [])), None),
            "steps": steps.get(row.dossier_id, []),
            "decisions": decisions.get(row.dossier_id, []),
        }
        for row in rows
    ]


def copy_of_drafts(person_id: int) -> list[dict[str, Any]]:
    """What the person filled in on pages and did not file, as it was typed."""
    return list(AnswerDraft.objects.filter(person_id=person_id).order_by("begun_at").values(*_DRAFT))


def _by_dossier(rows: "QuerySet[Any]", columns: Sequence[str]) -> dict[UUID, list[dict[str, Any]]]:
    found: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.values("dossier_id", *columns):
        found[row.pop("dossier_id")].append(row)
    return found
