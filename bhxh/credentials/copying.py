"""Every card and summary issued of one person: for the person's own copy."""

from dataclasses import asdict
from typing import Any

from bhxh.credentials.queries import list_issued


def copy_of(person_id: int) -> list[dict[str, Any]]:
    """The oldest first."""
    return [asdict(issued) for issued in list_issued(person_id)]
