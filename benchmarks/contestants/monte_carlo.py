"""Plain Monte Carlo until the central limit theorem says enough: a loop over samples, NumPy, PyTorch, JAX.

All stop when z·(standard error) is below the accuracy for A, B and κ, z the quantile at which all three hold with the
confidence asked for. Whoever would take longer than its budget stops there and says which share of the samples it has
drawn, from its own variance.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from contestants.integrands import in_numpy, integrand, size
from ste_theory.montecarlo.samplers.reduction import Reduction

LEAST = 2**14  # samples before the variance is believed


class Reply(NamedTuple):
    """(A, B, κ), and the share of the work that was done before the budget was used up."""

    value: np.ndarray
    share: float = 1.0


Step = Callable[[], tuple[np.ndarray, np.ndarray, int]]
Contestant = Callable[[Reduction, float, float, int, float], Reply]


def quantile(confidence: float) -> float:
    """z at which three two-sided intervals hold together."""
    from scipy.special import ndtri

    return -float(ndtri((1 - confidence) / 6))


def until_enough(step: Step, accuracy: float, confidence: float, budget: float) -> Reply:
    """``step`` gives Σ F, Σ F² and the number of samples of one more batch."""
    total, squares, count, z = np.zeros(3), np.zeros(3), 0, quantile(confidence)
    start = time.perf_counter()
    while True:
        one, two, drawn = step()
        total, squares, count = total + one, squares + two, count + drawn
        mean = total / count
        needed = z**2 * float((squares / count - mean**2).max()) / accuracy**2
        over = time.perf_counter() - start > budget
        if count >= max(needed, LEAST) or (over and count > 1):
            return Reply(mean, min(1.0, count / max(needed, LEAST)))


def loop(form: str) -> Contestant:
    """One sample per turn."""

    def run(at: Reduction, accuracy: float, confidence: float, seed: int, budget: float) -> Reply:
        draw, values, length = np.random.default_rng(seed), in_numpy(at, form), size(at, form)

        def step() -> tuple[np.ndarray, np.ndarray, int]:
            total, squares = np.zeros(3), np.zeros(3)
            for _ in range(1000):
                sample = values(draw.standard_normal(length))
                total += sample
                squares += sample * sample
            return total, squares, 1000

        return until_enough(step, accuracy, confidence, budget)

    return run


def numpy_batches(form: str) -> Contestant:
    """Whole batches of 2¹⁶ samples (2¹³ of the plain program)."""

    def run(at: Reduction, accuracy: float, confidence: float, seed: int, budget: float) -> Reply:
        draw, values, shape = np.random.default_rng(seed), in_numpy(at, form), _batch(at, form)

        def step() -> tuple[np.ndarray, np.ndarray, int]:
            found = values(draw.standard_normal(shape))
            return found.sum(axis=1), (found * found).sum(axis=1), shape[0]

        return until_enough(step, accuracy, confidence, budget)

    return run


def torch_batches(form: str) -> Contestant:
    """PyTorch in double precision on two threads."""

    def run(at: Reduction, accuracy: float, confidence: float, seed: int, budget: float) -> Reply:
        import torch

        torch.set_num_threads(2)
        draw, shape = torch.Generator().manual_seed(seed), _batch(at, form)
        values, z = integrand(at, form, torch, torch.special.ndtr), torch.empty(shape, dtype=torch.float64)

        def step() -> tuple[np.ndarray, np.ndarray, int]:
            found = values(z.normal_(generator=draw))
            return found.sum(1).numpy(), (found * found).sum(1).numpy(), shape[0]

        return until_enough(step, accuracy, confidence, budget)

    return run


def jax_batches(form: str) -> Contestant:
    """JAX in double precision, compiled, on all cores, with its fastest generator."""
    made: dict[tuple[Any, ...], Any] = {}

    def run(at: Reduction, accuracy: float, confidence: float, seed: int, budget: float) -> Reply:
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)
        shape = _batch(at, form)
        if shape not in made:
            values = integrand(at, form, jnp, jax.scipy.special.ndtr)

            def batch(key: Any) -> Any:
                found = values(jax.random.normal(key, shape, dtype=jnp.float64))
                return found.sum(1), (found * found).sum(1)

            made[shape] = jax.jit(batch)
        key, turn = jax.random.key(seed, impl="rbg"), iter(range(2**32))

        def step() -> tuple[np.ndarray, np.ndarray, int]:
            one, two = made[shape](jax.random.fold_in(key, next(turn)))
            return np.asarray(one), np.asarray(two), shape[0]

        return until_enough(step, accuracy, confidence, budget)

    return run


def _batch(at: Reduction, form: str) -> tuple[int, int]:
    length = size(at, form)
    return (2**13 if form == "plain program" else 2**16), length
