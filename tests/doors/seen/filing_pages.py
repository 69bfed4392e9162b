"""Filing a dossier."""

from tests.doors.seen.page import Seen

PAGES: tuple[Seen, ...] = (
    Seen("thu-tuc", "/thu-tuc"),
    Seen("thu-tuc-khong-khop", "/thu-tuc?tim=zzz"),
    Seen("thu-tuc-mot", "/thu-tuc/report_mistake"),
    Seen("bat-dau", "/ho-so/moi/confirmation_extract", role="citizen"),
    Seen("bat-dau-co-nhap", "/ho-so/moi/report_mistake", role="citizen"),
    Seen("nhap", "/ho-so/nhap/{draft}", role="citizen"),
    Seen("nhap-cau-hoi", "/ho-so/nhap/{draft}/noi-dung", role="citizen"),
    Seen("nhap-tep", "/ho-so/nhap/{draft}/giay-to", role="citizen"),
    Seen("nhap-kiem-tra", "/ho-so/nhap/{draft}/kiem-tra", role="citizen"),
    Seen("nhap-xoa", "/ho-so/nhap/{draft}/xoa", role="citizen"),
    Seen("nhap-doi-gi", "/ho-so/nhap/{change}/doi-gi", role="citizen"),
    Seen("nhap-tim-xa", "/ho-so/nhap/{sought}/thong-tin-moi", role="citizen"),
    Seen("da-nop", "/ho-so/{own}/da-nop", role="citizen"),
    Seen("bo-sung", "/ho-so/{lacking}/bo-sung", role="citizen"),
    Seen("theo-doi-bo-sung", "/ho-so/{lacking}/theo-doi", role="citizen"),
    Seen("rut", "/ho-so/{lacking}/rut", role="citizen"),
)
