"""An estimate to a given accuracy, with a guarantee: which sampler, how much of it, and when to stop.

The promise is about every component of (∂f/∂v, E g_μ) together. The components are affine in three numbers (A, B, κ)
(``samplers.reduction``), so their errors are bounded by those of the three: |ŵ_j A + û_j B| errs by at most √2 times
the larger of both radii, ∂f/∂v_i by |v*_i| times that of κ.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Tree
from ste_theory.montecarlo.blocks import block_generator, block_size
from ste_theory.montecarlo.executors import Executor
from ste_theory.montecarlo.guarantee import Guarantee
from ste_theory.montecarlo.samplers import nets
from ste_theory.montecarlo.samplers.one_coordinate import REACH, breaks, ranges
from ste_theory.montecarlo.samplers.reduction import Reduction, reduction
from ste_theory.montecarlo.samplers.sampler import IN_PLANE, PROGRAM, RESTS_ON, block_columns
from ste_theory.montecarlo.samplers.strata import draw_strata, plan_strata
from ste_theory.montecarlo.sampling import Progress, run_blocks
from ste_theory.montecarlo.source import sampled_columns
from ste_theory.montecarlo.stopping.bernstein import BernsteinSequence
from ste_theory.montecarlo.stopping.catoni import catoni_mean, catoni_radius, observations_needed
from ste_theory.montecarlo.stopping.student import spent, student_quantile
from ste_theory.montecarlo.variances import variance_bounds

STRATA = "strata"
MOST_DRAWS = 2**44
GROUPS = 4096  # observations for Catoni's mean, at least; so many that their number costs a percent at 1e-6
SCRAMBLES, LEAST_NET, LARGEST_NET = 32, 8, 24
FIRST_LOOK = 2**16  # draws


@dataclass(frozen=True, eq=False)
class Reached:
    """An estimate of all columns (∂ℓ/∂v, g_μ, ℓ), shape (k,), a standard error (or a bound of it), its guarantee.

    The guarantee is about the first m + n; the loss comes along.
    """

    mean: Vector
    standard_error: Vector
    guarantee: Guarantee


@dataclass(frozen=True, eq=False)
class Request:
    """What is wanted: the point, the radius, the error rate, and where the random numbers come from."""

    problem: Problem
    point: Point
    accuracy: float
    error_rate: float
    seed: int
    stream: tuple[int, ...]
    executor: Executor
    progress: Progress | None = None

    def targets(self, at: Reduction) -> Vector:
        """The radii that A, B and κ need, shape (3,); infinite where nothing depends on one of them."""
        largest = float(np.abs(self.point.v_star[: self.point.m]).max()) or 1.0
        if at.sine == 0:
            return np.array([self.accuracy, math.inf, self.accuracy / largest])
        return np.array([self.accuracy / math.sqrt(2), self.accuracy / math.sqrt(2), self.accuracy / largest])

    def radius(self, at: Reduction, radii: Vector) -> float:
        """The radius of every component from those of (A, B, κ)."""
        largest = float(np.abs(self.point.v_star[: self.point.m]).max()) or 1.0
        return max(math.hypot(radii[0], radii[1] if at.sine else 0.0), largest * float(radii[2]))

    def promised(
        self, sampler: str, radius: float, rule: str, assumption: str, draws: int, *, finite_sample: bool = True
    ) -> Guarantee:
        """The guarantee, with the claims the sampler rests on."""
        return Guarantee(
            sampler, radius, 1 - self.error_rate, rule, assumption, finite_sample, draws, RESTS_ON[sampler]
        )


def _embedded(at: Reduction, found: Vector, errors: Vector, guarantee: Guarantee) -> Reached:
    offset, matrix = at.embedding()
    return Reached(offset + matrix @ found, np.sqrt(matrix**2 @ errors**2), guarantee)


def by_strata(request: Request) -> Reached | None:
    """One point per cell, Hoeffding's inequality; ``None`` where the ranges of the integrand are not known."""
    at = reduction(request.problem, request.point)
    strata = plan_strata(at, request.targets(at), request.error_rate)
    if strata is None:
        return None
    found = draw_strata(at, strata, block_generator(request.seed, request.stream, 0))
    guarantee = request.promised(
        STRATA,
        request.radius(at, strata.radius),
        "Hoeffding's inequality for independent bounded terms",
        f"the integrand stays in its computed ranges (interval arithmetic in floats); |a| > {REACH:g} is left out",
        strata.size,
    )
    return _embedded(at, found, strata.standard_error, guarantee)


def by_bernstein(request: Request) -> Reached:
    """The coordinate along ŵ alone, bounded; a confidence sequence, stopped at the first block that is good enough."""
    at = reduction(request.problem, request.point)
    edges = np.unique(np.concatenate([np.linspace(-REACH, REACH, 2**12 + 1), breaks(at)]))
    found = ranges(at, edges[:-1], edges[1:], weighted=False)
    low = np.array([float(one.lo.min()) for one in found])
    high = np.array([float(one.hi.max()) for one in found])
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise InvalidInput("sampler one-coordinate: no bound of the integrand is known; use in-plane")
    targets = request.targets(at)
    sequence = BernsteinSequence(low, high, np.where(np.isfinite(targets), targets, 1.0), request.error_rate / 3)
    sums, squares, index = np.zeros(3), np.zeros(3), 0
    while True:
        drawn = block_columns("one-coordinate", request.problem, request.point, request.seed, request.stream, index)
        sequence.add(drawn)
        sums, squares, index = sums + drawn.sum(axis=1), squares + (drawn**2).sum(axis=1), index + 1
        if np.all(sequence.radius <= targets):
            break
        _no_further(sequence.count, request)
    errors = np.sqrt(np.maximum(squares / sequence.count - (sums / sequence.count) ** 2, 0) / sequence.count)
    guarantee = request.promised(
        "one-coordinate",
        request.radius(at, sequence.radius),
        "empirical-Bernstein confidence sequence for bounded observations, valid at every stopping time",
        f"the integrand stays in its computed range for |a| < {REACH:g}",
        sequence.count,
    )
    return _embedded(at, sequence.estimate, errors, guarantee)


def by_nets(request: Request) -> Reached:
    """Scrambled nets of growing size, new scrambles at each look, Student's t over the scrambles."""
    at = reduction(request.problem, request.point)
    targets, draws = request.targets(at), 0
    wanted = int(np.isfinite(targets).sum())
    for look, exponent in enumerate(range(LEAST_NET, LARGEST_NET + 1), 1):
        replicates = np.stack(
            [
                nets.value(at, block_generator(request.seed, (*request.stream, look), number), exponent)
                for number in range(SCRAMBLES)
            ],
            axis=1,
        )
        draws += SCRAMBLES << exponent
        errors = replicates.std(axis=1, ddof=1) / math.sqrt(SCRAMBLES)
        quantile = student_quantile(spent(request.error_rate, look) / wanted, SCRAMBLES - 1)
        if np.all(quantile * errors <= targets):
            guarantee = request.promised(
                "sobol",
                request.radius(at, quantile * errors),
                f"Student's t over {SCRAMBLES} scrambles, error rate spent over the looks",
                f"the mean over a scramble, averaged over {SCRAMBLES} of them, is normally distributed",
                draws,
                finite_sample=False,
            )
            return _embedded(at, replicates.mean(axis=1), errors, guarantee)
        if request.progress:
            request.progress(draws, SCRAMBLES << LARGEST_NET)
    raise InvalidInput(f"accuracy {request.accuracy:g} is not reached with nets of 2^{LARGEST_NET} points; use strata")


def by_known_variance(request: Request, sampler: str) -> Reached | None:
    """The program (in R^n or in the plane), Catoni's mean of group means; ``None`` where no variance bound is known."""
    source = sampled_columns(sampler, request.problem, request.point, request.seed, request.stream)
    point = source.task.point
    bounds = variance_bounds(request.problem, point)
    if bounds is None:
        return None
    # In the plane both components along ŵ and û count; the loss is not promised.
    wanted = point.m + point.n
    radius = request.accuracy / (math.sqrt(2) if sampler == IN_PLANE else 1)
    rate = request.error_rate / wanted
    needed = observations_needed(float(bounds[:wanted].max()), radius, rate)
    size = block_size(point.m, point.n)
    # Group means of N/G samples have variance v/(N/G); 2L more groups are needed than samples over N/G.
    level = max(0, (needed // (size * GROUPS)).bit_length() - 1)
    groups = observations_needed(float(bounds[:wanted].max()) / (size << level), radius, rate)
    draws = groups * (size << level)
    _no_further(draws, request)
    tree = Tree(level=level)
    total = run_blocks(source.task, groups << level, request.executor, progress=request.progress, tree=tree)
    observed = np.stack(tree.groups, axis=1)
    spread = bounds / (size << level)
    mean = catoni_mean(observed, spread, rate)
    covariance = source.covariance(total.comoment / (total.count - 1) / total.count)
    reached = catoni_radius(float(spread[:wanted].max()), groups, rate) * request.accuracy / radius
    guarantee = request.promised(
        sampler,
        reached,
        "Catoni's mean with a variance bound",
        "the bound on the variance (independence of the rows; suprema of μ′ over cells, in floats)",
        draws,
    )
    return Reached(source.mean(mean), np.sqrt(np.diagonal(covariance)), guarantee)


def by_looks(request: Request, sampler: str) -> Reached:
    """Any sampler of independent replicates; Student's t at sizes that double, the error rate spent over the looks."""
    source = sampled_columns(sampler, request.problem, request.point, request.seed, request.stream)
    task, promised = source.task, request.point.m + request.point.n
    tree, blocks, look = Tree(), max(1, FIRST_LOOK // task.samples_per_block), 0
    while True:
        look += 1
        total = run_blocks(task, blocks, request.executor, progress=request.progress, tree=tree)
        quantile = student_quantile(spent(request.error_rate, look) / promised, total.count - 1)
        errors = np.sqrt(np.diagonal(source.covariance(total.comoment / (total.count - 1) / total.count)))
        radius = quantile * float(errors[:promised].max())
        if radius <= request.accuracy:
            guarantee = request.promised(
                sampler,
                radius,
                "Student's t at sizes that double, error rate spent over the looks",
                "the mean of the samples is normally distributed at each look (central limit theorem)",
                total.count,
                finite_sample=False,
            )
            return Reached(source.mean(total.mean), errors, guarantee)
        blocks *= 2
        _no_further(blocks * task.samples_per_block, request)


def _no_further(draws: int, request: Request) -> None:
    if draws > MOST_DRAWS:
        raise InvalidInput(
            f"accuracy {request.accuracy:g} takes {draws:.1e} draws, more than {MOST_DRAWS:.0e}; ask for less, or "
            "leave the choice of the sampler to the program"
        )


def _named(sampler: str) -> Callable[[Request], Reached | None]:
    methods: Mapping[str, Callable[[Request], Reached | None]] = {
        STRATA: by_strata,
        "one-coordinate": by_bernstein,
        "sobol": by_nets,
        PROGRAM: lambda request: by_known_variance(request, PROGRAM) or by_looks(request, PROGRAM),
        IN_PLANE: lambda request: by_known_variance(request, IN_PLANE) or by_looks(request, IN_PLANE),
    }
    return methods.get(sampler, lambda request: by_looks(request, sampler))


def reach(request: Request, sampler: str | None = None) -> Reached:
    """The estimate to the accuracy asked for, by the sampler named or by the fastest with a finite-sample guarantee.

    That is ``strata`` wherever the range of μ′ is known on every cell. Where it is not (μ′ without a bound that
    interval arithmetic finds) scrambled nets are next, with a limit theorem among their assumptions; at w = 0, where
    there is no plane, only the program.
    """
    if sampler is not None:
        if sampler not in RESTS_ON:
            raise InvalidInput(f"sampler must be one of {', '.join(RESTS_ON)}, got {sampler!r}")
        found = _named(sampler)(request)
        if found is None:
            raise InvalidInput(
                f"sampler {sampler}: no bound of the surrogate is known here; use sobol or leave the sampler out"
            )
        return found
    if request.problem.input_root is not None:
        return by_looks(request, PROGRAM)
    try:
        return by_strata(request) or by_nets(request)
    except UndefinedQuantity:
        return by_looks(request, PROGRAM)
