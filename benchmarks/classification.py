"""Many networks trained at once against a straightforward loop over runs: the same iterates, steps per second.

The loop does what the formulas say, one run after the other: forward pass with the staircase of the model, hinge loss,
coarse gradient, step. Both stop each run at zero loss.
"""

import time

import numpy as np

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Labelled, paper_grid
from ste_theory.classification.descent import descend, start
from ste_theory.classification.second_layer import SecondLayer, blocks
from ste_theory.classification.subspaces import Array
from ste_theory.experiments.subspaces import surrogate_for
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


def main() -> None:
    """Print steps per second of both, for two surrogates, best of three."""
    data, second, quantizer = paper_grid(60), blocks(2, 24), QuantizedReLU(2)
    print(f"{RUNS} runs, 160 points, 24 neurons, 2 bits, 60°, at most {CAP} steps; run-steps per second")
    for name in ("relu", "identity"):
        surrogate, w = surrogate_for(name, 2), start(RUNS, 24, 4, seed=SEED)
        together, times = descend(w, data, second, quantizer, surrogate, cap=CAP, seed=SEED), []
        for _ in range(REPEAT):
            began = time.perf_counter()
            descend(w, data, second, quantizer, surrogate, cap=CAP, seed=SEED)
            times.append(time.perf_counter() - began)
        steps = int(together.iterations.sum())
        began = time.perf_counter()
        for one in w:
            descend(one[None], data, second, quantizer, surrogate, cap=CAP, seed=SEED)
        arrays = steps / (time.perf_counter() - began)
        began = time.perf_counter()
        some = 2 if name == "identity" else RUNS
        alone = [loop(w[r], data, second, quantizer.staircase, surrogate, CAP) for r in range(some)]
        slow = sum(count for count, _ in alone) / (time.perf_counter() - began)
        same = all(count == together.iterations[r] for r, (count, _) in enumerate(alone))
        fast = steps / min(times)
        print(f"  {name}: together {fast:,.0f}; a loop over runs {arrays:,.0f} (ratio {fast / arrays:.1f});")
        print(f"    a loop over runs and points {slow:,.0f} (ratio {fast / slow:.0f}); same iterations: {same}")


if __name__ == "__main__":
    main()
