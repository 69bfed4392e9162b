"""What may be wished: the register's present values, and new values of what no register holds. An empty field stays as it is."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from bhxh.dossiers.directories import COMMUNES, HEALTH_FACILITIES
from bhxh.dossiers.known import known_person
from bhxh.dossiers.person_form import PersonForm, compose_form, read_form
from bhxh.dossiers.procedure import Filing
from bhxh.dossiers.questions import Choice, Condition, Group, Guide, Kind, LifeEvent, Question, Questions
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
    "identity": ("thông tin nhân thân theo Cơ sở dữ liệu quốc gia về dân cư", "identity as the population register has it"),
    "email": ("thư điện tử", "e-mail address"),
    "mobile_phone": ("số điện thoại di động", "mobile number"),
    "preferred_channel": ("cách nhận tin", "how to be told"),
    "address": ("nơi nhận thư", "address for letters"),
    "account": ("tài khoản ngân hàng", "bank account"),
    "facility": ("nơi khám chữa bệnh ban đầu", "first health facility"),
}
"""What may be changed, in words."""
_FIELDS: Final = {**{name: (name,) for name in WISHES}, "identity": (), "account": ("bank", "bank_account")}
"""Fields that say the new value."""


def _matching(pattern: re.Pattern[str], *, without_spaces: bool = True) -> AfterValidator:
    def check(text: str) -> str:
        value = tidy(text).replace(" ", "") if without_spaces else tidy(text)
        if value and pattern.fullmatch(value) is None:
            raise ValueError("not in its form")
        return value

    return AfterValidator(check)


def _ordered(wishes: list[str]) -> list[str]:
    return [name for name in WISHES if name in set(wishes)]


class Change(PersonForm):
    """One wish to change one's data."""

    changes: Annotated[
        list[Literal["identity", "email", "mobile_phone", "preferred_channel", "address", "account", "facility"]], AfterValidator(_ordered)
    ] = Field(default_factory=list, max_length=20)
    """What shall change. `identity`: the population register's present name, birth date and sex shall stand here; they are never typed (R-048)."""
    email: Annotated[str, Field(max_length=254), _matching(_EMAIL)] = ""
    mobile_phone: Annotated[str, Field(max_length=20), _matching(_MOBILE)] = ""
    preferred_channel: Literal["", "EMAIL", "SMS", "APP", "PORTAL"] = ""
    address: Annotated[str, Field(max_length=255), AfterValidator(tidy)] = ""
    """Where letters reach the person, as one line."""
    ward: Annotated[str, Field(max_length=10), _matching(_WARD)] = ""
    """Code of the commune of that address, where the sender knows it."""
    bank: Annotated[str, Field(max_length=100), AfterValidator(tidy)] = ""
    bank_account: Annotated[str, Field(max_length=30), _matching(_ACCOUNT)] = ""
    """The holder is the person: nobody else's account can be named."""
    facility: Annotated[str, Field(max_length=10), _matching(_FACILITY)] = ""
    """Code of the health facility of first registration."""

    @model_validator(mode="after")
    def _says_what_it_changes(self) -> "Change":
        for wish, fields in _FIELDS.items():
            for name in fields:
                if bool(getattr(self, name)) is not (wish in self.changes):
                    raise ValueError(f"{name} does not go with what shall change")
        if self.ward and "address" not in self.changes:
            raise ValueError("ward goes with an address")
        return self


def _chosen(wish: str) -> Condition:
    return Condition(field="changes", is_one_of=(wish,))


GUIDE = Guide(
    what=(
        "Bạn cập nhật dữ liệu của mình: họ tên, ngày sinh, giới tính lấy từ dữ liệu dân cư; thư, điện thoại, nơi nhận thư, tài khoản, nơi khám bạn tự ghi.",
        "You bring your data up to date: name, birth date and sex from the population register; e-mail, telephone, address, account and clinic as you say.",
    ),
    who=("Người có tham gia bảo hiểm xã hội, cho chính mình hoặc cho con.", "Anybody insured, for themselves or for a child."),
    life_events=(LifeEvent.PERSON, LifeEvent.BOOK),
    search_words=(
        *("đổi tên", "sai họ tên", "sai ngày sinh", "đổi số điện thoại", "đổi địa chỉ", "đổi tài khoản", "đổi nơi khám", "đổi bệnh viện"),
        *("TK1-TS", "cấp lại sổ", "change of name", "change of address", "bank account", "clinic"),
    ),
)
_CHOICES: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "identity": (
        ("Họ tên, ngày sinh, giới tính", "Name, birth date, sex"),
        ("Bạn không phải ghi: lấy theo dữ liệu dân cư", "You write nothing: taken from the population register"),
    ),
    "email": (("Thư điện tử", "E-mail address"), ("", "")),
    "mobile_phone": (("Số điện thoại di động", "Mobile number"), ("", "")),
    "preferred_channel": (("Cách nhận tin báo", "How you are told"), ("", "")),
    "address": (("Nơi nhận thư", "Address for letters"), ("", "")),
    "account": (
        ("Tài khoản ngân hàng nhận trợ cấp", "Bank account for benefits"),
        ("Tài khoản phải đứng tên bạn", "The account must be in your name"),
    ),
    "facility": (("Nơi khám chữa bệnh ban đầu", "First health facility"), ("Ghi trên thẻ bảo hiểm y tế", "As on your health card")),
}
QUESTIONS = Questions(
    form=Change,
    known=known_person,
    groups=(
        Group(
            code="doi-gi",
            title=("Bạn muốn thay đổi gì", "What you want to change"),
            questions=(
                Question(
                    field="changes",
                    kind=Kind.SEVERAL,
                    label=("Chọn những điều cần thay đổi", "Choose what shall change"),
                    missing=("Chọn ít nhất một điều cần thay đổi", "Choose at least one thing to change"),
                    choices=tuple(Choice(value=name, label=label, hint=hint) for name, (label, hint) in _CHOICES.items()),
                ),
            ),
        ),
        Group(
            code="thong-tin-moi",
            title=("Thông tin mới", "New values"),
            note=(
                "Chỉ hỏi những điều bạn đã chọn. Những điều khác giữ nguyên.",
                "Only what you chose is asked. Everything else stays as it is.",
            ),
            questions=(
                Question(
                    field="email",
                    kind=Kind.TEXT,
                    label=("Thư điện tử mới", "New e-mail address"),
                    hint=(
                        "Giấy tiếp nhận và kết quả được gửi đến đây. Ví dụ: mau@example.vn",
                        "Receipts and results go there. For example: mau@example.vn",
                    ),
                    missing=("Nhập thư điện tử mới", "Enter the new e-mail address"),
                    wrong=("Thư điện tử phải có dạng ten@noi.vn", "An e-mail address looks like name@place.vn"),
                    most_characters=254,
                    autocomplete="email",
                    asked_if=_chosen("email"),
                ),
                Question(
                    field="mobile_phone",
                    kind=Kind.DIGITS,
                    label=("Số điện thoại di động mới", "New mobile number"),
                    hint=("10 chữ số, ví dụ 0901234567", "10 digits, for example 0901234567"),
                    missing=("Nhập số điện thoại di động mới", "Enter the new mobile number"),
                    wrong=(
                        "Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09",
                        "A mobile number has 10 digits and begins with 03, 05, 07, 08 or 09",
                    ),
                    autocomplete="tel",
                    asked_if=_chosen("mobile_phone"),
                ),
                Question(
                    field="preferred_channel",
                    kind=Kind.ONE,
                    label=("Bạn muốn nhận tin bằng cách nào?", "How do you want to be told?"),
                    hint=("Giấy tiếp nhận hồ sơ vẫn luôn gửi qua thư điện tử", "The receipt of a dossier always goes by e-mail, too"),
                    missing=("Chọn cách nhận tin", "Choose how you want to be told"),
                    choices=tuple(
                        Choice(value=name, label=(vi[0].upper() + vi[1:], en[0].upper() + en[1:])) for name, (vi, en) in CHANNELS.items()
                    ),
                    asked_if=_chosen("preferred_channel"),
                ),
                Question(
                    field="address",
                    kind=Kind.TEXT,
                    label=("Nơi nhận thư mới", "New address for letters"),
                    hint=(
                        "Số nhà, đường, phường hoặc xã, tỉnh. Ví dụ: 12 phố Mẫu, phường Ba Đình, Hà Nội",
                        "House, street, commune, province. For example: 12 Mẫu street, Ba Đình, Hà Nội",
                    ),
                    missing=("Nhập nơi nhận thư mới", "Enter the new address"),
                    most_characters=255,
                    autocomplete="street-address",
                    asked_if=_chosen("address"),
                ),
                Question(
                    field="ward",
                    kind=Kind.SEARCHED,
                    label=("Phường, xã của nơi nhận thư", "Commune of that address"),
                    hint=(
                        "Gõ một phần tên, không dấu cũng được, rồi bấm Tìm. Ví dụ: ba dinh. Thư ra nước ngoài thì để trống",
                        "Type part of the name, marks may be left out, then press Search. For example: ba dinh. Leave it empty for an address abroad",
                    ),
                    directory=COMMUNES,
                    is_optional=True,
                    asked_if=_chosen("address"),
                ),
                Question(
                    field="bank",
                    kind=Kind.TEXT,
                    label=("Tên ngân hàng", "Name of the bank"),
                    hint=("Ghi cả chi nhánh nếu có", "With its branch, where there is one"),
                    missing=("Nhập tên ngân hàng", "Enter the name of the bank"),
                    most_characters=100,
                    asked_if=_chosen("account"),
                ),
                Question(
                    field="bank_account",
                    kind=Kind.DIGITS,
                    label=("Số tài khoản", "Account number"),
                    hint=("6 đến 19 chữ số. Tài khoản phải đứng tên bạn", "6 to 19 digits. The account must be in your name"),
                    missing=("Nhập số tài khoản ngân hàng", "Enter your bank account number"),
                    wrong=("Số tài khoản có 6 đến 19 chữ số", "An account number has 6 to 19 digits"),
                    asked_if=_chosen("account"),
                ),
                Question(
                    field="facility",
                    kind=Kind.SEARCHED,
                    label=("Nơi khám chữa bệnh ban đầu mới", "New first health facility"),
                    hint=(
                        "Gõ một phần tên, không dấu cũng được, rồi bấm Tìm. Ví dụ: xanh pon",
                        "Type part of the name, marks may be left out, then press Search. For example: xanh pon",
                    ),
                    missing=("Tìm rồi chọn nơi khám chữa bệnh ban đầu mới", "Find and choose the new first health facility"),
                    directory=HEALTH_FACILITIES,
                    asked_if=_chosen("facility"),
                ),
            ),
        ),
    ),
)


def list_wishes(content: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wished for, by the names of WISHES, in their order."""
    return tuple(content.get("changes", ()))


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
