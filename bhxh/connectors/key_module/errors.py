"""Sentences of the key module's connector."""

from bhxh.kernel.errors import define

CON_KEY_MODULE_UNAVAILABLE = define(
    "CON-091",
    "Thiết bị giữ khóa không trả lời ({kind}), nên chưa niêm phong được. Kiểm tra thiết bị; việc này sẽ được làm lại.",
    "The key module does not answer ({kind}), so nothing can be sealed. Look at the device; it will be tried again.",
)
CON_KEY_MODULE_PIN = define(
    "CON-092",
    "Không đăng nhập được vào thiết bị giữ khóa ({kind}). Kiểm tra tệp mã PIN và nhãn thiết bị; không thử lại, để thiết bị không tự khóa.",
    "The key module refuses the login ({kind}). Look at the PIN file and the token's label; it is not tried again, lest the module lock itself.",
)
