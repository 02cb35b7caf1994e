"""The sampling witness: is the stated formula the expectation of the program people actually train?

It runs the forward pass and the surrogate backward pass in full dimension and compares means with stated values by pulls. What it
cannot see: an error below the smallest detectable one, which it reports and which must not exceed 2 %.
"""

import zlib
from dataclasses import dataclass
from functools import cache

import numpy as np

from ste_theory.claims.claim import Claim, Domain, Equation
from ste_theory.claims.instance import components_of, value_at
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, Figure, WitnessResult
from ste_theory.model.problem import PlanePoint, Point, Problem
from ste_theory.model.quantities import Quantity
from ste_theory.montecarlo.decide import Comparison, compare, critical_value
from ste_theory.montecarlo.decide import Outcome as Decision
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.frame import plane_frame
from ste_theory.montecarlo.moments import Moments, Sampled

SAMPLES = {Level.QUICK: 2_000_000, Level.STANDARD: 4_000_000, Level.FULL: 30_000_000}
POINTS = {Level.QUICK: 1, Level.STANDARD: 2, Level.FULL: 3}
DIMENSION = 5

_COARSE = (Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL, Quantity.COARSE_ORTHOGONAL)
_SCORE = (Quantity.GRADIENT_RADIAL, Quantity.GRADIENT_TANGENTIAL)
OBSERVABLE = (Quantity.LOSS, Quantity.V_GRADIENT, *_COARSE, *_SCORE, Quantity.CORRELATION)


@dataclass(frozen=True)
class Case:
    """One problem at one point, in full dimension."""

    problem: Problem
    plane: PlanePoint
    point: Point

    @property
    def label(self) -> str:
        """What is simulated, in words."""
        return f"{self.problem.quantizer.name}/{self.problem.surrogate.name}"

    @property
    def stream(self) -> tuple[int, ...]:
        """The random stream of this case: the same whichever claims are selected."""
        return (zlib.crc32(repr((self.problem, self.plane)).encode()),)


def cases(claim: Claim, level: Level) -> tuple[Case, ...]:
    """The problems of a claim at fixed points of its domain, so that only Z is random.

    A pilot simulation with a seed of its own picks, among eight points, those where the means are largest against the noise:
    there the smallest detectable error is smallest. It knows nothing of what is stated.
    """
    problems = claim.problems if level is not Level.QUICK else claim.problems[:: max(1, len(claim.problems) - 1)]
    return tuple(case for problem in problems for case in _loudest(problem, claim.domain)[: POINTS[level]])


@cache
def _loudest(problem: Problem, domain: Domain) -> tuple[Case, ...]:
    rng = np.random.default_rng(20190103)
    planes = [domain.point(rng, rows=3) for _ in range(8)]
    found = [Case(problem, plane, plane.embed(DIMENSION, seed=number)) for number, plane in enumerate(planes)]
    return tuple(sorted(found, key=_loudness, reverse=True))


def _loudness(case: Case) -> float:
    """The smallest ratio of a mean's norm to its noise, over the observables."""
    pilot = estimate_moments(case.problem, case.point, samples=20_000, seed=20190104)
    ratios = []
    for columns in pilot.layout.groups.values():
        noise = np.max(pilot.standard_error[columns])
        ratios.append(np.linalg.norm(pilot.mean[columns]) / noise if noise > 0 else np.inf)
    return float(min(ratios))


class SamplingWitness:
    """Applies to every claim that states an observable of the program."""

    kind = WitnessKind.SAMPLING

    def applies(self, claim: Claim) -> bool:
        """Whether a stated quantity can be simulated."""
        return any(equation.quantity in OBSERVABLE for equation in claim.statement.equations)

    def comparisons(self, claim: Claim, level: Level) -> int:
        """One per problem, point, quantity and component."""
        return sum(
            len(components_of(equation.quantity, case.plane))
            for case in cases(claim, level)
            for equation in claim.statement.equations
            if equation.quantity in OBSERVABLE
        )

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        """PASS iff every pull is within the critical value and every comparison would have seen an error of 2 %."""
        comparisons: list[Comparison] = []
        for case in cases(claim, context.level):
            context.progress(f"simulating {case.label}")
            for equation in claim.statement.equations:
                if equation.quantity in OBSERVABLE:
                    comparisons.extend(self._compare(equation, case, context))
        figures = tuple(
            Figure(c.label, c.value, c.claimed, c.standard_error, c.pull, c.detectable) for c in comparisons
        )
        failed = [c for c in comparisons if c.outcome is Decision.FAIL]
        blind = [c for c in comparisons if c.outcome is Decision.INCONCLUSIVE]
        samples = SAMPLES[context.level]
        if failed:
            worst = max(failed, key=lambda c: abs(c.pull or np.inf))
            pull = "exactly constant" if worst.pull is None else f"pull {worst.pull:+.1f}"
            detail = f"{worst.label}: sampled {worst.value:.6g} ± {worst.standard_error:.2g}, stated {worst.claimed:.6g}, {pull}"
            return WitnessResult(self.kind, Outcome.FAIL, detail, len(comparisons), figures=figures)
        if blind:
            worst = max(blind, key=lambda c: c.detectable)
            detail = f"{worst.label}: only errors above {worst.detectable:.1%} would be seen with {samples:,} samples"
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, detail, len(comparisons), figures=figures)
        largest = max(abs(c.pull) for c in comparisons if c.pull is not None)
        seen = max(c.detectable for c in comparisons)
        detail = f"{len(comparisons)} means, largest pull {largest:.1f}, sees errors of {seen:.2%}"
        return WitnessResult(self.kind, Outcome.PASS, detail, len(comparisons), figures=figures)

    def _moments(self, case: Case, context: Context, *, score: bool, half: int) -> Moments:
        """The simulation of a case, done once per run; score moments and a second independent half on demand."""

        def simulate() -> Moments:
            return estimate_moments(
                case.problem,
                case.point,
                samples=SAMPLES[context.level],
                seed=context.seed,
                score=score,
                threads=context.threads,
                stream=(*case.stream, half),
            )

        moments: Moments = context.remember(("moments", case.stream, score, half), simulate)
        return moments

    def _compare(self, equation: Equation, case: Case, context: Context) -> list[Comparison]:
        values = self._sampled(equation.quantity, case, context)
        scale = self._scale(equation.quantity, case, context)
        score = equation.quantity in (*_SCORE, Quantity.CORRELATION)
        moments = self._moments(case, context, score=score, half=int(score))
        found = []
        for component, sampled in enumerate(values):
            key = ("stated", equation, case.stream, component)
            stated = context.remember(key, lambda c=component: value_at(equation.formula, case.problem, case.plane, c))  # type: ignore[misc]
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
        if quantity in _SCORE:
            label = "score.radial" if quantity is Quantity.GRADIENT_RADIAL else "score.tangential"
            return [self._moments(case, context, score=True, half=1).column(label)]
        if quantity is Quantity.CORRELATION:
            return [self._correlation(case, context)]
        moments = self._moments(case, context, score=False, half=0)
        if quantity is Quantity.LOSS:
            return [moments.column("loss")]
        if quantity is Quantity.V_GRADIENT:
            return [moments.column(f"v_gradient[{row}]") for row in range(case.point.m)]
        if quantity is Quantity.COARSE_RADIAL:
            return [moments.along("coarse_gradient", case.point.w / np.linalg.norm(case.point.w))]
        frame = plane_frame(case.point)
        if quantity is Quantity.COARSE_TANGENTIAL:
            return [moments.along("coarse_gradient", frame.u_hat)]
        return [moments.along("coarse_gradient", _orthogonal(frame.w_hat, frame.u_hat))]

    def _correlation(self, case: Case, context: Context) -> Sampled:
        """⟨E g_μ, ∂f/∂w⟩ as a product of means from two independent simulations: unbiased, with its standard error."""
        frame = plane_frame(case.point)
        coarse = self._moments(case, context, score=False, half=0)
        score = self._moments(case, context, score=True, half=1)
        total, variance = 0.0, 0.0
        for direction, label in ((frame.w_hat, "score.radial"), (frame.u_hat, "score.tangential")):
            one, two = coarse.along("coarse_gradient", direction), score.column(label)
            total += one.value * two.value
            spread = abs(one.value) * two.standard_error + abs(two.value) * one.standard_error
            variance += (spread + one.standard_error * two.standard_error) ** 2
        # Cauchy–Schwarz over the two directions, whose errors are correlated.
        return Sampled(total, float(np.sqrt(2 * variance)))

    def _scale(self, quantity: Quantity, case: Case, context: Context) -> float:
        """What relative errors refer to: the norm of the vector a component belongs to, else the value itself."""
        if quantity in _COARSE:
            # The norm of the whole vector: also where û does not exist.
            moments = self._moments(case, context, score=False, half=0)
            members = list(moments.mean[moments.layout.groups["coarse_gradient"]])
        elif quantity in _SCORE:
            members = [self._sampled(member, case, context)[0].value for member in _SCORE]
        else:
            members = [sampled.value for sampled in self._sampled(quantity, case, context)]
        return float(np.linalg.norm(members))


def _orthogonal(w_hat: np.ndarray, u_hat: np.ndarray) -> np.ndarray:
    """A unit vector orthogonal to both: the projection of the coordinate axis that they cover least."""
    axis = np.argmin(w_hat**2 + u_hat**2)
    vector = np.zeros_like(w_hat)
    vector[axis] = 1.0
    for _ in range(2):
        vector = vector - (vector @ w_hat) * w_hat - (vector @ u_hat) * u_hat
    return vector / np.linalg.norm(vector)


WITNESS = SamplingWitness()
