"""Read transcripts. Whoever shows one to somebody writes down the look first."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from bhxh.transcripts.facts import StepView, TranscriptView
from bhxh.transcripts.models import TranscriptStep
from bhxh.transcripts.states import Step


def get_transcript(dossier_id: UUID, *, person_id: int) -> TranscriptView:
    """Of a dossier of this person; without steps where nobody began."""
    return _view(dossier_id, TranscriptStep.objects.filter(person_id=person_id, dossier_id=dossier_id).order_by("n"))


def list_transcripts(dossiers: Collection[tuple[UUID, int]]) -> dict[UUID, TranscriptView]:
    """The same of many dossiers, each with its person, in one statement."""
    steps: dict[UUID, list[TranscriptStep]] = defaultdict(list)
    for row in TranscriptStep.objects.filter(
        person_id__in={person_id for _, person_id in dossiers}, dossier_id__in={dossier_id for dossier_id, _ in dossiers}
    ).order_by("n"):
        steps[row.dossier_id].append(row)
    return {dossier_id: _view(dossier_id, steps[dossier_id]) for dossier_id, _ in dossiers}


def list_steps_of_person(person_id: int) -> tuple[tuple[UUID, StepView], ...]:
    """Everything ever typed from this person's papers, with its dossier: for the person's own copy."""
    return tuple((row.dossier_id, _step(row)) for row in TranscriptStep.objects.filter(person_id=person_id).order_by("dossier_id", "n"))


def _view(dossier_id: UUID, rows: Iterable[TranscriptStep]) -> TranscriptView:
    return TranscriptView(dossier_id=dossier_id, steps=tuple(map(_step, rows)))


def _step(row: TranscriptStep) -> StepView:
    return StepView(
        n=row.n,
        step=Step(row.step),
        by=row.by,
        by_person_id=row.by_person_id,
        at=row.at,
        case_id=row.case_id,
        rows=row.rows,
        words=row.words,
    )
