"""Whose file it is: a person, an employer, or the installation itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Owner:
    """The one to whom an item belongs. `id` is a person_id or employer_id; 0 for the installation."""

    kind: Literal["person", "employer", "installation"]
    id: int


INSTALLATION = Owner("installation", 0)
