"""The sampling witness: is the stated formula the expectation of the program people actually train?

It runs the forward pass and the surrogate backward pass in full dimension and compares means with stated values by
pulls. What it cannot see: an error below the smallest detectable one, which it reports and which must not exceed 2 %.
"""

import math
import time
import zlib
from collections.abc import Mapping
from functools import cache, partial

import numpy as np

from ste_theory.checks import running
from ste_theory.checks.case import COARSE, OBSERVABLE, SCORE, Case
from ste_theory.checks.observables import (
    LEAST,
    MOST,
    PROGRAM_MEAN,
    against_figures,
    against_program,
    loudness_of,
    observed,
    product,
)
from ste_theory.checks.realized import in_batches
from ste_theory.claims.claim import Claim, Domain, Equation
from ste_theory.claims.independence import require_independent
from ste_theory.claims.instance import value_at
from ste_theory.claims.plan import Requirement, rounded_up
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, Figure, WitnessResult
from ste_theory.model.problem import Problem, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.montecarlo.decide import POWER, Comparison, compare, critical_value, samples_needed
from ste_theory.montecarlo.decide import Outcome as Decision
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.frame import plane_frame
from ste_theory.montecarlo.moments import Moments, Sampled
from ste_theory.montecarlo.samplers.sampler import PROGRAM
from ste_theory.notation.prose import counted

# The relative error that a comparison is meant to see; the samples of a case follow from it and from a pilot
# simulation.
AIM = {Level.QUICK: 0.016, Level.STANDARD: 0.01, Level.FULL: 0.004}
# The pilot that chose a case found it louder than it is; a longer one with streams of its own says how loud.
PILOT, SECOND_PILOT = 4_000, 32_000
# A plan judges noise against means; it wants these known to 2 %, within so many samples.
PLANNING, PLANNING_MOST = 2**17, 2**23
POINTS = {Level.QUICK: 1, Level.STANDARD: 2, Level.FULL: 3}
DIMENSION, ROWS, SCORE_ROWS = 3, 3, 2


def cases(claim: Claim, level: Level, seed: int) -> tuple[Case, ...]:
    """The problems of a claim at fixed points of its domain: beside drawn problems only Z is random.

    A pilot simulation with a seed of its own picks, among 48 points, those where the means are largest against the
    noise: there the smallest detectable error is smallest. It knows nothing of what is stated.
    """
    wanted = [equation.quantity for equation in claim.statement.equations]
    found = [
        case
        for problem in _problems(claim, level, seed)
        for score in (False, True)
        for case in _loudest(problem, claim.domain.unit_teacher, claim.domain.spurious, score)[: _points(claim, level)]
    ]
    return tuple(case for case in found if any(case.observes(quantity) for quantity in wanted))


def _problems(claim: Claim, level: Level, seed: int) -> tuple[Problem, ...]:
    """At the quick level the first and the last of many problems; as many for every seed."""
    return (found := claim.instances(seed))[:: max(1, len(found) - 1) if level is Level.QUICK else 1]


def _points(claim: Claim, level: Level) -> int:
    """Points per problem: one is enough where there are many problems and time is short."""
    return 1 if level is Level.STANDARD and len(claim.instances(0)) > 2 else POINTS[level]


CANDIDATES = 48


@cache
def _loudest(problem: Problem, unit_teacher: bool, spurious: bool, score: bool) -> tuple[Case, ...]:
    if score and spurious:
        return ()
    domain = Domain("", "", unit_teacher=unit_teacher, spurious=spurious)
    rng = np.random.default_rng(20190103)
    planes = [domain.point(rng, rows=SCORE_ROWS if score else ROWS) for _ in range(CANDIDATES)]
    found = [Case(problem, plane, plane.embed(DIMENSION, seed=number), score) for number, plane in enumerate(planes)]
    return tuple(sorted(found, key=_loudness, reverse=True))


def _loudness(case: Case, *, samples: int = PILOT, seed: int = 20190104) -> float:
    """The smallest ratio of a mean's norm to its noise, over the observables that are not zero by nature."""
    pilot = estimate_moments(case.problem, case.point, samples=samples, seed=seed, score=case.score)
    if case.score:
        inner = product(pilot, pilot, case.point)
        return min(abs(inner.value) / inner.standard_error, loudness_of(pilot, "score"))
    if isinstance(case.plane.theta, Straight):  # there the gradient in v is zero
        return min(loudness_of(pilot, "coarse_gradient"), loudness_of(pilot, "loss"))
    ratios = [loudness_of(pilot, group) for group in pilot.layout.groups]
    sideways = pilot.along("coarse_gradient", plane_frame(case.point).u_hat)
    return min(*ratios, abs(sideways.value) / sideways.standard_error)


@cache
def _samples(case: Case, level: Level) -> int:
    """So many that the error aimed at is seen: (critical value + power)·(pilot's noise/mean)·√(its samples/N) = AIM.

    8.5 is above the critical value at 1e-6 over several hundred comparisons plus that of a power of 0.99. Where the
    pilot cannot tell a mean from zero, errors are relative to one sample, and the least number does.
    """
    if _loudness(case) < 4:
        return 4 * LEAST
    loudness = _loudness(case, samples=SECOND_PILOT, seed=20190105)
    # A product of two noisy means, judged by a pilot that is noisy itself: twice as many.
    needed = (2 if case.score else 1) * SECOND_PILOT * (8.5 / (AIM[level] * loudness)) ** 2
    return int(min(max(needed, LEAST), MOST))


class SamplingWitness:
    """Applies to every claim that states an observable of the program, or has a program of its own model.

    The values that stated ones are compared with are drawn by ``sampler``: by default the program itself, which rests
    on nothing. Another one must not rest on the claim it looks at (``claims.independence``); then the witness breaks.
    A claim that is about a sampler is shown two simulations: the program against what is stated, and the sampler
    against the program.
    """

    kind = WitnessKind.SAMPLING
    power = POWER

    def __init__(self, sampler: str = PROGRAM) -> None:
        self._sampler = sampler

    def applies(self, claim: Claim) -> bool:
        """Whether a stated quantity can be simulated."""
        stated = any(equation.quantity in OBSERVABLE for equation in claim.statement.equations)
        return stated or bool(claim.simulated)

    def comparisons(self, claim: Claim, level: Level) -> int:
        """One per problem, point, quantity and component; one per sentence for another model."""
        if claim.simulated:
            return sum(simulated.count for simulated in claim.simulated)
        problems = len(_problems(claim, level, 0)) * _points(claim, level)
        stated = [equation.quantity for equation in claim.statement.equations if equation.quantity in OBSERVABLE]
        return problems * sum(
            (ROWS if quantity is Quantity.V_GRADIENT else 1) * (1 if claim.sampler is None or quantity in SCORE else 2)
            for quantity in stated
        )

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        """PASS iff every pull is within the critical value and every comparison would have seen an error of 2 %."""
        if claim.simulated:
            return in_batches(claim, context)
        require_independent(self._sampler, claim, context.claims)
        comparisons: list[Comparison] = []
        figures: tuple[Figure, ...] = ()
        second: list[Comparison] = []  # of a sampler with the program
        for case in cases(claim, context.level, context.seed):
            context.progress(f"simulating {case.label}")
            for equation in claim.statement.equations:
                if case.observes(equation.quantity):
                    found = self._compare(equation, case, context)
                    again = partial(self._sampled, equation.quantity, case)
                    halves = self._halves(equation.quantity, case, context)
                    figures += running.figures(found, case.where, again, halves, context)
                    comparisons += found
                    if claim.sampler is not None:
                        against = self._against_program(claim, equation, case, context)
                        figures += against_figures(against, case.where)
                        comparisons += against
                        second += against
        failed = [c for c in comparisons if c.outcome is Decision.FAIL]
        blind = [c for c in comparisons if c.outcome is Decision.INCONCLUSIVE]
        if failed:
            worst = max(failed, key=lambda c: abs(c.pull or math.inf))
            pull = "exactly constant" if worst.pull is None else f"pull {worst.pull:+.1f}"
            sampled = f"sampled {worst.value:.6g} ± {worst.standard_error:.2g}"
            detail = (
                f"{worst.label}: {sampled}, {PROGRAM_MEAN if worst in second else 'stated'} {worst.claimed:.6g}, {pull}"
            )
            return WitnessResult(self.kind, Outcome.FAIL, detail, len(comparisons), figures=figures)
        if blind:
            worst = max(blind, key=lambda c: c.detectable)
            detail = f"{worst.label}: only errors above {worst.detectable:.1%} would be seen"
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, detail, len(comparisons), figures=figures)
        largest = max(abs(c.pull) for c in comparisons if c.pull is not None)
        seen = max(c.detectable for c in comparisons)
        means = counted(len(comparisons), "mean")
        if second:
            stated = len(comparisons) - len(second)
            means += f" ({stated} against stated values, {len(second)} of {claim.sampler} against the program)"
        detail = f"{means}, largest pull {largest:.1f}, sees errors of {seen:.2%}"
        return WitnessResult(self.kind, Outcome.PASS, detail, len(comparisons), figures=figures)

    def samples(self, claim: Claim, level: Level, seed: int) -> Mapping[tuple[int, ...], int]:
        """The samples that a run at this level and with this seed draws, per case."""
        return {case.stream: _samples(case, level) for case in cases(claim, level, seed)}

    def plan(self, claim: Claim, detect: float, context: Context) -> tuple[Requirement, ...]:
        """What each stated quantity needs in each case: N = ((z + z_β)·noise/detect)², but never below LEAST.

        Noise and mean come from a pilot with streams of its own, so that the run it plans is independent of it.
        """
        stated = [equation for equation in claim.statement.equations if equation.quantity in OBSERVABLE]
        found = []
        for case in cases(claim, context.level, context.seed):
            context.progress(f"pilot of {case.label}")
            equations = [equation for equation in stated if case.observes(equation.quantity)]
            pilot, seconds = _planning_pilot(case, [equation.quantity for equation in equations], context)
            for equation in equations:
                noise, known = self._noise(equation, case, pilot)
                needed = rounded_up(max(LEAST, _needed(noise, detect, context.false_alarm))) if known else None
                time_needed = None if needed is None else needed * seconds
                found.append(Requirement(str(equation.quantity), case.place, noise, needed, time_needed, case.stream))
        return tuple(found)

    def _noise(self, equation: Equation, case: Case, pilot: Context) -> tuple[float, bool]:
        """The largest standard deviation of one sample among the components, relative to the size that errors refer
        to; and whether that size is known: two standard errors are taken off it, so that the plan is not too small."""
        quantity = equation.quantity
        score = quantity in (*SCORE, Quantity.CORRELATION)
        root = math.sqrt(self._moments(case, pilot, score=score, half=int(score)).samples)
        values = self._sampled(quantity, case, pilot)
        stated = [value_at(equation.formula, case.problem, case.plane, component) for component in range(len(values))]
        scale = self._scale(quantity, case, pilot, zero=all(abs(value.number) <= 10 * value.error for value in stated))
        error = max(sampled.standard_error for sampled in values)
        group = self._group_error(quantity, case, pilot)
        known = scale > 20 * group
        if error == 0:
            return 0.0, known
        return error * root / (scale - 2 * group if known else scale), known

    def _moments(self, case: Case, context: Context, *, score: bool, half: int) -> Moments:
        """The simulation of a case, done once per run; score moments and a second independent half on demand."""

        sampler = PROGRAM if score else self._sampler
        # The program keeps the streams it always had.
        stream = (*case.stream, half) if sampler == PROGRAM else (*case.stream, half, zlib.crc32(sampler.encode()))

        def simulate() -> Moments:
            return estimate_moments(
                case.problem,
                case.point,
                samples=_samples(case, context.level),
                seed=context.seed,
                score=score,
                threads=context.threads,
                stream=stream,
                sampler=sampler,
            )

        key = ("moments", case.stream, score, half) if sampler == PROGRAM else ("moments", *stream, sampler)
        moments: Moments = context.remember(key, simulate)
        return moments

    def _halves(self, quantity: Quantity, case: Case, context: Context) -> list[tuple[tuple[object, ...], Moments]]:
        """The simulations that a quantity is taken from, with the keys under which a context remembers them."""
        numbers = (0, 1) if quantity is Quantity.CORRELATION else (int(quantity in SCORE),)
        return [
            (("moments", case.stream, bool(half), half), self._moments(case, context, score=bool(half), half=half))
            for half in numbers
        ]

    def _against_program(self, claim: Claim, equation: Equation, case: Case, context: Context) -> list[Comparison]:
        """The sampler that a claim is about against the program; what is stated does not enter."""
        witness = SamplingWitness()
        program = witness._moments(case, context, score=False, half=0)
        scale = witness._scale(equation.quantity, case, context, zero=True)
        return against_program(claim, equation, case, context, program, scale)

    def _compare(self, equation: Equation, case: Case, context: Context) -> list[Comparison]:
        values = self._sampled(equation.quantity, case, context)
        score = equation.quantity in (*SCORE, Quantity.CORRELATION)
        moments = self._moments(case, context, score=score, half=int(score))
        found = []
        for component, sampled in enumerate(values):
            key = ("stated", equation, case.stream, component)
            stated = context.remember(key, partial(value_at, equation.formula, case.problem, case.plane, component))
            scale = self._scale(equation.quantity, case, context, zero=abs(stated.number) <= 10 * stated.error)
            index = f"[{component}]" if len(values) > 1 else ""
            found.append(
                compare(
                    f"{equation.quantity}{index} ({case.label})",
                    sampled.value,
                    stated.number,
                    sampled.standard_error,
                    scale=scale,
                    critical=critical_value(context.false_alarm, 1),
                    samples=moments.samples,
                    roundings=moments.roundings,
                )
            )
        return found

    def _sampled(self, quantity: Quantity, case: Case, context: Context) -> list[Sampled]:
        """The sampled value of a quantity, by components for the gradient in v."""
        if quantity in SCORE:
            label = "score.radial" if quantity is Quantity.GRADIENT_RADIAL else "score.tangential"
            return [self._moments(case, context, score=True, half=1).column(label)]
        if quantity is Quantity.CORRELATION:
            return [self._correlation(case, context)]
        return observed(quantity, case, self._moments(case, context, score=False, half=0))

    def _correlation(self, case: Case, context: Context) -> Sampled:
        """The inner product of the gradients from two independent halves."""
        coarse = self._moments(case, context, score=False, half=0)
        return product(coarse, self._moments(case, context, score=True, half=1), case.point)

    def _scale(self, quantity: Quantity, case: Case, context: Context, *, zero: bool) -> float:
        """What relative errors refer to: the norm of the vector that a component belongs to, or the value of a scalar.

        Where the vector cannot be told from zero (20 standard errors) and zero is what is stated, the root mean square
        of one sample; where something else is stated, the noise, so that the comparison decides nothing.
        """
        if quantity is Quantity.CORRELATION:
            sampled = self._correlation(case, context)
            return max(abs(sampled.value), sampled.standard_error)
        moments, columns = self._group(quantity, case, context)
        size = float(np.linalg.norm(moments.mean[columns]))
        noise = self._group_error(quantity, case, context)
        if size > 20 * noise:
            return size
        return noise * float(np.sqrt(moments.samples)) if zero else max(size, noise)

    def _group(self, quantity: Quantity, case: Case, context: Context) -> tuple[Moments, slice]:
        """The columns of the vector that a quantity is, or is a component of."""
        score = quantity in SCORE
        moments = self._moments(case, context, score=score, half=int(score))
        return moments, moments.layout.groups[
            "score" if score else "coarse_gradient" if quantity in COARSE else str(quantity)
        ]

    def _group_error(self, quantity: Quantity, case: Case, context: Context) -> float:
        """The norm of the standard errors of that vector."""
        if quantity is Quantity.CORRELATION:
            return self._correlation(case, context).standard_error
        moments, columns = self._group(quantity, case, context)
        return float(np.linalg.norm(moments.standard_error[columns]))


def _planning_pilot(case: Case, quantities: list[Quantity], context: Context) -> tuple[Context, float]:
    """A context that holds a pilot's moments where a run's would stand, and the seconds per sample it took.

    The pilot grows until the size of every quantity is known to 2 %, or to its limit.
    """
    witness, size = SamplingWitness(), PLANNING
    halves = (0, 1) if Quantity.CORRELATION in quantities else (int(case.score),)
    while True:
        pilot = Context(context.level, context.seed, context.false_alarm)
        start = time.perf_counter()
        for half in halves:
            moments = estimate_moments(
                case.problem,
                case.point,
                samples=size,
                seed=context.seed,
                score=bool(half),
                stream=(*case.stream, 2 + half),
            )
            pilot.remember(("moments", case.stream, bool(half), half), partial(_itself, moments))
        seconds = (time.perf_counter() - start) / size
        sizes = [(witness._scale(q, case, pilot, zero=False), witness._group_error(q, case, pilot)) for q in quantities]
        if size >= PLANNING_MOST or all(scale >= 50 * error for scale, error in sizes):
            return pilot, seconds
        size *= 4


def _itself(moments: Moments) -> Moments:
    return moments


def _needed(noise: float, detect: float, false_alarm: float) -> int:
    critical = critical_value(false_alarm, 1)
    if noise == 0:  # exact, but an event rarer than this may have been missed (see ``compare``)
        return math.ceil(-math.log(false_alarm) / detect)
    return samples_needed(noise, detect=detect, scale=1.0, critical=critical)


WITNESS = SamplingWitness()
