"""A contribution line as the book shows it: canonical bytes written once at posting, and the way back to all fields. Pure.

A line is `{"from_month":"2026-02","line":2,"terms_of":1}`: *as line 1, in another month*; or it has `terms` of its own, which say where
the person worked, as what, on which wage, at which rates, and what worker and employer paid. What is zero, empty or false is left out,
and so is the amount of a single fund that is its base times its rate, rounded half up (`kernel.money.share_of`).
WHY: most months equal the month before. Spelled out each time, forty months are 37 kB that must be hashed, signed and kept at each sealing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.money import share_of
from bhxh.ledger.lines import EMPLOYER_AMOUNTS, MONEY_COLUMNS, PLACE_COLUMNS, UNCOUNTED_KINDS, WORKER_AMOUNTS, LineKind, Row

_SHOWN_AS: Final = {"si_base_vnd": "salary_base_vnd", "is_hazardous": "hazard_flag"}
_FUNDS: Final = tuple(
    (f"{fund}_vnd", base, f"{fund}_bp")
    for fund in (*WORKER_AMOUNTS, *EMPLOYER_AMOUNTS)
    for base in ({"hi": "hi_base_vnd", "ui": "ui_base_vnd"}.get(fund[:2], "si_base_vnd"),)
)
"""Every amount of a single fund with its base and its rate."""
_TERMS: Final = tuple(
    (name, _SHOWN_AS.get(name, name))
    for name in (*PLACE_COLUMNS, *MONEY_COLUMNS, "is_hazardous")
    if name not in {amount for amount, _, _ in _FUNDS}
)
_LEFT_OUT: Final[dict[str, Json]] = {
    **dict.fromkeys(PLACE_COLUMNS, ""),
    **{_SHOWN_AS.get(name, name): 0 for name in MONEY_COLUMNS},
    "hazard_flag": False,
    "line_kind": LineKind.NORMAL.value,
    "note": "",
}
"""What a field is that a line leaves out."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms that a person's next line may point to."""

    n: int = 0
    """The line that spells them out; 0 where there is none yet."""
    content: bytes = b""


def write_fragment(row: Row, before: Terms) -> Terms:
    """Give a numbered row its `terms_n` and its `fragment`. Returns the terms for the person's next line.

    Shape:  a row that takes a line back brings the `terms_n` of that line along and points there.
    """
    if row["reverses_n"] is not None:
        terms = before
    elif (content := _terms_of(row)) == before.content:
        terms = before
        row["terms_n"] = before.n
    else:
        terms = Terms(row["n"], content)
        row["terms_n"] = row["n"]
    year, month = divmod(row["month"], 100)
    kind, note, reverses_n = row["kind"], row["note"], row["reverses_n"]
    row["fragment"] = b'{"from_month":"%04d-%02d","line":%d%b%b%b%b}' % (
        year,
        month,
        row["n"],
        b"" if kind == LineKind.NORMAL else b',"line_kind":"%b"' % kind.encode("ascii"),
        b',"note":%b' % canonical_bytes(note) if note else b"",
        b"" if reverses_n is None else b',"reverses":%d' % reverses_n,
        b',"terms":%b' % terms.content if row["terms_n"] == row["n"] else b',"terms_of":%d' % row["terms_n"],
    )
    return terms


def repeat_fragment(*, n: int, year: int, month: int, terms_n: int) -> bytes:
    """What `write_fragment` writes for an ordinary line on the same terms as line `terms_n`, without a row."""
    return b'{"from_month":"%04d-%02d","line":%d,"terms_of":%d}' % (year, month, n, terms_n)


def read_terms(n: int, fragment: bytes) -> Terms:
    """The terms that line `n` spells out."""
    return Terms(n, fragment.partition(b',"terms":')[2][:-1])  # no text can hold this: its quotes would be escaped


def written_out(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A book's contribution lines with every field in every line.

    Shape:  the whole block in its order, since a line may point to one before it. `to_month` is `from_month`. `sign` is 1 where the month
            counts, -1 where it is taken back, 0 where it never counted. `reverses` stands only on lines that take another back, whose
            amounts then count negative. `salary_base_vnd` is the base of the social insurance funds.
    """
    terms: dict[int, dict[str, Any]] = {}
    written: dict[int, dict[str, Any]] = {}
    for line in lines:
        rest = dict(line)
        number, pointed_to = line["line"], rest.pop("terms_of", None)
        terms[number] = terms[pointed_to] if pointed_to is not None else _full(rest.pop("terms"))
        full = written[number] = {**terms[number], **rest, "to_month": line["from_month"]}
        full["sign"] = -written[line["reverses"]]["sign"] if "reverses" in line else int(full["line_kind"] not in UNCOUNTED_KINDS)
    return list(written.values())


def _terms_of(row: Mapping[str, Any]) -> bytes:
    terms = {shown: value for name, shown in _TERMS if (value := row[name])}
    terms.update((amount, row[amount]) for amount, base, rate in _FUNDS if row[amount] != share_of(row[base], row[rate]))
    return canonical_bytes(terms)


def _full(terms: Mapping[str, Any]) -> dict[str, Any]:
    full: dict[str, Any] = {**_LEFT_OUT, **terms}
    for amount, base, rate in _FUNDS:
        if amount not in terms:
            full[amount] = share_of(full[_SHOWN_AS.get(base, base)], full[rate])
    return full
