"""Rules about half-lines: indicators that do not see scales, and a line cut at 0."""

import sympy as sp

from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.equality import visibly_positive
from ste_theory.calculus.expectation import Expectation, indicator, random_atoms
from ste_theory.calculus.rules.rows import expectations
from ste_theory.model.symbols import a


def _indicators(expression: sp.Expr) -> list[sp.Expr]:
    return sorted(expression.atoms(indicator), key=sp.default_sort_key)


def _positive_factor(node: sp.Expr, options: Options) -> sp.Expr | None:
    factors = sp.Mul.make_args(sp.factor_terms(node.args[0]))
    kept = [factor for factor in factors if not (factor.is_positive and not random_atoms(factor))]
    return indicator(sp.Mul(*kept)) if len(kept) < len(factors) else None


def _verify_positive_factor(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """The ratio of the two arguments must be a positive constant."""
    if not isinstance(new, indicator):
        return Check(Grade.WRONG, "not an indicator")
    ratio = sp.cancel(sp.expand(node.args[0]) / sp.expand(new.args[0]))
    if random_atoms(ratio) or not visibly_positive(ratio):
        return Check(Grade.WRONG, "the arguments do not differ by a positive constant factor")
    return Check(Grade.EXACT, "the arguments differ by a positive constant factor")


POSITIVE_FACTOR = Rule(
    name="positive factor",
    says="1{κx > 0} = 1{x > 0} for κ > 0.",
    targets=_indicators,
    rewrite=_positive_factor,
    verify=_verify_positive_factor,
)


def _split_line(node: sp.Expr, options: Options) -> sp.Expr | None:
    if node.normals != (a,) or node.has(indicator):
        return None
    return Expectation(node.integrand * indicator(a)) + Expectation(node.integrand * indicator(-a))


def _verify_split_line(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """On each side of 0 the new integrands must add up to the old one."""
    parts = [part.integrand for part in sp.Add.make_args(new) if isinstance(part, Expectation)]
    if sp.Add(*(Expectation(part) for part in parts)) != new:
        return Check(Grade.WRONG, "not a sum of expectations")
    size = sp.Dummy("size", positive=True)
    for side in (size, -size):
        total = sum(part.subs(a, side) for part in parts)
        if sp.expand(total - node.integrand.subs(a, side)) != 0:
            return Check(Grade.WRONG, "the parts do not add up on one side of 0")
    return Check(Grade.EXACT, "the integrands add up on both sides of 0")


SPLIT_LINE = Rule(
    name="two half-lines",
    says="E h(a) = E h(a)1{a > 0} + E h(a)1{a < 0}.",
    targets=expectations,
    rewrite=_split_line,
    verify=_verify_split_line,
)
