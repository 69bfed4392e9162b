"""The one mapping of form D02: column of the workbook, its field code and label, element of the XML, and our field.

Source: sheet "Dữ Liệu" of the import workbook employers use (82 columns, template of November 2025). The official inner XML is not
public, so the field code is also the element's name; when it is published, this table changes and nothing else.
Columns without a field are left over from addresses of three levels (two unnamed, two repeat `TenXaNN` and `Maxa_NN`): never read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell may hold; `cells.read` has one reader for each."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    DECLARATION_TYPE = "declaration_type"
    CHANGE_CODE = "change_code"
    WAGE = "wage"
    """An amount, or a coefficient of the state's pay scale (100 and below)."""
    MONEY = "money"
    DECIMAL = "decimal"
    MONTH = "month"
    DATE = "date"
    BIRTH = "birth"
    """A date of which only the year, or month and year, may be known."""
    SEX = "sex"
    YES_NO = "yes_no"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet."""

    letter: str
    code: str
    """Field code in the sheet's third row and element name in the XML; empty where the column is never read."""
    label_vi: str
    field: str
    """Attribute of `form.Line`."""
    kind: Kind


TABLE: tuple[Column, ...] = (
    Column("A", "STT", "ID Lao động", "worker_reference", Kind.TEXT),
    Column("B", "HoTen", "Họ tên", "full_name", Kind.TEXT),
    Column("C", "MasoBHXH", "Mã số BHXH", "si_code", Kind.IDENTIFIER),
    Column("D", "TenLoaiKhaiBao", "Loại khai báo", "declaration_type_title", Kind.TEXT),
    Column("E", "Loai", "Mã loại khai báo", "declaration_type", Kind.DECLARATION_TYPE),
    Column("F", "TenPhuongAn", "Phương án", "change_title", Kind.TEXT),
    Column("G", "PA", "Mã Phương án", "change_code", Kind.CHANGE_CODE),
    Column("H", "ChucVu", "Chức vụ", "job_title", Kind.TEXT),
    Column("I", "NoiLamViec", "Nơi làm việc", "workplace", Kind.TEXT),
    Column("J", "TienLuong", "Tiền lương/ Hệ số lương", "wage_vnd", Kind.WAGE),
    Column("K", "PhuCapCV", "Phụ cấp CV", "position_allowance", Kind.DECIMAL),
    Column("L", "PhuCapTNVK", "Phụ cấp TNVK (%)", "over_frame_seniority", Kind.DECIMAL),
    Column("M", "PhuCapTNNghe", "Phụ cấp TN Nghề (%)", "professional_seniority", Kind.DECIMAL),
    Column("N", "PhuCapLuong", "Phụ cấp lương", "wage_allowance_vnd", Kind.MONEY),
    Column("O", "PhuCapBosung", "Phụ cấp bổ sung", "other_allowance_vnd", Kind.MONEY),
    Column("P", "TuThang", "Từ tháng", "from_month", Kind.MONTH),
    Column("Q", "DenThang", "Đến tháng", "to_month", Kind.MONTH),
    Column("R", "NgayChet", "Ngày chết", "died_on", Kind.DATE),
    Column("S", "Ghichu", "Ghi chú", "note", Kind.TEXT),
    Column("T", "TyleDong", "Tỷ lệ đóng(%)", "rate_percent", Kind.DECIMAL),
    Column("U", "TinhLai", "Tính lãi", "with_interest", Kind.YES_NO),
    Column("V", "DaCoSo", "Đã có sổ", "has_book", Kind.YES_NO),
    Column("W", "MucHuong", "Mức hưởng BHYT", "hi_benefit_level", Kind.TEXT),
    Column("X", "MaPhongBan", "Phòng ban làm việc", "department", Kind.TEXT),
    Column("Y", "MavungSS", "Mã vùng sinh sống", "living_area", Kind.TEXT),
    Column("Z", "MavungLTT", "Mã vùng lương tối thiểu", "wage_region", Kind.REGION),
    Column("AA", "Tk1_Save", "Bổ sung thêm TK1", "keeps_tk1", Kind.TEXT),
    Column("AB", "CMND", "CMND", "id_number", Kind.IDENTIFIER),
    Column("AC", "Maho_Giadinh", "Mã hộ gia đình", "household_code", Kind.TEXT),
    Column("AD", "NgaySinh", "Ngày sinh", "birth_on", Kind.BIRTH),
    Column("AE", "GioiTinh", "Giới tính", "sex", Kind.SEX),
    Column("AF", "TenQuocTich", "Quốc tịch", "nationality_title", Kind.TEXT),
    Column("AG", "QuocTich", "Mã quốc tịch", "nationality", Kind.TEXT),
    Column("AH", "TenDanToc", "Dân tộc", "ethnicity_title", Kind.TEXT),
    Column("AI", "DanToc", "Mã Dân tộc", "ethnicity", Kind.TEXT),
    Column("AJ", "TenTinhBenhVien", "Tỉnh - Bệnh viện", "facility_province_title", Kind.TEXT),
    Column("AK", "MaTinhBenhVien", "Mã Tỉnh - Bệnh viện", "facility_province", Kind.TEXT),
    Column("AL", "TenBenhVien", "Bệnh viện (KCB ban đầu)", "facility_title", Kind.TEXT),
    Column("AM", "MaBenhVien", "Mã Bệnh viện", "facility", Kind.TEXT),
    Column("AN", "TenTinhKS", "Tỉnh - Khai sinh", "birth_province_title", Kind.TEXT),
    Column("AO", "Matinh_KS", "Mã Tỉnh - Khai sinh", "birth_province", Kind.TEXT),
    Column("AP", "TenXaKS", "Xã - Khai sinh", "birth_ward_title", Kind.TEXT),
    Column("AQ", "Maxa_KS", "Mã xã - Khai sinh", "birth_ward", Kind.TEXT),
    Column("AR", "", "Xã - Khai sinh", "", Kind.TEXT),
    Column("AS", "", "Mã xã - Khai sinh", "", Kind.TEXT),
    Column("AT", "TenTinhNN", "Tỉnh - Địa chỉ liên hệ", "contact_province_title", Kind.TEXT),
    Column("AU", "Matinh_NN", "Mã tỉnh - Địa chỉ liên hệ", "contact_province", Kind.TEXT),
    Column("AV", "TenXaNN", "Xã - Địa chỉ liên hệ", "contact_ward_title", Kind.TEXT),
    Column("AW", "Maxa_NN", "Mã xã - Địa chỉ liên hệ", "contact_ward", Kind.TEXT),
    Column("AX", "", "Xã - Địa chỉ liên hệ", "", Kind.TEXT),
    Column("AY", "", "Mã xã - Địa chỉ liên hệ", "", Kind.TEXT),
    Column("AZ", "Diachi_NN", "Địa chỉ nhận hồ sơ", "contact_address", Kind.TEXT),
    Column("BA", "Ten_ChaMe_Giamho", "Tên cha/mẹ/người giám hộ", "guardian_name", Kind.TEXT),
    Column("BB", "Dienthoai_LH", "Điện thoại liên hệ", "phone", Kind.TEXT),
    Column("BC", "Mucdong", "Mức tiền đóng", "voluntary_amount_vnd", Kind.MONEY),
    Column("BD", "Phuongthuc", "Phương thức đóng", "payment_frequency", Kind.TEXT),
    Column("BE", "Noidung_Thaydoi", "Nội dung yêu cầu thay đổi", "requested_change", Kind.TEXT),
    Column("BF", "HosoKemtheo", "Hồ sơ kèm theo", "attached_documents", Kind.TEXT),
    Column("BG", "Email_LH", "Email liên hệ", "email", Kind.TEXT),
    Column("BH", "Diachi_KS", "Địa chỉ khai sinh", "birth_address", Kind.TEXT),
    Column("BI", "Vtvl_nql_tungay", "Ngày bắt đầu", "manager_from_on", Kind.DATE),
    Column("BJ", "Vtvl_nql_denngay", "Ngày kết thúc", "manager_to_on", Kind.DATE),
    Column("BK", "Vtvl_cmktbc_tungay", "Ngày bắt đầu", "high_skill_from_on", Kind.DATE),
    Column("BL", "Vtvl_cmktbc_denngay", "Ngày kết thúc", "high_skill_to_on", Kind.DATE),
    Column("BM", "Vtvl_cmktbt_tungay", "Ngày bắt đầu", "middle_skill_from_on", Kind.DATE),
    Column("BN", "Vtvl_cmktbt_denngay", "Ngày kết thúc", "middle_skill_to_on", Kind.DATE),
    Column("BO", "Vtvl_khac_tungay", "Ngày bắt đầu", "other_work_from_on", Kind.DATE),
    Column("BP", "Vtvl_khac_denngay", "Ngày kết thúc", "other_work_to_on", Kind.DATE),
    Column("BQ", "Nndh_tungay", "Ngày bắt đầu", "hazardous_from_on", Kind.DATE),
    Column("BR", "Nndh_denngay", "Ngày kết thúc", "hazardous_to_on", Kind.DATE),
    Column("BS", "Hdld_tungay", "Ngày bắt đầu hợp đồng lao động không xác định thời hạn", "open_contract_from_on", Kind.DATE),
    Column("BT", "Hdld_xdth_tungay", "Ngày bắt đầu", "fixed_contract_from_on", Kind.DATE),
    Column("BU", "Hdld_xdth_denngay", "Ngày kết thúc", "fixed_contract_to_on", Kind.DATE),
    Column("BV", "Hdld_khac_tungay", "Ngày bắt đầu", "other_contract_from_on", Kind.DATE),
    Column("BW", "Hdld_khac_denngay", "Ngày kết thúc", "other_contract_to_on", Kind.DATE),
    Column("BX", "Nhan_BanDientu", "Nhận bản điện tử", "wants_electronic_copy", Kind.YES_NO),
    Column("BY", "Nhan_Bangiay", "Nhận bản giấy", "wants_paper_copy", Kind.YES_NO),
    Column("BZ", "Diachi_NhanBangiay", "Địa chỉ nhận bản giấy", "paper_copy_address", Kind.TEXT),
    Column("CA", "Tinh_NhanBangiay", "Tỉnh - Địa chỉ nhận bản giấy", "paper_copy_province_title", Kind.TEXT),
    Column("CB", "Matinh_NhanBangiay", "Mã tỉnh - Địa chỉ nhận bản giấy", "paper_copy_province", Kind.TEXT),
    Column("CC", "Xa_NhanBangiay", "Xã - Địa chỉ nhận bản giấy", "paper_copy_ward_title", Kind.TEXT),
    Column("CD", "Maxa_NhanBangiay", "Xã - Địa chỉ nhận bản giấy", "paper_copy_ward", Kind.TEXT),
)

COLUMNS: tuple[Column, ...] = tuple(column for column in TABLE if column.field)
"""The 78 columns that are read, in the order of the sheet, which is also the order of the XML."""

BY_CODE: Mapping[str, Column] = {column.code: column for column in COLUMNS}
BY_FIELD: Mapping[str, Column] = {column.field: column for column in COLUMNS}
