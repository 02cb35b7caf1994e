"""Runs and sweeps killed at random moments and resumed, on the command line: the bits of one that nobody killed.

``make test-kills`` kills each run ten times; here it is twice. The moments are drawn, and printed with the seed.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

KILLS = int(os.environ.get("STE_THEORY_KILLS", "2"))
PROGRAM = [sys.executable, "-P", "-m", "ste_theory"]
SIZE = ["--rows", "3", "--dimension", "4", "--seed", "5"]
RUNS = {
    "so many samples": ["--samples", "4000000", *SIZE],
    "the program, to an accuracy": ["--sampler", "program", "--accuracy", "0.008", "--confidence", "0.9", *SIZE],
    "looks that double": ["--sampler", "row-pairs", "--accuracy", "0.0015", "--confidence", "0.9", *SIZE],
}
SWEEP = ["--theta", "0.1:3.0:20", "--rho", "1", "--rows", "3", "--dimension", "2,8", "--seed", "5"]
# Who goes on after a kill need not be who was killed.
WORKERS = (["--jobs", "1"], ["--jobs", "2"], ["--jobs", "4"], ["--jobs", "2", "--executor", "processes"])
COMPARED = ("mean", "standard_error", "guarantee", "assumes", "draws", "seed")


def finished(arguments: Sequence[str]) -> tuple[str, float]:
    """What a command that ends writes, and the seconds it took."""
    start = time.monotonic()
    ended = subprocess.run([*PROGRAM, *arguments], capture_output=True, check=True, text=True)
    return ended.stdout, time.monotonic() - start


def killed(command: Callable[[np.random.Generator], list[str]], anew: Callable[[], None], seconds: float) -> str:
    """Run and kill a command ``KILLS`` times at moments within the ``seconds`` of a whole run; returns the seed and the
    moments. One that ends before its moment does not count: ``anew`` lets the next one begin from the beginning."""
    seed = secrets.randbits(32)
    draw, kills, moments = np.random.default_rng(seed), 0, list[float]()
    while kills < KILLS:
        run = subprocess.Popen([*PROGRAM, *command(draw)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        moments.append(float(draw.uniform(0, seconds)))
        try:
            run.wait(moments[-1])
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            kills += 1
        else:
            assert run.returncode == 0
            anew()
    return f"seed {seed}, killed after {moments}"


# Two kinds of runs, to a number of samples and to an accuracy; the third, slow, is to an accuracy by another rule.
@pytest.mark.parametrize("name", [*list(RUNS)[:2], pytest.param("looks that double", marks=pytest.mark.slow)])
def test_kills_change_no_bit(name: str, tmp_path: Path) -> None:
    """Would have caught: a state that is only whole when the program ends in an orderly way; the draft of a file taken
    for the file; a resumed run that needs its options again, or those of the workers that were killed."""
    path, run = tmp_path / "run.npz", ["estimate", "--json", "-"]
    expected, seconds = finished([*run, *RUNS[name]])

    def known() -> list[str]:
        """Before there is a file, a run that was killed is one that never was."""
        return ["--resume", str(path)] if path.exists() else [*RUNS[name], "--checkpoint", str(path)]

    def command(draw: np.random.Generator) -> list[str]:
        return [*run, *known(), *WORKERS[int(draw.integers(len(WORKERS)))], "--every", "0"]

    said = killed(command, path.unlink, seconds)
    one, two = json.loads(finished([*run, *known()])[0]), json.loads(expected)
    assert {key: one[key] for key in COMPARED} == {key: two[key] for key in COMPARED}, said


def test_kills_change_no_row_of_a_sweep(tmp_path: Path) -> None:
    """Would have caught: a row that is half written, twice there, or left out."""
    whole, path = tmp_path / "whole.csv", tmp_path / "rows.csv"
    _, seconds = finished(["sweep", "--out", str(whole), *SWEEP])

    def command(draw: np.random.Generator | None) -> list[str]:
        jobs = "1" if draw is None else str(draw.integers(1, 3))
        return ["sweep", "--out", str(path), *SWEEP, "--jobs", jobs, *(["--resume"] if path.exists() else [])]

    said = killed(command, path.unlink, seconds)
    finished(command(None))
    assert path.read_bytes() == whole.read_bytes(), said
