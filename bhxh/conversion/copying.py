"""What was ever converted for a person: for the person's own copy. The files themselves are in the warehouse."""

from typing import Any

from bhxh.conversion.queries import list_of_owner
from bhxh.warehouse.owners import Owner


def copy_of(person_id: int) -> list[dict[str, Any]]:
    """Papers with what was done with each, then print copies, each the oldest first."""
    cases, prints = list_of_owner(Owner("person", person_id))
    papers: list[dict[str, Any]] = [
        {
            "direction": "TO_ELECTRONIC",
            "case_id": case.case_id,
            "original": case.original.value,
            "pages": case.declared_pages,
            "state": case.state.value,
            "steps": [{"step": step.step.value, "at": step.at, "words": step.words} for step in case.steps],
            "item_id": case.item_id,
            "code": case.code,
        }
        for case in cases
    ]
    printed = [
        {
            "direction": "TO_PAPER",
            "print_id": one.print_id,
            "kind": one.kind,
            "pages": one.pages,
            "at": one.at,
            "item_id": one.item_id,
            "code": one.code,
        }
        for one in prints
    ]
    return papers + printed
