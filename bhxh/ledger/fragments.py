"""A contribution line as the book shows it: canonical bytes written once at posting, and the way back to all fields. Pure.

A line spells out its `terms`: where the person worked, as what, on which wage, at which rates, what worker and employer paid. What is
zero, empty or false is left out, and so is the amount of a single fund that is its base times its rate, rounded half up
(`kernel.money.share_of`). A further line at the same unit says only what is new:

    {"from_month":"2026-02","line":2,"terms_of":1}                                      as line 1, in another month
    {"from_month":"2026-03","line":3,"terms":{"job_title":"Tổ trưởng"},"terms_of":1}    as line 1, but for these

WHY: most months equal the month before. Spelled out each time, forty months are 37 kB that must be hashed, signed and kept at each sealing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.money import share_of
from bhxh.ledger.lines import EMPLOYER_AMOUNTS, MONEY_COLUMNS, PLACE_COLUMNS, UNCOUNTED_KINDS, WORKER_AMOUNTS, LineKind, Row

TERM_COLUMNS: Final = (*PLACE_COLUMNS, *MONEY_COLUMNS, "is_hazardous")
_terms_in = itemgetter(*TERM_COLUMNS)
_SHOWN_AS: Final = {"si_base_vnd": "salary_base_vnd", "is_hazardous": "hazard_flag"}
_FUNDS: Final = tuple(
    (f"{fund}_vnd", {"hi": "hi_base_vnd", "ui": "ui_base_vnd"}.get(fund[:2], "salary_base_vnd"), f"{fund}_bp")
    for fund in (*WORKER_AMOUNTS, *EMPLOYER_AMOUNTS)
)
"""Every amount of a single fund with its base and its rate, as they are shown."""
_AMOUNTS: Final = frozenset(amount for amount, _, _ in _FUNDS)
_SHOWN: Final = tuple(_SHOWN_AS.get(name, name) for name in TERM_COLUMNS)
_LEFT_OUT: Final[dict[str, Json]] = {**dict.fromkeys(_SHOWN, 0), **dict.fromkeys(PLACE_COLUMNS, ""), "hazard_flag": False}
"""What a field of the terms is that a line leaves out; but for `_AMOUNTS`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a person's latest line, which the next may point to."""

    n: int = 0
    """The line that says them; 0 where there is none yet."""
    values: tuple[Any, ...] = ()
    """Those of TERM_COLUMNS."""


def write_fragment(row: Row, before: Terms) -> Terms:
    """Give a numbered row its `terms_n` and its `fragment`. Returns the terms for the person's next line.

    Shape:  a row that takes a line back brings the `terms_n` of that line along and points there.
    """
    terms, own = before, b""
    if row["reverses_n"] is None:
        values = _terms_in(row)
        if values != before.values:
            terms, own = Terms(row["n"], values), _what_is_new(values, before)
        row["terms_n"] = terms.n
    year, month = divmod(row["month"], 100)
    kind, note, reverses_n = row["kind"], row["note"], row["reverses_n"]
    row["fragment"] = b'{"from_month":"%04d-%02d","line":%d%b%b%b%b}' % (
        year,
        month,
        row["n"],
        b"" if kind == LineKind.NORMAL else b',"line_kind":"%b"' % kind.encode("ascii"),
        b',"note":%b' % canonical_bytes(note) if note else b"",
        b"" if reverses_n is None else b',"reverses":%d' % reverses_n,
        own or b',"terms_of":%d' % row["terms_n"],
    )
    return terms


def repeat_fragment(*, n: int, year: int, month: int, terms_n: int) -> bytes:
    """What `write_fragment` writes for an ordinary line on the same terms as line `terms_n`, without a row."""
    return b'{"from_month":"%04d-%02d","line":%d,"terms_of":%d}' % (year, month, n, terms_n)


def written_out(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A book's contribution lines with every field in every line.

    Shape:  the whole block in its order, since a line may point to one before it. `to_month` is `from_month`. `sign` is 1 where the month
            counts, -1 where it is taken back, 0 where it never counted. `reverses` stands only on lines that take another back, whose
            amounts then count negative. `salary_base_vnd` is the base of the social insurance funds.
    """
    terms: dict[int, dict[str, Any]] = {}
    written: dict[int, dict[str, Any]] = {}
    for line in lines:
        rest = {"line_kind": LineKind.NORMAL.value, "note": "", **line, "to_month": line["from_month"]}
        number, own, pointed_to = line["line"], rest.pop("terms", {}), rest.pop("terms_of", None)
        terms[number] = own if pointed_to is None else {**terms[pointed_to], **own}
        full = written[number] = {**_full(terms[number]), **rest}
        full["sign"] = -written[line["reverses"]]["sign"] if "reverses" in line else int(full["line_kind"] not in UNCOUNTED_KINDS)
    return list(written.values())


def _what_is_new(values: tuple[Any, ...], before: Terms) -> bytes:
    new = _spelled(values)
    old = _spelled(before.values) if before.n else {}
    # WHY not with an amount: what one line says of an amount must not reach a later line in which base and rate say it.
    if not old or new.get("unit_code") != old.get("unit_code") or _AMOUNTS & (new.keys() | old.keys()):
        return b',"terms":%b' % canonical_bytes(new)
    changed = {name: new.get(name, _LEFT_OUT[name]) for name in new.keys() | old.keys() if new.get(name) != old.get(name)}
    return b',"terms":%b,"terms_of":%d' % (canonical_bytes(changed), before.n)


def _spelled(values: tuple[Any, ...]) -> dict[str, Any]:
    """Terms with nothing in them that goes without saying."""
    every = dict(zip(_SHOWN, values, strict=True))
    for amount, base, rate in _FUNDS:
        if every[amount] == share_of(every[base], every[rate]):
            del every[amount]
    return {name: value for name, value in every.items() if value or name in _AMOUNTS}


def _full(terms: Mapping[str, Any]) -> dict[str, Any]:
    full: dict[str, Any] = {**_LEFT_OUT, **terms}
    for amount, base, rate in _FUNDS:
        if amount not in terms:
            full[amount] = share_of(full[base], full[rate])
    return full
