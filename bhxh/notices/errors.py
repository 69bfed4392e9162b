"""Sentences of the notices room: what became of a letter, and what its recipient can do."""

from bhxh.kernel.errors import define

NOT_NO_SUCH_MESSAGE = define(
    "NOT-001",
    "Không có thông báo này.",
    "There is no such notice.",
)
NOT_UNUSABLE_ADDRESS = define(
    "NOT-002",
    "Không máy chủ thư nào nhận được địa chỉ này. Ghi địa chỉ theo dạng ten@mien.vn rồi gửi lại.",
    "No mail server could take this address. Write it as name@domain.vn and send it again.",
)
NOT_TOO_OFTEN = define(
    "NOT-003",
    "Thư này đã được gửi lại {limit} lần nên không gửi lại nữa. Nội dung xem được ở trang hồ sơ và trong Kho dữ liệu điện tử.",
    "This letter was sent again {limit} times, so it is not sent any more. What it says is on the dossier's page and in the warehouse.",
)

_STAYS_VI = "Nội dung thư vẫn xem được ở trang hồ sơ và trong Kho dữ liệu điện tử"
_STAYS_EN = "What it says stays on the dossier's page and in the electronic data warehouse"
_CORRECT_VI = "Kiểm tra và sửa lại địa chỉ thư điện tử của hồ sơ; thư sẽ được gửi lại đến địa chỉ mới."
_CORRECT_EN = "Check and correct the dossier's e-mail address; the letter is then sent again to the new one."

NOT_WAITING = define(
    "NOT-010",
    "Thư đang chờ gửi. Bạn không phải làm gì.",
    "The letter is waiting to be sent. You need not do anything.",
)
NOT_ASKED_TO_WAIT = define(
    "NOT-011",
    "Máy chủ thư của người nhận yêu cầu gửi lại sau. Hệ thống tự gửi lại; bạn không phải làm gì.",
    "The recipient's mail server asked us to come back later. It will be tried again by itself; you need not do anything.",
)
NOT_SENT = define(
    "NOT-012",
    "Thư đã được chuyển đi và không bị trả lại. Nếu không thấy, xem trong mục thư rác.",
    "The letter was handed over and has not come back. If you do not see it, look among unwanted mail.",
)
NOT_DELAYED = define(
    "NOT-013",
    f"Thư đã được chuyển đi nhưng máy chủ thư của người nhận chưa nhận; việc gửi vẫn tiếp tục. {_STAYS_VI}.",
    f"The letter was handed over, but the recipient's mail server has not taken it yet; it is still being tried. {_STAYS_EN}.",
)
NOT_NO_ADDRESS = define(
    "NOT-020",
    f"Không gửi được thư vì hồ sơ không có địa chỉ thư điện tử. {_STAYS_VI}. Ghi địa chỉ thư điện tử cho hồ sơ để nhận thư.",
    f"The letter could not be sent: the dossier has no e-mail address. {_STAYS_EN}. Give the dossier an e-mail address to get it.",
)
NOT_BAD_ADDRESS = define(
    "NOT-021",
    f"Không gửi được thư vì địa chỉ thư điện tử của hồ sơ không đúng dạng. {_STAYS_VI}. {_CORRECT_VI}",
    f"The letter could not be sent: the dossier's e-mail address is not well-formed. {_STAYS_EN}. {_CORRECT_EN}",
)
NOT_NEEDS_UTF8 = define(
    "NOT-022",
    "Không gửi được thư vì phần trước dấu @ của địa chỉ có chữ mà máy chủ thư chưa hỗ trợ (chữ có dấu)."
    f" {_STAYS_VI}. Ghi một địa chỉ khác chỉ có chữ không dấu trước dấu @; thư sẽ được gửi lại.",
    "The letter could not be sent: the part of the address before the @ has letters that a mail server on the way cannot carry."
    f" {_STAYS_EN}. Give another address, without such letters before the @; the letter is then sent again.",
)
NOT_NO_MAILBOX = define(
    "NOT-023",
    f"Thư bị trả lại vì không có hộp thư mang địa chỉ này. {_STAYS_VI}. {_CORRECT_VI}",
    f"The letter came back: there is no mailbox of this address. {_STAYS_EN}. {_CORRECT_EN}",
)
NOT_MAILBOX_FULL = define(
    "NOT-024",
    f"Thư bị trả lại vì hộp thư đã đầy. {_STAYS_VI}. Dọn bớt hộp thư hoặc ghi một địa chỉ khác; thư sẽ được gửi lại đến địa chỉ mới.",
    f"The letter came back: the mailbox is full. {_STAYS_EN}. Make room, or give another address; the letter is then sent again.",
)
NOT_BLOCKED = define(
    "NOT-025",
    "Thư bị máy chủ thư của người nhận từ chối theo quy tắc riêng của máy chủ đó; địa chỉ có thể vẫn đúng."
    f" {_STAYS_VI}. Ghi một địa chỉ khác, hoặc báo nơi quản lý hộp thư cho phép nhận thư của cơ quan bảo hiểm xã hội.",
    "The recipient's mail server refused the letter by rules of its own; the address may be right."
    f" {_STAYS_EN}. Give another address, or ask whoever runs the mailbox to let mail of the social insurance office in.",
)
NOT_REJECTED = define(
    "NOT-026",
    f"Thư bị trả lại và máy chủ thư không nói rõ lý do. {_STAYS_VI}. {_CORRECT_VI}",
    f"The letter came back, and the mail server did not say why. {_STAYS_EN}. {_CORRECT_EN}",
)
NOT_EXPIRED = define(
    "NOT-027",
    f"Máy chủ thư của người nhận nhiều ngày liền không nhận thư. {_STAYS_VI}. {_CORRECT_VI}",
    f"The recipient's mail server has not taken the letter for days. {_STAYS_EN}. {_CORRECT_EN}",
)
