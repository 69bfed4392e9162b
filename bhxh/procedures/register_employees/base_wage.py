"""What contributions are computed on in a month, from the wage columns of a line. Pure.

Source: decree-164 section 4.8 (a wage of at most 100 is a coefficient) and si-law section 2.1 (the base salary is now the reference level).
The columns name the allowances: position as a coefficient, seniority over frame and of the profession as percent. How they add up
is not in our sources: assumed as (coefficient + position + coefficient x over-frame %) x (1 + profession %), the rule of state pay.
"""

from decimal import ROUND_HALF_UP, Decimal

from bhxh.kernel.months import Month
from bhxh.law.figures import reference_level
from bhxh.procedures.register_employees.form import Line

_PERCENT = Decimal(100)


def has_wage(line: Line) -> bool:
    """Whether the line says a wage at all."""
    return line.wage_vnd is not None or bool(line.wage_coefficient)


def base_vnd(line: Line, month: Month) -> int:
    """Wage with allowances in one month, before floor and cap.

    Units:  whole dong, a coefficient rounded half up once.
    Law:    Law 41/2024/QH15, Art. 31; the composition of a coefficient with allowances is assumed.
    """
    in_dong = (line.wage_allowance_vnd or 0) + (line.other_allowance_vnd or 0)
    if not line.wage_coefficient:
        return (line.wage_vnd or 0) + in_dong
    coefficient = Decimal(line.wage_coefficient)
    over_frame = coefficient * _decimal(line.over_frame_seniority) / _PERCENT
    current = coefficient + _decimal(line.position_allowance) + over_frame
    whole = current * (1 + _decimal(line.professional_seniority) / _PERCENT)
    return int((whole * reference_level(month)).quantize(Decimal(1), ROUND_HALF_UP)) + in_dong


def _decimal(text: str) -> Decimal:
    return Decimal(text or 0)
