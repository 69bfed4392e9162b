"""Every identifier of the field as a type: parsed once at the edge, exact, and shown masked.

Source: decree-164 section 7. Each type is a `str`, so it stores and compares as one; `parse` is the only way in.
"""

import re
from datetime import date
from typing import ClassVar, Self

from bhxh.kernel.errors import KER_BAD_IDENTIFIER, KER_LOST_ZERO, Invalid
from bhxh.kernel.text import tidy


class Identifier(str):
    """Base of the identifier types: a pattern, a name, a rule in words, and a mask."""

    __slots__ = ()
    pattern: ClassVar[re.Pattern[str]]
    kind: ClassVar[tuple[str, str]]
    rule: ClassVar[tuple[str, str]]
    shown_ends: ClassVar[tuple[int, int]] = (0, 4)
    """How many characters the mask leaves at the start and at the end."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what somebody typed: outer and inner spaces ignored. Raises Invalid KER-002."""
        value = tidy(text).replace(" ", "")
        if cls.pattern.fullmatch(value) is None or not cls.is_sound(value):
            raise Invalid(
                KER_BAD_IDENTIFIER,
                value=text[:40],
                kind=cls.kind[0],
                kind_en=cls.kind[1],
                rule=cls.rule[0],
                rule_en=cls.rule[1],
            )
        return cls(value)

    @classmethod
    def try_parse(cls, text: str) -> Self | None:
        """The same, but None where `parse` raises."""
        try:
            return cls.parse(text)
        except Invalid:
            return None

    @classmethod
    def is_sound(cls, value: str) -> bool:
        """What the pattern cannot say (check digits, ranges). True here."""
        return True

    @property
    def masked(self) -> str:
        """For lists, mails and screens of others: 001*****0001."""
        start, end = self.shown_ends
        return self[:start] + "*" * max(0, len(self) - start - end) + self[len(self) - end :]


class Pin(Identifier):
    """Personal identification number: PPP C YY NNNNNN, 12 digits, no check digit."""

    __slots__ = ()
    pattern = re.compile(r"\d{12}", re.ASCII)
    kind = ("số định danh cá nhân", "personal number")
    rule = ("Số định danh có 12 chữ số, ví dụ 079188000123.", "It has 12 digits, for example 079188000123.")
    shown_ends = (3, 4)

    @classmethod
    def parse(cls, text: str) -> Self:
        """As every identifier; 9 to 11 digits that look like a number Excel cut get their own sentence KER-003."""
        digits = tidy(text).replace(" ", "")
        if re.fullmatch(r"\d{10,11}", digits, re.ASCII) and digits.zfill(12)[0] == "0" and cls.find_lost_zero(digits):
            raise Invalid(KER_LOST_ZERO, value=text[:40], digits=len(digits))
        return super().parse(text)

    @classmethod
    def find_lost_zero(cls, digits: str) -> "Pin | None":
        """The number with its leading zeros put back, when what remains can only be a cut number; else None.

        WHY: 11 digits lost one zero, 10 digits two (provinces 001 to 009); ten digits are also what an old social
        insurance code has, so the caller must still ask a person before using it.
        """
        if not re.fullmatch(r"\d{10,11}", digits, re.ASCII):
            return None
        pin = cls(digits.zfill(12))
        return pin if pin.birth_year <= date.max.year and pin[:3] in BIRTH_PLACE_CODES else None

    @property
    def birth_year(self) -> int:
        """The year of birth the number encodes."""
        return 1900 + int(self[3]) // 2 * 100 + int(self[4:6])

    @property
    def is_male(self) -> bool:
        """The sex at registration that the number encodes (it can change by law later)."""
        return int(self[3]) % 2 == 0


class SocialInsuranceCode(Identifier):
    """Social insurance code: the 12-digit PIN since 1 August 2025; 10 digits is a legacy alias."""

    __slots__ = ()
    pattern = re.compile(r"\d{12}|\d{10}", re.ASCII)
    kind = ("mã số BHXH", "social insurance code")
    rule = ("Mã số BHXH là số định danh 12 chữ số, hoặc mã cũ 10 chữ số.", "It is the 12-digit personal number, or the old 10 digits.")
    shown_ends = (3, 4)

    @property
    def is_legacy(self) -> bool:
        """Whether this is the 10-digit code of before August 2025."""
        return len(self) == 10


class OldIdNumber(Identifier):
    """Nine-digit identity number of before the personal number."""

    __slots__ = ()
    pattern = re.compile(r"\d{9}", re.ASCII)
    kind = ("số CMND", "old identity number")
    rule = ("Số CMND cũ có 9 chữ số.", "It has 9 digits.")
    shown_ends = (0, 3)


class PassportNumber(Identifier):
    """Passport number without its country."""

    __slots__ = ()
    pattern = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)
    kind = ("số hộ chiếu", "passport number")
    rule = ("Số hộ chiếu có 5 đến 20 chữ in hoa hoặc số.", "It has 5 to 20 capital letters or digits.")
    shown_ends = (1, 3)


class HealthCardCode(Identifier):
    """Health-insurance card code of 15 characters: type, benefit level, province, 10-digit code."""

    __slots__ = ()
    pattern = re.compile(r"[A-Z]{2}[1-5]\d{2}\d{10}", re.ASCII)
    kind = ("mã thẻ BHYT", "health-insurance card code")
    rule = (
        "Mã thẻ có 15 ký tự: 2 chữ, 1 số từ 1 đến 5, rồi 12 chữ số.",
        "It has 15 characters: 2 letters, a digit 1 to 5, then 12 digits.",
    )
    shown_ends = (3, 4)

    @classmethod
    def is_sound(cls, value: str) -> bool:
        """No province has the number 00."""
        return value[3:5] != "00"

    @property
    def participant_type(self) -> str:
        """The two letters of the participant type, such as DN."""
        return str(self[:2])

    @property
    def benefit_level(self) -> int:
        """The digit 1 to 5."""
        return int(self[2])


class TaxCode(Identifier):
    """Tax code: ten digits with a check digit, and -NNN for a dependent unit; a household business has its owner's PIN."""

    __slots__ = ()
    pattern = re.compile(r"\d{10}(-\d{3})?|\d{12}", re.ASCII)
    kind = ("mã số thuế", "tax code")
    rule = (
        "Mã số thuế có 10 chữ số, đơn vị phụ thuộc thêm -001 đến -999; hộ kinh doanh dùng số định danh 12 chữ số.",
        "It has 10 digits, a dependent unit adds -001 to -999; a household business uses the 12-digit personal number.",
    )

    @classmethod
    def parse(cls, text: str) -> Self:
        """As every identifier; thirteen digits without the hyphen are read as ten and three."""
        value = tidy(text).replace(" ", "")
        return super().parse(f"{value[:10]}-{value[10:]}" if re.fullmatch(r"\d{13}", value, re.ASCII) else value)

    @classmethod
    def is_sound(cls, value: str) -> bool:
        """The check digit d10 = 10 - (weighted sum mod 11); a result of 10 is never issued. A PIN has no check digit."""
        if len(value) == 12:
            return True
        weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
        check = 10 - sum(w * int(d) for w, d in zip(weights, value, strict=False)) % 11
        return value[2:9] != "0000000" and check == int(value[9]) and value[10:] != "-000"


class EmployerCode(Identifier):
    """Unit code under which the social insurance office manages an employer."""

    __slots__ = ()
    pattern = re.compile(r"[0-9A-Z]{5,10}", re.ASCII)
    kind = ("mã đơn vị", "unit code")
    rule = ("Mã đơn vị có 5 đến 10 chữ in hoa hoặc số.", "It has 5 to 10 capital letters or digits.")

    @property
    def has_usual_shape(self) -> bool:
        """Whether it has the shape seen on legacy codes; unusual ones are a warning only."""
        return re.fullmatch(r"[A-Z]{2,3}[0-9A-Z]{3,4}[A-Z]", self, re.ASCII) is not None


class AgencyCode(Identifier):
    """Social insurance office: province (three digits) and office (two)."""

    __slots__ = ()
    pattern = re.compile(r"0\d{4}", re.ASCII)
    kind = ("mã cơ quan BHXH", "social insurance office code")
    rule = ("Mã cơ quan có 5 chữ số, bắt đầu bằng 0.", "It has 5 digits and starts with 0.")
    shown_ends = (5, 0)


class WardCode(Identifier):
    """Ward, commune or special zone."""

    __slots__ = ()
    pattern = re.compile(r"\d{5}", re.ASCII)
    kind = ("mã xã, phường", "ward code")
    rule = ("Mã xã có 5 chữ số.", "It has 5 digits.")
    shown_ends = (5, 0)


class FacilityCode(Identifier):
    """Health facility of first registration; two rare codes have six characters."""

    __slots__ = ()
    pattern = re.compile(r"[0-9A-Z]{5,6}", re.ASCII)
    kind = ("mã cơ sở khám chữa bệnh", "health facility code")
    rule = ("Mã cơ sở có 5 ký tự.", "It has 5 characters.")
    shown_ends = (6, 0)


class BirthCertificateNumber(Identifier):
    """Birth certificate issued by a facility: XXXXX.GCS.ZZZZZ.YY."""

    __slots__ = ()
    pattern = re.compile(r"\d{5}\.GCS\.[0-9A-Z]{5}\.\d{2}", re.ASCII)
    kind = ("số giấy chứng sinh", "birth certificate number")
    rule = ("Số giấy chứng sinh có dạng 00001.GCS.01131.26.", "It has the form 00001.GCS.01131.26.")


class DossierCode(Identifier):
    """Public code of a dossier: prefix (national agency form), day yymmdd, serial of 4 to 8 digits."""

    __slots__ = ()
    pattern = re.compile(r"(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(\.\d{2,3}){1,3})-\d{6}-\d{4,8}", re.ASCII)
    kind = ("mã hồ sơ", "dossier code")
    rule = ("Mã hồ sơ có dạng G12.99.01-261121-0001.", "It has the form G12.99.01-261121-0001.")
    shown_ends = (40, 0)

    @classmethod
    def is_sound(cls, value: str) -> bool:
        """The middle is a day."""
        year, month, day = (int(pair) for pair in re.findall("..", value.split("-")[1]))
        try:
            date(2000 + year, month, day)
        except ValueError:
            return False
        return True

    @classmethod
    def compose(cls, *, prefix: str, on: date, serial: int) -> "DossierCode":
        """The code of the `serial`-th dossier of an office on a day."""
        return cls.parse(f"{prefix}-{on:%y%m%d}-{serial:04d}")


class CertificateSerial(Identifier):
    """Serial number of an X.509 certificate, lower-case hexadecimal without leading zeros."""

    __slots__ = ()
    pattern = re.compile(r"[1-9a-f][0-9a-f]{0,39}", re.ASCII)
    kind = ("số hiệu chứng thư", "certificate serial")
    rule = ("Số hiệu là số thập lục phân viết thường, không có số 0 ở đầu.", "It is lower-case hexadecimal without leading zeros.")
    shown_ends = (40, 0)


_PROVINCES_BEFORE_JULY_2025 = [
    "01",
    "02",
    "04",
    "06",
    "08",
    "10",
    "11",
    "12",
    "14",
    "15",
    "17",
    "19",
    "20",
    "22",
    "24",
    "25",
    "26",
    "27",
    "30",
    "31",
    "33",
    "34",
    "35",
    "36",
    "37",
    "38",
    "40",
    "42",
    "44",
    "45",
    "46",
    "48",
    "49",
    "51",
    "52",
    "54",
    "56",
    "58",
    "60",
    "62",
    "64",
    "66",
    "67",
    "68",
    "70",
    "72",
    "74",
    "75",
    "77",
    "79",
    "80",
    "82",
    "83",
    "84",
    "86",
    "87",
    "89",
    "91",
    "92",
    "93",
    "94",
    "95",
    "96",
]

BIRTH_PLACE_CODES = frozenset(f"0{code}" for code in _PROVINCES_BEFORE_JULY_2025)
"""First three digits of a PIN registered in Viet Nam: the 63 old provinces, valid for ever. Others are countries: a warning."""
