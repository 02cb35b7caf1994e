"""The derivation witness: why the statement is true for all parameters of its domain.

It derives every quantity of the statement from the model, re-checks every step by the verifier of its rule, looks at
every step a second time in numbers (from the definition of E and ∫ alone, for a family of concrete activations and
surrogates where the functions are undefined), and compares what came out with what is stated, exactly.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
import sympy as sp

from ste_theory.calculus.derivation import Derivation, DerivationError, Grade, Step
from ste_theory.calculus.equality import exactly_equal
from ste_theory.calculus.evaluate import Value
from ste_theory.calculus.expectation import OthersSum
from ste_theory.calculus.rules.algebra import SPECIALIZE
from ste_theory.calculus.rules.steps import ONE_STEP
from ste_theory.calculus.step_sums import StepSum
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.grounds import ungrounded
from ste_theory.claims.instance import concrete, value_at
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult
from ste_theory.model.problem import PlanePoint, Problem
from ste_theory.model.quantizers import Staircase, binary, staircase
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, relu
from ste_theory.model.symbols import Projection, RowNormal, c_0, mu_prime, sigma
from ste_theory.notation.prose import counted

POINTS = {Level.QUICK: 1, Level.STANDARD: 1, Level.FULL: 4}
_SEED = 20190102  # of the points and drawn problems at which two formulas are compared


def _family() -> tuple[Surrogate, ...]:
    """Surrogates of different character: one-sided, a window, smooth and two-sided, sign-changing."""
    return (
        relu(),
        clipped_relu("3/2"),
        from_formulas("bump", ("exp(-x^2)",)),
        from_formulas("sign_changing", ("(1 - x^2) * exp(-x^2 / 3)",)),
    )


class DerivationWitness:
    """Applies to every claim that has a derivation."""

    kind = WitnessKind.DERIVATION

    def applies(self, claim: Claim) -> bool:
        """Whether the claim has a derivation."""
        return claim.derivation is not None

    def comparisons(self, claim: Claim, level: Level) -> int:
        """None is random."""
        return 0

    def examine(self, claim: Claim, context: Context) -> WitnessResult:
        """PASS iff every step is exact, every number agrees and every stated formula equals the derived one."""
        assert claim.derivation is not None
        try:
            derived: Derivation = context.remember(("derivation", claim.derivation), claim.derivation)
        except DerivationError as error:
            return WitnessResult(self.kind, Outcome.FAIL, str(error), assertions=1)
        available = context.claims or registry.claims()
        foundations = {name: available[name] for name in claim.proof_uses if name in available}
        for part in derived.parts:
            grounds = ("grounds", claim.derivation, claim.proof_uses, part.quantity)
            reason = context.remember(grounds, partial(ungrounded, part, foundations))
            if reason is not None:
                return WitnessResult(self.kind, Outcome.FAIL, reason, 1)
        problem_, checked = context.remember(("steps", claim.derivation), lambda: self._steps(claim, derived, context))
        if problem_ is not None:
            return problem_
        compared = self._compare(claim, derived)
        if compared is not None:
            return compared
        count = len(derived.steps)
        detail = ", ".join(
            (
                f"{counted(count, 'step')} exact",
                f"{counted(checked, 'value')} {'agrees' if checked == 1 else 'agree'}",
                f"{counted(len(claim.statement.equations), 'formula')} as derived",
            )
        )
        return WitnessResult(self.kind, Outcome.PASS, detail, count + checked + len(claim.statement.equations))

    def _steps(self, claim: Claim, derived: Derivation, context: Context) -> tuple[WitnessResult | None, int]:
        checked = 0
        for part in derived.parts:
            reached = part.start
            for number, step in enumerate(part.steps, 1):
                where = f"{part.quantity}, step {number} ({step.rule.name})"
                if step.before != reached:
                    detail = f"{where} does not start where the step before it ended"
                    return WitnessResult(self.kind, Outcome.FAIL, detail, 1), 0
                reached = step.after
                check = step.recheck()
                if check.grade is not Grade.EXACT:
                    outcome = Outcome.FAIL if check.grade is Grade.WRONG else Outcome.INCONCLUSIVE
                    return WitnessResult(self.kind, outcome, f"{where}: {check.grade.label}: {check.argument}", 1), 0
                for before, after, at in self._numbers(claim, step, context):
                    checked += 1
                    if not before.agrees(after):
                        detail = f"{where}: {before.number!r} ≠ {after.number!r} at {at}"
                        return WitnessResult(self.kind, Outcome.FAIL, detail, 1), 0
        return None, checked

    def _numbers(self, claim: Claim, step: Step, context: Context) -> Iterator[tuple[Value, Value, str]]:
        """Both sides of a step in numbers, where they have a meaning in numbers."""
        if step.rule in (SPECIALIZE, ONE_STEP) or any(
            side.has(OthersSum, sp.Sum, RowNormal, Projection) for side in (step.before, step.after)
        ):
            return
        rng = np.random.default_rng(20190101)
        problems = _problems(step, rng)
        for _ in range(POINTS[context.level]):
            point = claim.domain.admit(_point(rng))
            for problem in problems if context.level is not Level.QUICK else problems[-1:]:
                sides = []
                for side in (step.before, step.after):
                    key = ("value", concrete(side, problem), point)
                    sides.append(context.remember(key, partial(value_at, side, problem, point)))
                names = f"{problem.quantizer.name}/{problem.surrogate.name}"
                yield sides[0], sides[1], f"{point} with {names}"

    def _compare(self, claim: Claim, derived: Derivation) -> WitnessResult | None:
        for equation in claim.statement.equations:
            try:
                result = derived.part(equation.quantity).result
            except KeyError:
                detail = f"{equation.quantity} is stated but not derived"
                return WitnessResult(self.kind, Outcome.INCONCLUSIVE, detail, 1)
            # Sums over steps are long: numbers see sooner than algebra that two of them differ.
            quick = claim.instances(_SEED)[-1:] if equation.formula.has(StepSum) else ()
            difference = _difference(claim, equation.formula, result, quick)
            answer = exactly_equal(result, equation.formula) if difference is None else False
            if answer is True:
                continue
            difference = difference or _difference(claim, equation.formula, result, claim.instances(_SEED))
            if answer is False or difference is not None:
                detail = f"{equation.quantity}: derived {_short(result)}, stated {_short(equation.formula)}"
                return WitnessResult(self.kind, Outcome.FAIL, f"{detail}{difference or ''}", 1)
            detail = f"{equation.quantity}: derived and stated form agree at points; exact equality is undecided"
            return WitnessResult(self.kind, Outcome.INCONCLUSIVE, detail, 1)
        return None


def _problems(step: Step, rng: np.random.Generator) -> list[Problem]:
    """Concrete surrogates and staircases for the functions and steps that are symbols in the step."""
    sides = (step.before, step.after)
    surrogates = _family() if any(side.has(sigma, mu_prime) for side in sides) else (relu(),)
    if not any(side.has(StepSum, c_0) for side in sides):
        return [Problem(binary(), surrogate) for surrogate in surrogates]
    several = [_staircase(rng, steps) for steps in (1, 2)]
    return [Problem(several[number % 2], surrogate) for number, surrogate in enumerate((*surrogates, relu())[:4])]


def _staircase(rng: np.random.Generator, steps: int) -> Staircase:
    """Thresholds between −1 and 1, heights and offset up to 2."""
    thresholds = [Fraction(int(place), 8) for place in sorted(rng.choice(np.arange(-8, 9), size=steps, replace=False))]
    return staircase(thresholds, [Fraction(int(height), 8) for height in rng.integers(4, 17, size=steps)], "3/4")


def _point(rng: np.random.Generator) -> PlanePoint:
    def number(low: int, high: int) -> Fraction:
        return Fraction(int(rng.integers(low, high)), 8)

    return PlanePoint(
        rho=number(4, 16),
        rho_star=number(4, 16),
        theta=number(5, 20),
        v=(number(1, 9), number(-9, 0)),
        v_star=(number(3, 12), number(1, 9)),
    )


def _difference(claim: Claim, stated: sp.Expr, derived: sp.Expr, problems: Sequence[Problem]) -> str | None:
    """Where two formulas differ in numbers, if they visibly do: at points of the domain, for each of the problems."""
    for problem in reversed(problems):
        rng = np.random.default_rng(_SEED)
        for _ in range(2):
            point = claim.domain.point(rng)
            one, two = (value_at(formula, problem, point) for formula in (stated, derived))
            if not one.agrees(two):
                return f"; {two.number:.6g} against {one.number:.6g} at {point}"
    return None


def _short(expression: sp.Expr) -> str:
    text = str(sp.sstr(expression))
    return text if len(text) <= 120 else text[:117] + "..."


WITNESS = DerivationWitness()
