"""Sentences about a person's own data."""

from bhxh.kernel.errors import define

OWN_NOT_AN_ARCHIVE = define(
    "OWN-001",
    "Tệp này không phải bản sao dữ liệu do hệ thống cấp, hoặc đã hỏng. Lấy lại bản sao từ trang dữ liệu của bạn.",
    "This file is no copy of data made here, or it is damaged. Take the copy again from your data page.",
)
OWN_NOT_AS_SEALED = define(
    "OWN-002",
    "Tệp {name} trong bản sao không đúng như lúc ký: đã bị thêm, bớt hoặc sửa. Lấy lại bản sao.",
    "File {name} of the copy is not as it was sealed: added, taken out or changed. Take the copy again.",
)
