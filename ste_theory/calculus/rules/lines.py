"""Rules for integrals over one coordinate: densities, ranges, inner integration, substitution, antiderivatives."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.equality import exactly_equal, visibly_positive
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi, random_atoms, unfold
from ste_theory.calculus.rules.algebra import equality
from ste_theory.calculus.rules.rows import expectations
from ste_theory.model.symbols import RowNormal, StandardNormal, a, b, x

_LINE = (x, -sp.oo, sp.oo)


def _density(node: sp.Expr, options: Options) -> sp.Expr | None:
    normals = node.normals
    if len(normals) != 1 or not isinstance(normals[0], StandardNormal):
        return None
    return sp.Integral(node.integrand.xreplace({normals[0]: x}) * phi(x), _LINE)


def _is_gaussian_mean(node: sp.Expr, integral: sp.Expr) -> Check:
    """``node`` = E h(ξ) and ``integral`` = ∫ h φ: compare h, divided out of the integrand."""
    if not isinstance(integral, sp.Integral) or integral.limits[0][1:] != (-sp.oo, sp.oo):
        return Check(Grade.WRONG, "not an integral over the line")
    variable = integral.limits[0][0]
    if len(node.normals) != 1 or not isinstance(node.normals[0], (StandardNormal, RowNormal)):
        return Check(Grade.WRONG, "not the mean of a function of one standard normal variable")
    if variable in node.free_symbols:
        return Check(Grade.WRONG, "the variable of integration already means something else")
    (normal,) = node.normals
    density = sp.exp(-(variable**2) / 2) / sp.sqrt(2 * sp.pi)
    expected = node.integrand.subs(normal, variable) * density
    return equality(unfold(integral.function), expected, "the integrand is h times the standard normal density")


DENSITY = Rule(
    name="density",
    says="E h(a) = ∫ h(x) φ(x) dx.",
    targets=expectations,
    rewrite=_density,
    verify=lambda node, new, options: _is_gaussian_mean(node, new),
)


def integrals(expression: sp.Expr) -> list[sp.Expr]:
    """All integral nodes, in a fixed order."""
    return sorted(expression.atoms(sp.Integral), key=sp.default_sort_key)


def _same_variable(node: sp.Expr, new: sp.Expr) -> bool:
    return isinstance(new, sp.Integral) and [limit[0] for limit in node.limits] == [limit[0] for limit in new.limits]


def _mean(node: sp.Expr, options: Options) -> sp.Expr | None:
    variable, lower, upper = node.limits[0]
    factors = sp.Mul.make_args(node.function)
    if (lower, upper) != (-sp.oo, sp.oo) or phi(variable) not in factors:
        return None
    rest = sp.Mul(*(factor for factor in factors if factor != phi(variable)))
    constants = sp.Mul(*(f for f in sp.Mul.make_args(rest) if not f.has(variable)))
    random = sp.Mul(*(f for f in sp.Mul.make_args(rest) if f.has(variable)))
    return constants * Expectation(random.xreplace({variable: options["normal"]}))


def _verify_mean(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    means = list(new.atoms(Expectation))
    if len(means) != 1:
        return Check(Grade.WRONG, "not one expectation")
    constant = new.xreplace({means[0]: sp.S.One})
    return _is_gaussian_mean(Expectation(constant * means[0].integrand), node)


MEAN = Rule(
    name="mean",
    says="∫ h(x) φ(x) dx = E h(ξ), constants taken out.",
    targets=integrals,
    rewrite=_mean,
    verify=_verify_mean,
)


def _solve_inner(place: sp.Expr) -> tuple[sp.Expr, sp.Expr] | None:
    """(slope, threshold) with argument = slope·(b − threshold)."""
    slope = sp.expand(place.args[0]).coeff(b)
    if slope == 0:
        return None
    return slope, sp.cancel((slope * b - sp.expand(place.args[0])) / slope)


def _inner(node: sp.Expr, options: Options) -> sp.Expr | None:
    if set(random_atoms(node.integrand)) != {a, b}:
        return None
    factors = sp.Mul.make_args(node.integrand)
    steps = [factor for factor in factors if isinstance(factor, indicator) and factor.has(b)]
    others = sp.Mul(*(factor for factor in factors if factor not in steps and factor.has(b)))
    outside = sp.Mul(*(factor for factor in factors if not factor.has(b)))
    if len(steps) != 1 or others not in (sp.S.One, b):
        return None
    solved = _solve_inner(steps[0])
    if solved is None:
        return None
    threshold = solved[1]
    return Expectation(outside * (phi(threshold) if others == b else 1 - Phi(threshold)))


_INNER_THRESHOLD = sp.Dummy("t", real=True)


@cache
def _limit_at_infinity(function: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    return sp.limit(function, variable, sp.oo)


def _verify_inner(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """I(t) = ∫_t^∞ q(b) φ(b) db is determined by I′ = −qφ and I(∞) = 0: check both for the factor that replaced b."""
    if not isinstance(new, Expectation):
        return Check(Grade.WRONG, "not one expectation")
    t = _INNER_THRESHOLD
    steps = [place for place in node.integrand.atoms(indicator) if place.has(b)]
    if len(steps) != 1:
        return Check(Grade.UNKNOWN, "more than one indicator in the inner variable")
    argument = steps[0].args[0]
    slope = sp.diff(argument, b)
    if not visibly_positive(slope):
        return Check(Grade.UNKNOWN, "the slope of the indicator's argument is not visibly positive")
    threshold = sp.cancel(sp.together(-argument.subs(b, 0) / slope))
    weight = sp.Mul(*(f for f in sp.Mul.make_args(node.integrand) if f.has(b) and f != steps[0]))
    outside = sp.Mul(*(f for f in sp.Mul.make_args(node.integrand) if not f.has(b)))
    inside = sp.Mul(*(f for f in sp.Mul.make_args(new.integrand) if f not in sp.Mul.make_args(outside)))
    if exactly_equal(inside * outside, new.integrand) is not True:
        return Check(Grade.WRONG, "the factors without the inner variable changed")
    candidates = (unfold(phi(t)), unfold(1 - Phi(t)))
    for candidate in candidates:
        derivative_fits = exactly_equal(sp.diff(candidate, t), -weight.subs(b, t) * unfold(phi(t))) is True
        vanishes = _limit_at_infinity(candidate, t) == 0
        if derivative_fits and vanishes and exactly_equal(candidate.subs(t, threshold), inside) is True:
            return Check(
                Grade.EXACT, "I′(t) = −q(t)φ(t) and I(∞) = 0 for the inner integral I, at the indicator's threshold"
            )
    return Check(Grade.WRONG, "the new factor is not the inner integral over b")


INNER = Rule(
    name="inner integral",
    says="For fixed a: E 1{b > t} = 1 − Φ(t) and E b·1{b > t} = φ(t).",
    targets=expectations,
    rewrite=_inner,
    verify=_verify_inner,
)


def _restrict(node: sp.Expr, options: Options) -> sp.Expr | None:
    variable, lower, upper = node.limits[0]
    steps = [factor for factor in sp.Mul.make_args(node.function) if isinstance(factor, indicator)]
    if not steps:
        return None
    for step in steps:
        slope = step.args[0].coeff(variable)
        end = sp.cancel(variable - step.args[0] / slope)
        if slope.is_positive:
            lower = end if lower == -sp.oo else sp.Max(lower, end)
        else:
            upper = end if upper == sp.oo else sp.Min(upper, end)
    rest = sp.Mul(*(factor for factor in sp.Mul.make_args(node.function) if factor not in steps))
    return sp.Integral(rest, (variable, lower, upper))


def _verify_restrict(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Multiply the new integrand by the indicator of the new range: both must switch at the same places, same way."""
    variable, lower, upper = node.limits[0]
    if not _same_variable(node, new):
        return Check(Grade.WRONG, "not an integral over the same variable")
    _, left, right = new.limits[0]
    steps = [factor for factor in sp.Mul.make_args(node.function) if isinstance(factor, indicator)]
    ends = {"lower": [lower], "upper": [upper]}
    for step in steps:
        argument = step.args[0]
        slope = sp.diff(argument, variable)
        root = sp.solve(argument, variable)
        if slope.has(variable) or len(root) != 1:
            return Check(Grade.UNKNOWN, "an indicator's argument is not linear")
        side = "lower" if visibly_positive(slope) else "upper" if visibly_positive(-slope) else None
        if side is None:
            return Check(Grade.UNKNOWN, "the sign of a slope is not visible")
        ends[side].append(root[0])
    if sp.simplify(sp.Max(*ends["lower"]) - left) != 0 and sp.Max(*ends["lower"]) != left:
        return Check(Grade.WRONG, "the lower end is not the largest root with rising argument")
    if sp.Min(*ends["upper"]) != right and sp.simplify(sp.Min(*ends["upper"]) - right) != 0:
        return Check(Grade.WRONG, "the upper end is not the smallest root with falling argument")
    length = right - left
    if not (length.is_zero or length.is_infinite or visibly_positive(length)):
        return Check(Grade.UNKNOWN, "the range is not visibly in order: an empty one would count negatively")
    if new.function * sp.Mul(*steps) != node.function:
        return Check(Grade.WRONG, "the integrand without indicators differs")
    return Check(Grade.EXACT, "roots and signs of the indicators' arguments")


RESTRICT = Rule(
    name="restrict the range",
    says="∫ 1{αx + β > 0} h(x) dx is an integral of h over the half-line beyond the root −β/α.",
    targets=lambda expression: [node for node in integrals(expression) if node.function.has(indicator)],
    rewrite=_restrict,
    verify=_verify_restrict,
)


def _substitute(node: sp.Expr, options: Options) -> sp.Expr | None:
    variable, lower, upper = node.limits[0]
    scale, shift = options["scale"], options.get("shift", sp.S.Zero)
    inner = node.function.xreplace({variable: scale * variable + shift})
    return (
        sp.Integral(scale * inner, (variable, (lower - shift) / scale, (upper - shift) / scale))
        if lower != -sp.oo
        else sp.Integral(scale * inner, (variable, lower, upper))
    )


def _verify_substitute(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Undo it: the new integrand at (x − shift)/scale, divided by scale, must be the old one; the ends must correspond;
    scale > 0."""
    scale, shift = options["scale"], options.get("shift", sp.S.Zero)
    if not _same_variable(node, new):
        return Check(Grade.WRONG, "not an integral over the same variable")
    (variable, lower, upper), (_, left, right) = node.limits[0], new.limits[0]
    if not visibly_positive(scale) or random_atoms(shift) or shift.has(variable):
        return Check(Grade.UNKNOWN, "the scale is not visibly positive, or the shift is no constant")
    for old, fresh in ((lower, left), (upper, right)):
        if old in (sp.oo, -sp.oo):
            if fresh != old:
                return Check(Grade.WRONG, "an infinite end moved")
        elif exactly_equal(fresh * scale + shift, old) is not True:
            return Check(Grade.WRONG, "the ends of the range do not correspond")
    undone = new.function.subs(variable, (variable - shift) / scale) / scale
    return equality(undone, node.function, "the substitution undone gives the old integrand")


SUBSTITUTE = Rule(
    name="substitution",
    says="∫ h(x) dx = q ∫ h(qx + p) dx for q > 0.",
    targets=integrals,
    rewrite=_substitute,
    verify=_verify_substitute,
)


def _rearrange(node: sp.Expr, options: Options) -> sp.Expr | None:
    target: sp.Expr = options["integrand"](node.function)
    return sp.Integral(target, *node.limits)


def _verify_rearrange(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    if not isinstance(new, sp.Integral) or node.limits != new.limits:
        return Check(Grade.WRONG, "the range changed")
    return equality(node.function, new.function, "the integrands are equal as functions")


REARRANGE = Rule(
    name="rearrange the integrand",
    says="The same integrand in another form.",
    targets=integrals,
    rewrite=_rearrange,
    verify=_verify_rearrange,
)


def _boundary(function: sp.Expr, variable: sp.Symbol, lower: sp.Expr, upper: sp.Expr) -> sp.Expr:
    """function at the upper end minus at the lower end; φ and Φ know their values at ±∞."""

    def at(end: sp.Expr) -> sp.Expr:
        if end in (sp.oo, -sp.oo):
            return function.replace(
                lambda f: isinstance(f, (phi, Phi)), lambda f: f.func(f.args[0].subs(variable, end))
            )
        return function.subs(variable, end)

    return at(upper) - at(lower)


def _antiderivative(node: sp.Expr, options: Options) -> sp.Expr | None:
    variable, lower, upper = node.limits[0]
    primitive = options["primitive"](node.function)
    return None if primitive is None else _boundary(primitive, variable, lower, upper)


_SMOOTH = (sp.exp, sp.sin, sp.cos, sp.erf)


def _is_entire(expression: sp.Expr, variable: sp.Symbol) -> bool:
    """Built from polynomials, exp, sin, cos, erf in the variable: no singularity between the ends."""
    if not expression.has(variable) or expression == variable:
        return True
    if isinstance(expression, (sp.Add, sp.Mul, *_SMOOTH)):
        return all(_is_entire(argument, variable) for argument in expression.args)
    if isinstance(expression, sp.Pow) and expression.exp.is_Integer and expression.exp > 0:
        return _is_entire(expression.base, variable)
    return False


def _verify_antiderivative(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Fundamental theorem: differentiate the primitive, check that it is entire, take limits at the ends."""
    variable, lower, upper = node.limits[0]
    found = options["primitive"](node.function)
    if found is None:
        return Check(Grade.WRONG, "there is no primitive for this integrand")
    primitive = unfold(found)
    if not _is_entire(primitive, variable):
        return Check(Grade.UNKNOWN, "the primitive is not visibly smooth on the whole range")
    derivative = equality(
        sp.diff(primitive, variable), node.function, "the derivative of the primitive is the integrand"
    )
    if derivative.grade is not Grade.EXACT:
        return derivative
    ends = [
        sp.limit(primitive, variable, end) if end in (sp.oo, -sp.oo) else primitive.xreplace({variable: end})
        for end in (lower, upper)
    ]
    difference = sp.expand_trig(ends[1]) - sp.expand_trig(ends[0])
    return equality(difference, new, "the derivative of the smooth primitive is the integrand; limits at the ends")


ANTIDERIVATIVE = Rule(
    name="antiderivative",
    says="∫ F′ = F at the upper end minus F at the lower end.",
    targets=integrals,
    rewrite=_antiderivative,
    verify=_verify_antiderivative,
)


def _by_parts(node: sp.Expr, options: Options) -> sp.Expr | None:
    variable, lower, upper = node.limits[0]
    first, second = options["first"](node.function), options["second"](node.function)
    if first is None:
        return None
    boundary = _boundary(first * second, variable, lower, upper)
    return boundary - sp.Integral(sp.diff(first, variable) * second, (variable, lower, upper))


def _verify_by_parts(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Product rule: old integrand + integrand of the new integral = (uv)′, and the boundary terms are limits of uv."""
    variable, lower, upper = node.limits[0]
    first, second = options["first"](node.function), options["second"](node.function)
    fresh = list(new.atoms(sp.Integral))
    if first is None or second is None:
        return Check(Grade.WRONG, "there are no two factors for this integrand")
    if len(fresh) != 1 or fresh[0].limits != node.limits:
        return Check(Grade.WRONG, "not one integral over the same range")
    coefficient = sp.cancel((new.xreplace({fresh[0]: sp.S.Zero}) - new) / fresh[0])
    product = unfold(first * second)
    if not (_is_entire(unfold(first), variable) and _is_entire(unfold(second), variable)):
        return Check(Grade.UNKNOWN, "the factors are not visibly smooth on the whole range")
    total = equality(sp.diff(product, variable), node.function + coefficient * fresh[0].function, "product rule")
    if total.grade is not Grade.EXACT:
        return total
    ends = [
        sp.limit(product, variable, end) if end in (sp.oo, -sp.oo) else product.xreplace({variable: end})
        for end in (lower, upper)
    ]
    return equality(ends[1] - ends[0], new.xreplace({fresh[0]: sp.S.Zero}), "product rule and boundary terms")


BY_PARTS = Rule(
    name="integration by parts",
    says="∫ u v′ = uv at the ends − ∫ u′ v.",
    targets=integrals,
    rewrite=_by_parts,
    verify=_verify_by_parts,
)
