"""Codes of the book in the words of its pages, Vietnamese first. Pure data."""

from typing import Final

from bhxh.book.grouping import NOT_COUNTED, PRESERVED

SEX: Final = {"MALE": "Nam · Male", "FEMALE": "Nữ · Female", "UNDETERMINED": "Chưa xác định · Undetermined"}
KINDS: Final = {
    "NORMAL": "",
    "BACK_PAY": "truy đóng · back pay",
    "ADJUST": "điều chỉnh · adjusted",
    NOT_COUNTED: "không tính · not counted",
    PRESERVED: "bảo lưu · preserved",
}
CARD_STATES: Final = {
    "VALID": ("Còn hiệu lực", "Valid"),
    "WITHDRAWN": ("Đã thu hồi", "Withdrawn"),
    "TEMP_LOCKED": ("Tạm khóa", "Locked for now"),
    "EXPIRED": ("Hết hạn", "Expired"),
    "REPLACED": ("Đã đổi thẻ", "Replaced"),
}
SCHEMES: Final = {
    "SICKNESS": "Ốm đau · Sickness",
    "MATERNITY": "Thai sản · Maternity",
    "CONVALESCENCE": "Dưỡng sức · Convalescence",
    "WORK_ACCIDENT": "Tai nạn lao động · Work accident",
    "OCC_DISEASE": "Bệnh nghề nghiệp · Occupational disease",
    "RETIREMENT": "Hưu trí · Retirement",
    "ONE_OFF": "BHXH một lần · One-off",
    "SURVIVORS": "Tử tuất · Survivors",
    "FUNERAL": "Trợ cấp mai táng · Funeral",
    "MONTHLY_ALLOWANCE": "Trợ cấp hằng tháng · Monthly allowance",
    "SOCIAL_PENSION": "Hưu trí xã hội · Social pension",
    "VOL_MATERNITY": "Thai sản tự nguyện · Voluntary maternity",
    "UNEMPLOYMENT": "Thất nghiệp · Unemployment",
    "HI_TREATMENT": "Khám chữa bệnh · Treatment",
}
"""decree-164 section 8.8, in the words of the page."""
STATUSES: Final = {
    "AWARDED": "Đã có quyết định · Awarded",
    "PAID": "Đã chi trả · Paid",
    "PAYING": "Đang chi trả · In payment",
    "SUSPENDED": "Tạm dừng · Suspended",
    "ENDED": "Đã kết thúc · Ended",
    "SETTLED": "Đã giải quyết · Settled",
    "REFUSED": "Không được giải quyết · Refused",
    "GRANTED": "Đã giải quyết · Settled",
    "RESOLVED": "Đã giải quyết · Settled",
    "RETURNED": "Đã trả kết quả · Returned",
    "OPEN": "Đang giải quyết · In progress",
    "CLOSED": "Đã giải quyết · Settled",
}
