"""Sentences of the law room."""

from bhxh.kernel.errors import define

LAW_MONTH_WITHOUT_FIGURE = define(
    "LAW-001",
    "Chưa có số liệu pháp lý “{figure}” cho tháng {month}; số liệu bắt đầu từ {first}. Kiểm tra lại tháng.",
    "There is no legal figure “{figure}” for {month}; the figures start in {first}. Check the month.",
)
LAW_UNKNOWN_REGION = define(
    "LAW-002",
    "Không có vùng lương tối thiểu {region}. Vùng là số từ 1 đến 4.",
    "There is no wage region {region}. A region is a number from 1 to 4.",
)
LAW_NO_WAGE = define(
    "LAW-003",
    "Tiền lương làm căn cứ đóng phải lớn hơn 0 đồng. Nhập lại tiền lương của tháng {month}.",
    "The wage that contributions are counted on must be more than 0 dong. Enter the wage of {month} again.",
)
LAW_NO_LIMIT = define(
    "LAW-004",
    "Tháng {month} chưa có mức trần “{figure}”.",
    "There was no limit “{figure}” in {month}.",
)
LAW_BAD_FIGURES = define(
    "LAW-005",
    "Tệp số liệu pháp lý {file} sai tại {row}: {reason}.",
    "Legal figures in {file} are wrong at {row}: {reason}.",
)
