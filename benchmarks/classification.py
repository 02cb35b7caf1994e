"""Many networks trained at once against a straightforward loop over runs: the same iterates, steps per second.

The loop does what the formulas say, one run after the other: forward pass with the staircase of the model, hinge loss,
coarse gradient, step. Both stop each run at zero loss.

    python benchmarks/classification.py [--json FILE]
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from measurement.row import Row, write
from measurement.table import text
from measurement.turns import figures
from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Labelled, paper_grid
from ste_theory.classification.descent import descend, start
from ste_theory.classification.second_layer import SecondLayer, blocks
from ste_theory.classification.subspaces import Array
from ste_theory.experiments.subspace_cells import surrogate_for
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate

SEED, CAP, RUNS, REPEAT = 1, 400, 20, 3


def loop(
    w: Array, data: Labelled, second: SecondLayer, quantizer: Staircase, surrogate: Surrogate, cap: int
) -> tuple[int, Array]:
    """One run: (steps, W at the end)."""
    for step in range(cap):
        hidden = data.x @ w.T
        o = quantizer(hidden) @ second.matrix.T
        gradient, lossy = np.zeros_like(w), False
        for index, (x, y) in enumerate(zip(data.x, data.y, strict=True)):
            rivals = [o[index, r] if r != y else -np.inf for r in range(second.classes)]
            rival = int(np.argmax(rivals))
            if 1 - o[index, y] + rivals[rival] > 0:
                lossy = True
                pull = (second.matrix[y] - second.matrix[rival]) * surrogate(hidden[index])
                gradient -= np.outer(pull, x) / len(data.y)
        if not lossy:
            return step, w
        w = w - gradient
    return cap, w


def main(arguments: Sequence[str] | None = None) -> int:
    """Steps of a run per second, for two surrogates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one repeat, one surrogate")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    data, second, quantizer, rows = paper_grid(60), blocks(2, 24), QuantizedReLU(2), list[Row]()
    for name in ("relu", "identity")[: 1 if chosen.quick else None]:
        case = f"{name}, {RUNS} runs, 160 points, 24 neurons, 2 bits, 60°, at most {CAP} steps"
        surrogate, w = surrogate_for(name, 2), start(RUNS, 24, 4, seed=SEED)
        together, times = descend(w, data, second, quantizer, surrogate, cap=CAP, seed=SEED), []
        for _ in range(1 if chosen.quick else REPEAT):
            began = time.perf_counter()
            descend(w, data, second, quantizer, surrogate, cap=CAP, seed=SEED)
            times.append(time.perf_counter() - began)
        steps = int(together.iterations.sum())
        began = time.perf_counter()
        for one in w:
            descend(one[None], data, second, quantizer, surrogate, cap=CAP, seed=SEED)
        over_runs = (time.perf_counter() - began) / steps
        some = 2 if name == "identity" else RUNS
        began = time.perf_counter()
        alone = [loop(w[r], data, second, quantizer.staircase, surrogate, CAP) for r in range(some)]
        over_points = (time.perf_counter() - began) / sum(count for count, _ in alone)
        if any(count != together.iterations[r] for r, (count, _) in enumerate(alone)):
            raise SystemExit(f"{name}: the loop takes other iterations; there is nothing to compare")
        paces = [seconds / steps for seconds in times]
        rows.append(Row(case, "ste_theory, together", "steps/s", figures([1 / x for x in paces]), reference=True))
        for peer, pace in (("a loop over runs", over_runs), ("a loop over runs and points", over_points)):
            rows.append(Row(case, peer, "steps/s", figures([1 / pace]), figures([pace / x for x in paces])))
    print(text(rows))
    write(chosen.json, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
