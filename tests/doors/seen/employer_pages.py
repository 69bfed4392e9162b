"""What an organisation sees."""

from tests.doors.seen.page import Seen

PAGES: tuple[Seen, ...] = (
    Seen("don-vi", "/don-vi", role="clerk"),
    Seen("don-vi-khong-phai", "/don-vi", role="citizen", status=403),
    Seen("don-vi-lao-dong", "/don-vi/lao-dong", role="clerk"),
    Seen("don-vi-lao-dong-da-nghi", "/don-vi/lao-dong?tinh-trang=da-nghi", role="clerk"),
    Seen("don-vi-lao-dong-khong-co", "/don-vi/lao-dong/0123456789abcdef", role="clerk", status=404),
    Seen("don-vi-ho-so", "/don-vi/ho-so", role="clerk"),
    Seen("don-vi-ho-so-mot", "/don-vi/ho-so/{code}", role="clerk"),
    Seen("don-vi-ho-so-da-giai-quyet", "/don-vi/ho-so/{code}?dong=da-giai-quyet", role="clerk"),
    Seen("don-vi-ho-so-rut", "/don-vi/ho-so/{code}/rut", role="clerk"),
    Seen("don-vi-ho-so-bo-sung", "/don-vi/ho-so/{code}/bo-sung", role="clerk"),
    Seen("don-vi-lao-dong-mot", "/don-vi/lao-dong/{worker}", role="clerk"),
    Seen("don-vi-khai-bao", "/don-vi/khai-bao", role="clerk"),
    Seen("don-vi-tep-da-ky", "/don-vi/khai-bao/tep-da-ky", role="clerk"),
    Seen("don-vi-kiem-tra-dang-cho", "/don-vi/khai-bao/{waiting_check}", role="clerk"),
    Seen("don-vi-kiem-tra-xong", "/don-vi/khai-bao/{check}", role="clerk"),
    Seen("don-vi-chon-cach-ky", "/don-vi/khai-bao/{check}/ky", role="clerk"),
    Seen("don-vi-ky", "/don-vi/ky/{token_draft}", role="clerk"),
    Seen("don-vi-ky-dinh-danh", "/don-vi/ky/{eid_draft}", role="clerk"),
    Seen("don-vi-ky-cho", "/don-vi/ky/{asked_draft}/cho", role="clerk"),
    Seen("don-vi-da-nop", "/don-vi/ho-so/{code}/da-nop", role="clerk"),
    Seen("don-vi-quyen", "/don-vi/quyen", role="clerk"),
    Seen("don-vi-quyen-moi", "/don-vi/quyen/moi", role="clerk"),
    Seen("don-vi-quyen-mot", "/don-vi/quyen/{mandate}", role="clerk"),
    Seen("don-vi-phan-mem-moi", "/don-vi/quyen/phan-mem/moi", role="clerk"),
    Seen("don-vi-phan-mem", "/don-vi/quyen/phan-mem/{program}", role="clerk"),
)
