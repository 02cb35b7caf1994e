"""What the derivations of the first paper share: from the plane reduction to closed forms for σ(x) = 1{x > 0}."""

import sympy as sp

from ste_theory.calculus.definitions import surrogate_derivative
from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi, unfold
from ste_theory.calculus.rules.algebra import ALGEBRA, SPECIALIZE
from ste_theory.calculus.rules.lines import ANTIDERIVATIVE, DENSITY, RESTRICT
from ste_theory.calculus.rules.polar import POLAR, WINDOW
from ste_theory.calculus.rules.rows import LINEARITY
from ste_theory.derivations.general import plane_reduction
from ste_theory.model.quantities import Quantity
from ste_theory.model.surrogates import Surrogate
from ste_theory.model.symbols import mu_prime, phi_angle, sigma, x


def plane_form(quantity: Quantity, surrogate: Surrogate | None = None) -> Chain:
    """The derived plane reduction of ``quantity`` with the binary activation and, if given, a surrogate put in."""
    return with_functions(Chain(quantity, plane_reduction.derivation().part(quantity).result), surrogate)


def with_functions(chain: Chain, surrogate: Surrogate | None) -> Chain:
    """The binary activation and, if given, a surrogate put in for the undefined σ and μ′."""
    if chain.expression.has(sigma):
        chain.by(SPECIALIZE, "The activation is binary.", function=sigma, body=indicator)
    if surrogate is not None and chain.expression.has(mu_prime):
        chain.by(
            SPECIALIZE,
            f"The surrogate is {surrogate.name}.",
            function=mu_prime,
            body=lambda argument: surrogate_derivative(surrogate, argument),
        )
    if chain.applies(LINEARITY):
        chain.by(LINEARITY, "Constants come out.")
    return chain


def plane_to_closed_form(quantity: Quantity, surrogate: Surrogate | None = None) -> Part:
    """Closed form where all integrands are homogeneous (identity, ReLU): polar coordinates in the plane, moments on
    the line."""
    chain = plane_form(quantity, surrogate)
    if chain.applies(POLAR, only=_in_plane):
        chain.by(POLAR, "The integrands over the plane are homogeneous.", only=_in_plane)
        chain.by(WINDOW, "The half-planes are arcs.")
        chain.by(ANTIDERIVATIVE, "The arcs have elementary integrals.", primitive=lambda f: sp.integrate(f, phi_angle))
    moments_on_the_line(chain)
    if chain.applies(ALGEBRA, transform=tidy):
        chain.by(ALGEBRA, "Collect.", transform=tidy)
    return chain.done()


def inner_product(coarse: Derivation, population: Derivation) -> Part:
    """⟨E g_μ, ∂f/∂w⟩ from the derived components along ŵ and û."""
    pairs = (
        (Quantity.COARSE_RADIAL, Quantity.GRADIENT_RADIAL),
        (Quantity.COARSE_TANGENTIAL, Quantity.GRADIENT_TANGENTIAL),
    )
    products = [sp.Mul(coarse.part(one).result, population.part(two).result, evaluate=False) for one, two in pairs]
    chain = Chain(Quantity.CORRELATION, sp.Add(*products, evaluate=False))
    return chain.by(
        ALGEBRA, "There is no radial part; multiply.", transform=lambda f: sp.factor_terms(sp.expand(f.doit()))
    ).done()


def moments_on_the_line(chain: Chain) -> None:
    """Every remaining E over one coordinate with a polynomial integrand on a half-line, in closed form."""
    if not chain.applies(DENSITY):
        return
    chain.by(DENSITY, "Write the expectations over one coordinate as integrals.")
    if chain.applies(RESTRICT):
        chain.by(RESTRICT, "The indicators restrict the range.")
    if chain.applies(ANTIDERIVATIVE, primitive=gaussian_primitive):
        chain.by(ANTIDERIVATIVE, "φ and xφ have the primitives Φ and −φ.", primitive=gaussian_primitive)


def gaussian_primitive(integrand: sp.Expr) -> sp.Expr | None:
    """Φ for φ, −φ for xφ, and constant multiples; ``None`` for anything else."""
    constant, rest = integrand.as_independent(x, as_Add=False)
    primitives = {phi(x): Phi(x), x * phi(x): -phi(x)}
    return constant * primitives[rest] if rest in primitives else None


def tidy(expression: sp.Expr) -> sp.Expr:
    """A shorter form of a closed form without functions to protect."""
    return sp.simplify(sp.expand(unfold(expression)))


def _in_plane(node: Expectation) -> bool:
    return len(node.normals) == 2
