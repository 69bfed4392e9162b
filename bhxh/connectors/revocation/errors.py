"""Sentences of the revocation connector."""

from bhxh.kernel.errors import define

CON_REVOCATION_UNAVAILABLE = define(
    "CON-071",
    "Không hỏi được tình trạng chứng thư số từ tổ chức cấp trong thời gian cho phép. Hồ sơ vẫn được nhận, sẽ kiểm tra lại.",
    "The certificate authority did not answer about revocation in time. The dossier is received all the same and checked again.",
)
CON_REVOCATION_REFUSED = define(
    "CON-072",
    "Tổ chức cấp chứng thư từ chối trả lời về tình trạng chứng thư. Sẽ kiểm tra lại.",
    "The certificate authority refused to answer about revocation. It will be asked again.",
)
CON_REVOCATION_NONSENSE = define(
    "CON-073",
    "Câu trả lời về tình trạng chứng thư không đọc được. Sẽ kiểm tra lại.",
    "The answer about revocation cannot be read. It will be asked again.",
)
