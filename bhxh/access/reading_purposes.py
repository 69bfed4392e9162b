"""Why an officer may read a person, or what the log says of one: a closed list, each purpose with the roles it is for.

LAW: R-194, R-197: each access has a basis and a purpose. The list is ours (assumed); an agency changes it here, in review, not in a setting.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bhxh.access.officer_errors import ACC_NO_REASON
from bhxh.access.roles import OfficerRole
from bhxh.kernel.errors import Invalid
from bhxh.kernel.text import tidy

FEWEST_CHARACTERS: Final = 10  # LIMIT: fewer say nothing; `cần xem` is no reason
MOST_CHARACTERS: Final = 1000


class ReadingPurpose(StrEnum):
    """What is written into the look, and shown to the person in words."""

    DOSSIER = "dossier"
    """A dossier of the person: the only one that needs no words."""
    AT_COUNTER = "at_counter"
    ENQUIRY = "enquiry"
    CORRECTION = "correction"
    DUPLICATE = "duplicate"
    COMPLAINT = "complaint"
    COURT_REQUEST = "court_request"
    INSPECTION = "inspection"
    DATA_SUBJECT_REQUEST = "data_subject_request"
    BREACH = "breach"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeFacts:
    """A purpose in words, and who may state it."""

    vi: str
    en: str
    roles: frozenset[OfficerRole]


_ROLE = OfficerRole
_CASE = frozenset({_ROLE.RECEPTION, _ROLE.APPRAISER, _ROLE.APPROVER})

READING_PURPOSES: Final[dict[ReadingPurpose, PurposeFacts]] = {
    ReadingPurpose.DOSSIER: PurposeFacts(vi="giải quyết hồ sơ", en="work on a dossier", roles=_CASE | {_ROLE.CONVERTER, _ROLE.REGISTRAR}),
    ReadingPurpose.AT_COUNTER: PurposeFacts(
        vi="người tham gia có mặt tại quầy", en="the participant is at the counter", roles=frozenset({_ROLE.RECEPTION})
    ),
    ReadingPurpose.ENQUIRY: PurposeFacts(
        vi="trả lời câu hỏi của người tham gia", en="answering the participant's own enquiry", roles=frozenset({_ROLE.RECEPTION})
    ),
    ReadingPurpose.CORRECTION: PurposeFacts(vi="đính chính dữ liệu sai", en="correcting wrong data", roles=frozenset({_ROLE.REGISTRAR})),
    ReadingPurpose.DUPLICATE: PurposeFacts(
        vi="kiểm tra một người có hai mã số", en="checking whether one person has two codes", roles=frozenset({_ROLE.REGISTRAR})
    ),
    ReadingPurpose.COMPLAINT: PurposeFacts(
        vi="giải quyết khiếu nại, tố cáo", en="handling a complaint", roles=frozenset({_ROLE.SUPERVISOR})
    ),
    ReadingPurpose.COURT_REQUEST: PurposeFacts(
        vi="trả lời yêu cầu của tòa án, cơ quan điều tra",
        en="answering a court or an investigating agency",
        roles=frozenset({_ROLE.SUPERVISOR}),
    ),
    ReadingPurpose.INSPECTION: PurposeFacts(vi="thanh tra, kiểm toán", en="inspection or audit", roles=frozenset({_ROLE.AUDITOR})),
    ReadingPurpose.DATA_SUBJECT_REQUEST: PurposeFacts(
        vi="trả lời yêu cầu của chủ thể dữ liệu", en="answering a request of the data subject", roles=frozenset({_ROLE.DATA_PROTECTION})
    ),
    ReadingPurpose.BREACH: PurposeFacts(vi="xử lý sự cố lộ dữ liệu", en="handling a data breach", roles=frozenset({_ROLE.DATA_PROTECTION})),
}


def read_purpose(*, has_dossier: bool, purpose: str, words: str) -> ReadingPurpose:
    """What was stated: a dossier, or a purpose of the list with words of one's own. No dossier number and no purpose: no read.

    Raises: Invalid ACC-070.
    """
    if has_dossier:
        return ReadingPurpose.DOSSIER
    stated = next((one for one in ReadingPurpose if one.value == purpose and one is not ReadingPurpose.DOSSIER), None)
    if stated is None or len(tidy(words)) < FEWEST_CHARACTERS:
        raise Invalid(ACC_NO_REASON, where="words" if stated else "purpose")
    return stated
