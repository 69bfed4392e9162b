"""What a person's own requests take."""

from typing import Literal

from ninja import Schema
from pydantic import Field

from bhxh.doors.api.warehouse_shapes import Papers
from bhxh.procedures.correct_contribution_history.form import WORDS

_NO_NUL = r"^[^\x00]*$"


class ChangeIn(Schema):
    """What shall change, and the new values of that; everything else stays as it is."""

    changes: list[Literal["identity", "email", "mobile_phone", "preferred_channel", "address", "account", "facility"]] = Field(
        min_length=1, max_length=7, description="identity: as the population register has it"
    )
    email: str = Field("", max_length=254, pattern=_NO_NUL)
    mobile_phone: str = Field("", max_length=20, pattern=_NO_NUL)
    preferred_channel: Literal["", "EMAIL", "SMS", "APP", "PORTAL"] = ""
    address: str = Field("", max_length=255, pattern=_NO_NUL, description="for letters")
    ward: str = Field("", max_length=10, pattern=_NO_NUL, description="code of that address's commune, where it is known")
    bank: str = Field("", max_length=100, pattern=_NO_NUL)
    bank_account: str = Field("", max_length=30, pattern=_NO_NUL, description="in one's own name")
    facility: str = Field("", max_length=10, pattern=_NO_NUL, description="code of the first health facility")
    papers: Papers


class OldBookIn(Schema):
    """What is missing or wrong, and the pages of the book."""

    words: str = Field(min_length=1, max_length=WORDS, pattern=_NO_NUL, description="in one's own words")
    from_month: str = Field("", max_length=7, pattern=_NO_NUL, description="YYYY-MM or MM/YYYY, where one knows")
    until_month: str = Field("", max_length=7, pattern=_NO_NUL)
    papers: Papers
