"""Sentences about consent: asking, granting, and reading under it."""

from bhxh.kernel.errors import define

ACC_UNKNOWN_DATA = define(
    "ACC-140",
    "Không có loại dữ liệu này trong danh mục: {names}. Xem /api/v1/open/data-catalogue rồi gửi lại.",
    "The catalogue has no such data: {names}. See /api/v1/open/data-catalogue and send it again.",
)
ACC_NO_REQUESTER = define(
    "ACC-141",
    "Tổ chức này chưa được đăng ký để xin dữ liệu của người tham gia, hoặc đăng ký đã hết hạn. Liên hệ cơ quan bảo hiểm xã hội.",
    "This organisation is not registered to ask persons for data, or its registration has ended. Contact the social insurance office.",
)
ACC_BEYOND_REGISTRATION = define(
    "ACC-142",
    "Tổ chức chỉ được xin những gì đã đăng ký; ngoài phạm vi: {names}. Bỏ phần đó hoặc đăng ký thêm.",
    "The organisation may ask only for what it is registered for; beyond that: {names}. Leave it out or have it registered.",
)
ACC_CONSENT_PERIOD = define(
    "ACC-143",
    "Thời hạn xin xem phải sau hôm nay và không quá {days} ngày.",
    "The period asked for must end after today and within {days} days.",
)
ACC_ASKED_TOO_SOON = define(
    "ACC-144",
    "Người này đã từ chối. Chỉ được xin lại từ ngày {on}.",
    "This person refused. They may be asked again from {on}.",
)
ACC_NO_CONSENT_REQUEST = define(
    "ACC-145",
    "Không có yêu cầu này, hoặc tài khoản của bạn không được xem.",
    "There is no such request, or your account may not see it.",
)
ACC_REQUEST_CLOSED = define(
    "ACC-146",
    "Yêu cầu này đã được trả lời, đã hết hạn hoặc đã được rút lại, nên không quyết định được nữa.",
    "This request was answered, has lapsed or was taken back: it can no longer be decided.",
)
ACC_BEYOND_REQUEST = define(
    "ACC-147",
    "Chỉ đồng ý được với một phần hoặc tất cả những gì được xin, không nhiều hơn và không lâu hơn. Chọn ít nhất một mục.",
    "One can grant all or part of what was asked for, not more and not for longer. Choose at least one item.",
)
ACC_NO_CONSENT = define(
    "ACC-148",
    "Không có sự đồng ý này nên không có dữ liệu nào được cung cấp.",
    "There is no such consent, so no data are given.",
)
ACC_CONSENT_ENDED = define(
    "ACC-149",
    "Sự đồng ý này không còn hiệu lực ({status}) nên không có dữ liệu nào được cung cấp. Muốn xem tiếp, hãy xin lại.",
    "This consent no longer stands ({status}), so no data are given. To read on, ask the person again.",
)
ACC_RECEIPT_BROKEN = define(
    "ACC-150",
    "Không xác minh được chữ ký trên phiếu đồng ý nên không có dữ liệu nào được cung cấp. Báo cho cơ quan bảo hiểm xã hội.",
    "The seal on the consent receipt cannot be verified, so no data are given. Tell the social insurance office.",
)
ACC_NO_AGREED_SCOPE = define(
    "ACC-151",
    "Cơ quan này không có phạm vi khai thác đã thỏa thuận mang mã đó, hoặc đã hết hạn.",
    "This agency has no agreed scope of that name, or it has ended.",
)
ACC_CONSENT_NEVER_GIVEN = define(
    "ACC-152",
    "Phạm vi khai thác theo pháp luật phải nêu căn cứ pháp lý khác với sự đồng ý và dữ liệu của chính mình.",
    "A scope agreed by law must name a legal basis other than consent and own data.",
)
ACC_DAY_TO_COME = define(
    "ACC-153",
    "Ngày được hỏi không được sau hôm nay: chưa ai biết được.",
    "The day asked about may not be after today: nobody knows yet.",
)
ACC_NOBODY_OF_THIS_NUMBER = define(
    "ACC-154",
    "Không có người tham gia nào mang số này trong Cơ sở dữ liệu của cơ quan này. Kiểm tra lại số.",
    "Nobody in the database of this installation has this number. Check the number.",
)
ACC_NO_REFERENCE = define(
    "ACC-155",
    "Thiếu số hồ sơ, vụ việc mà vì nó cần xem dữ liệu. Người được xem sẽ thấy số này.",
    "The number of the case the data are needed for is missing. The person will see it.",
)
