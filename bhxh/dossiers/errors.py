"""Sentences of the dossier engine."""

from bhxh.kernel.errors import define

DOS_NO_PROCEDURE = define(
    "DOS-001",
    "Không có thủ tục “{slug}”. Xem danh mục thủ tục để chọn đúng tên.",
    "There is no procedure “{slug}”. See the catalogue of procedures for its name.",
)
DOS_NO_DOSSIER = define(
    "DOS-002",
    "Không tìm thấy hồ sơ này. Kiểm tra lại mã hồ sơ trên giấy tiếp nhận.",
    "There is no such dossier. Check the code on the receipt.",
)
DOS_WRONG_STATE = define(
    "DOS-003",
    "Hồ sơ đang ở trạng thái “{state}” nên không thực hiện được việc này. Tải lại trang để xem điều gì đã xảy ra.",
    "The dossier is in state “{state}”, so this cannot be done. Reload the page to see what happened meanwhile.",
)
DOS_STALE = define(
    "DOS-004",
    "Hồ sơ đã thay đổi sau khi trang này được mở. Chưa có gì bị ghi đè; tải lại trang rồi làm lại.",
    "The dossier changed after this page was opened. Nothing was overwritten; reload and try again.",
)
DOS_SIGNATURE_MISSING = define(
    "DOS-005",
    "Thủ tục này cần chữ ký số bằng chứng thư. Ký tệp rồi gửi lại.",
    "This procedure needs a signature with a certificate. Sign the file and send it again.",
)
DOS_SIGNER_NOT_ENTITLED = define(
    "DOS-006",
    "Chứng thư {serial} không thuộc đơn vị nộp hồ sơ và không có ủy quyền. Ký bằng chứng thư của đơn vị.",
    "Certificate {serial} belongs neither to the filing unit nor to a person with its mandate. Sign with the unit's certificate.",
)
DOS_FILER_DIFFERS = define(
    "DOS-007",
    "Hồ sơ ghi người nộp khác với tài khoản đang gửi. Đăng nhập bằng tài khoản của người nộp ghi trong hồ sơ.",
    "The document names another filer than the account that sends it. Sign in as the filer it names.",
)
DOS_FILER_UNKNOWN = define(
    "DOS-008",
    "Chưa có đơn vị hoặc người nộp này trong Cơ sở dữ liệu quốc gia về bảo hiểm. Kiểm tra mã số thuế, mã đơn vị hoặc số định danh.",
    "The National Insurance Database does not know this filer. Check the tax code, the unit code or the personal number.",
)
DOS_COMPONENT_MISSING = define(
    "DOS-009",
    "Còn thiếu thành phần hồ sơ “{title_vi}”. Đính kèm giấy tờ này rồi gửi lại; phần đã nhập vẫn còn.",
    "The component “{title_en}” is missing. Attach it and send again; what was entered is kept.",
)
DOS_NO_LINES = define(
    "DOS-010",
    "Hồ sơ không có dòng nào. Nhập ít nhất một người rồi gửi lại.",
    "The dossier has no lines. Enter at least one person and send again.",
)
DOS_LINE_NUMBERS = define(
    "DOS-011",
    "Số thứ tự dòng bị trùng hoặc không lớn hơn 0. Đánh lại số thứ tự rồi gửi lại.",
    "Line numbers are repeated or not above 0. Number the lines again and send again.",
)
DOS_SAME_OFFICER = define(
    "DOS-012",
    "Người phê duyệt phải khác người thẩm định (nguyên tắc bốn mắt). Chuyển cho cán bộ khác phê duyệt.",
    "The approver must be another officer than the appraiser. Hand it to a colleague.",
)
DOS_LINES_NOT_OPEN = define(
    "DOS-013",
    "Có {count} dòng không ở trạng thái phù hợp cho việc này. Tải lại trang để xem dòng nào còn chờ.",
    "{count} lines are not in a state for this. Reload the page to see which still wait.",
)
DOS_REASON_MISSING = define(
    "DOS-014",
    "Việc này cần ghi rõ lý do bằng văn bản.",
    "This needs a reason in writing.",
)
DOS_ALREADY_DECIDED = define(
    "DOS-015",
    "Đã có quyết định được ký nên không rút được hồ sơ. Có thể nộp hồ sơ điều chỉnh.",
    "A decision has been signed, so the dossier cannot be withdrawn. An adjustment can be filed.",
)
DOS_SUPPLEMENT_ONCE = define(
    "DOS-016",
    "Chỉ được yêu cầu bổ sung một lần cho một hồ sơ.",
    "A supplement may be requested only once per dossier.",
)
DOS_NOT_OFFICER = define(
    "DOS-017",
    "Chỉ cán bộ giải quyết hồ sơ được làm việc này.",
    "Only an officer may do this.",
)
DOS_KEY_REUSED = define(
    "DOS-018",
    "Khóa chống gửi trùng này đã dùng cho một hồ sơ khác. Dùng khóa mới cho nội dung mới.",
    "This idempotency key was used for another filing. Use a new key for new content.",
)
DOS_NO_DRAFT = define(
    "DOS-019",
    "Bản nháp không còn (đã gửi hoặc quá hạn). Tải tệp lên lại.",
    "The draft is no longer there (sent, or expired). Upload the file again.",
)
DOS_NO_RECEIPT = define(
    "DOS-020",
    "Hồ sơ {code} được chuyển sang tiếp nhận mà không có giấy tiếp nhận.",
    "Dossier {code} was about to be received without a receipt.",
)
DOS_OTHER_CUSTODIAN = define(
    "DOS-022",
    "Dữ liệu của người này do cơ quan khác quản lý (Bộ Quốc phòng hoặc Bộ Công an). Gửi hồ sơ đến cơ quan đó.",
    "This person's data are kept by another custodian (defence or public security). File with that custodian.",
)
DOS_EFFECT_REFUSED = define(
    "DOS-023",
    "Chưa ghi được dòng này vào cơ sở dữ liệu ({reason}); cán bộ sẽ xem xét.",
    "This line could not be recorded ({reason}); an officer will look at it.",
)
DOS_WAITS_FOR_ALL = define(
    "DOS-024",
    "Hồ sơ này được quyết định cùng lúc cho mọi dòng; dòng này đạt nhưng chờ cán bộ xem các dòng còn lại.",
    "All lines of this dossier are decided together; this line is in order and waits for the others.",
)
DOS_NO_SUBMISSION_PROOF = define(
    "DOS-025",
    "Cần xác nhận bằng tài khoản định danh điện tử hoặc ký bằng chứng thư số trước khi gửi.",
    "Confirm with the e-ID account, or sign with a certificate, before sending.",
)
DOS_OFFICER_REASON = define(
    "DOS-026",
    "Cán bộ quyết định: {reason}",
    "Decided by officers: {reason}",
)
DOS_NOT_YOURS = define(
    "DOS-027",
    "Tài khoản này không được làm việc này với hồ sơ.",
    "This account may not do this with the dossier.",
)
DOS_NO_DAYS_OFF = define(
    "DOS-028",
    "Chưa có lịch ngày nghỉ của năm {year} nên không tính được hạn.",
    "The days off of {year} are not on record, so the deadline cannot be computed.",
)
DOS_UNJUDGED_LINES = define(
    "DOS-029",
    "Quy tắc của thủ tục {slug} không trả lời cho {count} dòng.",
    "The rules of procedure {slug} gave no answer for {count} lines.",
)
DOS_SIGNATURE_PENDING = define(
    "DOS-030",
    "Chữ ký số chưa kiểm tra xong nên chưa xử lý tiếp được. Hệ thống tự kiểm tra lại.",
    "The signature is not fully checked yet, so processing waits. The system checks again by itself.",
)
DOS_SUPPLEMENT_LAPSED = define(
    "DOS-031",
    "Quá hạn bổ sung mà chưa nhận được giấy tờ, hồ sơ dừng xử lý. Có thể nộp hồ sơ mới.",
    "The supplement did not arrive in time, so the dossier was stopped. A new one can be filed.",
)
DOS_NO_DOCUMENT = define(
    "DOS-032",
    "Chưa đính kèm giấy tờ nào. Đính kèm giấy tờ được yêu cầu rồi gửi lại.",
    "No document is attached. Attach what was asked for and send again.",
)
DOS_WRONG_FILE = define(
    "DOS-033",
    "Tệp {name} không phải PDF, JPEG hoặc PNG. Chuyển sang một trong các dạng này rồi gửi lại; chưa có gì được gửi đi.",
    "The file {name} is not a PDF, JPEG or PNG. Convert it to one of these and send again; nothing was sent.",
)
DOS_SIGNATURE_NOT_PROVEN = define(
    "DOS-034",
    "Không xác nhận được chữ ký số của hồ sơ là tốt vào lúc nộp, nên hồ sơ dừng xử lý. Ký lại bằng chứng thư đang có hiệu lực rồi nộp hồ sơ mới.",
    "The dossier's signature could not be proven good at the time of filing, so it was stopped. Sign with a certificate in force and file again.",
)
DOS_SIGNATURE_JUDGED = define(
    "DOS-035",
    "Chữ ký của hồ sơ này đã có kết luận, không còn chờ kiểm tra. Tải lại trang.",
    "The signature of this dossier has been judged; it is not pending any more. Load the page again.",
)
DOS_SIGNATURE_STILL_ASKED = define(
    "DOS-036",
    "Hệ thống còn đang tự hỏi tổ chức cấp chứng thư (đã hỏi {asked} trên {limit} lượt). Chờ hỏi đủ rồi mới kết luận.",
    "The certificate authority is still being asked ({asked} of {limit} rounds). Decide once all were asked.",
)
DOS_CONFIRMED_BY_ANOTHER = define(
    "DOS-040",
    "Xác nhận này không phải của tài khoản đang nộp, hoặc không phải cho hồ sơ này. Đăng nhập bằng tài khoản của mình rồi tự xác nhận.",
    "This confirmation is not by the account that files, or not for this dossier. Sign in with your own account and confirm yourself.",
)
DOS_CONFIRMATION_USED = define(
    "DOS-041",
    "Xác nhận này được lập từ trước. Mỗi xác nhận chỉ dùng ngay cho một lần nộp; xem lại nội dung rồi xác nhận lại.",
    "This confirmation was made earlier. Each is good at once and for one filing only; look at the content and confirm again.",
)
DOS_NO_COUNTER_FILING = define(
    "DOS-042",
    "Không có hồ sơ nào do cán bộ nộp hộ bạn với mã này.",
    "No officer filed a dossier with this code for you.",
)
DOS_ANSWERED_OTHERWISE = define(
    "DOS-043",
    "Bạn đã trả lời hồ sơ nộp hộ này theo cách khác. Nếu nhầm, liên hệ cơ quan bảo hiểm xã hội và ghi mã hồ sơ.",
    "You have answered otherwise about this filing before. If that was a mistake, turn to the social insurance office with the dossier's code.",
)
DOS_NOT_AT_COUNTER = define(
    "DOS-044",
    "Thủ tục “{slug}” không nộp hộ cá nhân tại quầy được.",
    "Procedure “{slug}” cannot be filed for a person at the counter.",
)
DOS_REFUSED_BY_PERSON = define(
    "DOS-045",
    "Người được nộp hộ không đồng ý với hồ sơ do cán bộ nộp tại quầy.",
    "The person for whom an officer filed at the counter does not agree with it.",
)
DOS_DRAFT_EXPIRED = define(
    "DOS-046",
    "Bản chờ ký này đã quá hạn từ {expired_on}, chưa có gì được nộp. Nội dung còn nguyên đến {kept_until}: chuẩn bị lại bản này rồi ký, không phải nhập lại.",
    "This prepared document expired on {expired_on}; nothing was filed. Its content is kept until {kept_until}: prepare it anew and sign; nothing has to be filled in again.",
)
DOS_NO_REMOTE_SIGNING = define(
    "DOS-047",
    "Hệ thống này chưa nối với dịch vụ ký số từ xa nào. Ký bằng thiết bị ký của mình.",
    "This installation is connected to no remote signing service. Sign with a device of your own.",
)
DOS_NO_REMOTE_CERTIFICATE = define(
    "DOS-048",
    "Dịch vụ ký số từ xa không giữ chứng thư nào của người nộp. Đăng ký với nhà cung cấp, hoặc ký bằng thiết bị ký.",
    "The remote signing service keeps no certificate of this filer. Register with the provider, or sign with a device.",
)
DOS_OTHER_REMOTE_CERTIFICATE = define(
    "DOS-049",
    "Bản này được chuẩn bị cho chứng thư khác với chứng thư dịch vụ ký số từ xa đang giữ. Chuẩn bị lại bản này rồi ký; nội dung còn nguyên.",
    "This document was prepared for another certificate than the one the remote signing service keeps now. Prepare it anew and sign; the content is kept.",
)
DOS_HOLDER_NOT_ASKED = define(
    "DOS-050",
    "Chưa có yêu cầu ký nào đang chờ trên thiết bị của người giữ chứng thư (chưa gửi, bị từ chối hoặc quá {minutes} phút). Gửi yêu cầu ký lại; bản chờ ký còn nguyên.",
    "No request waits on the device of the certificate's holder (not sent, declined, or older than {minutes} minutes). Ask again; what waits for the signature is kept.",
)
DOS_OTHER_SIGNER_NOT_ENTITLED = define(
    "DOS-051",
    "Chứng thư {serial} ký ở chỗ dành cho “{role}” không phải của người được ký ở đó: người lao động phải có trong danh sách, cơ quan phải là nơi nhận hồ sơ. Chưa có gì được nộp.",
    "Certificate {serial} signed in the place for “{role}” and is not of whoever may sign there: a worker must stand on the list, the agency must be the one that receives it. Nothing was filed.",
)
DOS_NO_SUCH_COMPONENT = define(
    "DOS-060",
    "Thủ tục này không có thành phần hồ sơ “{code}” để kèm giấy tờ. Xem mã thành phần trong mô tả thủ tục.",
    "This procedure has no component “{code}” for which a paper is taken. See the codes in the description of the procedure.",
)
DOS_NO_ANSWERS = define(
    "DOS-070",
    "Không có bản nháp này. Bản nháp bị xóa sau 30 ngày không sửa, hoặc khi bạn xóa.",
    "There is no such draft. Drafts are removed after 30 days without a change, or when you delete them.",
)
DOS_TOO_MANY_ANSWERS = define(
    "DOS-071",
    "Bạn đang có {count} bản nháp. Nộp hoặc xóa bớt rồi bắt đầu lại.",
    "You have {count} drafts. File or delete some, then begin again.",
)
DOS_ANSWERED_ELSEWHERE = define(
    "DOS-072",
    "Trang này đã được sửa ở thiết bị hoặc cửa sổ khác. Chưa có gì bị ghi đè; chọn bản bạn muốn giữ.",
    "This page was changed on another device or in another window. Nothing was overwritten; choose which version to keep.",
)
DOS_TOO_MANY_FILES = define(
    "DOS-073",
    "Mục này nhận tối đa {most} tệp. Bỏ bớt một tệp rồi thêm tệp mới.",
    "At most {most} files here. Remove one, then add the new one.",
)
DOS_NOT_YET_EXAMINED = define(
    "DOS-074",
    "Tệp {name} đang được kiểm tra. Đợi vài giây rồi tải lại trang.",
    "File {name} is still being checked. Wait a few seconds and load the page again.",
)
DOS_FILE_NOT_TAKEN = define(
    "DOS-075",
    "Tệp {name} không nhận được. Bỏ tệp này và gửi tệp khác.",
    "File {name} was not taken. Remove it and send another one.",
)
DOS_FILE_TOO_HEAVY = define(
    "DOS-076",
    "Tệp {name} nặng {size} MB, tối đa {most} MB. Chụp lại ở chế độ thường hoặc chọn tệp khác.",
    "File {name} is {size} MB, the limit is {most} MB. Take it again at normal quality or choose another file.",
)
DOS_NO_FILE_CHOSEN = define(
    "DOS-077",
    "Chọn một tệp rồi bấm Tải lên.",
    "Choose a file, then press Upload.",
)
DOS_SHOWN_DIFFERS = define(
    "DOS-078",
    "Nội dung đã thay đổi sau khi bạn mở trang kiểm tra. Xem lại bên dưới rồi xác nhận.",
    "The answers changed after you opened the check page. Look at them again below, then confirm.",
)
DOS_NOT_LISTED = define(
    "DOS-079",
    "Danh mục hiện hành không có mã {code}. Tìm lại theo tên rồi chọn một nơi trong danh sách.",
    "The present list has no code {code}. Look for it again by name and choose an entry of the list.",
)
DOS_PAPER_FILED = define(
    "DOS-080",
    "Hồ sơ {code} dùng giấy tờ này, nên giấy tờ được lưu cùng hồ sơ và không xóa được.",
    "Dossier {code} uses this paper, so it is kept with the dossier and cannot be removed.",
)
DOS_PAPER_IN_DRAFT = define(
    "DOS-081",
    "Giấy tờ này đang nằm trong một hồ sơ bạn chưa nộp hoặc đang bổ sung. Bỏ tệp khỏi hồ sơ đó rồi xóa lại.",
    "This paper is in a dossier that you have not filed yet or are supplementing. Take the file out of it, then remove it here.",
)
DOS_PAPER_AT_COUNTER = define(
    "DOS-082",
    "Giấy tờ này nằm trong hồ sơ mà cán bộ đang lập cho bạn tại quầy. Nhờ cán bộ bỏ tệp ra, hoặc xóa lại sau ngày {until} nếu hồ sơ không được nộp.",
    "This paper is in a dossier that an officer is preparing for you at the counter. Ask the officer to take the file out, or remove it after"
    " {until} if the dossier is not filed.",
)
DOS_NO_LIST_CHECK = define(
    "DOS-059",
    "Không có lần kiểm tra tệp này, hoặc đã quá 7 ngày nên bị xóa. Tải tệp lên lại để kiểm tra.",
    "There is no such check of a file, or its seven days are over and it was deleted. Upload the file again.",
)
