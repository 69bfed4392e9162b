"""Sentences of the conversion room."""

from bhxh.kernel.errors import define

CNV_PAGES_DIFFER = define(
    "CNV-001",
    "Hồ sơ chuyển đổi khai {declared} trang nhưng các tệp có {found} trang. Quét hoặc chụp đủ từng trang, hoặc mở lần chuyển đổi mới với số trang đúng.",
    "{declared} pages were declared, the files hold {found}. Scan or photograph every page, or begin again with the right number.",
)
CNV_TOO_COARSE = define(
    "CNV-002",
    "Trang {page} chỉ có {found} điểm ảnh mỗi inch, cần ít nhất {least}. Quét ở 300 điểm/inch, hoặc chụp lại gần hơn để tờ giấy chiếm hết khung hình.",
    "Page {page} has {found} dots per inch, at least {least} are needed. Scan at 300, or take the photograph from nearer so that the sheet fills it.",
)
CNV_BLURRED = define(
    "CNV-003",
    "Trang {page} bị mờ (độ nét {found}, cần ít nhất {least}). Giữ máy yên, lấy nét vào chữ rồi chụp lại, hoặc dùng máy quét.",
    "Page {page} is blurred (sharpness {found}, at least {least} is needed). Hold still, focus on the writing and take it again, or use a scanner.",
)
CNV_TOO_PALE = define(
    "CNV-004",
    "Trang {page} trắng, quá nhạt hoặc bị lóa (độ tương phản {found}, cần ít nhất {least}). Bỏ trang trắng, tránh đèn chiếu thẳng, tăng độ đậm rồi quét lại.",
    "Page {page} is empty, too pale or dazzled (contrast {found}, at least {least} is needed). Leave out blank pages, avoid glare, scan darker.",
)
CNV_NOT_A_PICTURE = define(
    "CNV-005",
    "“{name}” không phải ảnh chụp hay bản quét (PDF, PNG, JPEG) nên không thể là bản chuyển đổi của một tờ giấy.",
    "“{name}” is no scan or photograph (PDF, PNG, JPEG), so it cannot be a paper's picture.",
)
CNV_NO_PAPER_ON_PAGE = define(
    "CNV-006",
    "Trang {page} của tệp PDF không phải ảnh quét của một tờ giấy: đó là trang soạn trên máy, trống, hoặc ghép nhiều ảnh. Quét lại từng trang thành một ảnh.",
    "Page {page} of the PDF is not the scan of a sheet: it was written on a computer, is empty, or is put together from several pictures. Scan each page as one.",
)
CNV_TOO_MANY_PAGES = define(
    "CNV-007",
    "Mỗi lần chuyển đổi tối đa {most} trang. Chia thành nhiều lần.",
    "At most {most} pages are converted at once. Make several of it.",
)
CNV_NOT_SENT_IN = define(
    "CNV-008",
    "Tài liệu này không phải bản quét được gửi vào kho, nên không chuyển đổi từ giấy được.",
    "This paper was not sent into the warehouse as a scan, so it cannot be converted from paper.",
)
CNV_NOT_COMPARED = define(
    "CNV-009",
    "Chưa xác nhận đã đối chiếu từng trang với bản giấy. So xong rồi xác nhận.",
    "It was not stated that every page was compared with the paper. Compare them, then say so.",
)
CNV_OWN_PAPERS = define(
    "CNV-010",
    "Cán bộ không chuyển đổi giấy tờ của chính mình. Chuyển cho cán bộ khác.",
    "An officer does not convert their own papers. Pass them to another officer.",
)
CNV_SAME_PERSON = define(
    "CNV-011",
    "Người đối chiếu thứ hai phải là một người khác với người đã chuyển đổi.",
    "The second person who compares must be another person than the one who converted.",
)
CNV_NO_CASE = define(
    "CNV-012",
    "Không có lần chuyển đổi nào mang số này.",
    "No conversion has this number.",
)
CNV_NOT_NOW = define(
    "CNV-013",
    "Lần chuyển đổi này đang ở trạng thái “{state}” nên không làm việc đó được nữa. Xem lại trước khi làm tiếp.",
    "This conversion is “{state_en}”, so that can no longer be done. Look at it again before going on.",
)
CNV_NAMELESS = define(
    "CNV-014",
    "Bản chuyển đổi phải ghi họ tên đầy đủ của người chuyển đổi, nhưng tài khoản của cán bộ chưa gắn với người nào trong cơ sở dữ liệu."
    " Cán bộ đăng nhập một lần bằng tài khoản định danh của mình rồi làm lại.",
    "A conversion states its converter's full name, but this officer's account belongs to nobody in the database yet. Sign in once with one's"
    " own e-ID account and try again.",
)
CNV_RIGHT_ENDED = define(
    "CNV-015",
    "Cán bộ chuyển đổi ban đầu không còn được giao việc này, nên không chứng nhận được nữa. Từ chối lần này và đối chiếu lại từ đầu.",
    "The officer who converted it no longer has that task, so it cannot be certified. Decline it and compare anew.",
)
CNV_NOTHING_TO_PRINT = define(
    "CNV-016",
    "Tài liệu này không có dạng đọc được trên giấy (chỉ in được PDF, ảnh, sổ, quyết định, kết quả). Dùng bản điện tử.",
    "This document has no form to read on paper (PDFs, pictures, books, decisions and results have). Use the electronic one.",
)
CNV_WITHDRAWN = define(
    "CNV-017",
    "Bản chuyển đổi này đã bị thu hồi lúc {withdrawn_at}, không in ra giấy nữa.",
    "This conversion was withdrawn at {withdrawn_at} and is not printed any more.",
)
CNV_WORDS = define(
    "CNV-018",
    "Nêu lý do trong {fewest} đến {most} ký tự.",
    "State why in {fewest} to {most} characters.",
)
CNV_TOO_LARGE = define(
    "CNV-019",
    "Bản chuyển đổi nặng {size_bytes} byte, tối đa {maximum_bytes} byte. Quét ở 300 điểm/inch hoặc chia thành nhiều lần.",
    "The converted file has {size_bytes} bytes, the limit is {maximum_bytes}. Scan at 300 dots an inch, or make several of it.",
)
CNV_NO_OWNER = define(
    "CNV-020",
    "Không có người hoặc đơn vị nào mang số này trong cơ sở dữ liệu của hệ thống, nên không có kho để lưu bản chuyển đổi.",
    "Nobody in this installation's database has this number, so there is no warehouse to keep the conversion in.",
)
CNV_SAME_FILE_TWICE = define(
    "CNV-021",
    "Cùng một tệp được dùng cho hai trang. Chụp hoặc quét riêng từng trang.",
    "The same file stands for two pages. Photograph or scan each page by itself.",
)
CNV_UNREADABLE_PDF = define(
    "CNV-022",
    "Không dựng được trang in từ tài liệu này vì cấu trúc PDF của nó không đọc được trọn vẹn. Dùng bản điện tử.",
    "No page could be set from this document, because its PDF cannot be read in full. Use the electronic one.",
)
CNV_SCAN_IN_USE = define(
    "CNV-024",
    "Một bản chuyển đổi có chứng thực, hoặc bản in có chứng thực, dựa vào giấy tờ này, nên phải giữ lại và không xóa được.",
    "A certified conversion or a certified print rests on this paper, so it is kept and cannot be removed.",
)
CNV_NO_PRINT = define(
    "CNV-023",
    "Không có bản in nào mang số này.",
    "No print copy has this number.",
)
