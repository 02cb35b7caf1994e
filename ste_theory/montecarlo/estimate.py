"""Expectations of the program by sampling: the moments of all its columns, and the coarse gradient alone."""

import secrets
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.gradient import Gradient
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Partial
from ste_theory.montecarlo.blocks import block_size
from ste_theory.montecarlo.executors import threads as thread_executor
from ste_theory.montecarlo.moments import Moments
from ste_theory.montecarlo.notation import shorthands
from ste_theory.montecarlo.program import Layout
from ste_theory.montecarlo.sampling import Progress, Task, pilot_baseline, run_tree

DEFAULT_SAMPLES = 1_000_000


@dataclass(frozen=True, eq=False, repr=False)
class Estimate:
    """Sampled E ∂ℓ/∂v and E g_μ with their standard errors, the number of samples used and the seed that replays it."""

    mean: Gradient
    standard_error: Gradient
    samples: int
    seed: int

    def __repr__(self) -> str:
        v = shorthands(self.mean.v, self.standard_error.v)
        w = shorthands(self.mean.w, self.standard_error.w)
        return f"Estimate(v={v}, w={w}, samples={self.samples}, seed={self.seed})"

    def _repr_html_(self) -> str:
        """A table of all components, in a notebook."""
        from ste_theory.render.notebook import estimate_table

        parts = [("v", self.mean.v, self.standard_error.v), ("w", self.mean.w, self.standard_error.w)]
        return estimate_table([(name, list(mean), list(error)) for name, mean, error in parts], self.samples, self.seed)


def estimate_moments(
    problem: Problem,
    point: Point,
    *,
    samples: int,
    seed: int | None = None,
    score: bool = False,
    threads: int = 1,
    chunk_blocks: int | None = None,
    stream: tuple[int, ...] = (),
    progress: Progress | None = None,
) -> Moments:
    """Mean and covariance of (∂ℓ/∂v, g_μ, ℓ[, score]) over ``samples`` independent inputs Z with iid N(0, 1) entries.

    ``score=True`` adds two columns, unbiased for ⟨∂f/∂w,ŵ⟩ and ⟨∂f/∂w,û⟩ (likelihood ratio, ``program``), with the
    means over a pilot block subtracted. ``stream`` separates runs that share a seed. ``progress(done, total)`` is
    called after each chunk.

    Guarantee: the result depends on (problem, point, score, number of blocks, seed, stream) only, bit for bit, not on
    ``threads`` or ``chunk_blocks``, on one combination of NumPy, BLAS and CPU family. ``samples`` is rounded up to
    whole blocks of 64 to 16384; the number used is reported. Memory: 8k² bytes per level of the reduction tree and some
    MB per thread, whatever the number of samples. Without a seed one is drawn and reported. Ctrl-C stops after the
    chunks under way.

    Domain: every point. w = 0 is sampled as the program behaves there (σ(0), μ′(0) as the model defines them). Raises
    ``InvalidInput`` naming a bad argument, ``UndefinedQuantity`` for ``score=True`` at w = 0, θ = 0 or θ = π.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> moments = estimate_moments(problem, Point([1.0], [1.0, 0.0], [1.0], [0.0, 1.0]), samples=10_000, seed=1)
    >>> moments.labels, moments.samples
    (('v_gradient[0]', 'coarse_gradient[0]', 'coarse_gradient[1]', 'loss'), 16384)
    >>> abs(moments.column("loss").value - 0.25) < 5 * moments.column("loss").standard_error
    True
    """
    if not isinstance(problem, Problem):
        raise InvalidInput(f"problem must be a Problem, got {problem!r}")
    if not isinstance(point, Point):
        raise InvalidInput(f"point must be a Point, got {point!r}")
    root_shape = None if problem.input_root is None else problem.input_root.shape
    if root_shape not in (None, (point.n, point.n)):
        raise InvalidInput(f"input_covariance must have shape ({point.n}, {point.n}), got {root_shape}")
    if root_shape is not None and score:
        raise InvalidInput("input_covariance: the score columns are for input N(0, I); leave score out")
    count = _integer(samples, "samples", 1)
    root = secrets.randbits(64) if seed is None else _integer(seed, "seed", 0)
    executor = thread_executor(_integer(threads, "threads", 1))
    chunk = None if chunk_blocks is None else _integer(chunk_blocks, "chunk_blocks", 1)
    key = tuple(_integer(part, f"stream[{index}]", 0) for index, part in enumerate(stream))
    if any(part >= 2**32 for part in key):
        # A larger number is two 32-bit words to SeedSequence, and would be the same stream as those two words.
        raise InvalidInput(f"stream must consist of integers below 2**32, got {stream!r}")
    blocks = -(-count // block_size(point.m, point.n))
    layout = Layout(point.m, point.n, score)
    baseline = pilot_baseline(problem, point, root, key) if score else 0.0
    task = Task(problem, point, root, key, score, baseline)
    tree = run_tree(task, blocks, executor, chunk_blocks=chunk, progress=progress)

    def moments(part: Partial, prefixes: tuple[Moments, ...] = ()) -> Moments:
        return Moments(part.mean, part.comoment / (part.count - 1), part.count, root, key, layout, prefixes)

    return moments(tree.total(), tuple(moments(prefix) for prefix in tree.prefixes))


def estimate_coarse_gradient(
    problem: Problem, point: Point, *, samples: int = DEFAULT_SAMPLES, seed: int | None = None, threads: int = 1
) -> Estimate:
    """E ∂ℓ/∂v (m,) and E g_μ (n,) by sampling the program, with standard errors.

    Domain, guarantee and errors as in ``estimate_moments``.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.identity())
    >>> estimate_coarse_gradient(problem, Point([1.0], [2.0, 0.0], [1.0], [0.0, 1.0]), samples=100_000, seed=1)
    Estimate(v=[...], w=[..., ...], samples=114688, seed=1)
    """
    moments = estimate_moments(problem, point, samples=samples, seed=seed, threads=threads)
    v, w = moments.layout.groups["v_gradient"], moments.layout.groups["coarse_gradient"]
    mean, error = moments.mean, moments.standard_error
    return Estimate(Gradient(mean[v], mean[w]), Gradient(error[v], error[w]), moments.samples, moments.seed)


def _integer(value: int, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        kind = "a positive" if least == 1 else "a non-negative"
        raise InvalidInput(f"{name} must be {kind} integer, got {value!r}")
    return int(value)
