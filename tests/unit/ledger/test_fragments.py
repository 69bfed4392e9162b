"""Whatever a person's lines are, the book's fragments are canonical and give every field back."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel.canonical import canonical_bytes
from bhxh.ledger.fragments import TERM_COLUMNS, Terms, repeat_fragment, write_fragment, written_out
from bhxh.ledger.lines import MONEY_COLUMNS, PLACE_COLUMNS, LineKind

_PLACES = st.fixed_dictionaries(dict.fromkeys(PLACE_COLUMNS, st.sampled_from(["", "Nhà máy", 'ngoặc ",terms":{}'])))
_MONEY = st.fixed_dictionaries(
    {name: st.sampled_from([0, 100, 800] if name.endswith("_bp") else [0, 1, 10_000, 800_000, 10_000_000]) for name in MONEY_COLUMNS}
)
_TERMS = st.builds(lambda places, money, hazardous: places | money | {"is_hazardous": hazardous}, _PLACES, _MONEY, st.booleans())


@st.composite
def _careers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows as the command numbers them: terms from a few, so that months equal each other; now and then a line is taken back."""
    few = draw(st.lists(_TERMS, min_size=1, max_size=4))
    rows: list[dict[str, Any]] = []
    for n in range(1, draw(st.integers(1, 12)) + 1):
        row = dict(draw(st.sampled_from(few))) | {"n": n, "month": 202601 + n % 12, "kind": "NORMAL", "note": "", "reverses_n": None}
        row |= draw(st.sampled_from([{}, {"kind": "BACK_PAY", "note": "Truy thu"}, {"kind": "NOT_COUNTED"}]))
        standing = [at for at in rows if at["reverses_n"] is None and at["n"] not in {other["reverses_n"] for other in rows}]
        if standing and draw(st.integers(0, 4)) == 0:
            back = draw(st.sampled_from(standing))
            row = {**back, "n": n, "kind": "ADJUST", "note": "kê khai nhầm", "reverses_n": back["n"]}
        rows.append(row)
    return rows


@given(rows=_careers(), commands=st.sets(st.integers(1, 12)))
def test_every_field_comes_back(rows: list[dict[str, Any]], commands: set[int]) -> None:
    before, terms_n = Terms(), {}
    for row in rows:
        if row["reverses_n"] is not None:
            row["terms_n"] = terms_n[row["reverses_n"]]
        if row["n"] in commands and row["n"] > 1:  # a new command reads the last row from the table
            last = rows[row["n"] - 2]
            before = Terms(last["terms_n"], tuple(last[name] for name in TERM_COLUMNS))
        before = write_fragment(row, before)
        terms_n[row["n"]] = row["terms_n"]
        assert canonical_bytes(json.loads(row["fragment"])) == row["fragment"]
        assert 1 <= row["terms_n"] <= row["n"]
    signs: dict[int, int] = {}
    for row, line in zip(rows, written_out(json.loads(row["fragment"]) for row in rows), strict=True):
        signs[row["n"]] = -signs[row["reverses_n"]] if row["reverses_n"] else int(row["kind"] != "NOT_COUNTED")
        expected = {name: row[name] for name in (*PLACE_COLUMNS, *MONEY_COLUMNS, "note")} | {
            "from_month": f"{row['month'] // 100}-{row['month'] % 100:02d}",
            "line": row["n"],
            "line_kind": row["kind"],
            "hazard_flag": row["is_hazardous"],
            "sign": signs[row["n"]],
        }
        expected |= {"salary_base_vnd": expected.pop("si_base_vnd"), "to_month": expected["from_month"]}
        assert line == expected | ({"reverses": row["reverses_n"]} if row["reverses_n"] else {})


def test_a_repeated_line_is_what_would_be_written() -> None:
    row: dict[str, Any] = dict.fromkeys(PLACE_COLUMNS, "x") | dict.fromkeys(MONEY_COLUMNS, 0) | {"is_hazardous": False, "note": ""}
    row |= {"n": 1, "month": 202612, "kind": LineKind.NORMAL.value, "reverses_n": None}
    terms = write_fragment(row, Terms())
    again = row | {"n": 2, "month": 202701}
    write_fragment(again, terms)
    assert again["fragment"] == repeat_fragment(n=2, year=2027, month=1, terms_n=1)
