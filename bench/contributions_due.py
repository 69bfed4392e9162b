"""How many months of contributions the law room computes in a second, on one core."""

from bench.measuring import Row, median_seconds
from bhxh.kernel.money import Vnd, share_of
from bhxh.kernel.months import Month
from bhxh.law.contributions import ParticipantType, contributions_due

_COUNT = 20_000
_TYPES = (ParticipantType.LABOUR_CONTRACT, ParticipantType.PUBLIC_SERVANT, ParticipantType.FOREIGN_WORKER)
_MONTHS = [Month(2019, 1).plus(number) for number in range(96)]


def run() -> list[Row]:
    """Many different wages over eight years, three types, four regions, beside the bare nine multiplications."""
    cases = [(_TYPES[i % 3], _MONTHS[i % 96], Vnd(4_000_000 + i * 1_009), i % 4 + 1) for i in range(_COUNT)]

    def whole() -> None:
        for participant_type, month, wage_vnd, region in cases:
            contributions_due(participant_type=participant_type, month=month, wage_vnd=wage_vnd, wage_region=region)

    rates = [contributions_due(participant_type=t, month=m, wage_vnd=w, wage_region=r) for t, m, w, r in cases[:1]]
    bp = [getattr(rates[0], name) for name in rates[0].__dataclass_fields__ if name.endswith("_bp")]

    def bare() -> None:
        for _, _, wage_vnd, _ in cases:
            for rate_bp in bp:
                share_of(wage_vnd, rate_bp)

    return [
        Row(
            what="contributions_due, months",
            value=_COUNT / median_seconds(whole),
            unit="per s",
            beside="nine roundings alone",
            beside_value=_COUNT / median_seconds(bare),
        )
    ]
