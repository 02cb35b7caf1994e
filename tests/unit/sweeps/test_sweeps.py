"""Sweeps: every point once, the same rows however they came about."""

import csv
import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.montecarlo.executors import Executor, processes, serial, threads
from ste_theory.montecarlo.maker import maker
from ste_theory.sweeps.design import Design
from ste_theory.sweeps.table import design_file, sweep

GRID = Design((1, 3), (2, 5), (0.5, 2.0), (0.2, 1.5, 3.0), ("binary",), ("relu", "exp(-x^2)"), 0, 4, 1e-2, 1e-6)
RANDOM = Design((1, 3), (2, 5), (0.5, 2.0), (0.2, 3.0), ("binary", "uniform_relu(2)"), ("identity",), 40, 4, 1e-2, 1e-6)


class Stop(Exception):
    """Ends a sweep where a test wants it."""


@pytest.mark.parametrize("design", [GRID, RANDOM], ids=["grid", "random"])
def test_all_points_agree(design: Design, tmp_path: Path) -> None:
    """Would have caught: a closed form or a sampler that is wrong anywhere on the grid; points that are left out."""
    found = sweep(design, tmp_path / "rows.csv", serial())
    assert found == {"agree": len(design)}
    places = [design[index] for index in range(len(design))]
    assert len(set(places)) == len(design)


def test_a_disagreement_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: a decision that cannot be but ``agree``: a closed form that is 1 % off is seen."""
    from ste_theory.model.gradient import Gradient
    from ste_theory.theory import coarse_gradient

    right = coarse_gradient.expected_coarse_gradient

    def wrong(problem: object, point: object) -> Gradient:
        found = right(problem, point)  # type: ignore[arg-type]
        return Gradient(found.v * 1.01, found.w * 1.01)

    monkeypatch.setattr(coarse_gradient, "expected_coarse_gradient", wrong)
    design = Design((3,), (2,), (1.0,), (1.0, 2.0), ("binary",), ("relu",), 0, 4, 1e-4, 1e-6)
    assert sweep(design, tmp_path / "rows.csv", serial()) == {"DISAGREE": 2}


@pytest.mark.parametrize("executor", [threads(2), processes(2)], ids=["threads", "processes"])
def test_rows_do_not_depend_on_who_computes_them(executor: Executor, tmp_path: Path) -> None:
    """Would have caught: rows in the order they come; seeds that depend on the worker."""
    sweep(GRID, tmp_path / "one.csv", serial())
    sweep(GRID, tmp_path / "two.csv", executor)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


@pytest.mark.parametrize("cut", [1, 40, 10**6])
def test_an_interrupted_sweep_goes_on(cut: int, tmp_path: Path) -> None:
    """Would have caught: half a row that is kept, a row that is there twice."""
    whole, broken = tmp_path / "whole.csv", tmp_path / "broken.csv"
    sweep(GRID, whole, serial())

    def stop(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        sweep(GRID, broken, serial(), progress=stop)
    content = broken.read_bytes()
    header = content.index(b"\n") + 1
    broken.write_bytes(content[: max(header, len(content) - cut)])
    assert sweep(GRID, broken, serial(), resume=True) == {"agree": len(GRID)}
    assert broken.read_bytes() == whole.read_bytes()


def test_the_program_itself_is_a_sampler_of_sweeps(tmp_path: Path) -> None:
    """Would have caught: estimates that rest on the reduction to the plane, as the closed form does, whatever is asked
    for; rows of two samplers in one file."""
    design = replace(GRID, m=(2,), n=(3,), rho=(1.0,), surrogates=("relu",), accuracy=0.05, sampler="program")
    path = tmp_path / "rows.csv"
    assert sweep(design, path, serial()) == {"agree": len(design)}
    with path.open(encoding="utf-8", newline="") as stream:
        assert {row["sampler"] for row in csv.DictReader(stream)} == {"program"}
    with pytest.raises(InvalidInput, match="another sweep"):
        sweep(replace(design, sampler=None), path, serial(), resume=True)


def test_rows_of_two_designs_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: an overwritten file; a sweep resumed with other options, with the rows at another standard
    point, or with other versions of what computes them."""
    path = tmp_path / "rows.csv"
    sweep(GRID, path, serial())
    with pytest.raises(InvalidInput, match="exists"):
        sweep(GRID, path, serial())
    with pytest.raises(InvalidInput, match="another sweep"):
        sweep(RANDOM, path, serial(), resume=True)
    digest = hashlib.sha256(json.dumps(asdict(GRID), sort_keys=True).encode()).hexdigest()
    design_file(path).write_text(digest)  # as it was before the standard point became another
    with pytest.raises(InvalidInput, match="another sweep, version or machine"):
        sweep(GRID, path, serial(), resume=True)
    design_file(path).write_text(GRID.digest)
    monkeypatch.setattr("ste_theory.sweeps.design.maker", lambda: {**maker(), "NumPy": "2.0.0"})
    with pytest.raises(InvalidInput, match="another sweep, version or machine"):
        sweep(GRID, path, serial(), resume=True)
    design_file(path).unlink()
    with pytest.raises(InvalidInput, match="no sweep to resume"):
        sweep(GRID, path, serial(), resume=True)
