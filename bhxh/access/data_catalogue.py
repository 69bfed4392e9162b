"""What of a person's data can be asked for: fields in the seven groups of the national database, in plain words. Pure.

A consent and an agreed scope name fields, never groups: a field that is added to a group later was not agreed to by anybody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bhxh.access.consent_errors import ACC_UNKNOWN_DATA
from bhxh.kernel.data_groups import DataGroup
from bhxh.kernel.errors import Invalid

HEADINGS: Final[dict[DataGroup, tuple[str, str]]] = {
    DataGroup.BASIC: ("Thông tin cá nhân", "Who you are"),
    DataGroup.CONTACT: ("Thông tin liên hệ", "How to reach you"),
    DataGroup.HOUSEHOLD: ("Hộ gia đình", "Your household"),
    DataGroup.SOCIAL_INSURANCE: ("Bảo hiểm xã hội", "Social insurance"),
    DataGroup.HEALTH_INSURANCE: ("Bảo hiểm y tế", "Health insurance"),
    DataGroup.UNEMPLOYMENT_INSURANCE: ("Bảo hiểm thất nghiệp", "Unemployment insurance"),
    DataGroup.EMPLOYER: ("Nơi làm việc", "Your employers"),
}
"""WHY not `kernel.data_groups.GROUP_WORDS`: those say all that a group may hold. Here only what is asked for may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataField:
    """One thing that can be shown by itself."""

    name: str
    group: DataGroup
    vi: str
    en: str
    is_on_a_day: bool = False
    """Says how something stood on one day: the day asked for, else the day of the look."""
    tells_money: bool = False


def _field(group: DataGroup, name: str, vi: str, en: str, *, is_on_a_day: bool = False, tells_money: bool = False) -> DataField:
    return DataField(name=f"{group.value}.{name}", group=group, vi=vi, en=en, is_on_a_day=is_on_a_day, tells_money=tells_money)


_B, _C, _H, _S = DataGroup.BASIC, DataGroup.CONTACT, DataGroup.HOUSEHOLD, DataGroup.SOCIAL_INSURANCE
_HI, _UI, _E = DataGroup.HEALTH_INSURANCE, DataGroup.UNEMPLOYMENT_INSURANCE, DataGroup.EMPLOYER
FIELDS: Final[dict[str, DataField]] = {
    field.name: field
    for field in (
        _field(_B, "full_name", "họ và tên", "your full name"),
        _field(_B, "birth_date", "ngày sinh", "your date of birth"),
        _field(_B, "sex", "giới tính", "your sex"),
        _field(_B, "nationality", "quốc tịch", "your nationality"),
        _field(_B, "personal_number", "số định danh cá nhân", "your personal number"),
        _field(_C, "email", "địa chỉ thư điện tử", "your e-mail address"),
        _field(_C, "mobile_phone", "số điện thoại", "your telephone number"),
        _field(_C, "address", "nơi ở hiện tại", "where you live now"),
        _field(_H, "address", "địa chỉ hộ gia đình", "your household's address"),
        _field(_H, "relation", "bạn là gì trong hộ, không kèm tên người khác", "what you are in it, without anybody else's name"),
        _field(
            _S, "insured_on_day", "có hay không tham gia vào một ngày", "whether you were insured on one day, yes or no", is_on_a_day=True
        ),
        _field(_S, "months_total", "tổng số tháng đã đóng", "how many months you have contributed"),
        _field(_S, "periods", "đã đóng từ tháng nào đến tháng nào, không kèm tiền", "from when to when you contributed, without amounts"),
        _field(
            _S,
            "contribution_bases",
            "tiền lương làm căn cứ đóng từng thời gian",
            "the wage your contributions were counted from, by period",
            tells_money=True,
        ),
        _field(_S, "benefits", "các chế độ đã hưởng và số tiền", "benefits you received, with amounts", tells_money=True),
        _field(_HI, "covered_on_day", "thẻ có hay không còn hạn vào một ngày", "whether your card was valid on one day", is_on_a_day=True),
        _field(_HI, "card", "số thẻ, thời hạn, nơi khám ban đầu", "your card's number, validity and facility"),
        _field(_UI, "months_total", "tổng số tháng đóng", "how many months you have contributed"),
        _field(_UI, "months_preserved", "số tháng được bảo lưu", "how many months are kept for later"),
        _field(
            _E, "present", "đơn vị đang tham gia (tên, mã số thuế)", "the employer that insures you now (name, tax code)", is_on_a_day=True
        ),
        _field(_E, "history", "từng đơn vị đã tham gia và thời gian", "every employer that insured you, with the months"),
    )
}


def fields_of(asked: Collection[str]) -> tuple[str, ...]:
    """Names of fields in the catalogue's order; the name of a group stands for all its present fields. Raises Invalid ACC-140."""
    wanted = set(asked)
    unknown = wanted - FIELDS.keys() - set(DataGroup)
    if unknown or not wanted:
        raise Invalid(ACC_UNKNOWN_DATA, where="fields", names=", ".join(sorted(unknown))[:200])
    return tuple(name for name, field in FIELDS.items() if name in wanted or field.group.value in wanted)


def in_words(fields: Collection[str], language: str) -> tuple[str, ...]:
    """One line for each group: `Bảo hiểm xã hội: tổng số tháng đã đóng; ...`."""
    index = 1 if language == "en" else 0
    found: dict[DataGroup, list[str]] = {}
    for name, field in FIELDS.items():
        if name in fields:
            found.setdefault(field.group, []).append((field.vi, field.en)[index])
    return tuple(f"{HEADINGS[group][index]}: {'; '.join(words)}" for group, words in found.items())
