"""Who keeps a person's data: the common installation, or one of the two that keep their own."""

from enum import StrEnum


class Custodian(StrEnum):
    """The keeper of a person's data, and of one installation (setting CUSTODIAN). Law: decree 164/2025, R-135 to R-138."""

    MOF = "mof"
    MND = "mnd"
    MPS = "mps"
