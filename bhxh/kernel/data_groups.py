"""The seven groups of the National Insurance Database, as people may be told of them: what was shown, what is asked for. Pure.

Law: decree-164 section 4 (groups 1 to 7).
"""

from enum import StrEnum
from typing import Final


class DataGroup(StrEnum):
    """One group of data about a person."""

    BASIC = "basic"
    CONTACT = "contact"
    HOUSEHOLD = "household"
    SOCIAL_INSURANCE = "social_insurance"
    HEALTH_INSURANCE = "health_insurance"
    UNEMPLOYMENT_INSURANCE = "unemployment_insurance"
    EMPLOYER = "employer"


GROUP_WORDS: Final[dict[DataGroup, tuple[str, str]]] = {
    DataGroup.BASIC: ("Thông tin cơ bản: họ tên, ngày sinh, số định danh", "Basic data: name, birth date, numbers"),
    DataGroup.CONTACT: ("Thông tin liên hệ", "Contact data"),
    DataGroup.HOUSEHOLD: ("Hộ gia đình", "Household"),
    DataGroup.SOCIAL_INSURANCE: (
        "Bảo hiểm xã hội: quá trình đóng, mức lương, chế độ đã hưởng",
        "Social insurance: contributions, wages, benefits received",
    ),
    DataGroup.HEALTH_INSURANCE: ("Bảo hiểm y tế: thẻ, mức hưởng", "Health insurance: cards, benefit level"),
    DataGroup.UNEMPLOYMENT_INSURANCE: ("Bảo hiểm thất nghiệp", "Unemployment insurance"),
    DataGroup.EMPLOYER: ("Nơi làm việc", "Employers"),
}
"""Vietnamese and English words of each group."""
