"""Expectations of the program by sampling: the moments of all its columns, and the coarse gradient alone."""

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.gradient import Gradient
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Partial, Tree
from ste_theory.montecarlo.accuracy.choice import reach
from ste_theory.montecarlo.accuracy.request import Keep, Request, State
from ste_theory.montecarlo.blocks import Precision
from ste_theory.montecarlo.executors import Executor
from ste_theory.montecarlo.executors import threads as thread_executor
from ste_theory.montecarlo.guarantee import Guarantee
from ste_theory.montecarlo.moments import Moments
from ste_theory.montecarlo.notation import shorthands
from ste_theory.montecarlo.program import Layout
from ste_theory.montecarlo.samplers.sampler import PROGRAM
from ste_theory.montecarlo.sampling import Progress, Task, pilot_baseline, run_tree
from ste_theory.montecarlo.source import Source, sampled_columns

DEFAULT_SAMPLES = 1_000_000
DEFAULT_CONFIDENCE = 0.99


@dataclass(frozen=True, eq=False, repr=False)
class Estimate:
    """Sampled E ∂ℓ/∂v and E g_μ with their standard errors, the number of samples used and the seed that replays it.

    ``guarantee`` is what an estimate to a given accuracy promises, or assumes where its ``finite_sample`` is false;
    ``samples`` are then the evaluations it took, and
    with the sampler ``strata`` the standard errors are bounds.
    """

    mean: Gradient
    standard_error: Gradient
    samples: int
    seed: int
    guarantee: Guarantee | None = None

    def __repr__(self) -> str:
        v = shorthands(self.mean.v, self.standard_error.v)
        w = shorthands(self.mean.w, self.standard_error.w)
        promise = ""
        if self.guarantee is not None:
            assumed = "" if self.guarantee.finite_sample else " assuming a limit theorem"
            promise = f", within {self.guarantee.radius:.2g} with probability {self.guarantee.confidence:.9g}{assumed}"
        return f"Estimate(v={v}, w={w}, samples={self.samples}, seed={self.seed}{promise})"

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
    sampler: str = PROGRAM,
    precision: Precision = "double",
    executor: Executor | None = None,
    tree: Tree | None = None,
    keep: Callable[[Tree], None] | None = None,
) -> Moments:
    """Mean and covariance of (∂ℓ/∂v, g_μ, ℓ[, score]) over ``samples`` independent inputs Z with iid N(0, 1) entries.

    ``score=True`` adds two columns, unbiased for ⟨∂f/∂w,ŵ⟩ and ⟨∂f/∂w,û⟩ (likelihood ratio, ``program``), with the
    means over a pilot block subtracted. ``stream`` separates runs that share a seed. ``progress(done, total)`` is
    called after each chunk.

    Guarantee: the result depends on (problem, point, score, number of blocks, seed, stream) only, bit for bit, not on
    ``threads``, ``executor`` or ``chunk_blocks``, on one combination of NumPy, BLAS and CPU family. ``samples`` is
    rounded up to whole blocks of 64 to 16384; the number used is reported. Memory: 8k² bytes per level of the reduction
    tree and some MB per thread, whatever the number of samples. Without a seed one is drawn and reported. Ctrl-C stops
    after the chunks under way.

    ``sampler`` names another way to draw (``samplers``), whose expectation is the program's by a claim; ``samples``
    then counts its replicates, and the columns are what it estimates them to be.

    ``precision="single"`` draws and computes in single precision with other random numbers; ``normals`` says when that
    is safe, the page of the benchmarks how much faster it is.

    ``executor`` computes the chunks in place of threads: processes, or the workers of a cluster. ``tree`` is the state
    of a run to go on with, ``keep`` is called with the state after each chunk (``long_run`` keeps it in a file).

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
    _require_problem(problem, point)
    root_shape = None if problem.input_root is None else problem.input_root.shape
    if root_shape not in (None, (point.n, point.n)):
        raise InvalidInput(f"input_covariance must have shape ({point.n}, {point.n}), got {root_shape}")
    if root_shape is not None and score:
        raise InvalidInput("input_covariance: the score columns are for input N(0, I); leave score out")
    count = _integer(samples, "samples", 1)
    root = secrets.randbits(64) if seed is None else _integer(seed, "seed", 0)
    by = thread_executor(_integer(threads, "threads", 1)) if executor is None else executor
    chunk = None if chunk_blocks is None else _integer(chunk_blocks, "chunk_blocks", 1)
    key = tuple(_integer(part, f"stream[{index}]", 0) for index, part in enumerate(stream))
    if any(part >= 2**32 for part in key):
        # A larger number is two 32-bit words to SeedSequence, and would be the same stream as those two words.
        raise InvalidInput(f"stream must consist of integers below 2**32, got {stream!r}")
    layout = Layout(point.m, point.n, score)
    if sampler != PROGRAM and score:
        raise InvalidInput(f"score=True needs the program itself, not the sampler {sampler}")
    if precision not in ("double", "single"):
        raise InvalidInput(f"precision must be 'double' or 'single', got {precision!r}")
    if precision == "single" and (score or sampler != PROGRAM):
        raise InvalidInput("precision='single' is for the program without score; leave it out")
    baseline = pilot_baseline(problem, point, root, key) if score else 0.0
    source = (
        Source(Task(problem, point, root, key, score, baseline, precision=precision))
        if sampler == PROGRAM
        else sampled_columns(sampler, problem, point, root, key)
    )
    blocks = -(-count // source.task.samples_per_block)
    found = run_tree(source.task, blocks, by, chunk_blocks=chunk, progress=progress, tree=tree, keep=keep)

    def moments(part: Partial, prefixes: tuple[Moments, ...] = ()) -> Moments:
        mean, covariance = source.mean(part.mean), source.covariance(part.comoment / (part.count - 1))
        return Moments(mean, covariance, part.count, root, key, layout, prefixes, precision)

    return moments(found.total(), tuple(moments(prefix) for prefix in found.prefixes))


def estimate_coarse_gradient(
    problem: Problem,
    point: Point,
    *,
    samples: int | None = None,
    accuracy: float | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
    sampler: str | None = None,
    seed: int | None = None,
    threads: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    state: State | None = None,
    keep: Keep | None = None,
) -> Estimate:
    """E ∂ℓ/∂v (m,) and E g_μ (n,) by sampling the program, with standard errors; or to a given accuracy.

    With ``samples`` (a million by default): domain, guarantee and errors as in ``estimate_moments``; nothing of the
    theory is used.

    With ``accuracy``: all m + n components are within it of their expectations, together with probability at least
    ``confidence``; guaranteed for finitely many draws, or, where ``Estimate.guarantee.finite_sample`` is false, under
    the assumption of a limit theorem. The samplers rest on claims (``Estimate.guarantee.rests_on``); by default one
    point per cell of the coordinate along ŵ, with a bound that holds for finitely many draws. ``sampler`` chooses
    another one ("program" rests on nothing; with it an accuracy takes about variance/accuracy² samples). The assumption
    behind the bound is in ``guarantee.assumption``. ``state`` is the state of a run to go on with, ``keep`` is called
    with it after each chunk of work (``long_run`` keeps it in a file). Raises ``InvalidInput`` for an accuracy that is
    not positive, a confidence outside (0, 1), both ``samples`` and ``accuracy``, an accuracy that is out of reach, or
    draws that are all equal where no bound says that they must be.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.identity())
    >>> point = Point([1.0], [2.0, 0.0], [1.0], [0.0, 1.0])
    >>> estimate_coarse_gradient(problem, point, samples=100_000, seed=1)
    Estimate(v=[...], w=[..., ...], samples=114688, seed=1)
    >>> found = estimate_coarse_gradient(problem, point, accuracy=1e-4, confidence=0.999999, seed=1)
    >>> bool(abs(found.mean.w[1] + 0.3989423) < 1e-4), found.guarantee.sampler
    (True, 'strata')
    """
    if accuracy is None:
        if sampler is not None:
            raise InvalidInput("sampler goes with accuracy; with samples the program itself is sampled")
        count = DEFAULT_SAMPLES if samples is None else samples
        moments = estimate_moments(
            problem, point, samples=count, seed=seed, threads=threads, executor=executor, progress=progress
        )
        v, w = moments.layout.groups["v_gradient"], moments.layout.groups["coarse_gradient"]
        mean, error = moments.mean, moments.standard_error
        return Estimate(Gradient(mean[v], mean[w]), Gradient(error[v], error[w]), moments.samples, moments.seed)
    if samples is not None:
        raise InvalidInput("give samples or accuracy, not both")
    _require_problem(problem, point)
    request = Request(
        problem,
        point,
        _real(accuracy, "accuracy", 0.0, math.inf),
        1 - _real(confidence, "confidence", 0.0, 1.0),
        secrets.randbits(64) if seed is None else _integer(seed, "seed", 0),
        (),
        thread_executor(_integer(threads, "threads", 1)) if executor is None else executor,
        progress,
        State() if state is None else state,
        keep,
    )
    found = reach(request, sampler)
    m, n = point.m, point.n
    return Estimate(
        Gradient(found.mean[:m], found.mean[m : m + n]),
        Gradient(found.standard_error[:m], found.standard_error[m : m + n]),
        found.guarantee.draws,
        request.seed,
        found.guarantee,
    )


def _require_problem(problem: Problem, point: Point) -> None:
    if not isinstance(problem, Problem):
        raise InvalidInput(f"problem must be a Problem, got {problem!r}")
    if not isinstance(point, Point):
        raise InvalidInput(f"point must be a Point, got {point!r}")


def _real(value: float, name: str, least: float, most: float) -> float:
    """A number strictly between two others."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float, np.integer, np.floating))
        or not least < value < most
    ):
        raise InvalidInput(f"{name} must be a number greater than {least:g} and less than {most:g}, got {value!r}")
    return float(value)


def _integer(value: int, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        kind = "a positive" if least == 1 else "a non-negative"
        raise InvalidInput(f"{name} must be {kind} integer, got {value!r}")
    return int(value)
