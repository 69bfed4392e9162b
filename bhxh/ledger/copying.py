"""Every line of one person, with the citation and the dossier it was posted under: for the person's own copy."""

from typing import Any, Final

from bhxh.ledger.models import ContributionLine

_LEFT_OUT: Final = frozenset({"person_id", "employer_id", "fragment"})  # WHY the fragment: it repeats the columns, as the book shows them


def copy_of(person_id: int) -> list[dict[str, Any]]:
    """In the order of posting, all columns but our inner ids. `unit_code` and `unit_name` say which employer."""
    rows = ContributionLine.objects.filter(person_id=person_id).order_by("n").values()
    return [{name: value for name, value in row.items() if name not in _LEFT_OUT} for row in rows]
