"""Every bench is listed, and its table says what it is compared to."""

import importlib
from pathlib import Path

import bench.__main__ as program
from bench.measuring import Row


def test_every_bench_is_listed_and_can_run() -> None:
    modules = {file.stem for file in Path(program.__file__).parent.glob("*.py")} - {"__init__", "__main__"}
    can_run = {name for name in modules if callable(getattr(importlib.import_module(f"bench.{name}"), "run", None))}
    assert can_run == {*program.BENCHES, *program.ALONE}


def test_the_table_shows_the_ratio() -> None:
    table = program._table([Row(what="a", value=50, unit="per s", beside="b", beside_value=200), Row(what="c", value=1234.5, unit="ms")])
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert cells[2] == ["a", "50.00", "per s", "b: 200", "0.25", ""]
    assert cells[3][1] == "1,234"
