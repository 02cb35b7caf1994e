"""Samples per second of the plain program with the covariance of all its columns, against NumPy, PyTorch and JAX.

    make bench-peers                                        (or, in that environment:)
    python benchmarks/peers/throughput.py [--repeats 5] [--json FILE]

Everybody draws Z ∈ R^{m×n}, runs the forward pass with the hard activation and the backward pass with the surrogate,
and gives mean and covariance of (∂ℓ/∂v, g_μ, ℓ). PyTorch and JAX in single precision with batches of the size that
suits them best (tried: 512 to 32768), compiled where that helps; the package in double and in single precision. Two
threads for everybody. Samples per CPU second of all threads, so that a busy machine meets all alike; the generators'
bare rates are the limit.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import ste_theory as st
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import block_generator, block_size, workspace
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.program import columns
from ste_theory.montecarlo.standard_point import standard_point

SHAPES = ((4, 8), (16, 64), (64, 256))
SECONDS = 0.3  # CPU time aimed at per repeat
BATCHES = (512, 4096, 32768)
MOST_NUMBERS = 2**25  # of one batch
Run = Callable[[Problem, Point, int], object]


def loop(problem: Problem, point: Point, samples: int) -> object:
    """One sample per turn."""
    draw, width = np.random.default_rng(1), point.m + point.n + 1
    total, products = np.zeros(width), np.zeros((width, width))
    for _ in range(samples):
        sample = columns(problem, point, draw.standard_normal((1, point.m, point.n)))[0]
        total += sample
        products += np.outer(sample, sample)
    return total, products


def whole_batch(problem: Problem, point: Point, samples: int) -> object:
    """All samples in one array."""
    drawn = columns(problem, point, np.random.default_rng(1).standard_normal((samples, point.m, point.n)))
    return drawn.mean(axis=0), np.cov(drawn, rowvar=False)


def torch_in(batch: int) -> Run:
    """PyTorch in single precision, sums of columns and of their products in double."""

    def run(problem: Problem, point: Point, samples: int) -> object:
        import torch

        torch.set_num_threads(2)
        v, w, v_star, w_star = (
            torch.tensor(np.array(x), dtype=torch.float32) for x in (point.v, point.w, point.v_star, point.w_star)
        )
        draw, width = torch.Generator().manual_seed(1), point.m + point.n + 1
        total, products = torch.zeros(width, dtype=torch.float64), torch.zeros(width, width, dtype=torch.float64)
        both = torch.stack([w, w_star], dim=1)
        z = torch.empty(batch, point.m, point.n)
        for _ in range(-(-samples // batch)):
            z.normal_(generator=draw)
            h = z @ both
            on = (h > 0).float()
            residual = on[..., 0] @ v - on[..., 1] @ v_star
            coarse = torch.bmm((on[..., 0] * v).unsqueeze(1), z).squeeze(1) * residual[:, None]
            x = torch.cat([on[..., 0] * residual[:, None], coarse, 0.5 * residual[:, None] ** 2], dim=1)
            total += x.sum(dim=0).double()
            products += (x.T @ x).double()
        return total, products

    return run


def jax_in(batch: int) -> Run:
    """JAX, compiled."""
    made: dict[tuple[int, int], Any] = {}

    def run(problem: Problem, point: Point, samples: int) -> object:
        import jax
        import jax.numpy as jnp

        v, w, v_star, w_star = (
            jnp.asarray(np.array(x), dtype=jnp.float32) for x in (point.v, point.w, point.v_star, point.w_star)
        )
        if (point.m, point.n) not in made:

            @jax.jit  # type: ignore[untyped-decorator]
            def step(key: Any) -> Any:
                z = jax.random.normal(key, (batch, point.m, point.n), dtype=jnp.float32)
                on, teacher = (z @ w > 0).astype(jnp.float32), (z @ w_star > 0).astype(jnp.float32)
                residual = on @ v - teacher @ v_star
                coarse = jnp.einsum("bi,bij->bj", on * v, z) * residual[:, None]
                x = jnp.concatenate([on * residual[:, None], coarse, 0.5 * residual[:, None] ** 2], axis=1)
                return x.sum(axis=0), x.T @ x

            made[point.m, point.n] = step
        step_, key = made[point.m, point.n], jax.random.PRNGKey(1)
        width = point.m + point.n + 1
        total, products = np.zeros(width), np.zeros((width, width))
        for index in range(-(-samples // batch)):
            one, two = step_(jax.random.fold_in(key, index))
            total += np.asarray(one, dtype=np.float64)
            products += np.asarray(two, dtype=np.float64)
        return total, products

    return run


def package(precision: Any) -> Run:
    """This package on two threads."""
    return lambda problem, point, samples: estimate_moments(
        problem, point, samples=samples, seed=1, threads=2, precision=precision
    )


def bare(precision: Any) -> Run:
    """The numbers drawn, nothing else."""

    def run(problem: Problem, point: Point, samples: int) -> object:
        work = workspace(point, score=False, precision=precision)
        for index in range(-(-samples // block_size(point.m, point.n))):
            draw = block_generator(1, (), index)
            for _ in range(point.m):
                work.draw_row(draw)
        return work.row

    return run


def rate(run: Run, problem: Problem, point: Point, samples: int) -> float:
    """Samples per CPU second."""
    start = time.process_time()
    run(problem, point, samples)
    return samples / max(time.process_time() - start, 1e-9)


def fitted(run: Run, problem: Problem, point: Point, unit: int) -> int:
    """Samples that take about SECONDS: whole units."""
    rate(run, problem, point, unit)
    return max(1, round(rate(run, problem, point, unit) * SECONDS / unit)) * unit


def contestants(point: Point) -> dict[str, tuple[Run, int]]:
    """Name, and the unit in which samples come."""
    size = block_size(point.m, point.n)
    found: dict[str, tuple[Run, int]] = {
        "loop over samples": (loop, 50),
        "whole-batch NumPy": (whole_batch, min(20_000, MOST_NUMBERS // (point.m * point.n))),
        "ste_theory, double": (package("double"), 4 * size),
        "ste_theory, single": (package("single"), 4 * size),
        "bare generator, double": (bare("double"), size),
        "bare generator, single": (bare("single"), size),
    }
    for batch in BATCHES:
        if batch * point.m * point.n <= MOST_NUMBERS:
            found[f"PyTorch, batches of {batch}"] = (torch_in(batch), batch)
            found[f"JAX, batches of {batch}"] = (jax_in(batch), batch)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table per shape; of PyTorch and JAX the best batch."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    problem, rows = Problem(st.quantizers.binary(), st.surrogates.relu()), []
    for m, n in SHAPES:
        point = standard_point(m, n)
        field = contestants(point)
        counts = {name: fitted(run, problem, point, unit) for name, (run, unit) in field.items()}
        rates: dict[str, list[float]] = {name: [] for name in field}
        for _ in range(chosen.repeats):
            for name, (run, _) in field.items():
                rates[name].append(rate(run, problem, point, counts[name]))
        middle = {name: statistics.median(found) for name, found in rates.items()}
        best = {
            prefix: max((name for name in middle if name.startswith(prefix)), key=lambda name: middle[name])
            for prefix in ("PyTorch", "JAX")
        }
        shown = [name for name in field if not name.startswith(("PyTorch", "JAX")) or name in best.values()]
        print(f"(m, n) = ({m}, {n}): samples per CPU second, and times the loop")
        for name in shown:
            low, high = min(rates[name]), max(rates[name])
            ratio = middle[name] / middle["loop over samples"]
            print(f"  {name:28s} {middle[name]:12,.0f} ({low:,.0f} to {high:,.0f}) {ratio:7.1f}", flush=True)
            rows.append({"shape": [m, n], "name": name, "median": middle[name], "ratio": ratio})
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
