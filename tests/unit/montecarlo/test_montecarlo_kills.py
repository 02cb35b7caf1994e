"""Runs killed at random moments and resumed, on the command line: the bits of one that nobody killed.

``make test-kills`` kills each run ten times; here it is twice. The moments are drawn, and printed with the seed.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

KILLS = int(os.environ.get("STE_THEORY_KILLS", "2"))
COMMAND = [sys.executable, "-P", "-m", "ste_theory", "estimate", "--json", "-"]
SIZE = ["--rows", "3", "--dimension", "4", "--seed", "5"]
RUNS = {
    "so many samples": ["--samples", "4000000", *SIZE],
    "the program, to an accuracy": ["--sampler", "program", "--accuracy", "0.008", "--confidence", "0.9", *SIZE],
    "looks that double": ["--sampler", "row-pairs", "--accuracy", "0.0015", "--confidence", "0.9", *SIZE],
}
# Who goes on after a kill need not be who was killed.
WORKERS = (["--jobs", "1"], ["--jobs", "2"], ["--jobs", "4"], ["--jobs", "2", "--executor", "processes"])
COMPARED = ("mean", "standard_error", "guarantee", "draws", "seed")


def finished(arguments: Sequence[str]) -> tuple[dict[str, Any], float]:
    """The result of a run that ends, and the seconds it took."""
    start = time.monotonic()
    ended = subprocess.run([*COMMAND, *arguments], capture_output=True, check=True, text=True)
    return json.loads(ended.stdout), time.monotonic() - start


@pytest.mark.parametrize("name", RUNS)
def test_ten_kills_change_no_bit(name: str, tmp_path: Path) -> None:
    """Would have caught: a state that is only whole when the program ends in an orderly way; the draft of a file taken
    for the file; a resumed run that needs its options again, or those of the workers that were killed."""
    path, seed = tmp_path / "run.npz", secrets.randbits(32)
    expected, seconds = finished(RUNS[name])
    draw, kills, moments = np.random.default_rng(seed), 0, list[float]()
    while kills < KILLS:
        # Before there is a file, a run that was killed is one that never was.
        known = ["--resume", str(path)] if path.exists() else [*RUNS[name], "--checkpoint", str(path)]
        workers = WORKERS[int(draw.integers(len(WORKERS)))]
        run = subprocess.Popen([*COMMAND, *known, *workers, "--every", "0"], stdout=subprocess.DEVNULL)
        moments.append(float(draw.uniform(0, seconds)))
        try:
            run.wait(moments[-1])
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            kills += 1
        else:  # the run was over first: another one
            assert run.returncode == 0
            path.unlink()
    found, _ = finished(["--resume", str(path)] if path.exists() else RUNS[name])
    assert {key: found[key] for key in COMPARED} == {key: expected[key] for key in COMPARED}, (seed, moments)
