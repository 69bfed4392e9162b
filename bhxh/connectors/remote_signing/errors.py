"""Sentences of the remote-signing connector."""

from bhxh.kernel.errors import define

CON_REMOTE_UNAVAILABLE = define(
    "CON-101",
    "Dịch vụ ký số từ xa chưa trả lời. Thử lại sau, hoặc ký bằng thiết bị ký; bản đang chờ ký vẫn còn.",
    "The remote signing service does not answer. Try again later, or sign with a device; what waits for the signature is kept.",
)
CON_REMOTE_REFUSED = define(
    "CON-102",
    "Dịch vụ ký số từ xa từ chối yêu cầu ({reason}).",
    "The remote signing service refused the request ({reason}).",
)
CON_REMOTE_NONSENSE = define(
    "CON-103",
    "Câu trả lời của dịch vụ ký số từ xa không đọc được.",
    "The answer of the remote signing service cannot be read.",
)
CON_REMOTE_DECLINED = define(
    "CON-104",
    "Chủ chứng thư đã từ chối ký trên thiết bị của mình.",
    "The holder of the certificate declined to sign on their device.",
)
