"""Sentences of the signing room. What happened, why it matters, what to do next."""

from bhxh.kernel.errors import define

SIG_TOO_LARGE = define(
    "SIG-001",
    "Tệp có {size_bytes} byte, quá giới hạn {maximum_bytes} byte nên chưa được đọc. Chia hồ sơ thành nhiều tệp nhỏ hơn.",
    "The file has {size_bytes} bytes, over the limit of {maximum_bytes}, so it was not read. Split it into smaller files.",
)
SIG_DTD = define(
    "SIG-002",
    "Tệp XML có khai báo DOCTYPE (DTD). Hệ thống không nhận khai báo này vì có thể bị lợi dụng. Xóa dòng DOCTYPE rồi ký lại.",
    "The XML file has a DOCTYPE (DTD). It is not accepted because it can be abused. Remove the DOCTYPE line and sign again.",
)
SIG_NOT_WELL_FORMED = define(
    "SIG-003",
    "Tệp không phải XML đúng quy tắc: lỗi tại dòng {line}, cột {column} ({reason}). Xuất lại tệp từ phần mềm rồi ký lại.",
    "The file is not well-formed XML: line {line}, column {column} ({reason}). Export it again from your software and sign again.",
)
SIG_TOO_DEEP = define(
    "SIG-004",
    "Tệp XML lồng quá nhiều lớp hoặc có nội dung quá dài (dòng {line}, cột {column}). Hồ sơ đúng mẫu không như vậy.",
    "The XML file is nested too deeply or holds overlong content (line {line}, column {column}). A proper form never is.",
)
SIG_NOT_UTF8 = define(
    "SIG-005",
    "Tệp XML không dùng bảng mã UTF-8. Lưu tệp bằng UTF-8 rồi ký lại.",
    "The XML file is not encoded in UTF-8. Save it as UTF-8 and sign again.",
)
SIG_SCHEMA = define(
    "SIG-006",
    "Tệp XML không đúng cấu trúc tại dòng {line}, {path}: {reason}",
    "The XML file does not follow the schema at line {line}, {path}: {reason}",
)
SIG_NO_SIGNATURE = define(
    "SIG-007",
    "Không thấy chữ ký số tại {location}. Ký tệp bằng chứng thư số của đơn vị rồi nộp lại.",
    "There is no digital signature at {location}. Sign the file with the unit's certificate and file again.",
)
SIG_MANY_SIGNATURES = define(
    "SIG-008",
    "Tệp có {count} chữ ký số, hồ sơ này chỉ nhận đúng một chữ ký. Bỏ chữ ký thừa rồi ký lại.",
    "The file has {count} digital signatures; exactly one is accepted here. Remove the others and sign again.",
)
SIG_SHAPE = define(
    "SIG-009",
    "Chữ ký không theo dạng được nhận ({profile}): {reason}. Ký lại bằng công cụ ký XAdES đúng dạng.",
    "The signature does not have the accepted shape ({profile}): {reason_en}. Sign again with a tool that makes it.",
)
SIG_BROKEN = define(
    "SIG-010",
    "Chữ ký số không khớp với nội dung: tệp đã bị sửa sau khi ký hoặc chữ ký hỏng. Ký lại rồi nộp lại.",
    "The digital signature does not match the content: the file was changed after signing, or the signature is damaged. "
    "Sign and file again.",
)
SIG_NO_CERTIFICATE = define(
    "SIG-011",
    "Chữ ký không kèm chứng thư số đọc được. Cấu hình công cụ ký để gửi kèm chứng thư (X509Certificate).",
    "The signature carries no readable certificate. Set your signing tool to include it (X509Certificate).",
)
SIG_WRONG_ROOT = define(
    "SIG-012",
    "Phần được ký không phải toàn bộ “{expected}”. Ký cả tệp, không ký riêng một phần.",
    "What was signed is not the whole “{expected}”. Sign the whole file, not a part of it.",
)
SIG_EXPIRED = define(
    "SIG-020",
    "Chứng thư số đã hết hạn ngày {not_after}. Gia hạn chứng thư rồi ký lại.",
    "The certificate expired on {not_after}. Renew it and sign again.",
)
SIG_NOT_YET_VALID = define(
    "SIG-021",
    "Chứng thư số chỉ có hiệu lực từ {not_before}. Ký lại từ thời điểm đó.",
    "The certificate is valid only from {not_before}. Sign again after that.",
)
SIG_REVOKED = define(
    "SIG-022",
    "Chứng thư số đã bị thu hồi ngày {revoked_on} ({reason}). Liên hệ đơn vị cấp chứng thư để được cấp mới.",
    "The certificate was revoked on {revoked_on} ({reason_en}). Ask your certificate authority for a new one.",
)
SIG_WRONG_USAGE = define(
    "SIG-023",
    "Chứng thư số này không được cấp để ký văn bản (thiếu quyền chống chối bỏ, hoặc là chứng thư của hệ thống). Dùng chứng thư ký số của đơn vị.",
    "This certificate was not issued for signing documents (no non-repudiation, or it belongs to a service). "
    "Use the unit's signing certificate.",
)
SIG_UNKNOWN_CA = define(
    "SIG-024",
    "Chứng thư số không do tổ chức được cấp phép tại Việt Nam cấp (không tìm được đường dẫn tới gốc tin cậy). "
    "Dùng chứng thư của tổ chức được cấp phép.",
    "The certificate was not issued by a licensed authority (no path to a trusted root). Use one from a licensed authority.",
)
SIG_SUSPENDED_CA = define(
    "SIG-025",
    "Tổ chức cấp chứng thư “{authority}” đang bị tạm đình chỉ từ {suspended_on}. Dùng chứng thư của tổ chức khác.",
    "The certificate authority “{authority}” is suspended since {suspended_on}. Use a certificate of another authority.",
)
SIG_CA_OUT_OF_WINDOW = define(
    "SIG-026",
    "Giấy phép của tổ chức cấp chứng thư “{authority}” không có hiệu lực vào thời điểm nộp. Dùng chứng thư của tổ chức khác.",
    "The licence of the certificate authority “{authority}” is not in force at the time of filing. Use a certificate of another authority.",
)
SIG_UNREADABLE_CERTIFICATE = define(
    "SIG-027",
    "Không đọc được chứng thư số. Xuất lại chứng thư ở dạng DER hoặc PEM.",
    "The certificate cannot be read. Export it again as DER or PEM.",
)
SIG_ALREADY_SIGNED = define(
    "SIG-030",
    "Tệp đã có chữ ký. Muốn ký lại, chuẩn bị từ tệp chưa ký.",
    "The file already has a signature. To sign again, start from the unsigned file.",
)
SIG_NOT_BY_CERTIFICATE = define(
    "SIG-031",
    "Giá trị chữ ký không do khóa của chứng thư đã chọn tạo ra cho tệp này. Kiểm tra thiết bị ký rồi ký lại.",
    "The signature value was not made for this file by the key of the chosen certificate. Check the signing device and sign again.",
)
SIG_KEY_KIND = define(
    "SIG-032",
    "Khóa của chứng thư thuộc loại không dùng được. Dùng khóa EC P-256, P-384 hoặc RSA từ 2048 bit.",
    "The certificate's key is of a kind that cannot be used. Use EC P-256, P-384 or RSA of at least 2048 bits.",
)
SIG_OUTDATED = define(
    "SIG-033",
    "Thuật toán hoặc khóa “{algorithm}” không còn được nhận vào ngày {on}. Dùng chứng thư và công cụ ký mới hơn rồi ký lại.",
    "The algorithm or key “{algorithm}” was not accepted on {on}. Use a newer certificate or signing tool and sign again.",
)
SIG_SEAL_FORM = define(
    "SIG-040",
    "Tệp niêm phong không đúng dạng: {reason}. Tải lại bản gốc.",
    "The sealed file is not in the right form: {reason}. Download the original again.",
)
SIG_SEAL_TOO_LARGE = define(
    "SIG-041",
    "Tệp niêm phong có {size_bytes} byte, quá giới hạn {maximum_bytes} byte.",
    "The sealed file has {size_bytes} bytes, over the limit of {maximum_bytes}.",
)
SIG_SEAL_UNKNOWN_KEY = define(
    "SIG-042",
    "Khóa niêm phong “{kid}” không có trong bộ khóa công bố. Cập nhật bộ khóa hoặc coi như chưa xác minh được.",
    "Seal key “{kid}” is not in the published key set. Update the key set, or treat the file as not verified.",
)
SIG_SEAL_TYPE = define(
    "SIG-043",
    "Tệp này không phải loại “{expected}”.",
    "This file is not of type “{expected}”.",
)
SIG_SEAL_BROKEN = define(
    "SIG-044",
    "Niêm phong không khớp: nội dung đã bị thay đổi. Không sử dụng tệp này.",
    "The seal does not match: the content was changed. Do not use this file.",
)
SIG_SEAL_NOT_CANONICAL = define(
    "SIG-045",
    "Nội dung niêm phong không ở dạng JSON chuẩn. Tải lại bản gốc.",
    "The sealed content is not canonical JSON. Download the original again.",
)
SIG_SEAL_KEY_WINDOW = define(
    "SIG-046",
    "Khóa niêm phong “{kid}” không có hiệu lực vào thời điểm niêm phong.",
    "Seal key “{kid}” was not in force at the time of sealing.",
)
SIG_KEY_SET = define(
    "SIG-047",
    "Không đọc được bộ khóa công bố: {reason}.",
    "The published key set cannot be read: {reason}.",
)
SIG_TIMESTAMP = define(
    "SIG-050",
    "Không dùng được dấu thời gian: {reason}.",
    "The time stamp cannot be relied on: {reason}.",
)
SIG_TRUST_LIST = define(
    "SIG-060",
    "Không đọc được danh sách tổ chức chứng thực tin cậy: {reason}.",
    "The list of trusted certificate authorities cannot be read: {reason}.",
)
SIG_TRUST_LIST_OLDER = define(
    "SIG-061",
    "Danh sách tổ chức chứng thực số {number} cũ hơn hoặc khác với bản số {newest} đã dùng ở đây, nên không được tin: việc đình chỉ có thể đã bị gỡ đi. Cài lại bản mới nhất.",
    "Issue {number} of the list of authorities is older than issue {newest} that was used here, or another one of the same number; it is not believed, for a suspension may be missing in it. Install the newest.",
)
SIG_CONFIRMATION_LEVEL = define(
    "SIG-070",
    "Xác nhận thay chữ ký cần tài khoản định danh mức độ 2; tài khoản này ở mức {level}.",
    "A confirmation instead of a signature needs a level 2 e-ID account; this one is at level {level}.",
)
SIG_CONFIRMATION_STALE = define(
    "SIG-071",
    "Xác nhận thay chữ ký chỉ có giá trị trong {minutes} phút sau khi đăng nhập. Đăng nhập lại rồi xác nhận; nội dung đã soạn vẫn còn.",
    "A confirmation instead of a signature holds only within {minutes} minutes of signing in. "
    "Sign in again and confirm; what was prepared is kept.",
)
SIG_CONFIRMATION_FORM = define(
    "SIG-072",
    "Tệp này không phải xác nhận của tài khoản định danh điện tử ({reason}).",
    "This file is no confirmation by an e-ID account ({reason}).",
)
SIG_CONFIRMATION_OTHER_CONTENT = define(
    "SIG-073",
    "Nội dung được xác nhận không phải nội dung này. Xem lại đúng bản đang gửi rồi xác nhận.",
    "What was confirmed is not this content. Look at exactly what is being sent, then confirm.",
)
SIG_NO_KEY_MODULE = define(
    "SIG-110",
    "Khóa niêm phong “{kid}” nằm trong thiết bị khóa, nhưng chưa cấu hình thiết bị nào. Đặt BHXH_KEY_MODULE rồi chạy lại.",
    "Seal key “{kid}” lies in a key module, but none is configured. Set BHXH_KEY_MODULE and run again.",
)
SIG_CERTIFICATE_OF_OTHER_KEY = define(
    "SIG-111",
    "Chứng thư này không được cấp cho khóa niêm phong nào ở đây. Xin chứng thư bằng yêu cầu do bhxh keys request tạo ra.",
    "This certificate was not made for any seal key here. Ask for one with the request that bhxh keys request makes.",
)
SIG_ROOT_NOT_TRUSTED = define(
    "SIG-112",
    "Bộ khóa này không do khóa gốc đã biết ký ({reason}). Lấy bộ khóa và khóa gốc từ cơ quan, bằng hai đường khác nhau.",
    "This key set was not signed by the known root ({reason}). Get the key set and the root from the agency, by two different ways.",
)
SIG_NO_ROOT_HERE = define(
    "SIG-113",
    "Không có khóa gốc ở {folder}, nên chưa ký được bộ khóa mới. Gắn nơi giữ khóa gốc vào rồi chạy bhxh keys signed.",
    "There is no root key in {folder}, so the new key set is not signed yet. Bring the root's storage back and run bhxh keys signed.",
)
SIG_NOT_SEALED = define(
    "SIG-114",
    "Tệp PDF này không mang đúng một dấu niêm phong điện tử ({reason}). Dùng tệp PDF do hệ thống này cấp.",
    "This PDF does not carry exactly one electronic seal ({reason}). Use a PDF as issued here.",
)
SIG_ARCHIVE_NO_PROOF = define(
    "SIG-115",
    "Chưa lập được bản lưu trữ: không chứng minh được chứng thư của dấu niêm phong hoặc dấu thời gian vào lúc này ({reason}). Thử lại sau.",
    "The archive copy cannot be made: the certificate of the seal or of the time stamp cannot be proven now ({reason}). Try again later.",
)
SIG_ARCHIVE_NOT_HOLDING = define(
    "SIG-116",
    "Bản lưu trữ không còn chứng minh được dấu niêm phong ({reason}). Lấy lại bản gốc đã niêm phong và lập bản lưu trữ mới; dấu thời gian mới không sửa được việc này.",
    "The archive copy does not prove its seal any more ({reason}). Go back to the sealed original and make a new copy; another stamp cannot mend this.",
)
SIG_QR_FORM = define(
    "SIG-090",
    "Mã QR này không đúng dạng của cơ quan bảo hiểm xã hội ({reason}). Quét lại; nếu vẫn không được thì không dùng bản này.",
    "This QR code is not of the social insurance authority's form ({reason}). Scan it again; if it fails again, do not rely on it.",
)
SIG_PDF_UNREADABLE = define(
    "SIG-080",
    "Không đọc được hết chữ ký trong tệp PDF nên chưa biết chữ ký có đúng không.",
    "The signatures in the PDF cannot be read to their end, so nothing is known of them.",
)
SIG_PDF_CHANGED = define(
    "SIG-081",
    "Tệp PDF đính kèm ({component}) đã bị sửa sau khi ký. Gửi lại bản gốc đã ký.",
    "The attached PDF ({component}) was changed after it was signed. Send the signed original.",
)
SIG_PAGE_CHANGED = define(
    "SIG-117",
    "Dấu niêm phong của trang không đúng: trang đã bị sửa sau khi niêm phong, hoặc chứng thư không còn chứng minh được ({reason}). Không sử dụng trang này; xin trang mới.",
    "The page's seal does not hold: the page was changed after it was sealed, or its certificate cannot be proven any more ({reason}). Do not rely on it; ask for a new page.",
)
SIG_PAGE_NOT_OURS = define(
    "SIG-118",
    "Trang này mang dấu của một khóa không có trong bộ khóa công bố cho trang, hoặc ngoài thời gian hiệu lực của khóa. Coi như không do cơ quan cấp.",
    "This page is sealed by a key that is not among the published ones for pages, or outside that key's time. Treat it as not issued by the agency.",
)
