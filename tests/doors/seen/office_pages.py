"""What officers and operators see."""

from tests.doors.seen.page import AT_WORK, Seen

OFFICER = f"officer{AT_WORK}"
OPERATOR = f"operator{AT_WORK}"
CONVERTER = f"officer CONVERTER{AT_WORK}"
RECEPTION = f"officer RECEPTION{AT_WORK}"
PAGES: tuple[Seen, ...] = (
    Seen("can-bo-khoa", "/can-bo/khoa", role=OFFICER),
    Seen("can-bo-viec", "/can-bo/viec", role=OFFICER),
    Seen("can-bo-viec-khong-khop", "/can-bo/viec?han=sau-do&xac-minh=khong-dat&cua-toi=1", role=OFFICER),
    Seen("can-bo-ho-so", "/can-bo/ho-so/{code}", role=OFFICER),
    Seen("can-bo-ho-so-ban-quet", "/can-bo/ho-so/{book}?xem={scan}&trang=1", role=OFFICER),
    Seen("can-bo-ho-so-khong-co", "/can-bo/ho-so/G12", role=OFFICER, status=404),
    Seen("can-bo-hang-loat", "/can-bo/viec/hang-loat", role=OFFICER),
    Seen("can-bo-so", "/can-bo/so", role=OFFICER),
    Seen("can-bo-so-hoa", "/can-bo/so-hoa", role=f"officer CONVERTER{AT_WORK}"),
    Seen("can-bo-so-hoa-mot", "/can-bo/so-hoa/{paper}", role=CONVERTER),
    Seen("can-bo-so-hoa-ban-in", "/can-bo/so-hoa/ban-in/{print}", role=CONVERTER),
    Seen("can-bo-so-hoa-ban-quet", "/can-bo/so-hoa/{case}", role=CONVERTER),
    Seen("can-bo-tra-cuu", "/can-bo/tra-cuu", role=RECEPTION),
    Seen("can-bo-tai-quay", "/can-bo/tai-quay", role=RECEPTION),
    Seen("can-bo-tai-quay-viec", "/can-bo/tai-quay/nhap/{typed}", role=RECEPTION),
    Seen("can-bo-tai-quay-cau-hoi", "/can-bo/tai-quay/nhap/{typed}/giay-to", role=RECEPTION),
    Seen("can-bo-tai-quay-kiem-tra", "/can-bo/tai-quay/nhap/{typed}/kiem-tra", role=RECEPTION),
    Seen("can-bo-tai-quay-xoa", "/can-bo/tai-quay/nhap/{typed}/xoa", role=RECEPTION),
    Seen("can-bo-tai-quay-da-nop", "/can-bo/tai-quay/da-nop/{handed}", role=RECEPTION),
    Seen("can-bo-tai-quay-tu-choi", "/can-bo/tai-quay/tu-choi", role=OFFICER),
    Seen("can-bo-bao-sai", "/can-bo/bao-sai", role=OFFICER),
    Seen("can-bo-khong-phai", "/can-bo/viec", role="citizen", status=403),
    Seen("van-hanh", "/van-hanh", role=OPERATOR),
    Seen("van-hanh-cho-lau", "/van-hanh/cho-lau", role=OPERATOR),
    Seen("van-hanh-thu-cho", "/van-hanh/thu-cho", role=OPERATOR),
    Seen("van-hanh-o-dau", "/van-hanh/ho-so?noi=in_work", role=OPERATOR),
    Seen("van-hanh-phieu-cham", "/van-hanh/phieu-cham?ky=hom-nay", role=OPERATOR),
    Seen("van-hanh-thu-tra-lai", "/van-hanh/thu-tra-lai", role=OPERATOR),
    Seen("van-hanh-ho-so-dung", "/van-hanh/ho-so-dung", role=OPERATOR),
    Seen("van-hanh-khong-phai", "/van-hanh", role=OFFICER, status=403),
    Seen("can-bo-nhap-so", "/can-bo/nhap-so", role=CONVERTER),
    Seen("can-bo-so-giay", "/can-bo/nhap-so/{book}", role=CONVERTER),
    Seen("can-bo-so-giay-nhap", "/can-bo/nhap-so/{book}/nhap", role=CONVERTER),
    Seen("can-bo-so-giay-chung-nhan", "/can-bo/nhap-so/{compared}", role=f"other officer{AT_WORK}"),
    Seen("can-bo-so-giay-khac", "/can-bo/nhap-so/{differing}", role=f"other officer{AT_WORK}"),
    Seen("can-bo-so-giay-so-sanh", "/can-bo/nhap-so/{differing}/so-sanh", role=f"other officer{AT_WORK}"),
)
