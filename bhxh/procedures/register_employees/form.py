"""What is asked: one line about one worker, and the header of the list. The same type serves workbook, XML and API.

An empty field is the field's default and is omitted everywhere. Nothing here says whether a line is lawful: that is `rules`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bhxh.dossiers.procedure import KnownAs
from bhxh.kernel.canonical import Json
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.kernel.old_encodings import SOFT_HYPHEN, recognise
from bhxh.kernel.text import tidy
from bhxh.procedures.register_employees.change_codes import CHANGE_CODES, ChangeCode
from bhxh.registry.facts import Scheme

LONGEST_TEXT = 500
"""Characters of a text field (decree-164 section 5, D02 line)."""
HIGHEST_COEFFICIENT = 100
"""In the wage column, at most 100 is a pay coefficient and above it an amount (decree-164 section 4.8)."""
HIGHEST_BATCH = 999
"""Lists of one employer and month."""
YOUNGEST_YEARS = 15
_PIN_LENGTH, _OLD_CODE_LENGTH, _OLD_CARD_LENGTH = 12, 10, 9

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot carry or nobody can see."""


def tidy_typed(text: str) -> str:
    """Text as it is kept. WHY a soft hyphen may stay: in text typed with an old font it is the letter ư."""
    if SOFT_HYPHEN in text and recognise(text) is not None:
        return " ".join(SOFT_HYPHEN.join(tidy(part) for part in word.split(SOFT_HYPHEN)) for word in text.split())
    return tidy(text)


def _checked_text(text: str) -> str:
    if not text.isprintable() and CONTROL_CHARACTERS.search(text):  # the first test is the quick one
        raise ValueError("control character")
    return tidy_typed(text)


Text = Annotated[str, AfterValidator(_checked_text), Field(max_length=LONGEST_TEXT)]
Digits = Annotated[str, StringConstraints(pattern=r"^(\d{9,12})?$")]
MonthText = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2})?$")]
DateText = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
BirthText = Annotated[str, StringConstraints(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]
DecimalText = Annotated[str, StringConstraints(pattern=r"^(\d{1,6}(\.\d{1,6})?)?$")]
Amount = Annotated[int, Field(ge=0, lt=10_000_000_000)]


class Line(BaseModel):
    """One worker and one change. Field by field the table in `columns`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # who
    worker_reference: Text = ""
    """The employer's own number of the worker."""
    full_name: Text = ""
    si_code: Digits = ""
    id_number: Digits = ""
    birth_on: BirthText = ""
    sex: Annotated[str, StringConstraints(pattern=r"^(MALE|FEMALE)?$")] = ""
    nationality_title: Text = ""
    nationality: Text = ""
    ethnicity_title: Text = ""
    ethnicity: Text = ""
    household_code: Text = ""
    guardian_name: Text = ""

    # what changes
    declaration_type_title: Text = ""
    declaration_type: Annotated[str, StringConstraints(pattern=r"^[1-5]?$")] = ""
    change_title: Text = ""
    change_code: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = ""
    from_month: MonthText = ""
    to_month: MonthText = ""
    """The last month, inclusive, as the form asks it."""
    died_on: DateText = ""
    note: Text = ""

    # the work
    job_title: Text = ""
    workplace: Text = ""
    department: Text = ""
    wage_vnd: Annotated[int, Field(gt=HIGHEST_COEFFICIENT, lt=10_000_000_000)] | None = None
    wage_coefficient: Annotated[str, StringConstraints(pattern=r"^((100|\d{1,2})(\.\d{1,2})?)?$")] = ""
    """Instead of `wage_vnd`, for those on the state's pay scale; the same column of the form."""
    wage_allowance_vnd: Amount | None = None
    other_allowance_vnd: Amount | None = None
    position_allowance: DecimalText = ""
    over_frame_seniority: DecimalText = ""
    professional_seniority: DecimalText = ""
    rate_percent: DecimalText = ""
    wage_region: Annotated[str, StringConstraints(pattern=r"^[1-4]?$")] = ""
    with_interest: bool | None = None
    has_book: bool | None = None
    manager_from_on: DateText = ""
    manager_to_on: DateText = ""
    high_skill_from_on: DateText = ""
    high_skill_to_on: DateText = ""
    middle_skill_from_on: DateText = ""
    middle_skill_to_on: DateText = ""
    other_work_from_on: DateText = ""
    other_work_to_on: DateText = ""
    hazardous_from_on: DateText = ""
    hazardous_to_on: DateText = ""
    open_contract_from_on: DateText = ""
    fixed_contract_from_on: DateText = ""
    fixed_contract_to_on: DateText = ""
    other_contract_from_on: DateText = ""
    other_contract_to_on: DateText = ""

    # health card
    hi_benefit_level: Text = ""
    living_area: Text = ""
    facility_province_title: Text = ""
    facility_province: Text = ""
    facility_title: Text = ""
    facility: Text = ""

    # the rest of the personal declaration TK1
    keeps_tk1: Text = ""
    birth_province_title: Text = ""
    birth_province: Text = ""
    birth_ward_title: Text = ""
    birth_ward: Text = ""
    birth_address: Text = ""
    contact_province_title: Text = ""
    contact_province: Text = ""
    contact_ward_title: Text = ""
    contact_ward: Text = ""
    contact_address: Text = ""
    phone: Text = ""
    email: Text = ""
    voluntary_amount_vnd: Amount | None = None
    payment_frequency: Text = ""
    requested_change: Text = ""
    attached_documents: Text = ""
    wants_electronic_copy: bool | None = None
    wants_paper_copy: bool | None = None
    paper_copy_address: Text = ""
    paper_copy_province_title: Text = ""
    paper_copy_province: Text = ""
    paper_copy_ward_title: Text = ""
    paper_copy_ward: Text = ""

    @model_validator(mode="after")
    def _check_one_wage(self) -> Self:
        if self.wage_vnd is not None and self.wage_coefficient:
            raise ValueError("a wage is an amount or a coefficient, not both")
        return self

    @classmethod
    def from_content(cls, content: Mapping[str, Json]) -> Self:
        """The inverse of `as_content`."""
        return cls.model_validate(content)

    def as_content(self) -> dict[str, Json]:
        """The fields that are filled, as plain canonical data."""
        return self.model_dump(exclude_defaults=True)

    @property
    def change(self) -> ChangeCode | None:
        """The row of the code list."""
        return CHANGE_CODES.get(self.change_code)

    @property
    def starts(self) -> Month | None:
        """The first month of the change."""
        return Month.parse(self.from_month) if self.from_month else None

    @property
    def ends(self) -> Month | None:
        """The last month of the change, inclusive."""
        return Month.parse(self.to_month) if self.to_month else None


class Header(BaseModel):
    """Who files, for which month, and which list of that month this is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tax_code: Annotated[str, StringConstraints(pattern=r"^\d{10}(-\d{3})?$")]
    unit_code: Annotated[str, StringConstraints(pattern=r"^([0-9A-Z]{5,10})?$")] = ""
    unit_name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
    agency_code: Annotated[str, StringConstraints(pattern=r"^(0\d{4})?$")] = ""
    period: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
    batch: Annotated[int, Field(ge=1, le=HIGHEST_BATCH)] = 1
    made_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a line speaks of, as far as its two number columns say."""

    pin: Pin | None
    written: str
    """What the number was read from."""
    field: str
    """The column it stands in."""
    is_repaired: bool = False
    """Leading zeros were put back: a person must confirm before it is used."""
    is_contradictory: bool = False
    """The two columns hold two different personal numbers."""
    is_linked: bool = False
    """Only an old number is written; the registry knows whose it is, and name and birth date agree."""


def identify(line: Line) -> Identity:
    """The personal number of a line: 12 digits in either column, or a number that can only have lost its leading zeros.

    WHY ten digits count as lost zeros only under `id_number`: under `si_code` they are the old social insurance code.
    """
    if len(line.si_code) == _PIN_LENGTH and not line.id_number:  # nearly every line
        return Identity(pin=Pin(line.si_code), written=line.si_code, field="si_code")
    whole = {number: field for field in ("id_number", "si_code") if len(number := getattr(line, field)) == _PIN_LENGTH}
    if len(whole) > 1:
        return Identity(pin=None, written=line.si_code, field="si_code", is_contradictory=True)
    for number, field in whole.items():
        return Identity(pin=Pin(number), written=number, field=field)
    for field, lengths in (("si_code", (11,)), ("id_number", (10, 11))):
        number = getattr(line, field)
        if len(number) in lengths and (pin := find_certain_repair(number, line)):
            return Identity(pin=pin, written=number, field=field, is_repaired=True)
    field = "si_code" if line.si_code else "id_number"
    return Identity(pin=None, written=getattr(line, field), field=field)


def known_as(line: Line) -> KnownAs | None:
    """The old numbers of a line without a personal number: 10 digits are the old social insurance code, 9 the old identity card."""
    who = identify(line)
    if who.pin is not None or who.is_contradictory:
        return None
    of_length = {_OLD_CODE_LENGTH: Scheme.SI, _OLD_CARD_LENGTH: Scheme.OLD_ID}
    written = [line.si_code, *([line.id_number] if len(line.id_number) == _OLD_CARD_LENGTH else [])]
    numbers = tuple((of_length[len(number)].value, number) for number in written if len(number) in of_length)
    return KnownAs(numbers=numbers, full_name=line.full_name, birth_on=line.birth_on) if numbers else None


def find_certain_repair(number: str, line: Line) -> Pin | None:
    """Put leading zeros back, only where the digits then agree with everything else the line says of the person."""
    pin = Pin.find_lost_zero(number)
    if pin is None or (line.birth_on and not line.birth_on.startswith(str(pin.birth_year))):
        return None
    if line.sex and pin.is_male != (line.sex == "MALE"):
        return None
    if line.from_month and int(line.from_month[:4]) < pin.birth_year + YOUNGEST_YEARS:
        return None
    return pin
