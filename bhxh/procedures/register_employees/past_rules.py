"""What the law says of a change of single funds, and of months of the past. Pure: clauses of `rules`."""

from collections.abc import Iterator

from bhxh.kernel.decisions import Citation, Finding, Outcome
from bhxh.kernel.money import format_vnd
from bhxh.law.figures import Fund
from bhxh.procedures.register_employees import errors
from bhxh.procedures.register_employees.base_wage import base_vnd, has_wage
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.line_case import FORM, PARTICIPATION, LineCase, finding, not_met
from bhxh.procedures.register_employees.standing import BACK_DATED, ENDED, WORKING, Terms
from bhxh.procedures.register_employees.wage_rules import FIGURES_SINCE

FUNDS = Citation(
    "Law 41/2024/QH15, Art. 33 and 34; Law 74/2025/QH15; Law 51/2024/QH15: which funds a worker takes part in", is_assumed=True
)
BACK_PAYMENT = Citation("Decision 595/QD-BHXH (2017), form D02-TS; procedure SI-03, back payment", is_assumed=True)

FUND_NAMES = {
    Fund.RETIREMENT: ("quỹ hưu trí, tử tuất", "the retirement and survivors fund"),
    Fund.SICKNESS: ("quỹ ốm đau, thai sản", "the sickness and maternity fund"),
    Fund.ACCIDENT: ("quỹ tai nạn lao động, bệnh nghề nghiệp", "the work accident fund"),
    Fund.UNEMPLOYMENT: ("bảo hiểm thất nghiệp", "unemployment insurance"),
    Fund.HEALTH: ("quỹ bảo hiểm y tế", "the health fund"),
}


def check_fund(c: LineCase) -> Iterator[Finding]:
    """A fund is joined by whom it is not paid for, and left by whom it is paid for; which of the two must be certain.

    Law: Law 41/2024/QH15, Art. 33 and 34; Law 74/2025/QH15; Law 51/2024/QH15; what the codes of the form do is assumed.
    """
    change = c.line.change
    if change is None or change.effect is not Effect.FUND or change.fund is None or c.identity.pin is None:
        return
    held = _held(c)
    is_joining = change.find_fund_direction(c.line.declaration_type)
    # WHY people: a fund joined by somebody who does not work here (TV with declaration type 1) is said by no source
    if is_joining is None or (not held and c.line.declaration_type == "1"):
        yield finding(errors.CODE_FOR_OFFICER, Outcome.UNCLEAR, FORM, "change_code", change_code=change.code)
    elif not held:
        yield not_met(errors.NOT_HERE, PARTICIPATION, c.identity.field, change_code=change.code)
    elif all((change.fund not in terms.left_funds) == is_joining for terms in held):
        sentence = errors.FUND_ALREADY_PAID if is_joining else errors.FUND_NOT_PAID
        fund, fund_en = FUND_NAMES[change.fund]
        yield not_met(sentence, FUNDS, "change_code", fund=fund, fund_en=fund_en)


def check_past(c: LineCase) -> Iterator[Finding]:
    """A back payment adds to what was paid, a back-dated decrease takes from it, and both at an employer the worker was with.

    Law: procedure SI-03 and form D02-TS (assumed).
    """
    if c.effect not in BACK_DATED or c.identity.pin is None or c.line.starts is None:
        return
    change = c.line.change
    assert change is not None, "an effect comes from a code"
    first = c.line.starts
    if not any(span.terms.status != ENDED and span.from_month <= max(first, c.period) for span in c.standing.spans):
        yield not_met(errors.NOT_HERE, PARTICIPATION, c.identity.field, change_code=change.code)
        return
    if has_wage(c.line) and first < FIGURES_SINCE:
        return  # WHY: people compare the wages of before the figures (D02-152)
    counted = [terms for month in c.months if month in c.counted_here and (terms := c.standing.at(month)) is not None]
    are_all_counted = len(counted) == len(c.months)
    match c.effect:
        case Effect.BACK_FUND if are_all_counted and all(change.fund not in terms.left_funds for terms in counted) and change.fund:
            fund, fund_en = FUND_NAMES[change.fund]
            yield not_met(errors.FUND_ALREADY_PAID, FUNDS, "change_code", fund=fund, fund_en=fund_en)
        case Effect.BACK_PAY if are_all_counted and has_wage(c.line) and not _has_wage_below(c):
            yield not_met(errors.NO_INCREASE, BACK_PAYMENT, "wage_vnd", wage=format_vnd(base_vnd(c.line, first)))
        case Effect.BACK_CUT if not counted:
            yield not_met(errors.NOTHING_TO_CUT, BACK_PAYMENT, "from_month", month=first.shown)
        case Effect.BACK_CUT if has_wage(c.line) and _has_wage_not_above(c):
            yield not_met(errors.NO_DECREASE, BACK_PAYMENT, "wage_vnd", wage=format_vnd(base_vnd(c.line, first)))


def check_wage_is_kept(c: LineCase) -> Iterator[Finding]:
    """A change of funds changes no wage: one that is written all the same is worth a word.

    Law: form D02-TS (assumed).
    """
    if c.effect is not Effect.FUND or not has_wage(c.line) or c.period < FIGURES_SINCE:
        return
    now = c.standing.at(c.period)
    if now is not None and now.wage_vnd != base_vnd(c.line, c.period):
        parameters = {"wage": format_vnd(now.wage_vnd), "change_code": c.line.change_code}
        yield finding(errors.WAGE_NOT_CHANGED, Outcome.WARNING, FORM, "wage_vnd", **parameters)


def _held(c: LineCase) -> list[Terms]:
    """What holds here in the months of the change, those of before and after employment left out."""
    return [terms for month in c.months if (terms := c.standing.at(month)) is not None and terms.status != ENDED]


def _has_wage_below(c: LineCase) -> bool:
    """Whether some counted month was paid on less than the line says."""
    return any(
        (terms := c.standing.at(month)) is None or terms.status != WORKING or terms.wage_vnd < base_vnd(c.line, month) for month in c.months
    )


def _has_wage_not_above(c: LineCase) -> bool:
    """Whether no counted month was paid on more than the line says."""
    return not any(
        (terms := c.standing.at(month)) is not None and terms.wage_vnd > base_vnd(c.line, month)
        for month in c.months
        if month in c.counted_here
    )
