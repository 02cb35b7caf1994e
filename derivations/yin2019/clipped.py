"""What the clipped-ReLU claims share: a₀, a₁, b∥, b⊥ as the paper's angular integrals and in closed form."""

from functools import cache

import sympy as sp

from ste_theory.calculus.derivation import Chain, Part
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.rules.algebra import ALGEBRA
from ste_theory.calculus.rules.half_lines import POSITIVE_FACTOR
from ste_theory.calculus.rules.lines import ANTIDERIVATIVE, BY_PARTS, DENSITY, INNER, REARRANGE, RESTRICT
from ste_theory.calculus.rules.polar import POLAR_CLIPPED
from ste_theory.claims.grounds import DEFINITIONS
from ste_theory.derivations.yin2019.binary import gaussian_primitive, plane_form, with_functions
from ste_theory.model.quantities import Quantity
from ste_theory.model.surrogates import clipped_relu
from ste_theory.model.symbols import a, b, c, rho, s, x

_HALF_LINE = Expectation(indicator(rho * a))
_COMPONENTS = (Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL)


def _plane(quantity: Quantity) -> Chain:
    chain = plane_form(quantity, clipped_relu())
    half_lines = [
        node for node in chain.expression.atoms(Expectation) if not node.has(1 - rho * a) and node.normals == (a,)
    ]
    if half_lines:
        chain.by(DENSITY, "Probability of a half-line.", only=lambda node: node in half_lines)
        chain.by(RESTRICT, "The indicator restricts the range.")
        chain.by(ANTIDERIVATIVE, "Φ(∞) − Φ(0) = ½.", primitive=gaussian_primitive)
    chain.by(
        POSITIVE_FACTOR,
        "The teacher's activation does not see scales.",
        only=lambda node: node.has(b),
    )
    return chain


@cache
def in_angular_integrals(quantity: Quantity) -> Part:
    """The component of E g_crelu in the paper's p and q."""
    chain = _plane(quantity)
    return chain.by(POLAR_CLIPPED, "Polar coordinates: the clip ends the radius at sec ω/ρ.").done()


@cache
def in_closed_form(quantity: Quantity) -> Part:
    """The component of E g_crelu in exp and Φ: inner integral, one integration by parts, completing the square."""
    chain = _plane(quantity)
    close(chain)
    return chain.done()


@cache
def moment_in_closed_form(quantity: Quantity) -> Part:
    """One of a₀, b∥, b⊥ in closed form, from its definition over the plane."""
    chain = with_functions(Chain(quantity, DEFINITIONS[quantity]), clipped_relu())
    if chain.applies(POSITIVE_FACTOR, only=lambda node: node.has(b)):
        chain.by(POSITIVE_FACTOR, "The teacher's activation does not see scales.", only=lambda node: node.has(b))
    close(chain)
    return chain.done()


def close(chain: Chain) -> None:
    """Everything that is left: windows of aφ, aφΦ and φφ."""
    if chain.applies(INNER):
        chain.by(INNER, "Integrate over b at fixed a.")
    chain.by(DENSITY, "Write the expectations as integrals.")
    chain.by(RESTRICT, "The clip restricts the range to (0, 1/ρ).")
    if chain.applies(ANTIDERIVATIVE, primitive=gaussian_primitive):
        chain.by(ANTIDERIVATIVE, "xφ has the primitive −φ.", primitive=gaussian_primitive)
    if chain.applies(BY_PARTS, first=_distribution, second=_density):
        chain.by(BY_PARTS, "By parts: xφ = −φ′.", first=_distribution, second=_density)
    if chain.applies(REARRANGE, integrand=_square):
        chain.by(REARRANGE, "φ(x)φ(x cotθ) = φ(0)φ(x/sinθ).", integrand=_square)
        chain.by(ANTIDERIVATIVE, "φ(x/sinθ) has the primitive sinθ Φ(x/sinθ).", primitive=_wide_primitive)
    if chain.applies(ALGEBRA, transform=sp.expand):
        chain.by(ALGEBRA, "Collect.", transform=sp.expand)


def _distribution(integrand: sp.Expr) -> sp.Expr | None:
    found = [factor for factor in sp.Mul.make_args(integrand) if isinstance(factor, Phi)]
    return found[0] if len(found) == 1 and integrand == x * phi(x) * found[0] else None


def _density(integrand: sp.Expr) -> sp.Expr:
    return -phi(x)


def _square(integrand: sp.Expr) -> sp.Expr:
    product = phi(x) * phi(c * x / s)
    quotient = sp.cancel(integrand / product)
    return integrand if quotient.has(x) else quotient * phi(x / s) / sp.sqrt(2 * sp.pi)


def _wide_primitive(integrand: sp.Expr) -> sp.Expr | None:
    quotient = sp.cancel(integrand / phi(x / s))
    return None if quotient.has(x) else quotient * s * Phi(x / s)
