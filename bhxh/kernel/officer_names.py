"""How an officer is named to the people whose data they saw. Pure."""

from enum import StrEnum


class OfficerNames(StrEnum):
    """How much of an officer's name a person is told. What the rules allow is the agency's to set."""

    NONE = "none"
    INITIALS = "initials"
    FULL = "full"


def masked(name: str, how: OfficerNames) -> str:
    """A name as far as it may be told.

    >>> masked("Nguyễn Thị Lan", OfficerNames.INITIALS)
    'N.T.L.'
    """
    match how:
        case OfficerNames.FULL:
            return name
        case OfficerNames.INITIALS:
            return "".join(f"{word[0]}." for word in name.split())
        case OfficerNames.NONE:
            return ""
