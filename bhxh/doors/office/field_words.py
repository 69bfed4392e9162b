"""What fields of forms and registers are called, and their values as people write them: as the procedure's own form asks for them, where one does; else
as this table says. A field nobody named is shown by its own name. Pure.
"""

import re
from collections.abc import Mapping
from typing import Final

from bhxh.dossiers.questions import Question
from bhxh.kernel.canonical import Json
from bhxh.web.amounts import grouped
from bhxh.web.languages import in_words

_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "full_name": ("Họ và tên", "Full name"),
    "birth_on": ("Ngày sinh", "Date of birth"),
    "sex": ("Giới tính", "Sex"),
    "si_code": ("Mã số bảo hiểm xã hội", "Social insurance code"),
    "id_number": ("Số định danh", "Personal number"),
    "pin": ("Số định danh", "Personal number"),
    "nationality": ("Quốc tịch", "Nationality"),
    "nationality_title": ("Quốc tịch", "Nationality"),
    "ethnicity": ("Mã dân tộc", "Ethnicity code"),
    "ethnicity_title": ("Dân tộc", "Ethnicity"),
    "household_code": ("Mã hộ gia đình", "Household code"),
    "guardian_name": ("Cha, mẹ hoặc người giám hộ", "Parent or guardian"),
    "worker_reference": ("Mã nhân viên của đơn vị", "Employer's own number"),
    "declaration_type": ("Mã loại khai báo", "Declaration code"),
    "declaration_type_title": ("Loại khai báo", "Declaration"),
    "change_code": ("Mã phương án", "Change code"),
    "change_title": ("Phương án", "Change"),
    "from_month": ("Từ tháng", "From month"),
    "to_month": ("Đến tháng", "To month"),
    "until_month": ("Đến tháng", "To month"),
    "died_on": ("Ngày mất", "Date of death"),
    "is_deceased": ("Đã mất", "Deceased"),
    "note": ("Ghi chú", "Note"),
    "job_title": ("Chức vụ, chức danh", "Job title"),
    "workplace": ("Nơi làm việc", "Workplace"),
    "department": ("Phòng ban", "Department"),
    "wage_vnd": ("Tiền lương (đồng)", "Wage (VND)"),
    "wage_coefficient": ("Hệ số lương", "Wage coefficient"),
    "wage_allowance_vnd": ("Phụ cấp lương (đồng)", "Wage allowance (VND)"),
    "other_allowance_vnd": ("Khoản bổ sung (đồng)", "Other allowance (VND)"),
    "rate_percent": ("Tỷ lệ đóng (%)", "Rate (%)"),
    "wage_region": ("Vùng lương tối thiểu", "Minimum wage region"),
    "has_book": ("Đã có sổ", "Has a book"),
    "asked_on": ("Ngày yêu cầu", "Asked on"),
    "email": ("Thư điện tử", "E-mail"),
    "status": ("Trạng thái", "Status"),
    "name": ("Tên", "Name"),
    "birth_place": ("Nơi sinh", "Place of birth"),
    "residence": ("Nơi cư trú", "Residence"),
    "address": ("Địa chỉ", "Address"),
    "contact_address": ("Địa chỉ liên hệ", "Contact address"),
    "phone": ("Số điện thoại", "Telephone"),
}
_VALUES: Final[Mapping[str, tuple[str, str]]] = {
    "MALE": ("Nam", "Male"),
    "FEMALE": ("Nữ", "Female"),
    "True": ("Có", "Yes"),
    "False": ("Không", "No"),
    "ACTIVE": ("Đang hoạt động", "Active"),
}
_DAY, _MONTH = re.compile(r"(\d{4})-(\d{2})-(\d{2})"), re.compile(r"(\d{4})-(\d{2})")
_THOUSAND = 1000


def officer_named(account: str) -> str:
    """An officer as colleagues know them, by login; empty for the installation itself and for nobody."""
    return account.removeprefix("officer:") if account.startswith("officer:") else ""


def field_words(field: str, question: Question | None = None) -> str:
    """What a field is called. `question`: as which the filer was asked for it."""
    if question is not None:
        return in_words(question.label)
    return in_words(_FIELDS[field]) if field in _FIELDS else field.replace("_", " ")


def value_words(value: Json, question: Question | None = None) -> str:
    """A value as people write it: days 20/10/2026, amounts 14.500.000, a choice as it was to be chosen. Empty where there is none."""
    if value is None or value == "":
        return ""
    if question is not None and question.choices:
        labels = {choice.value: in_words(choice.label) for choice in question.choices}
        return ", ".join(labels.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value]))
    text = str(value)
    if text in _VALUES:
        return in_words(_VALUES[text])
    if found := _DAY.fullmatch(text):
        return f"{found[3]}/{found[2]}/{found[1]}"
    if found := _MONTH.fullmatch(text):
        return f"{found[2]}/{found[1]}"
    if isinstance(value, int) and value >= _THOUSAND:
        return grouped(value)
    return text
