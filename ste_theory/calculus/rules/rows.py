"""Rules about the rows of Z: Gaussian coordinates, sums over rows, independence, identical distribution.

The verifier of the row rules is a normal form at m = 3. Both sides are polynomials of degree at most two in the
per-row vectors (v_i, v*_i), symmetric in the rows, and every monomial involves at most two rows; setting all other
coefficients to zero turns the sums over m rows into sums over those two. So equality for three rows with symbolic
coefficients is equality for every m.
"""

import math

import sympy as sp
from sympy.core.function import AppliedUndef

from ste_theory.calculus.definitions import FRAME, INNER_PRODUCTS, e_axis
from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.equality import exactly_equal
from ste_theory.calculus.expectation import Expectation, OthersSum, indicator, random_atoms
from ste_theory.calculus.rules.normal_form import row_normal_form
from ste_theory.calculus.step_sums import StepSum
from ste_theory.model.symbols import (
    D,
    Projection,
    RowNormal,
    S,
    S_star,
    StandardNormal,
    V,
    V_star,
    a,
    b,
    d,
    i,
    j,
    m,
    t,
    v,
    v_star,
)

# Row coordinates and the plane coordinates they become once the row no longer matters.
FRAME_NORMALS = {a: a, b: b, e_axis: StandardNormal("e")}


def expectations(expression: sp.Expr) -> list[sp.Expr]:
    """All expectation nodes, in a fixed order."""
    return sorted(expression.atoms(Expectation), key=sp.default_sort_key)


def _coordinates(node: sp.Expr, options: Options) -> sp.Expr | None:
    replacement = {}
    for projection in node.atoms(Projection):
        vector, row = projection.args
        replacement[projection] = sp.Add(
            *(coefficient * RowNormal(axis, row) for axis, coefficient in FRAME[vector].items())
        )
    return node.xreplace(replacement) if replacement else None


def _linear_form(vector: sp.Symbol, row: sp.Expr) -> sp.Expr:
    total = sp.S.Zero
    for axis in FRAME[vector]:
        total += FRAME[vector][axis] * RowNormal(axis, row)
    return total


def _verify_coordinates(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """A centred Gaussian vector is determined by its covariance: compare the two Gram matrices entry by entry."""
    projections = sorted(node.atoms(Projection), key=sp.default_sort_key)
    if new.atoms(Projection):
        return Check(Grade.WRONG, "projections are left")
    if node.replace(Projection, _linear_form) != new:
        return Check(Grade.WRONG, "the projections are not replaced by the linear forms of the frame")
    vectors = sorted({place.args[0] for place in projections}, key=str)
    for first in vectors:
        for second in vectors:
            gram = sum(FRAME[first][axis] * FRAME[second].get(axis, sp.S.Zero) for axis in FRAME[first])
            if exactly_equal(gram, INNER_PRODUCTS[frozenset({first, second})]) is not True:
                return Check(
                    Grade.WRONG, f"covariance of the projections on {first} and {second} is not their inner product"
                )
    return Check(Grade.EXACT, "both Gaussian vectors are centred and have the same covariance matrix")


GAUSSIAN_COORDINATES = Rule(
    name="Gaussian coordinates",
    says=(
        "⟨Z_i,w⟩ = ρ a_i and ⟨Z_i,w*⟩ = ρ*(a_i cosθ + b_i sinθ) with a_i, b_i, … iid N(0,1): "
        "coordinates in an orthonormal frame."
    ),
    targets=expectations,
    rewrite=_coordinates,
    verify=_verify_coordinates,
)


def _weight_degrees(expression: sp.Expr) -> tuple[float, float]:
    """The lowest and highest degree in (v, v*) as written, before anything cancels.

    Three rows have relations of higher degree that m rows lack: the Gram determinant of v, v*, 1 and a unit vector
    vanishes. Infinite where rows are counted (m itself, a sum of terms without weights) and for weights inside a
    function.
    """
    if expression == 0:
        return math.inf, 0
    if isinstance(expression, (sp.Sum, OthersSum)):
        low, high = _weight_degrees(expression.args[0])
        return low, high if low >= 1 else math.inf
    if isinstance(expression, StepSum):
        return _weight_degrees(expression.summand)
    if isinstance(expression, sp.Indexed) and expression.base in (d, t):
        return 0, 0
    if isinstance(expression, sp.Indexed) or expression in (S, S_star):
        return 1, 1
    if expression in (V, V_star, D):
        return 2, 2
    if expression == m:
        return 0, math.inf
    parts = [_weight_degrees(part) for part in expression.args] or [(0, 0)]
    lows, highs = zip(*parts, strict=True)
    if isinstance(expression, sp.Mul):
        return sum(lows), sum(highs)
    if isinstance(expression, sp.Pow) and expression.exp.is_Integer and expression.exp > 0:
        return int(expression.exp) * lows[0], int(expression.exp) * highs[0]
    if isinstance(expression, (sp.Add, Expectation)) or max(highs) == 0:
        return min(lows), max(highs)
    return 0, math.inf


def _verify_whole(before: sp.Expr, after: sp.Expr) -> Check:
    """Free row indices of a node differ or not as the sums around it say: the sides as a whole decide."""
    return _verify_rows(before, after, {})


def _verify_rows(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    if max(_weight_degrees(node)[1], _weight_degrees(new)[1]) > 2:
        return Check(Grade.UNKNOWN, "not of degree at most two in the weights, so three rows do not decide for every m")
    try:
        same = exactly_equal(row_normal_form(node), row_normal_form(new))
    except ValueError as error:
        return Check(Grade.UNKNOWN, f"no normal form: {error}")
    grade = Grade.EXACT if same else Grade.WRONG if same is False else Grade.UNKNOWN
    return Check(grade, "same normal form for three rows with symbolic coefficients, hence for every m")


def _summand(factor: sp.Expr, row: sp.Expr) -> sp.Expr | None:
    """The summand for ``row`` of a difference or multiple of sums over all rows; ``None`` for anything else."""
    if isinstance(factor, sp.Sum):
        index, first, last = factor.limits[0]
        return factor.function.xreplace({index: row}) if (first, last) == (1, m) else None
    if isinstance(factor, sp.Add):
        parts = [_summand(term, row) for term in factor.args]
        return None if any(part is None for part in parts) else sp.Add(*parts)
    if isinstance(factor, sp.Mul) and factor.args[0].is_number:
        inner = _summand(sp.Mul(*factor.args[1:]), row)
        return None if inner is None else factor.args[0] * inner
    return None


def _split(node: sp.Expr, options: Options) -> sp.Expr | None:
    """x_i is either the summand of a first sum or a factor about one fixed row; the other sum is split at row i."""
    factors: list[sp.Expr] = []
    for factor in sp.Mul.make_args(node.integrand):
        squared = isinstance(factor, sp.Pow) and factor.exp == 2
        factors.extend([factor.base, factor.base] if squared else [factor])
    sums = [factor for factor in factors if _summand(factor, i) is not None]
    rest = sp.Mul(*(factor for factor in factors if _summand(factor, i) is None))
    rows = {atom.args[1] for atom in random_atoms(rest) if isinstance(atom, RowNormal)}
    if len(sums) == 2 and not rows:
        first, second = _summand(sums[0], i), sums[1]
        return Expectation(
            rest * sp.Sum(first * (_summand(second, i) + OthersSum(_summand(second, j), j, i)), (i, 1, m))
        )
    if len(sums) == 1 and len(rows) == 1:
        (row,) = rows
        return Expectation(rest * (_summand(sums[0], row) + OthersSum(_summand(sums[0], j), j, row)))
    return None


SPLIT_ROWS = Rule(
    name="split rows",
    says="x_i Σ_j y_j = x_i y_i + x_i Σ_{j≠i} y_j: the other factor of the same row, and the other rows.",
    targets=expectations,
    rewrite=_split,
    verify=_verify_rows,
    whole=_verify_whole,
)


def _linear(integrand: sp.Expr) -> sp.Expr:
    """E of an expanded integrand: sums, sums over rows and constants taken out."""
    expanded = sp.expand(integrand)
    if isinstance(expanded, sp.Add):
        return sp.Add(*(_linear(term) for term in expanded.args))
    factors = sp.Mul.make_args(expanded)
    for factor in factors:
        others = sp.Mul(*(other for other in factors if other is not factor))
        if isinstance(factor, sp.Sum):
            return sp.Sum(_linear(others * factor.function), *factor.limits)
        if isinstance(factor, OthersSum):
            return OthersSum(_linear(others * factor.summand), factor.index, factor.excluded)
    constants = sp.Mul(*(factor for factor in factors if not random_atoms(factor)))
    random = sp.Mul(*(factor for factor in factors if random_atoms(factor)))
    return constants * Expectation(random) if random != 1 else constants


def _linearity(node: sp.Expr, options: Options) -> sp.Expr | None:
    result = _linear(node.integrand)
    return None if result == node else result


LINEARITY = Rule(
    name="linearity",
    says="E is linear: sums and constants come out of the expectation.",
    targets=expectations,
    rewrite=_linearity,
    verify=_verify_rows,
    whole=_verify_whole,
)


def _by_row(integrand: sp.Expr) -> dict[sp.Expr, sp.Expr]:
    groups: dict[sp.Expr, sp.Expr] = {}
    for factor in sp.Mul.make_args(integrand):
        rows = {atom.args[1] for atom in random_atoms(factor) if isinstance(atom, RowNormal)}
        if len(rows) != 1:
            return {}
        (row,) = rows
        groups[row] = groups.get(row, sp.S.One) * factor
    return groups


def _independence(node: sp.Expr, options: Options) -> sp.Expr | None:
    groups = _by_row(node.integrand)
    if len(groups) < 2:
        return None
    return sp.Mul(*(Expectation(group) for group in groups.values()))


INDEPENDENT_ROWS = Rule(
    name="independent rows",
    says="E[X_i Y_j] = E[X_i] E[Y_j] for i ≠ j: different rows of Z are independent.",
    targets=expectations,
    rewrite=_independence,
    verify=_verify_rows,
    whole=_verify_whole,
)


def _drop_index(node: sp.Expr, options: Options) -> sp.Expr | None:
    coordinates = [atom for atom in random_atoms(node.integrand) if isinstance(atom, RowNormal)]
    if not coordinates or len({atom.args[1] for atom in coordinates}) != 1:
        return None
    return Expectation(node.integrand.xreplace({atom: FRAME_NORMALS[atom.args[0]] for atom in coordinates}))


IDENTICAL_ROWS = Rule(
    name="identical rows",
    says="E[h(a_i, b_i)] = E[h(a, b)]: all rows have the same distribution.",
    targets=expectations,
    rewrite=_drop_index,
    verify=_verify_rows,
    whole=_verify_whole,
)


def _independent_axis(node: sp.Expr, options: Options) -> sp.Expr | None:
    """Split off the factors in a coordinate that no other factor contains; a bare coordinate has mean zero."""
    factors = sp.Mul.make_args(node.integrand)
    if any(
        factor in node.normals and sum(factor in random_atoms(other) for other in factors) == 1 for factor in factors
    ):
        return sp.S.Zero
    for axis in node.normals:
        own = [factor for factor in factors if random_atoms(factor) == (axis,)]
        others = [factor for factor in factors if axis not in random_atoms(factor)]
        if own and len(own) + len(others) == len(factors) and any(random_atoms(factor) for factor in others):
            return Expectation(sp.Mul(*own)) * Expectation(sp.Mul(*others))
    return None


INDEPENDENT_COORDINATES = Rule(
    name="independent coordinates",
    says="Coordinates of a row in an orthonormal frame are independent and centred: E[e h(a,b)] = E[e] E[h(a,b)] = 0.",
    targets=expectations,
    rewrite=_independent_axis,
    verify=_verify_rows,
    whole=_verify_whole,
)


def sums_over_rows(expression: sp.Expr) -> list[sp.Expr]:
    """The whole expression, if it contains sums over rows."""
    return [expression] if expression.has(sp.Sum, OthersSum) else []


_NAMED = {(2, 0): V, (1, 0): S, (1, 1): D, (0, 1): S_star, (0, 2): V_star}


def _name_sums(node: sp.Expr, options: Options) -> sp.Expr | None:
    def others(place: OthersSum) -> sp.Expr:
        row, index = place.excluded, place.index
        whole = _named(sp.expand(place.summand), index)
        return whole - place.summand.xreplace({index: row})

    inner = node.replace(lambda place: isinstance(place, OthersSum), others)
    return inner.replace(
        lambda place: isinstance(place, sp.Sum), lambda place: _named(sp.expand(place.function), place.limits[0][0])
    )


def _named(summand: sp.Expr, index: sp.Symbol) -> sp.Expr:
    total = sp.S.Zero
    polynomial = sp.Poly(summand, v[index], v_star[index])
    for (student, teacher), coefficient in polynomial.terms():
        total += coefficient * (m if (student, teacher) == (0, 0) else _NAMED[student, teacher])
    return total


NAME_SUMS = Rule(
    name="name sums",
    says="Σ v_i² = V, Σ v_i = S, Σ v_i v*_i = D, Σ v*_i = S*, Σ v*_i² = V*, and Σ_{j≠i} v_j = S − v_i.",
    targets=sums_over_rows,
    rewrite=_name_sums,
    verify=_verify_rows,
    whole=_verify_whole,
)


def _one_coordinate(node: sp.Expr, options: Options) -> sp.Expr | None:
    normals = node.normals
    if set(normals) != {a, b}:
        return None
    forms = {place.args[0] for place in node.integrand.atoms(AppliedUndef, indicator)}
    if len(forms) != 1:
        return None
    (form,) = forms
    if node.integrand.xreplace({form: sp.S.One}).has(a, b):
        return None
    linear = sp.expand(form)
    length = sp.sqrt(sp.trigsimp(linear.coeff(a) ** 2 + linear.coeff(b) ** 2))
    return Expectation(node.integrand.xreplace({form: length * a + linear.subs({a: 0, b: 0})}))


def _verify_one_coordinate(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Both sides are E h(·) of one Gaussian; equal if means and variances are, computed through differentiation."""
    if not isinstance(new, Expectation):
        return Check(Grade.WRONG, "not one expectation")
    x = sp.Dummy("x", real=True)
    sides = []
    for side in (node, new):
        arguments = {place.args[0] for place in side.integrand.atoms(AppliedUndef, indicator)}
        if len(arguments) != 1:
            return Check(Grade.WRONG, "more than one Gaussian argument")
        (argument,) = arguments
        shape = side.integrand.replace(lambda place, argument=argument: place == argument, lambda _: x)
        centre = sp.expand(argument - a * sp.diff(argument, a) - b * sp.diff(argument, b))
        if shape.has(a, b) or centre.has(a, b):
            return Check(Grade.WRONG, "the integrand is not a function of one linear form")
        sides.append((shape, centre, sp.diff(argument, a) ** 2 + sp.diff(argument, b) ** 2))
    if sides[0][:2] != sides[1][:2] or exactly_equal(sides[0][2], sides[1][2]) is not True:
        return Check(Grade.WRONG, "different functions, means or variances")
    return Check(Grade.EXACT, "both arguments are Gaussian with the same mean and variance")


ONE_COORDINATE = Rule(
    name="one coordinate",
    says="αa + βb + γ has the law of √(α² + β²) a + γ.",
    targets=expectations,
    rewrite=_one_coordinate,
    verify=_verify_one_coordinate,
)
