"""Basin fractions over random starts: all starts at once against a plain Python loop, in one run.

    python benchmarks/dynamics.py [--starts 10000] [--steps 400] [--loop-starts 20] [--json FILE]

Identity, ReLU and clipped ReLU from the same starts (m = n = 4). The loop is what one writes first: one start after the
other, one step after the other, the closed formulas of the three surrogates in `math`, for fewer starts; its time is
scaled to all of them. Times are those of the processor, all threads together, so that a busy machine does not change
them. Both must put these starts at the same places and so count the same
outcomes.
"""

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from measurement.row import Row, write
from measurement.table import text
from measurement.turns import figures
from ste_theory.dynamics.outcome import fractions, outcomes
from ste_theory.dynamics.run import Run
from ste_theory.dynamics.starts import default_teacher, random_starts
from ste_theory.dynamics.state import Settings, Teacher
from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Problem

STEP_SIZE, SEED = 0.25, 1
ROOT = math.sqrt(2 * math.pi)
Radial = Callable[[float, float, float, float, float, float, float], tuple[float, float]]


def identity(V: float, S: float, excess: float, D: float, rho: float, c: float, s: float) -> tuple[float, float]:
    """(A, b⊥) of the identity: E g = (V ŵ − D w*)/√(2π)."""
    return (V - D * c) / ROOT, s / ROOT


def relu(V: float, S: float, excess: float, D: float, rho: float, c: float, s: float) -> tuple[float, float]:
    """(A, b⊥) of the ReLU."""
    h = V + S * excess + D
    return h / (2 * ROOT) - D * (1 + c) / (2 * ROOT), s / (2 * ROOT)


def clipped_relu(V: float, S: float, excess: float, D: float, rho: float, c: float, s: float) -> tuple[float, float]:
    """(A, b⊥) of the clipped ReLU (general form with a₀, a₁, b∥ in closed form)."""
    k = 1 / rho
    drop = -math.expm1(-k * k / 2) / ROOT
    window = math.erf(k / (s * math.sqrt(2))) / 2 if s > 0 else 0.5
    fall = math.exp(-k * k / 2) / ROOT
    cdf = (1 + math.erf(c * k / (s * math.sqrt(2)))) / 2 if s > 0 else float(c > 0)
    b_parallel = 1 / (2 * ROOT) - fall * cdf + c * window / ROOT
    a0 = a1 = drop
    return V * a1 + (S * S - V) * a0 / 2 - D * b_parallel - (S * (S - excess) - D) * a0 / 2, s * window / ROOT


FORMULAS: dict[str, Radial] = {"identity": identity, "relu": relu, "clipped_relu": clipped_relu}
SURROGATES = {"identity": surrogates.identity, "relu": surrogates.relu, "clipped_relu": surrogates.clipped_relu}


def loop(
    formula: Radial, teacher: Teacher, v0: Sequence[float], w0: Sequence[float], steps: int
) -> tuple[list[float], list[float]]:
    """One start: v and w after so many steps, in lists of floats; w* is a unit vector."""
    v, w, v_star, w_star = list(v0), list(w0), teacher.v_star.tolist(), teacher.w_star.tolist()
    S_star = math.fsum(v_star)
    for _ in range(steps):
        rho = math.sqrt(sum(x * x for x in w))
        c = sum(x * y for x, y in zip(w, w_star, strict=True)) / rho
        across = [y - c * x / rho for x, y in zip(w, w_star, strict=True)]
        s = math.sqrt(sum(x * x for x in across))
        theta = math.atan2(s, c)
        V, S = sum(x * x for x in v), sum(v)
        D = sum(x * y for x, y in zip(v, v_star, strict=True))
        A, b = formula(V, S, S - S_star, D, rho, c, s)
        p = [(x - y + S - S_star) / 4 + theta / (2 * math.pi) * y for x, y in zip(v, v_star, strict=True)]
        v = [x - STEP_SIZE * y for x, y in zip(v, p, strict=True)]
        turn = D * b / s if s > 0 else 0.0
        w = [x - STEP_SIZE * (A * x / rho - turn * y) for x, y in zip(w, across, strict=True)]
    return v, w


def main(arguments: Sequence[str] | None = None) -> int:
    """Print fractions, times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--loop-starts", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="a hundred starts")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    if options.quick:
        options.starts = 100
    teacher = default_teacher(4, 4)
    v, w = random_starts(teacher, options.starts, SEED)
    print(
        f"{options.starts} random starts, m = n = 4, {options.steps} steps of {STEP_SIZE}; Wilson intervals of 95 %\n"
    )
    rows = list[Row]()
    for name, formula in FORMULAS.items():
        run = Run(
            Problem(quantizers.binary(), SURROGATES[name]()), teacher, Settings(STEP_SIZE, every=options.steps), v, w
        )
        start = time.process_time()
        run.advance(options.steps)
        reached = outcomes(run)
        here = time.process_time() - start
        start = time.process_time()
        ends = [loop(formula, teacher, v[i].tolist(), w[i].tolist(), options.steps) for i in range(options.loop_starts)]
        scaled = (time.process_time() - start) * options.starts / options.loop_starts
        for outcome, fraction in fractions(reached).items():
            print(f"{name:14} {outcome:18} {fraction.value:.4f} [{fraction.low:.4f}, {fraction.high:.4f}]")
        # Starts held at w = 0 pass it again and again: there rounding decides, everywhere else it does not.
        steady = [i for i in range(options.loop_starts) if reached[i] != "w at 0"]
        apart = max(float(np.abs(run.state.v[i] - ends[i][0]).max()) for i in steady)
        if apart > 1e-6:
            raise SystemExit(f"{name}: the loop ends {apart:.1e} away; there is nothing to compare")
        case, note = f"{name}, {options.starts} starts", f"scaled from {options.loop_starts} starts"
        rows.append(Row(case, "ste_theory, all at once", "CPU s", figures([here]), reference=True))
        rows.append(Row(case, "a loop over starts", "CPU s", figures([scaled]), figures([scaled / here]), note))
    print("\n" + text(rows))
    write(options.json, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
