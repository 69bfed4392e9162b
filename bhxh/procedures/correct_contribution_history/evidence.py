"""What is known besides: what was typed from the book (evidence by two officers), and what the ledger and the registry hold already."""

from collections.abc import Mapping, Sequence
from datetime import date

from bhxh.dossiers.procedure import Component, Filing, Need, Subject
from bhxh.kernel.canonical import Json
from bhxh.kernel.months import Month
from bhxh.ledger.queries import list_open_months
from bhxh.procedures.correct_contribution_history.form import BOOK
from bhxh.registry.present_cover import list_present_cover

FIRST_MONTH = Month(1930, 1)

COMPONENTS: tuple[Component, ...] = (
    Component(code="form", title_vi="Đề nghị bổ sung quá trình đóng (TK1-TS)", title_en="Request (TK1-TS)", is_mandatory=True),
    # WHY no register replaces it: what is only on paper is held by nobody.
    Component(code=BOOK, title_vi="Ảnh các trang sổ bảo hiểm xã hội giấy", title_en="Photos of the paper book", is_mandatory=True),
)


def needs(filing: Filing, subjects: Mapping[str, Subject]) -> tuple[Need, ...]:
    """Nobody outside is asked: the book is compared by people."""
    return ()


def known(filing: Filing, subjects: Sequence[Subject]) -> Mapping[str, Mapping[str, Json]]:
    """The months that are counted already, and what was ever awarded: three statements."""
    ids = {subject.person_id for subject in subjects}
    counted = list_open_months(ids, FIRST_MONTH)
    cover = list_present_cover(ids, on=date.fromisoformat(str(filing.content["asked_on"])))
    return {
        subject.pin: {
            "counted": {str(held.month): [held.unit_code, held.base_vnd] for held in counted[subject.person_id]},
            "awarded": sorted(cover[subject.person_id].awarded),
        }
        for subject in subjects
    }
