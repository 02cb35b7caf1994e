"""Special points of the landscape: v in the span of v* and 1, and w* opposite to w."""

import sympy as sp
from sympy.core.function import AppliedUndef

from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.expectation import Expectation, OthersSum, indicator
from ste_theory.calculus.rules.algebra import equality, whole
from ste_theory.model.symbols import D, S, S_star, V, V_star, k, m, theta, v, v_star

# v_sp = B⁻¹(11ᵀ − I)v* with B⁻¹ = I − 11ᵀ/(m+1):  B⁻¹(11ᵀ − I) = −I + 2·11ᵀ/(m+1).
SPURIOUS_V = (sp.Integer(-1), 2 * S_star / (m + 1))


def _in_span(node: sp.Expr, options: Options) -> sp.Expr | None:
    along_teacher, along_ones = options["v"]
    sums = {
        v[k]: along_teacher * v_star[k] + along_ones,
        S: along_teacher * S_star + along_ones * m,
        D: along_teacher * V_star + along_ones * S_star,
        V: along_teacher**2 * V_star + 2 * along_teacher * along_ones * S_star + along_ones**2 * m,
    }
    return node.xreplace(sums)


def _verify_in_span(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Sums of p·v*_i + q and of its square and its product with v*_i over symbolic rows, for m = 1, …, 4: the sums are
    polynomials of degree at most one in m, so two values of m would decide."""
    others = {index for index in node.atoms(sp.Indexed) | new.atoms(sp.Indexed) if index.base == v} - {v[k]}
    if others or node.has(sp.Sum, OthersSum) or any(place.has(v[k]) for place in node.atoms(Expectation)):
        return Check(Grade.UNKNOWN, "weights other than v_k, or inside a sum or an expectation")
    along_teacher, along_ones = options["v"]
    p, q, total, square = sp.symbols("p q total square")
    for count in range(1, 5):
        teacher = sp.symbols(f"x1:{count + 1}")
        student = [p * x + q for x in teacher]
        plain = {total: sum(teacher), square: sum(x**2 for x in teacher)}
        for name, terms, formula in (
            (S, student, p * total + q * count),
            (D, [one * x for one, x in zip(student, teacher, strict=True)], p * square + q * total),
            (V, [one**2 for one in student], p**2 * square + 2 * p * q * total + q**2 * count),
        ):
            if sp.expand(sum(terms) - formula.subs(plain)) != 0:
                return Check(Grade.WRONG, f"the sum for {name} is wrong")
    values = {p: along_teacher, q: along_ones, total: S_star, square: V_star}
    expected = node.subs(v[k], along_teacher * v_star[k] + along_ones)
    expected = expected.subs(V, (p**2 * square + 2 * p * q * total + q**2 * m).subs(values))
    expected = expected.subs(D, (p * square + q * total).subs(values)).subs(S, (p * total + q * m).subs(values))
    return equality(new, expected, "the sums over rows of p·v* + q·1, checked term by term")


IN_SPAN = Rule(
    name="v in span(v*, 1)",
    says="For v = p v* + q 1: S = pS* + qm, D = pV* + qS*, V = p²V* + 2pqS* + q²m.",
    targets=whole,
    rewrite=_in_span,
    verify=_verify_in_span,
)


def _opposite(node: sp.Expr, options: Options) -> sp.Expr | None:
    return node.subs(theta, sp.pi)


def _verify_opposite(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    singular = [power for power in node.atoms(sp.Pow) if power.has(theta) and not power.exp.is_nonnegative]
    smooth = (sp.Add, sp.Mul, sp.Pow, sp.cos, sp.sin, sp.Symbol, sp.Indexed, Expectation, indicator, AppliedUndef)
    others = [place for place in sp.preorder_traversal(node) if place.has(theta) and not isinstance(place, smooth)]
    if singular or others or new.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        return Check(Grade.UNKNOWN, "a division or a function that may be singular at θ = π")
    expected = node.xreplace({sp.cos(theta): sp.Integer(-1), sp.sin(theta): sp.S.Zero}).xreplace({theta: sp.pi})
    same = expected == new or sp.expand(expected - new) == 0
    return Check(Grade.EXACT if same else Grade.WRONG, "cosine −1, sine 0, angle π")


OPPOSITE = Rule(
    name="w* opposite to w",
    says="At θ = π: ca + sb = −a.",
    targets=whole,
    rewrite=_opposite,
    verify=_verify_opposite,
)
