"""What the benchmarks have in common: tables as they come, rows that survive an interruption."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DRIVEN = ("accuracy", "closed_forms", "enclosures", "staircases", "throughput")
INTERRUPTED = """
import sys
from measurement.driver import drive
from measurement.row import Row

def tables(chosen):
    yield [Row(f"{chosen.rounds} rounds", "ste_theory", "s", None)]
    if not chosen.quick:
        raise SystemExit(3)
    yield [Row("more", "ste_theory", "s", None)]

sys.exit(drive("A benchmark.", "all of it", tables, sys.argv[1:], rounds=5))
"""


@pytest.mark.parametrize(("more", "code", "cases"), [((), 3, 1), (("--quick",), 0, 2)])
def test_a_run_that_ends_keeps_its_tables(tmp_path: Path, more: tuple[str, ...], code: int, cases: int) -> None:
    """Would have caught: an hour of rounds that is only written when all of them are done."""
    command = [sys.executable, "-c", INTERRUPTED, "--json", str(tmp_path / "rows.json"), *more]
    ended = subprocess.run(command, cwd=ROOT / "benchmarks", capture_output=True, text=True, check=False)
    assert ended.returncode == code
    rows = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert [row["case"] for row in rows] == ["5 rounds", "more"][:cases]
    assert all(row["case"] in ended.stdout for row in rows)


def test_no_benchmark_has_the_loop_once_more() -> None:
    """Would have caught: a copy of the driver in a script, which writes its rows at another time."""
    for name in DRIVEN:
        script = (ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8")
        assert "return drive(" in script
        assert "parse_args" not in script
        assert "write(chosen" not in script
