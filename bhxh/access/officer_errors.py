"""Sentences about officers' security keys, and about why an officer reads a person."""

from bhxh.kernel.errors import define

ACC_NO_SECOND_FACTOR = define(
    "ACC-060",
    "Cán bộ cần xác nhận bằng khóa bảo mật trong phiên đăng nhập này. Cắm hoặc chạm khóa bảo mật rồi thử lại.",
    "An officer must show a security key in this session. Insert or touch the key, then try again.",
)
ACC_NO_KEY = define(
    "ACC-061",
    "Cán bộ này chưa đăng ký khóa bảo mật nào. Xin mã một lần của người quản trị rồi đăng ký khóa.",
    "This officer has no security key yet. Ask the operator for a one-time code and register a key.",
)
ACC_KEY_REFUSED = define(
    "ACC-062",
    "Không xác nhận được khóa bảo mật ({reason}). Yêu cầu thử thách mới rồi thử lại bằng khóa đã đăng ký.",
    "The security key could not be verified ({reason}). Ask for a new challenge and try again with a registered key.",
)
ACC_CHALLENGE_GONE = define(
    "ACC-063",
    "Thử thách này đã hết hạn hoặc đã dùng. Yêu cầu thử thách mới.",
    "This challenge has expired or was used. Ask for a new one.",
)
ACC_KEY_COPIED = define(
    "ACC-064",
    "Khóa bảo mật này có dấu hiệu bị sao chép nên đã bị khóa. Báo người quản trị và dùng khóa khác.",
    "This security key shows signs of having been copied and has been blocked. Tell the operator and use another key.",
)
ACC_BAD_CODE = define(
    "ACC-065",
    "Mã một lần không đúng hoặc đã hết hạn. Xin người quản trị mã mới.",
    "The one-time code is wrong or has expired. Ask the operator for a new one.",
)
ACC_KEY_KNOWN = define(
    "ACC-066",
    "Khóa bảo mật này đã từng được đăng ký. Dùng khóa khác.",
    "This security key was registered before. Use another one.",
)
ACC_TOO_MANY_KEYS = define(
    "ACC-067",
    "Mỗi cán bộ có tối đa {limit} khóa bảo mật. Bỏ một khóa không dùng trước.",
    "An officer has at most {limit} security keys. Remove one that is not used first.",
)
ACC_NO_SUCH_KEY = define(
    "ACC-068",
    "Không có khóa bảo mật này đang dùng.",
    "There is no such security key in use.",
)
ACC_NO_REASON = define(
    "ACC-070",
    "Muốn xem dữ liệu của một người phải có mã hồ sơ của người đó, hoặc chọn một mục đích trong danh sách và ghi rõ lý do.",
    "To read a person's data give a dossier of that person, or choose a purpose from the list and say why in your own words.",
)
ACC_NOT_IN_DOSSIER = define(
    "ACC-071",
    "Hồ sơ này không liên quan đến người được tra cứu. Kiểm tra lại mã hồ sơ.",
    "That dossier does not concern the person looked up. Check the code.",
)
ACC_OWN_CASE = define(
    "ACC-072",
    "Cán bộ không giải quyết và không tra cứu dữ liệu của chính mình với vai trò cán bộ. Chuyển cho cán bộ khác.",
    "An officer neither decides about themselves nor reads themselves as an officer. Hand it to another officer.",
)
ACC_NO_DATA_REQUEST = define(
    "ACC-073",
    "Không có yêu cầu này, hoặc yêu cầu đã được giải quyết xong. Xem sổ theo dõi yêu cầu.",
    "There is no such request, or it has been settled. See the register of requests.",
)
ACC_EXTENDED_BEFORE = define(
    "ACC-074",
    "Yêu cầu này đã được gia hạn một lần; luật không cho gia hạn thêm. Giải quyết trước {day}.",
    "This request was extended once; the law allows no more. Settle it by {day}.",
)
ACC_REQUEST_UNSAID = define(
    "ACC-075",
    "Ghi rõ bằng lời: người yêu cầu muốn gì, hoặc kết quả giải quyết và lý do.",
    "Say it in words: what is asked for, or what came of it and why.",
)
