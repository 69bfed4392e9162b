"""How far a dossier has come, for whoever knows its code only: the step, and what happens next. Pure."""

from typing import Final

from bhxh.dossiers.states import Facts, Place
from bhxh.web.languages import in_words

_STEPS: Final = (
    ("Đã gửi", "Sent"),
    ("Đã tiếp nhận", "Received"),
    ("Đang xử lý", "In process"),
    ("Đã trả kết quả", "Result returned"),
)
_REACHED: Final = {1: 0, 2: 1, 4: 2, 5: 2, 6: 2, 9: 3, 10: 3}
"""The national portal's number of a state -> the step it belongs to; what ended without a result has none."""
_WAITS, _RETURNED = frozenset({5, 6}), 10
NEXT: Final[dict[Place, tuple[str, str]]] = {
    Place.IN_WORK: (
        "Cơ quan bảo hiểm xã hội đang làm. Bạn không phải làm gì; thư báo đến khi có kết quả hoặc khi cần thêm giấy tờ.",
        "The office is working on it. You need not do anything; a letter comes with the result, or if something is missing.",
    ),
    Place.WAITING: (
        "Cơ quan đang chờ người nộp. Đăng nhập để xem cần bổ sung gì và hạn đến ngày nào.",
        "The office waits for whoever filed it. Sign in to see what is missing and until when.",
    ),
    Place.DECIDED: (
        "Kết quả nằm trong kho giấy tờ của người nộp và trong thư. Đăng nhập để xem.",
        "The result lies among the filer's documents and in a letter. Sign in to see it.",
    ),
    Place.NOT_ACCEPTED: (
        "Lý do có trong thư gửi người nộp. Có thể nộp lại.",
        "The reason is in the letter to the filer. It can be filed again.",
    ),
    Place.STOPPED: (
        "Lý do có trong thư gửi người nộp. Có thể nộp lại.",
        "The reason is in the letter to the filer. It can be filed again.",
    ),
    Place.WITHDRAWN: (
        "Người nộp đã rút hồ sơ. Có thể nộp lại bất cứ lúc nào.",
        "The filer withdrew it. It can be filed again at any time.",
    ),
}


def steps_to(facts: Facts) -> list[dict[str, str]]:
    """For `web/components/timeline.html`. Where it ended without a result: what it came to is the last step."""
    number = facts.npsp_code or 0
    reached = _REACHED.get(number)
    words = in_words((facts.vi, facts.en))
    if reached is None:
        return [{"kind": "done", "name": in_words(_STEPS[0]), "note": ""}, {"kind": "failed", "name": words, "note": ""}]
    steps = []
    for place, step in enumerate(_STEPS):
        is_done = place < reached or number == _RETURNED
        kind = "done" if is_done else "here" if place == reached else "next"
        steps.append({"kind": kind, "name": in_words(step), "note": words if place == reached and number in _WAITS else ""})
    return steps
