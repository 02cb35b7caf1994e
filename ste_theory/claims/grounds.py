"""Where a derivation may start: from a definition of the model, or from what a claim it rests on has derived.

A derivation that starts anywhere else has been fed something; one without steps from its start has shown nothing.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import sympy as sp

from ste_theory.calculus import definitions
from ste_theory.calculus.derivation import Derivation, Part
from ste_theory.calculus.expectation import Expectation
from ste_theory.calculus.rules.derivatives import DirectionalDerivative
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import a, b, e_hat, mu_prime, rho, rho_star, sigma, theta, u_hat, w_hat

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim

_TEACHER = sigma(rho_star * (sp.cos(theta) * a + sp.sin(theta) * b))

# The model's own definitions of the quantities that derivations start from.
DEFINITIONS: Mapping[Quantity, sp.Expr] = {
    Quantity.LOSS: definitions.population_loss,
    Quantity.V_GRADIENT: definitions.v_gradient,
    Quantity.COARSE_RADIAL: definitions.coarse_gradient(w_hat),
    Quantity.COARSE_TANGENTIAL: definitions.coarse_gradient(u_hat),
    Quantity.COARSE_ORTHOGONAL: definitions.coarse_gradient(e_hat),
    Quantity.SURROGATE_MEAN: Expectation(a * mu_prime(rho * a)),
    Quantity.SURROGATE_ACTIVATION: Expectation(a * mu_prime(rho * a) * sigma(rho * a)),
    Quantity.RADIAL_OVERLAP: Expectation(a * mu_prime(rho * a) * _TEACHER),
    Quantity.TANGENTIAL_OVERLAP: Expectation(b * mu_prime(rho * a) * _TEACHER),
}

_DIRECTIONS = {Quantity.GRADIENT_RADIAL: w_hat, Quantity.GRADIENT_TANGENTIAL: u_hat}
_FACTORS = (
    (Quantity.COARSE_RADIAL, Quantity.GRADIENT_RADIAL),
    (Quantity.COARSE_TANGENTIAL, Quantity.GRADIENT_TANGENTIAL),
)


def ungrounded(part: Part, foundations: Mapping[str, "Claim"]) -> str | None:
    """Why a part of a derivation starts in the air, or ``None`` if it stands on the model or on ``foundations``.

    It may start from the definition of its quantity; from the result of a foundation for the same quantity, or be a
    foundation's part as it is; a component of the population gradient from the directional derivative of a
    foundation's loss; the correlation from the inner product of foundations' gradients.
    """
    if part.quantity in DEFINITIONS and part.start == DEFINITIONS[part.quantity]:
        return None if part.steps else f"{part.quantity}: a definition without a step derives nothing"
    derived = [claim.derivation() for claim in foundations.values() if claim.derivation is not None]
    for derivation in derived:
        own = _part(derivation, part.quantity)
        if own is not None and (part == own or part.start == own.result):
            return None
    if part.quantity in _DIRECTIONS and any(
        part.start == DirectionalDerivative(loss.result, _DIRECTIONS[part.quantity])
        for loss in (_part(derivation, Quantity.LOSS) for derivation in derived)
        if loss is not None
    ):
        return None
    if part.quantity is Quantity.CORRELATION and part.start in _inner_products(derived):
        return None
    return f"{part.quantity} starts from what is neither its definition nor the result of a claim that the proof uses"


def _part(derivation: Derivation, quantity: Quantity) -> Part | None:
    return next((part for part in derivation.parts if part.quantity is quantity), None)


def _inner_products(derived: list[Derivation]) -> list[sp.Expr]:
    """⟨E g_μ, ∂f/∂w⟩ for every pair of a derivation of E g_μ and one of ∂f/∂w."""
    found = []
    for coarse in derived:
        for population in derived:
            pairs = [(_part(coarse, one), _part(population, two)) for one, two in _FACTORS]
            products = [sp.Mul(x.result, y.result, evaluate=False) for x, y in pairs if x is not None and y is not None]
            if len(products) == len(_FACTORS):
                found.append(sp.Add(*products, evaluate=False))
    return found
