"""What was typed from a person's papers: for the person's own copy."""

from typing import Any

from bhxh.transcripts.queries import list_steps_of_person


def copy_of(person_id: int) -> list[dict[str, Any]]:
    """Each step, the oldest first of each dossier. Which officer it was stands in the looks, as far as that is told."""
    return [
        {
            "dossier_id": dossier_id,
            "step": step.step.value,
            "at": step.at,
            "conversion": step.case_id,
            "lines": list(step.rows),
            "words": step.words,
        }
        for dossier_id, step in list_steps_of_person(person_id)
    ]
