"""Sentences about programs: their keys, their tokens, who looks after them."""

from bhxh.kernel.errors import define

ACC_TOKEN_REQUEST = define(
    "ACC-121",
    "Yêu cầu cấp token không đúng: {reason}. Gửi grant_type=client_credentials với chứng thực private_key_jwt.",
    "The token request is not right: {reason}. Send grant_type=client_credentials with a private_key_jwt assertion.",
)
ACC_SCOPE_NOT_GRANTED = define(
    "ACC-122",
    "Hệ thống này không được cấp quyền {scope}. Chỉ xin những quyền đã đăng ký.",
    "This program was not granted {scope}. Ask for registered grants only.",
)
ACC_KEY_RETIRED = define(
    "ACC-123",
    "Khóa mà hệ thống này đã dùng để lấy token không còn hiệu lực. Lấy token mới bằng khóa đang dùng.",
    "The key with which this program got its token is no longer in force. Get a new token with a key in force.",
)
ACC_CLIENT_TAKEN = define(
    "ACC-124",
    "Tên kết nối {client} đã có. Chọn tên khác.",
    "The client id {client} is taken. Choose another.",
)
ACC_BAD_CLIENT = define(
    "ACC-125",
    "Tên kết nối gồm 3 đến 40 chữ thường, chữ số và dấu gạch nối, bắt đầu bằng chữ.",
    "A client id is 3 to 40 lower-case letters, digits and hyphens, and begins with a letter.",
)
ACC_KEY_KNOWN_ALREADY = define(
    "ACC-126",
    "Khóa {kid} đã được đăng ký cho hệ thống này. Mỗi khóa mới cần tên riêng.",
    "Key {kid} is registered for this program already. Every new key needs a name of its own.",
)
ACC_TOO_MANY_PROGRAM_KEYS = define(
    "ACC-127",
    "Hệ thống này đã có {limit} khóa đang dùng. Ngừng một khóa cũ trước.",
    "This program has {limit} keys in force. Retire an old one first.",
)
ACC_NO_PROGRAM_KEY = define(
    "ACC-128",
    "Hệ thống này không có khóa {kid} đang dùng.",
    "This program has no key {kid} in force.",
)
ACC_GRANT_BY_OPERATOR = define(
    "ACC-129",
    "Quyền {grant} do người quản trị cấp. Đơn vị tự đăng ký được quyền FILE_FOR_EMPLOYERS.",
    "The grant {grant} is given by the operator. An organisation may register FILE_FOR_EMPLOYERS by itself.",
)
ACC_TOO_MANY_PROGRAMS = define(
    "ACC-130",
    "Đơn vị đã đăng ký {limit} hệ thống. Ngừng một hệ thống không dùng trước.",
    "The organisation has registered {limit} programs. Retire one that is not used first.",
)
