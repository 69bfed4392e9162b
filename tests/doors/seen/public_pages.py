"""What everybody sees, and signing in."""

from tests.doors.seen.page import Seen

PAGES: tuple[Seen, ...] = (
    Seen("trang-dau", "/"),
    Seen("tra-cuu", "/tra-cuu-ho-so"),
    Seen("tra-cuu-trong", "/tra-cuu-ho-so?ma=", status=422),
    Seen("ho-so-buoc", "/ho-so/{code}"),
    Seen("ho-so-khong-co", "/ho-so/G12", status=404),
    Seen("xac-minh-khong-co", "/xac-minh/0123456789", status=404),
    Seen("xac-minh", "/xac-minh"),
    Seen("chia-se-khong-co", "/chia-se/never", status=404),
    Seen("tiep-can", "/tiep-can"),
    Seen("quyen-rieng-tu", "/quyen-rieng-tu"),
    Seen("ngoai-tuyen", "/ngoai-tuyen"),
    Seen("he-thong-giao-dien", "/he-thong-giao-dien"),
    Seen("khong-co-trang", "/nowhere", status=404),
    Seen("dang-nhap-loi", "/dang-nhap/ve", status=401),
    Seen("da-dang-xuat", "/dang-xuat/xong"),
    Seen("vai-tro", "/dang-nhap/vai-tro", role="officer"),
    Seen("dang-xuat", "/dang-xuat", role="citizen"),
    Seen("trang-dau-da-vao", "/", role="citizen"),
    Seen("tra-cuu-noi-kham", "/tra-cuu"),
    Seen("tra-cuu-noi-kham-co", "/tra-cuu?loai=co-so&ten=bach+mai&tinh="),
    Seen("tra-cuu-phuong-cu", "/tra-cuu?loai=phuong-xa&ten=ben+nghe&tinh="),
    Seen("tra-cuu-noi-kham-khong", "/tra-cuu?loai=co-so&ten=xyzxyz"),
    Seen("tra-cuu-noi-kham-loi", "/tra-cuu?loai=co-so&ten=a", status=422),
    Seen("tinh-trang", "/tinh-trang"),
    Seen("tro-giup", "/tro-giup"),
    Seen("dang-nhap-xong", "/dang-nhap/xong"),
    Seen("vai-tro-don-vi", "/dang-nhap/vai-tro", role="clerk"),
)
