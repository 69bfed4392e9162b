"""Sentences of the time-stamping connector."""

from bhxh.kernel.errors import define

CON_STAMP_UNAVAILABLE = define(
    "CON-081",
    "Không nhận được dấu thời gian trong thời gian cho phép. Sẽ xin lại.",
    "The time-stamping authority did not answer in time. It will be asked again.",
)
CON_STAMP_REFUSED = define(
    "CON-082",
    "Tổ chức cấp dấu thời gian từ chối yêu cầu ({status}). Sẽ xin lại.",
    "The time-stamping authority refused the request ({status}). It will be asked again.",
)
CON_STAMP_NONSENSE = define(
    "CON-083",
    "Câu trả lời của tổ chức cấp dấu thời gian không đọc được.",
    "The answer of the time-stamping authority cannot be read.",
)
