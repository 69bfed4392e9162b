"""How the system does, in a few numbers that name nobody: for the public page and for operators.

Each is counted at most twice a minute for a whole process, however many people look: anybody may ask.
"""

from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Final

from bhxh.doors.partners import partners
from bhxh.dossiers.load_queries import RegisterAnswers, list_register_answers
from bhxh.kernel.clock import now
from bhxh.notices.queries import DeliveryHealth, delivery_health

KEPT_S: Final = 30
_FEW = 5
"""LIMIT: fewer silent answers are single bad minutes, whatever their share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemState:
    """As counted a moment ago."""

    can_sign_in: bool
    mail: DeliveryHealth
    mail_alarms: tuple[str, ...]
    registers: tuple[RegisterAnswers, ...]
    """Of the last two hours."""

    @property
    def silent_registers(self) -> tuple[str, ...]:
        """Those that left more than half of what they were asked unanswered."""
        return _silent(self.registers)


def system_state() -> SystemState:
    """From memory where it was asked a moment ago."""
    return _state(int(monotonic() / KEPT_S))


def silent_registers() -> tuple[str, ...]:
    """The same of the registers alone: no partner is spoken to."""
    return _silent(_registers(int(monotonic() / KEPT_S)))


def _silent(registers: tuple[RegisterAnswers, ...]) -> tuple[str, ...]:
    return tuple(one.register for one in registers if one.silent >= _FEW and one.silent * 2 > one.asked)


@lru_cache(maxsize=1)
def _registers(moment: int) -> tuple[RegisterAnswers, ...]:
    return list_register_answers(now())


@lru_cache(maxsize=1)
def _state(moment: int) -> SystemState:
    at, known = now(), partners()
    mail = delivery_health(at)
    return SystemState(
        can_sign_in=known.signing_in.provider.is_reachable(),
        mail=mail,
        mail_alarms=mail.alarms(percent=known.mail_alarm_percent, waiting_alarm_s=known.receipt_alarm_s[0]),
        registers=_registers(moment),
    )
