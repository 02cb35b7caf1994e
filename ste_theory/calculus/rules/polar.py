"""Rules for integrands that are positively homogeneous in (a, b): polar coordinates, angular windows.

E F(a, b) = 2^{k/2} Γ(k/2 + 1) · (1/2π) ∫_{θ−π}^{θ+π} F(cos ω, sin ω) dω      for F(ra, rb) = r^k F(a, b), r > 0
"""

from itertools import pairwise

import sympy as sp

from ste_theory.calculus.clipped import ClippedIntegral, p_clipped, q_clipped
from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.equality import exactly_equal, visibly_positive
from ste_theory.calculus.expectation import indicator, random_atoms
from ste_theory.calculus.rules.algebra import equality
from ste_theory.calculus.rules.rows import expectations
from ste_theory.model.symbols import a, b, phi_angle, r, rho, theta


def _polar(node: sp.Expr, options: Options) -> sp.Expr | None:
    if not node.has(indicator) or not set(random_atoms(node.integrand)) <= {a, b}:
        return None
    polynomial = sp.Mul(*(f for f in sp.Mul.make_args(node.integrand) if not isinstance(f, indicator)))
    if not polynomial.is_polynomial(a, b):
        return None
    degree = sp.Poly(polynomial, a, b).homogeneous_order()
    if degree is None:
        return None
    radial = 2 ** sp.Rational(degree, 2) * sp.gamma(sp.Rational(degree, 2) + 1) / (2 * sp.pi)
    angular = node.integrand.xreplace({a: sp.cos(phi_angle), b: sp.sin(phi_angle)})
    return radial * sp.Integral(angular, (phi_angle, theta - sp.pi, theta + sp.pi))


def _verify_polar(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Homogeneity from the scaled integrand, the radial factor from ∫ r^{k+1} e^{−r²/2} dr, the angular part by
    substitution."""
    if not set(node.normals) <= {a, b}:
        return Check(Grade.WRONG, "not a function of the two coordinates of the plane")
    integrals = list(new.atoms(sp.Integral))
    if len(integrals) != 1:
        return Check(Grade.WRONG, "not one angular integral")
    variable, lower, upper = integrals[0].limits[0]
    if exactly_equal(upper - lower, 2 * sp.pi) is not True:
        return Check(Grade.WRONG, "the angle does not run over a full circle")
    degree = None
    for candidate in range(5):
        scaled = sp.S.One
        for factor in sp.Mul.make_args(node.integrand.subs({a: r * a, b: r * b}, simultaneous=True)):
            scaled *= indicator(sp.expand(factor.args[0] / r)) if isinstance(factor, indicator) else factor
        unscaled = sp.Mul(
            *(
                indicator(sp.expand(f.args[0])) if isinstance(f, indicator) else f
                for f in sp.Mul.make_args(node.integrand)
            )
        )
        if exactly_equal(sp.expand(scaled / r**candidate), sp.expand(unscaled)) is True:
            degree = candidate
    if degree is None:
        return Check(Grade.WRONG, "the integrand is not homogeneous of degree 0 to 4")
    moment = sp.integrate(r ** (degree + 1) * sp.exp(-(r**2) / 2), (r, 0, sp.oo))
    expected = node.integrand.subs({a: sp.cos(variable), b: sp.sin(variable)}, simultaneous=True)
    if integrals[0].function != expected:
        return Check(Grade.WRONG, "the angular integrand is not the integrand on the unit circle")
    factor = new.xreplace({integrals[0]: sp.S.One})
    return equality(
        factor, moment / (2 * sp.pi), "homogeneous integrand, radial moment integrated, unit circle substituted"
    )


POLAR = Rule(
    name="polar coordinates",
    says="E F(a,b) = (1/2π) ∫_0^∞ r^{k+1} e^{−r²/2} dr ∫ F(cos ω, sin ω) dω for F homogeneous of degree k.",
    targets=expectations,
    rewrite=_polar,
    verify=_verify_polar,
)


def angular_integrals(expression: sp.Expr) -> list[sp.Expr]:
    """Integrals over the angle that contain an indicator."""
    found = [node for node in expression.atoms(sp.Integral) if node.limits[0][0] == phi_angle and node.has(indicator)]
    return sorted(found, key=sp.default_sort_key)


def _centres(node: sp.Expr) -> list[sp.Expr] | None:
    """The α with argument = κ·cos(ω − α), κ > 0, for every indicator in the integrand."""
    centres = []
    for place in node.function.atoms(indicator):
        argument = sp.expand(place.args[0])
        along = {alpha: argument.subs(phi_angle, alpha) for alpha in (sp.S.Zero, theta)}
        for alpha, size in along.items():
            form = size * (sp.cos(phi_angle) * sp.cos(alpha) + sp.sin(phi_angle) * sp.sin(alpha))
            if exactly_equal(argument, form) is True and sp.simplify(size).is_positive:
                centres.append(alpha)
                break
        else:
            return None
    return centres


def _is_wave(argument: sp.Expr, angle: sp.Symbol) -> bool:
    """Whether the argument is κ·cos(angle − α): f″ = −f and nothing else, so its zeros are π apart."""
    return exactly_equal(sp.expand_trig(sp.diff(argument, angle, 2)), -sp.expand_trig(argument)) is True


def _window(node: sp.Expr, options: Options) -> sp.Expr | None:
    centres = _centres(node)
    if centres is None:
        return None
    lower = (theta if theta in centres else sp.S.Zero) - sp.pi / 2
    upper = (sp.S.Zero if sp.S.Zero in centres else theta) + sp.pi / 2
    plain = node.function.replace(lambda place: isinstance(place, indicator), lambda _: sp.S.One)
    return sp.Integral(plain, (phi_angle, lower, upper))


def _verify_window(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """The zeros of the indicators' arguments cut the circle into arcs whose order does not depend on θ ∈ (0, π), so
    the signs on an arc are those at its midpoint for θ = π/3: the arcs where all are positive must be exactly the new
    range. (For θ > π/2 the range starts inside one of them; the integrand has the period 2π.)"""
    if not isinstance(new, sp.Integral) or new.limits[0][0] != node.limits[0][0]:
        return Check(Grade.WRONG, "not an integral over the same angle")
    sample = sp.pi / 3
    _, start, end = node.limits[0]
    _, lower, upper = new.limits[0]
    arguments = [place.args[0] for place in node.function.atoms(indicator)]
    zeros = [-sp.pi / 2, sp.pi / 2, theta - sp.pi / 2, theta + sp.pi / 2]
    for argument in arguments:
        own = [
            zero for zero in zeros if exactly_equal(sp.expand_trig(argument.subs(phi_angle, zero)), sp.S.Zero) is True
        ]
        if len(own) != 2 or not _is_wave(argument, phi_angle):
            return Check(
                Grade.UNKNOWN, "an indicator's argument is not a cosine of the angle with zeros at ±π/2 or θ ± π/2"
            )
        height = sp.expand_trig(argument.subs(phi_angle, (own[0] + own[1]) / 2))
        if not visibly_positive(height) and not visibly_positive(-height):
            return Check(Grade.UNKNOWN, "the sign of an indicator's argument is not visible")
    cuts = sorted(
        {start, end, *zeros, theta - 3 * sp.pi / 2, 3 * sp.pi / 2}, key=lambda cut: float(cut.subs(theta, sample))
    )
    cuts = [
        cut for cut in cuts if bool(start.subs(theta, sample) <= cut.subs(theta, sample) <= end.subs(theta, sample))
    ]
    positive = []
    for left, right in pairwise(cuts):
        middle = ((left + right) / 2).subs(theta, sample)
        values = [argument.subs({phi_angle: middle}).subs(theta, sample) for argument in arguments]
        if all(bool(sp.re(value.subs(dict.fromkeys(value.free_symbols, 1))) > 0) for value in values):
            positive.append((left, right))
    joined = positive and all(one[1] == two[0] for one, two in pairwise(positive))
    if not joined or positive[0][0] != lower or positive[-1][1] != upper:
        return Check(Grade.WRONG, "the indicators do not select this range of angles")
    rest = sp.Mul(*(factor for factor in sp.Mul.make_args(node.function) if not isinstance(factor, indicator)))
    if exactly_equal(sp.expand_trig(rest.subs(phi_angle, phi_angle + 2 * sp.pi)), sp.expand_trig(rest)) is not True:
        return Check(Grade.UNKNOWN, "the integrand is not visibly periodic, so the arc may not be moved into the range")
    if rest != new.function:
        return Check(Grade.WRONG, "the integrand without indicators differs")
    return Check(Grade.EXACT, "the signs on every arc between zeros of the arguments")


WINDOW = Rule(
    name="angular window",
    says="1{cos ω > 0} is the arc (−π/2, π/2), 1{cos(ω−θ) > 0} the arc (θ−π/2, θ+π/2).",
    targets=angular_integrals,
    rewrite=_window,
    verify=_verify_window,
)


_CLIPPED = {a: p_clipped, b: q_clipped}


def _polar_clipped(node: sp.Expr, options: Options) -> sp.Expr | None:
    """E[x 1{0 < ρa < 1}(1{ca + sb > 0})] for x = a or b: p or q at θ (at 0 without the second half-plane)."""
    factors = set(sp.Mul.make_args(node.integrand))
    steps = {factor for factor in factors if isinstance(factor, indicator)}
    linear = factors - steps
    window = {indicator(rho * a), indicator(1 - rho * a)}
    half_plane = indicator(sp.cos(theta) * a + sp.sin(theta) * b)
    if len(linear) != 1 or not window <= steps or not steps - window <= {half_plane}:
        return None
    (coordinate,) = linear
    if coordinate not in _CLIPPED or (coordinate == b and half_plane not in steps):
        return None
    return _CLIPPED[coordinate](theta if half_plane in steps else sp.S.Zero, rho)


def _verify_polar_clipped(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """In polar coordinates with density r e^{−r²/2}/2π: the radial range of 1{0 < ρ r cos ω < 1} is (0, sec ω/ρ)
    where cos ω > 0; the remaining half-plane is the arc that the new integral runs over; the radial integral has
    derivative r·r·e^{−r²/2}."""
    if not isinstance(new, ClippedIntegral):
        return Check(Grade.WRONG, "not an angular integral of this kind")
    if not set(node.normals) <= {a, b}:
        return Check(Grade.WRONG, "not a function of the two coordinates of the plane")
    angle, size = sp.Dummy("angle", real=True), sp.Dummy("size", positive=True)
    steps = sorted((place.args[0] for place in node.integrand.atoms(indicator)), key=sp.default_sort_key)
    weight = sp.Mul(*(f for f in sp.Mul.make_args(node.integrand) if not isinstance(f, indicator)))
    polar_steps = [step.subs({a: size * sp.cos(angle), b: size * sp.sin(angle)}, simultaneous=True) for step in steps]
    upper = [step for step in polar_steps if step.subs(size, 0) != 0]
    arcs = [sp.expand(step / size) for step in polar_steps if step.subs(size, 0) == 0]
    integral = new.integral()
    variable, lower, end = integral.limits[0]
    if len(upper) != 1 or exactly_equal(upper[0].subs(size, 1 / (rho * sp.cos(angle))), sp.S.Zero) is not True:
        return Check(Grade.WRONG, "the radius does not end at sec ω/ρ")
    if sp.diff(upper[0], size, 2) != 0 or not visibly_positive(upper[0].subs(size, 0)):
        return Check(Grade.WRONG, "the region is not the one inside sec ω/ρ")
    # Arcs: cos ω > 0 is (−π/2, π/2); cos(ω − θ) > 0 cuts off what lies below θ − π/2.
    centres = []
    for arc in arcs:
        matching = [
            alpha
            for alpha in (sp.S.Zero, theta)
            if _is_wave(arc, angle)
            and exactly_equal(sp.expand_trig(arc.subs(angle, alpha + sp.pi / 2)), sp.S.Zero) is True
            and exactly_equal(sp.expand_trig(arc.subs(angle, alpha - sp.pi / 2)), sp.S.Zero) is True
            and visibly_positive(sp.expand_trig(arc.subs(angle, alpha)))
        ]
        centres.extend(matching[:1])
    if len(centres) != len(arcs) or sp.S.Zero not in centres:
        return Check(Grade.UNKNOWN, "a half-plane is not recognized")
    start = (theta if theta in centres else sp.S.Zero) - sp.pi / 2
    if (lower, end) != (start, sp.pi / 2):
        return Check(Grade.WRONG, "the arc is another one")
    # d/dR ∫_0^R weight(r, ω) r e^{−r²/2} dr = weight(R, ω) R e^{−R²/2}, and 0 at R = 0.
    radial = integral.function.subs(variable, angle).subs(1 / (rho * sp.cos(angle)), size) * 2 * sp.pi
    if radial.has(rho) or sp.limit(radial, size, 0) != 0:
        return Check(Grade.WRONG, "the radial integral does not start at 0")
    density = size * sp.exp(-(size**2) / 2)
    expected = weight.subs({a: size * sp.cos(angle), b: size * sp.sin(angle)}, simultaneous=True) * density
    return equality(
        sp.diff(radial, size), expected, "radial primitive differentiated, radius and arc of the region compared"
    )


POLAR_CLIPPED = Rule(
    name="polar coordinates in a strip",
    says="E[x 1{0 < ρa < 1} 1{ca+sb > 0}] = (1/2π) ∫ (cos ω or sin ω) ξ(sec ω/ρ) dω over θ − π/2 < ω < π/2.",
    targets=expectations,
    rewrite=_polar_clipped,
    verify=_verify_polar_clipped,
)
