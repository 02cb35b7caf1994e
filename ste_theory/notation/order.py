"""The order in which people write: constants first, the student before the teacher, functions after letters."""

import sympy as sp
from sympy.core.function import AppliedUndef

from ste_theory.calculus.expectation import Expectation, OthersSum, Phi, indicator, phi
from ste_theory.calculus.rules.derivatives import DirectionalDerivative
from ste_theory.calculus.step_sums import StepSum
from ste_theory.model.symbols import (
    D,
    RowNormal,
    S,
    S_star,
    StandardNormal,
    V,
    V_star,
    e_hat,
    m,
    rho,
    rho_star,
    theta,
    u_hat,
    v,
    v_star,
    w_hat,
    w_star_vector,
    w_vector,
)

_STUDENT: dict[sp.Basic, int] = {V: 0, v.label: 1, S: 2}
_SHARED: dict[sp.Basic, int] = {D: 3}
_TEACHER: dict[sp.Basic, int] = {V_star: 4, v_star.label: 5, S_star: 6}
_WEIGHTS = _STUDENT | _SHARED | _TEACHER
_FORMAL = (w_hat, u_hat, e_hat, w_vector, w_star_vector)

Key = tuple[object, ...]


def factor_key(factor: sp.Expr) -> Key:
    """Where a factor stands in a product: numbers, m, ρ, weights, θ, coordinates, sums, functions, means, vectors."""
    base = factor.base if isinstance(factor, sp.Pow) else factor
    return (*_place(base), sp.default_sort_key(factor))


_PARAMETERS: dict[sp.Basic, int] = {m: 1, rho: 2, rho_star: 3, theta: 5}


def _place(base: sp.Expr) -> tuple[float, int]:
    if isinstance(base, (sp.Number, sp.NumberSymbol)):
        return 0, 0
    if isinstance(base, RowNormal):
        return 6, 1
    if isinstance(base, sp.Add):
        return (14, 0) if is_vector(base) else (7, 0)
    if isinstance(base, sp.Indexed):
        return 4, _WEIGHTS.get(base.base.label, 9)
    if base in _WEIGHTS:
        return 4, _WEIGHTS[base]
    if base in _PARAMETERS:
        return _PARAMETERS[base], 0
    if isinstance(base, sp.Symbol):
        return (14, 0) if base in _FORMAL else (6, int(isinstance(base, StandardNormal)))
    if isinstance(base, (sp.Sum, OthersSum, StepSum)):
        return 12, 0
    if isinstance(base, (sp.Integral, DirectionalDerivative)):
        return 13, 0
    kinds = ((8, sp.Function), (9, AppliedUndef), (9, indicator), (10, phi), (10.5, Phi), (11, Expectation))
    # The last kind that fits: an indicator is a function too.
    return max((place for place, kind in kinds if isinstance(base, kind)), default=6), 0


def term_key(term: sp.Expr, *, after: bool = False) -> Key:
    """Where a term stands in a sum: by its degree in the teacher's weights, then by its letters.

    Constants stand first, negative ones last; ``after`` puts all of them last (m + 1).
    """
    if is_vector(term):
        return (3, *(int(term.has(vector)) for vector in reversed(_FORMAL)))
    degree = teacher_degree(term)
    weights = sorted(_ranks(term))
    if not term.free_symbols:
        return (2,) if after or term.could_extract_minus_sign() else (0,)
    coordinates = sorted(str(atom) for atom in term.atoms(StandardNormal))
    return (1, degree, weights, coordinates, sorted(str(node.func) for node in term.atoms(sp.cos, sp.sin)))


def teacher_degree(term: sp.Expr) -> int:
    """How many of the teacher's weights are multiplied in the term (vᵀv* counts once, as does v*_k)."""
    if isinstance(term, sp.Pow) and term.exp.is_Integer:
        return teacher_degree(term.base) * abs(int(term.exp))
    if isinstance(term, sp.Add):
        return max(teacher_degree(argument) for argument in term.args)
    if isinstance(term, sp.Indexed):
        return int(term.base == v_star)
    if term in (S_star, D):
        return 1
    if term == V_star:
        return 2
    return sum(teacher_degree(argument) for argument in term.args if isinstance(argument, sp.Expr))


def _ranks(term: sp.Expr) -> list[int]:
    found: list[int] = []
    for factor in sp.Mul.make_args(term):
        base, power = (factor.base, factor.exp) if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        rank = _WEIGHTS.get(base.base.label if isinstance(base, sp.Indexed) else base)
        if rank is not None:
            found += [rank] * (abs(int(power)) if power.is_Integer else 1)
    return found


def is_vector(expression: sp.Expr) -> bool:
    """Whether the expression is a formal vector: linear in ŵ, û, w, w*, not a norm or a projection of one."""
    if isinstance(expression, sp.Add):
        return any(is_vector(argument) for argument in expression.args)
    if isinstance(expression, sp.Mul):
        return any(is_vector(argument) for argument in expression.args)
    return expression in _FORMAL
