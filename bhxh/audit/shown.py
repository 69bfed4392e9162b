"""What a look may have shown: each slug's words and data groups. Pure. A test holds every slug in the code to this table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bhxh.kernel.data_groups import GROUP_WORDS, DataGroup

_WORK = (DataGroup.BASIC, DataGroup.SOCIAL_INSURANCE, DataGroup.EMPLOYER)
_BOOK = (
    DataGroup.BASIC,
    DataGroup.SOCIAL_INSURANCE,
    DataGroup.HEALTH_INSURANCE,
    DataGroup.UNEMPLOYMENT_INSURANCE,
    DataGroup.EMPLOYER,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One kind of disclosure."""

    vi: str
    en: str
    groups: tuple[DataGroup, ...]


SHOWN: Final[dict[str, Shown]] = {
    "book": Shown("Sổ bảo hiểm xã hội", "The insurance book", _BOOK),
    "book_published": Shown(
        "Sổ bảo hiểm xã hội, gửi vào tài khoản định danh điện tử", "The insurance book, sent to the e-ID account", _BOOK
    ),
    "credential": Shown("Thẻ hoặc bản tóm tắt sổ dạng mã QR", "A card or a book summary as a QR code", _BOOK),
    "shared": Shown("Phần của thẻ, của sổ mà bạn chia sẻ", "The parts of the card or the book that you shared", _BOOK),
    "extract": Shown("Bản trích quá trình tham gia", "An extract of participation", _WORK),
    "identity": Shown("Thông tin nhận dạng", "Identity", (DataGroup.BASIC,)),
    "identity_check": Shown(
        "Dữ liệu khai có khớp cơ sở dữ liệu không", "Whether what was typed agrees with the database", (DataGroup.BASIC,)
    ),
    "evidence": Shown("Trả lời của cơ sở dữ liệu khác", "What other registers answered", (DataGroup.BASIC,)),
    "dossier": Shown("Hồ sơ: đang ở bước nào, kết quả", "A dossier: where it stands, its outcome", _WORK),
    "dossier_line": Shown("Dòng khai trong hồ sơ", "A line of a dossier", _WORK),
    "worker_months": Shown("Các tháng làm việc tại đơn vị hỏi", "Months of work with the employer who asked", _WORK),
    "workers": Shown("Danh sách lao động của đơn vị", "An employer's list of its workers", _WORK),
    "dossiers": Shown("Danh sách hồ sơ", "The list of dossiers", (DataGroup.BASIC,)),
    "document": Shown("Giấy tờ trong hồ sơ", "A document of a dossier", _WORK),
    "receipt": Shown("Giấy tiếp nhận hồ sơ", "A receipt", (DataGroup.BASIC,)),
    "decision": Shown("Quyết định", "A decision", _WORK),
    "result": Shown("Kết quả hồ sơ", "The result of a dossier", _WORK),
    "results": Shown("Danh sách kết quả của hồ sơ", "The list of a dossier's results", (DataGroup.BASIC,)),
    "book_reference": Shown("Thông báo sổ đã cập nhật", "A note that the book was updated", (DataGroup.BASIC,)),
    "line_results": Shown("Danh sách với kết quả từng dòng", "A list with the result of each line", _WORK),
    "mandate": Shown("Ủy quyền: ai được giao dịch thay đơn vị", "A mandate: who may act for an organisation", (DataGroup.BASIC,)),
    "confirmation": Shown("Bản xác nhận của bạn, đã ký số", "A sealed confirmation of yours", _WORK),
    "counter_filing": Shown("Hồ sơ nộp thay tại quầy", "A dossier filed for somebody at the counter", _WORK),
    "represented": Shown("Người được đại diện", "Persons who are represented", (DataGroup.BASIC, DataGroup.HOUSEHOLD)),
    "contact": Shown("Thông tin và nơi nhận tin của bạn", "Your details and where mail goes", (DataGroup.BASIC, DataGroup.CONTACT)),
    "letters": Shown("Thư gửi bạn", "Letters to you", (DataGroup.BASIC, DataGroup.CONTACT)),
    "looks": Shown("Danh sách ai đã xem dữ liệu", "The list of who looked", (DataGroup.BASIC,)),
    "person_record": Shown("Dữ liệu được tra cứu theo số", "Data looked up by number", (DataGroup.BASIC,)),
    "log": Shown("Dòng nhật ký về việc sửa và xem dữ liệu", "Log rows about changes and looks", ()),
    "data_request": Shown("Yêu cầu về dữ liệu cá nhân của mình", "A request about one's own data", (DataGroup.BASIC,)),
    "breach_list": Shown("Danh sách người liên quan đến một sự cố", "The list of persons a breach concerns", (DataGroup.BASIC,)),
    "own_copy": Shown("Bản sao toàn bộ dữ liệu", "A copy of everything", tuple(DataGroup)),
    "warehouse": Shown("Danh sách giấy tờ trong kho dữ liệu điện tử", "The list of papers in the warehouse", (DataGroup.BASIC,)),
    "warehouse_item": Shown("Giấy tờ trong kho dữ liệu điện tử", "A paper of the warehouse", _WORK),
    "warehouse_archive": Shown("Bản sao toàn bộ kho dữ liệu điện tử", "A copy of the whole warehouse", tuple(DataGroup)),
    "conversion": Shown("Giấy tờ được chuyển đổi giữa bản giấy và bản điện tử", "A paper converted to or from electronic form", _WORK),
    "transcript": Shown("Quá trình đóng nhập từ sổ giấy", "Contributions typed from a paper book", (DataGroup.SOCIAL_INSURANCE,)),
    "consented": Shown("Dữ liệu trong phạm vi đồng ý", "Data within a consent", ()),
    "agreed_scope": Shown("Dữ liệu trong phạm vi khai thác theo pháp luật", "Data within a scope agreed by law", ()),
    "consents": Shown("Danh sách sự đồng ý và yêu cầu xin xem", "The list of consents and of requests", (DataGroup.BASIC,)),
    "insured_on_day": Shown(
        "Có tham gia bảo hiểm vào một ngày hay không, không có tiền lương", "Whether insured on a day, without wages", ()
    ),
}

_OTHER = Shown("Dữ liệu cá nhân", "Personal data", ())


_BY_SLUG: Final = {group.value: group for group in DataGroup}


def words_of(what: str) -> Shown:
    """The words of a slug; a kind of document that came after this release is told as personal data."""
    return SHOWN.get(what, _OTHER)


def groups_of(what: str, groups: Sequence[str] = ()) -> tuple[tuple[str, str, str], ...]:
    """(slug, Vietnamese, English) of what was shown: as the look says, or as its slug means. A field is told as its group.

    >>> [slug for slug, _, _ in groups_of("identity")]
    ['basic']
    >>> [slug for slug, _, _ in groups_of("consented", ["basic.full_name", "basic.birth_on"])]
    ['basic']
    """
    named = [group.partition(".")[0] for group in groups] or [group.value for group in words_of(what).groups]
    known = [_BY_SLUG[slug] for slug in dict.fromkeys(named) if slug in _BY_SLUG]
    return tuple((group.value, *GROUP_WORDS[group]) for group in known)
