"""Errors: what kinds there are, and the catalogue in which every sentence has an eternal code.

A room defines its sentences in its own `errors.py` as `define(code, vi, en)` and raises them inside one of the
kinds below. Only doors turn an error into a response. `docs/errors.md` is generated from the catalogue.
"""

from dataclasses import dataclass
from typing import Final

from bhxh.kernel.money import in_language


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry of the catalogue: what happened, why it matters, what to do; Vietnamese first."""

    code: str
    vi: str
    en: str


CATALOGUE: dict[str, Sentence] = {}


def define(code: str, vi: str, en: str) -> Sentence:
    """Add a sentence to the catalogue. Placeholders are `{name}` and are the same in both languages."""
    assert code not in CATALOGUE, f"error code {code} is defined twice"
    CATALOGUE[code] = Sentence(code, vi, en)
    return CATALOGUE[code]


class BhxhError(Exception):
    """An error with a code and parameters. Parameters are shown to the caller: never put a secret in them."""

    status: int = 500

    def __init__(self, sentence: Sentence, *, where: str = "", **parameters: object) -> None:
        super().__init__(sentence.code)
        self.sentence: Final = sentence
        self.where: Final = where
        """The field, cell or path the error speaks of, in the caller's own terms; empty when it is the whole."""
        self.parameters: Final = parameters

    @property
    def code(self) -> str:
        """The eternal code, such as REG-014."""
        return self.sentence.code

    def __reduce__(self) -> tuple[object, ...]:
        # WHY: errors cross to another process too, and are told apart there by their sentence.
        return _again, (type(self), self.sentence, self.where, dict(self.parameters))

    def text(self, language: str = "vi") -> str:
        """The sentence in `vi` or `en`, filled in."""
        template = self.sentence.en if language == "en" else self.sentence.vi
        return template.format_map({"where": self.where} | {key: in_language(value, language) for key, value in self.parameters.items()})

    def __str__(self) -> str:
        # WHY: only the code. The text may hold what somebody typed, and str(error) ends up in logs.
        return f"{self.code} at {self.where}" if self.where else self.code


def _again(kind: type[BhxhError], sentence: Sentence, where: str, parameters: dict[str, object]) -> BhxhError:
    return kind(CATALOGUE.get(sentence.code, sentence), where=where, **parameters)


class Refusal(BhxhError):
    """Anticipated; the caller can act. Counted, never alerted."""

    status = 400


class Invalid(Refusal):
    """What was sent is not right; `where` says which part."""

    status = 422


class NotAllowed(Refusal):
    """This actor may not do this."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or this actor may not know that there is."""

    status = 404


class Conflict(Refusal):
    """It may not be done now: something happened meanwhile."""

    status = 409


class Trouble(BhxhError):
    """The outside world. Retry later; alert on the rate."""

    status = 503


class Unavailable(Trouble):
    """A partner did not answer in time."""

    status = 503


class Rejected(Trouble):
    """A partner answered that it will not."""

    status = 502


class Nonsense(Trouble):
    """A partner answered what cannot be understood. The payload is kept by whoever raises this."""

    status = 502


class Defect(BhxhError):
    """Our bug or a broken invariant. Alert every time."""

    status = 500


KER_BAD_MONTH = define(
    "KER-001",
    "“{value}” không phải là tháng. Ghi theo dạng tháng/năm, ví dụ 11/2026.",
    "“{value}” is not a month. Write month/year, for example 11/2026.",
)
KER_BAD_IDENTIFIER = define(
    "KER-002",
    "“{value}” không đúng dạng {kind}. {rule}",
    "“{value}” is not a well-formed {kind_en}. {rule_en}",
)
KER_LOST_ZERO = define(
    "KER-003",
    "Số định danh “{value}” chỉ có {digits} chữ số, có thể Excel đã bỏ số 0 ở đầu. Định dạng ô là Văn bản rồi nhập lại đủ 12 chữ số.",
    "Personal number “{value}” has only {digits} digits: Excel may have dropped the leading 0. "
    "Format the cell as Text and enter all 12 digits.",
)
KER_NOT_CANONICAL = define(
    "KER-004",
    "Dữ liệu tại {where} không ghi được thành JSON chuẩn: {reason}.",
    "The data at {where} cannot be written as canonical JSON: {reason}.",
)
KER_NO_SUCH_JOB = define(
    "KER-005",
    "Không có việc nền tên {name}.",
    "There is no background job named {name}.",
)
KER_BAD_INSTANT = define(
    "KER-006",
    "{where}: thời điểm phải ghi kèm múi giờ và có trên lịch, ví dụ 2026-11-22T08:00+07:00 (giờ Việt Nam) hoặc 2026-11-22T01:00Z.",
    "{where}: an instant says its offset from UTC and is on the calendar, for example 2026-11-22T08:00+07:00 (Vietnam's time) "
    "or 2026-11-22T01:00Z.",
)
