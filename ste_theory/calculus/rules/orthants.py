"""Rules about L(h, k, θ), the probability that both of two correlated normal variables exceed a threshold."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.equality import exactly_equal, visibly_positive
from ste_theory.calculus.expectation import Phi, indicator, phi
from ste_theory.calculus.identity import identical
from ste_theory.calculus.orthants import Orthant, OrthantSlope
from ste_theory.calculus.rules.algebra import equality
from ste_theory.calculus.rules.rows import expectations
from ste_theory.model.symbols import a, b, c, s, theta, x


def _orthant(node: sp.Expr, options: Options) -> sp.Expr | None:
    """1{ρa > p} 1{ρ*(ca + sb) > q} switch at a = p/ρ and at ca + sb = q/ρ*."""
    steps = list(sp.Mul.make_args(node.integrand))
    if len(steps) != 2 or not all(isinstance(step, indicator) for step in steps):
        return None
    steps.sort(key=lambda step: step.has(b))
    ends = []
    for step, direction in zip(steps, (a, c * a + s * b), strict=True):
        scale = sp.expand(step.args[0]).coeff(a) / direction.coeff(a)
        end = sp.expand(scale * direction - step.args[0])
        if end.has(a, b):
            return None
        ends.append(end / scale)
    return Orthant(*ends, theta)


def _verify_orthant(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """A pair of centred Gaussian variables is determined by its covariance matrix: that of the two linear forms must
    be the one of (λa, μ(a cosθ + b sinθ)) with λ, μ > 0 read from the thresholds."""
    if not isinstance(new, Orthant):
        return Check(Grade.WRONG, "not the probability of a quadrant")
    steps = sorted(sp.Mul.make_args(node.integrand), key=lambda step: step.has(b))
    if len(steps) != 2 or not all(isinstance(step, indicator) for step in steps):
        return Check(Grade.WRONG, "not two steps")
    *ends, angle = new.args
    if angle != theta:
        return Check(Grade.UNKNOWN, "an angle of which it is not known that it lies in (0, π)")
    forms, scales = [], []
    for step, end in zip(steps, ends, strict=True):
        argument = sp.expand(step.args[0])
        form = (sp.diff(argument, a), sp.diff(argument, b))
        offset = -argument.subs({a: 0, b: 0})
        scale = sp.cancel(offset / end) if end != 0 else sp.nan
        if any(part.has(a, b) for part in form) or not visibly_positive(scale):
            return Check(Grade.UNKNOWN, "not a linear form with a visibly positive length")
        forms.append(form)
        scales.append(scale)
    gram = [sum(p * q for p, q in zip(one, two, strict=True)) for one, two in ((forms[0],) * 2, (forms[1],) * 2, forms)]
    wanted = [scales[0] ** 2, scales[1] ** 2, scales[0] * scales[1] * sp.cos(angle)]
    if not all(exactly_equal(one, two) is True for one, two in zip(gram, wanted, strict=True)):
        return Check(Grade.WRONG, "different covariance matrices")
    return Check(Grade.EXACT, "both pairs are centred Gaussian with the same covariance matrix and thresholds")


ORTHANT = Rule(
    name="quadrant",
    says="P(ρa > p, ρ*(a cosθ + b sinθ) > q) = L(p/ρ, q/ρ*, θ).",
    targets=expectations,
    rewrite=_orthant,
    verify=_verify_orthant,
)


def _slopes(expression: sp.Expr) -> list[sp.Expr]:
    return sorted(expression.atoms(OrthantSlope), key=sp.default_sort_key)


def _plackett(node: sp.Expr, options: Options) -> sp.Expr | None:
    argument, h, k, angle = node.args
    return -phi(k) * phi((h - k * sp.cos(angle)) / sp.sin(angle)) if argument == 3 else None


@cache
def _plackett_holds() -> bool:
    """L = ∫_h^∞ φ(x) P(b > u) dx with u = (k − x cosθ)/sinθ; under the integral the derivative in θ is −φ(x)φ(u)∂u/∂θ.
    That is F′(x) for F(x) = φ(k) φ((x − k cosθ)/sinθ), which vanishes at ∞: so ∂L/∂θ = −F(h).

    Checked: F(x) = φ(x)φ(u), exponent against exponent, and ∂u/∂θ = (x − k cosθ)/sin²θ."""
    k = sp.Dummy("k", real=True)
    u, centred = (k - x * c) / s, (x - k * c) / s
    return identical(k**2 + centred**2, x**2 + u**2) and identical(sp.diff(u, theta), centred / s)


def _verify_plackett(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """−F(h) with F from ``_plackett_holds``."""
    argument, h, k, angle = node.args
    if argument != 3 or angle != theta or not _plackett_holds():
        return Check(Grade.UNKNOWN, "not the derivative in the angle θ")
    return equality(
        -phi(k) * phi((h - k * c) / s), new, "differentiated under the integral, which then has a primitive"
    )


PLACKETT = Rule(
    name="Plackett's identity",
    says="∂L(h, k, θ)/∂θ = −φ(k) φ((h − k cosθ)/sinθ), which is −exp(−(h² − 2hk cosθ + k²)/(2 sin²θ))/(2π).",
    targets=_slopes,
    rewrite=_plackett,
    verify=_verify_plackett,
)


def _condition(node: sp.Expr, options: Options) -> sp.Expr | None:
    argument, h, k, angle = node.args
    if argument == 3:
        return None
    own, other = (h, k) if argument == 1 else (k, h)
    return -phi(own) * Phi((sp.cos(angle) * own - other) / sp.sin(angle))


def _verify_condition(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """∂L/∂h must itself have the derivative φ₂(h, k) in k, φ₂ the joint density, and vanish for k → ∞: that determines
    it. Of −φ(h) Φ(u), u = (h cosθ − k)/sinθ, the derivative in k is φ(h)φ(u)/sinθ: compared with φ₂ by exponents."""
    argument, h, k, angle = node.args
    if argument == 3 or angle != theta:
        return Check(Grade.UNKNOWN, "not the derivative in a threshold, at the angle θ")
    own, other = (h, k) if argument == 1 else (k, h)
    p, q = sp.Dummy("p", real=True), sp.Dummy("q", real=True)
    u = (p * c - q) / s
    joint = (p**2 - 2 * p * q * c + q**2) / s**2
    falls = visibly_positive(-sp.diff(u, q))  # so that u → −∞ for q → ∞
    if not (falls and identical(p**2 + u**2, joint) and identical(-sp.diff(u, q), 1 / s)):
        return Check(Grade.UNKNOWN, "its derivative in the other threshold is not the joint density")
    candidate = -phi(own) * Phi(u.xreplace({p: own, q: other}))
    return equality(candidate, new, "its derivative is the joint density, and it vanishes at ∞")


CONDITION = Rule(
    name="conditional probability",
    says="∂L(h, k, θ)/∂h = −φ(h) P(a cosθ + b sinθ > k | a = h) = −φ(h) Φ((h cosθ − k)/sinθ).",
    targets=_slopes,
    rewrite=_condition,
    verify=_verify_condition,
)


def _origin(node: sp.Expr, options: Options) -> sp.Expr | None:
    h, k, angle = node.args
    return (sp.pi - angle) / (2 * sp.pi) if h == 0 and k == 0 else None


def _verify_origin(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """At θ = π/2 the two coordinates are independent, and both derivatives in θ agree (Plackett)."""
    h, k, angle = node.args
    if (h, k, angle) != (0, 0, theta):
        return Check(Grade.UNKNOWN, "not the quadrant with its corner at the origin")
    if exactly_equal(new.subs(theta, sp.pi / 2), sp.Rational(1, 4)) is not True:
        return Check(Grade.WRONG, "not ¼ at a right angle")
    slope = OrthantSlope(sp.Integer(3), h, k, angle)
    claimed = sp.diff(new, theta)
    return Check.weakest(
        [_verify_plackett(slope, claimed, options), Check(Grade.EXACT, "¼ at a right angle and the same slope in θ")]
    )


ORIGIN = Rule(
    name="half-planes through the origin",
    says="L(0, 0, θ) = (π − θ)/(2π).",
    targets=lambda expression: sorted(expression.atoms(Orthant), key=sp.default_sort_key),
    rewrite=_origin,
    verify=_verify_origin,
)
