"""What may be wished: the register's present values, and new values of what no register holds. An empty field stays as it is."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StrictBool, model_validator

from bhxh.dossiers.person_form import PersonForm, compose_form, read_form
from bhxh.dossiers.procedure import Filing
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.text import tidy
from bhxh.procedures.change_personal_data.errors import CPD_NOT_READABLE, CPD_NOTHING_ASKED

_MAXIMUM_BYTES = 8192  # LIMIT: nine short fields
_EMAIL: Final = re.compile(r"[^\s@<>\",;]+@[^\s@<>\",;.]+(?:\.[^\s@<>\",;.]+)+")
_MOBILE: Final = re.compile(r"(?:\+84|0)[35789]\d{8}", re.ASCII)
_ACCOUNT: Final = re.compile(r"\d{6,19}", re.ASCII)
_WARD: Final = re.compile(r"\d{5}", re.ASCII)
_FACILITY: Final = re.compile(r"[0-9A-Z]{5,6}", re.ASCII)

CHANNELS: Final = {
    "EMAIL": ("thư điện tử", "e-mail"),
    "SMS": ("tin nhắn", "text message"),
    "APP": ("ứng dụng", "the app"),
    "PORTAL": ("cổng dịch vụ", "the portal"),
}
"""How somebody wants to be told. Source: decree-164 section 4.2."""
WISHES: Final[dict[str, tuple[str, str]]] = {
    "take_over": ("thông tin nhân thân theo Cơ sở dữ liệu quốc gia về dân cư", "identity as the population register has it"),
    "email": ("thư điện tử", "e-mail address"),
    "mobile_phone": ("số điện thoại di động", "mobile number"),
    "preferred_channel": ("cách nhận tin", "how to be told"),
    "ward": ("nơi nhận thư", "address for letters"),
    "bank": ("tài khoản ngân hàng", "bank account"),
    "facility": ("nơi khám chữa bệnh ban đầu", "first health facility"),
}
"""Fields by which something is wished for, in words."""


def _matching(pattern: re.Pattern[str], *, without_spaces: bool = True) -> AfterValidator:
    def check(text: str) -> str:
        value = tidy(text).replace(" ", "") if without_spaces else tidy(text)
        if value and pattern.fullmatch(value) is None:
            raise ValueError("not in its form")
        return value

    return AfterValidator(check)


class Change(PersonForm):
    """One wish to change one's data."""

    take_over: StrictBool = False
    """The population register's present name, birth date and sex shall stand here too. They are never typed (R-048)."""
    email: Annotated[str, Field(max_length=254), _matching(_EMAIL)] = ""
    mobile_phone: Annotated[str, Field(max_length=20), _matching(_MOBILE)] = ""
    preferred_channel: Literal["", "EMAIL", "SMS", "APP", "PORTAL"] = ""
    ward: Annotated[str, Field(max_length=10), _matching(_WARD)] = ""
    """Code of the commune where letters reach the person; goes with `street`."""
    street: Annotated[str, Field(max_length=255), AfterValidator(tidy)] = ""
    bank: Annotated[str, Field(max_length=100), AfterValidator(tidy)] = ""
    """The bank's name; goes with `bank_account`."""
    bank_account: Annotated[str, Field(max_length=30), _matching(_ACCOUNT)] = ""
    """The holder is the person: nobody else's account can be named."""
    facility: Annotated[str, Field(max_length=10), _matching(_FACILITY)] = ""
    """Code of the health facility of first registration."""

    @model_validator(mode="after")
    def _goes_together(self) -> "Change":
        for first, second in (("ward", "street"), ("bank", "bank_account")):
            if bool(getattr(self, first)) is not bool(getattr(self, second)):
                raise ValueError(f"{first} and {second} go together")
        return self


def list_wishes(content: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wished for, by the names of WISHES, in their order."""
    return tuple(name for name in WISHES if content.get(name))


def compose_document(pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
    """The canonical document that a door files for a signed-in person. Raises Invalid CPD-001, CPD-002."""
    document = compose_form(Change, pin, wishes, asked_on=asked_on, unreadable=CPD_NOT_READABLE)
    read(document)
    return document


def describe_line(content: Mapping[str, Any]) -> tuple[str, str]:
    """The wish in a few words; the new values are not repeated."""
    named = [WISHES[name] for name in list_wishes(content)]
    return f"Thay đổi: {', '.join(vi for vi, _ in named)}", f"Change of: {', '.join(en for _, en in named)}"


def read(document: bytes) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid CPD-001; CPD-002 where nothing is wished for."""
    filing = read_form(Change, document, maximum_bytes=_MAXIMUM_BYTES, unreadable=CPD_NOT_READABLE)
    if not list_wishes(filing.content):
        raise Invalid(CPD_NOTHING_ASKED)
    return filing
