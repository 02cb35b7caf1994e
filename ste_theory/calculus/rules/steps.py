"""Rules about the steps of a staircase: expectations of sums of steps, two steps at once, a staircase of one step."""

import sympy as sp

from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.equality import exactly_equal
from ste_theory.calculus.expectation import Expectation, indicator, random_atoms
from ste_theory.calculus.rules.algebra import equality, whole
from ste_theory.calculus.rules.normal_form import row_normal_form
from ste_theory.calculus.rules.rows import expectations
from ste_theory.calculus.step_sums import StepSum, of_staircase, summed, two_steps_decide, unfolded, written_out
from ste_theory.model.symbols import c_0, d, t


def _mean_of_steps(node: sp.Expr, options: Options) -> sp.Expr | None:
    if not node.has(StepSum):
        return None
    total = sp.S.Zero
    for count, term in unfolded(node.integrand):
        factors = sp.Mul.make_args(term)
        random = sp.Mul(*(factor for factor in factors if random_atoms(factor)))
        outside = sp.Mul(*(factor for factor in factors if not random_atoms(factor)))
        total += summed(count, outside * Expectation(random) if random != 1 else outside)
    return total


def _verify_mean_of_steps(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """For two steps with symbolic heights and thresholds: both sides by the linearity of E, monomial by monomial."""
    if not (two_steps_decide(node) and two_steps_decide(new)):
        return Check(Grade.UNKNOWN, "not of degree at most two in the heights, so two steps do not decide for every σ")
    same = exactly_equal(row_normal_form(written_out(node)), row_normal_form(written_out(new)))
    grade = Grade.EXACT if same else Grade.WRONG if same is False else Grade.UNKNOWN
    return Check(grade, "the same by linearity of E for two steps, hence for every number of steps")


SUPERPOSITION = Rule(
    name="superposition",
    says="E is linear: the steps of a staircase come out of the expectation one by one.",
    targets=expectations,
    rewrite=_mean_of_steps,
    verify=_verify_mean_of_steps,
)


def _thresholds(steps: list[sp.Expr]) -> list[sp.Expr] | None:
    """p_1, p_2, … if the steps are 1{x > p_1}, 1{x > p_2}, … for one random x."""
    arguments = [sp.expand(step.args[0]) for step in steps]
    constants = [sp.Add(*(term for term in sp.Add.make_args(a) if not random_atoms(term))) for a in arguments]
    random = {sp.expand(argument - constant) for argument, constant in zip(arguments, constants, strict=True)}
    return [-constant for constant in constants] if len(random) == 1 else None


def _nested(node: sp.Expr, options: Options) -> sp.Expr | None:
    factors = sp.Mul.make_args(node.integrand)
    steps = [factor for factor in factors if isinstance(factor, indicator)]
    ends = _thresholds(steps) if len(steps) > 1 else None
    if ends is None:
        return None
    variable = sp.expand(steps[0].args[0]) + ends[0]
    rest = (factor for factor in factors if factor not in steps)
    return Expectation(sp.Mul(indicator(variable - sp.Max(*ends)), *rest))


def _verify_nested(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Whichever threshold is the larger one: with p = q + g, g ≥ 0, a product of two is 1{x > p}, and so must be the
    new factor."""
    steps = [factor for factor in sp.Mul.make_args(node.integrand) if isinstance(factor, indicator)]
    fresh = [f for f in sp.Mul.make_args(getattr(new, "integrand", sp.S.One)) if isinstance(f, indicator)]
    if len(steps) != 2 or len(fresh) != 1 or sp.cancel(node.integrand / sp.Mul(*steps)) != new.integrand / fresh[0]:
        return Check(Grade.WRONG, "not two steps replaced by one")
    one, two = (sp.expand(step.args[0]) for step in steps)
    gap = sp.expand(one - two)  # 1{y > 0}1{y > gap} with y = the first argument
    moved = sp.expand(fresh[0].args[0] - one)
    if random_atoms(gap) or random_atoms(moved):
        return Check(Grade.WRONG, "the steps are not about one random variable")
    p, q, apart = sp.Symbol("p", real=True), sp.Symbol("q", real=True), sp.Symbol("g", nonnegative=True)
    symbols = sorted(gap.atoms(sp.Indexed), key=sp.default_sort_key)
    if len(symbols) != 2:
        return Check(Grade.UNKNOWN, "not the thresholds of two steps")
    general = dict(zip(symbols, (p, q), strict=True))
    for larger in ({p: q + apart}, {q: p + apart}):
        width, shift = (sp.expand(part.xreplace(general).xreplace(larger)) for part in (gap, moved))
        if not (width.is_nonpositive or width.is_nonnegative):
            return Check(Grade.UNKNOWN, "which of the steps switches last is not visible")
        # width ≤ 0: the second argument is the larger one, the product is 1{first > 0}.
        if sp.expand(shift - (0 if width.is_nonpositive else -width)) != 0:
            return Check(Grade.WRONG, "the new step is not the one that switches last")
    return Check(Grade.EXACT, "in either order of the two thresholds the new step is the one that switches last")


NESTED = Rule(
    name="nested half-lines",
    says="1{x > p} 1{x > q} = 1{x > max(p, q)}.",
    targets=expectations,
    rewrite=_nested,
    verify=_verify_nested,
)


def _one_step(node: sp.Expr, options: Options) -> sp.Expr | None:
    if not node.has(StepSum, c_0):
        return None
    return of_staircase(node, sp.S.Zero, [sp.S.One], [sp.S.Zero])


def _verify_one_step(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Heights and thresholds at the place of each index: every sum is its only term, innermost first."""
    current = node
    while True:
        sums = [place for place in sp.postorder_traversal(current) if isinstance(place, StepSum)]
        if not sums:
            break
        index = sums[0].index
        current = current.xreplace({sums[0]: sums[0].summand.xreplace({d[index]: sp.S.One, t[index]: sp.S.Zero})})
    current = current.xreplace({c_0: sp.S.Zero})
    if current.has(d, t):
        return Check(Grade.UNKNOWN, "heights or thresholds outside of the sums over steps")
    return equality(current, new, "c_0 = 0, and every sum has one term, with d = 1 and t = 0")


ONE_STEP = Rule(
    name="one step",
    says="What holds for every staircase holds for σ(x) = 1{x > 0}: one step with d = 1 at t = 0, c_0 = 0.",
    targets=whole,
    rewrite=_one_step,
    verify=_verify_one_step,
)
