"""The properties witness: what must hold whatever the formula is, searched for counterexamples by Hypothesis.

Three kinds of search: symmetries, inequalities and limits of the model, evaluated through the stated formula, which is
about the plane (``model_properties``); the public functions in full dimension against the stated formula, with
rotations and permutations (``full_dimension``); and statements about another model in cases of that model, exactly
(``realized``). A counterexample is shrunk and printed.
"""

import os
import zlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, configuration, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

from ste_theory.calculus.expectation import Expectation
from ste_theory.calculus.step_sums import StepSum
from ste_theory.checks.full_dimension import GENERIC_CASE, public_properties
from ste_theory.checks.full_points import cases
from ste_theory.checks.model_properties import PI, Counterexample, Stated, model_properties
from ste_theory.checks.realized import exactly
from ste_theory.checks.sentence_search import Chosen, search, searchable
from ste_theory.claims.claim import Claim, Property
from ste_theory.claims.instance import INTEGRATED
from ste_theory.claims.trial import Trial
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult
from ste_theory.model.problem import PlanePoint, Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import mu_prime
from ste_theory.notation.prose import counted

T = TypeVar("T")

EXAMPLES = {Level.QUICK: 6, Level.STANDARD: 60, Level.FULL: 300}
# Cases of another model, in exact arithmetic.
TRIALS = {Level.QUICK: 5, Level.STANDARD: 25, Level.FULL: 150}
# Formulas with expectations are integrated numerically at every example.
SLOW_EXAMPLES = {Level.QUICK: 2, Level.STANDARD: 5, Level.FULL: 30}
GENERIC = PlanePoint(
    rho=Fraction(7, 5),
    rho_star=Fraction(9, 7),
    theta=Fraction(11, 10),
    v=(Fraction(7, 8), Fraction(-3, 2), Fraction(9, 4)),
    v_star=(Fraction(5, 3), Fraction(1, 2), Fraction(6, 5)),
)


@cache
def _place_of_hypothesis() -> None:
    """Hypothesis keeps tables of Unicode and constants in a folder: not in the one where the user happens to be."""
    chosen = getattr(configuration, "__hypothesis_home_directory", None)
    if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ and chosen is None:
        caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        configuration.set_hypothesis_home_dir(Path(caches) / "hypothesis")


def needs_quadrature(claim: Claim) -> bool:
    """Whether a stated formula has an expectation or an integral left."""
    return any(eq.formula.has(*INTEGRATED) for eq in claim.statement.equations)


@cache
def _tables(slow: bool) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Weights, lengths and angles, simplest first: one byte drawn chooses one, so that a point costs one draw.

    Quadrature in double precision is for moderate scales, and loses csc(θ/2) near π; closed forms have 30 digits.
    """
    decades = (0,) if slow else (0, 1, -1, 2, -2, 3, -3)
    steps = range(1, 41) if slow else (8, 1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 15, 20, 24, 27, 32, 35, 40)
    lengths = [Fraction(step, 8) * Fraction(10) ** decade for decade in decades for step in steps]
    weights = [Fraction(0), *(sign * length for length in lengths for sign in (1, -1))]
    angles = [Fraction(k, 100) for k in range(100, 314, 2)] + [Fraction(k, 100) for k in range(1, 100, 3)]
    if not slow:
        tiny = [Fraction(k, 10**e) for e in range(4, 13) for k in (1, 2, 5, 7, 9)]
        angles += [angle for near in tiny for angle in (near, PI - near)]
    return tuple(weights[:256]), tuple(lengths[:256]), tuple(angles[:256])


def points(claim: Claim) -> st.SearchStrategy[PlanePoint]:
    """Points of the claim's domain: m from 1 to 16, weights over six decades, all angles, also within 1e-12 of 0 and
    π."""
    weights, lengths, angles = _tables(needs_quadrature(claim))

    def choose(table: Sequence[Fraction], byte: int) -> Fraction:
        return table[byte % len(table)]

    def build(data: bytes) -> PlanePoint:
        rows = (len(data) - 3) // 2
        entries = [choose(weights, byte) for byte in data[3:]]
        v, v_star = entries[:rows], entries[rows:]
        if not any(v_star):
            v_star[0] = Fraction(1)
        rho, rho_star = choose(lengths, data[0]), choose(lengths, data[1])
        return claim.domain.admit(
            PlanePoint(rho=rho, rho_star=rho_star, theta=choose(angles, data[2]), v=tuple(v), v_star=tuple(v_star))
        )

    return st.integers(1, 16).flatmap(lambda m: st.binary(min_size=2 * m + 3, max_size=2 * m + 3)).map(build)


class PropertiesWitness:
    """Applies to every claim whose quantities have properties from the model, or that lists its own.

    ``public``: whether the public functions are compared as well. Not where an error is planted: they would see any
    error in the formula and so hide whether the properties of the model do.
    """

    kind = WitnessKind.PROPERTIES

    def __init__(self, *, public: bool = True) -> None:
        self._public = public

    def applies(self, claim: Claim) -> bool:
        """Whether there is a property to search."""
        quantities = tuple(equation.quantity for equation in claim.statement.equations)
        own = claim.properties or claim.trials or searchable(claim)
        return bool(own or model_properties(quantities, spurious=claim.domain.spurious))

    def comparisons(self, claim: Claim, level: Level) -> int:
        """None: a property has no error rate, a counterexample is a counterexample."""
        return 0

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        """PASS iff no search finds a counterexample."""
        _place_of_hypothesis()
        slow = needs_quadrature(claim)
        examples = context.examples or (SLOW_EXAMPLES if slow else EXAMPLES)[context.level]
        tried = [0]
        searched = 0
        strategy, generic = points(claim), claim.domain.admit(GENERIC)
        full = cases(slow=slow, spurious=claim.domain.spurious)
        try:
            for problem in _problems(claim, context):
                stated = Stated(claim, problem)
                found = model_properties(stated.quantities(), spurious=claim.domain.spurious)
                searches = found + [(own.name, _own(own)) for own in claim.properties]
                for name, holds in searches:
                    start = zlib.crc32(f"{context.seed} {claim.id} {name}".encode())
                    shrink = context.shrink and not slow
                    _search(_bound(holds, stated), strategy, start, examples, shrink, tried)
                    # The drawn points may all have been degenerate (D = 0, v = v*); this one is not.
                    tried[0] += 1
                    holds(stated, generic)
                public = public_properties(claim, problem) if self._public else []
                for name, agrees in public:
                    start = zlib.crc32(f"{context.seed} {claim.id} {name}".encode())
                    _search(agrees, full, start, examples, context.shrink, tried)
                    tried[0] += 1
                    agrees(GENERIC_CASE.at_the_spurious_minimum() if claim.domain.spurious else GENERIC_CASE)
                searched = len(searches) + len(public)
            sentences = searchable(claim)
            for sentence in sentences:
                start = zlib.crc32(f"{context.seed} {claim.id} {sentence.name}".encode())
                holds_at = context.remember(("sentence search", sentence), partial(search, sentence))
                count = len(sentence.variables)
                network = strategy if sentence.needs_network else st.just(generic)
                place = st.tuples(network, st.binary(min_size=count, max_size=count))

                def looked(chosen: Chosen, holds_at: Callable[[Chosen], bool] = holds_at) -> None:
                    tried[0] -= not holds_at(chosen)  # a place that the hypotheses exclude was not tried

                _search(looked, place, start, examples, context.shrink, tried)
                tried[0] += 1
                looked((generic, bytes(16 * (index + 1) for index in range(count))))
            for trial in claim.trials:
                start = zlib.crc32(f"{context.seed} {claim.id} {trial.name}".encode())
                count = context.examples or TRIALS[context.level]
                _search(partial(_case, claim, trial, tried), trial.cases(), start, count, context.shrink, tried)
            searched += len(sentences) + len(claim.trials)
        except Counterexample as failure:
            return WitnessResult(self.kind, Outcome.FAIL, str(failure), tried[0], counterexample=str(failure))
        detail = f"{counted(searched, 'property')}, no counterexample in {counted(tried[0], 'point')}"
        return WitnessResult(self.kind, Outcome.PASS, detail, tried[0])


def _bound(holds: Callable[[Stated, PlanePoint], None], stated: Stated) -> Callable[[PlanePoint], None]:
    return lambda point: holds(stated, point)


def _search(
    holds: Callable[[T], None],
    strategy: st.SearchStrategy[T],
    start: int,
    examples: int,
    shrink: bool,
    tried: list[int],
) -> None:
    """Draw examples until ``holds`` raises; the counterexample raised is the smallest one found."""

    @seed(start)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(strategy)
    def search(drawn: T) -> None:
        tried[0] += 1
        holds(drawn)

    search()


def _case(claim: Claim, trial: Trial, tried: list[int], case: object) -> None:
    try:
        exactly(claim, trial, case)
    except UnsatisfiedAssumption:
        tried[0] -= 1  # a case about which the statement says nothing was not tried
        raise


def _own(own: Property) -> Callable[[Stated, PlanePoint], None]:
    def holds(stated: Stated, point: PlanePoint) -> None:
        def evaluate(quantity: Quantity, at: PlanePoint, component: int = 0) -> float:
            return stated.values(quantity, at)[component][0]

        try:
            own.holds(evaluate, point)
        except AssertionError as failure:
            raise Counterexample(f"{own.name}: {failure} at {point}") from None

    return holds


def _problems(claim: Claim, context: Context) -> tuple[Problem, ...]:
    """A formula without undefined functions is the same for every problem; one with them is tried on some or all."""
    found = claim.instances(context.seed)
    undefined = any(eq.formula.has(mu_prime, Expectation, StepSum) for eq in claim.statement.equations)
    if not undefined or context.level is Level.QUICK:
        return found[-1:]
    return found if context.level is Level.FULL else found[:: max(1, len(found) // 2)]


WITNESS = PropertiesWitness()
