"""Sweeps to Parquet: what stands in the file is what stands in the rows, also after a kill."""

import csv
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.montecarlo.executors import serial
from ste_theory.sweeps.design import Design
from ste_theory.sweeps.row import NAMES
from ste_theory.sweeps.table import _to_parquet, rows_file, sweep

pytestmark = pytest.mark.parquet

GRID = Design((1, 3), (2, 5), (0.5, 2.0), (0.2, 1.5, 3.0), ("binary",), ("relu", "exp(-x^2)"), 0, 4, 1e-2, 1e-6)


class Stop(Exception):
    """Ends a sweep where a test wants it."""


def stored(path: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of a Parquet file, and the design in it."""
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    return table.to_pylist(), json.loads(table.schema.metadata[b"ste-theory sweep"])


def written(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def same(value: Any, text: str) -> bool:
    """Whether a value is what a text says: every bit of a number, nan included."""
    if isinstance(value, float):
        return value == float(text) or (math.isnan(value) and math.isnan(float(text)))
    return str(value) == text


def test_the_rows_are_those_of_csv(tmp_path: Path) -> None:
    """Would have caught: rounded numbers, integers as floats, a design that nobody can read off the file."""
    path, plain = tmp_path / "rows.parquet", tmp_path / "rows.csv"
    assert sweep(GRID, path, serial()) == {"agree": len(GRID)}
    sweep(GRID, plain, serial())
    rows, design = stored(path)
    expected = written(plain)
    assert [tuple(row) for row in rows] == [NAMES] * len(GRID)
    assert len(expected) == len(GRID)
    for found, wanted in zip(rows, expected, strict=True):
        assert all(same(found[name], wanted[name]) for name in NAMES), (found, wanted)
    assert isinstance(rows[0]["m"], int)
    assert isinstance(rows[0]["radial"], float)
    assert design == json.loads(json.dumps(asdict(GRID)))


def test_a_remark_that_comes_late_and_numbers_that_are_none(tmp_path: Path) -> None:
    """Would have caught: types read off the first rows, where all remarks are empty; nan taken for nothing."""
    path = tmp_path / "rows.parquet"
    design = Design((2,), (2,), (1.0,), (0.5, 1.0), ("binary",), ("relu",), 0, 4, 1e-2, 1e-6)
    with pytest.raises(Stop):
        sweep(design, path, serial(), progress=stop)
    place = rows_file(path)
    first = place.read_text(encoding="utf-8").splitlines()[1]
    late = dict(zip(NAMES, next(csv.reader([first])), strict=True))
    late |= {"radial": "nan", "decision": "undecided", "remark": "no bound of the surrogate is known here, at w = 0"}
    # More than the megabyte that pyarrow looks at first.
    lines = [first] * (2**20 // len(first) + 1) + [",".join(f'"{late[name]}"' for name in NAMES)]
    place.write_text("\n".join([",".join(NAMES), *lines]) + "\n", encoding="utf-8")
    _to_parquet(design, place, path)
    rows, _ = stored(path)
    assert len(rows) == len(lines)
    assert rows[-1]["remark"] == late["remark"]
    assert math.isnan(rows[-1]["radial"])
    assert rows[0]["remark"] == ""


def stop(done: int, total: int) -> None:
    raise Stop


def test_an_interrupted_sweep_goes_on(tmp_path: Path) -> None:
    """Would have caught: a Parquet file that is there before it is whole; a resumed sweep that starts again or ends in
    other rows."""
    whole, broken = tmp_path / "whole.parquet", tmp_path / "broken.parquet"
    sweep(GRID, whole, serial())
    with pytest.raises(Stop):
        sweep(GRID, broken, serial(), progress=stop)
    assert not broken.exists()
    place = rows_file(broken)
    place.write_bytes(place.read_bytes()[:-30])
    assert sweep(GRID, broken, serial(), resume=True) == {"agree": len(GRID)}
    assert stored(broken) == stored(whole)
    # Killed between the last row and the Parquet file: resuming makes the file.
    broken.unlink()
    assert sweep(GRID, broken, serial(), resume=True) == {"agree": len(GRID)}
    assert stored(broken) == stored(whole)
    with pytest.raises(InvalidInput, match="exists"):
        sweep(GRID, broken, serial())
