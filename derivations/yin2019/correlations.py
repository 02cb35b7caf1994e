"""What the correlation claims of the first paper share: their planted errors."""

import sympy as sp

from ste_theory.claims.claim import PlantedError
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V, rho, theta


def planted() -> tuple[PlantedError, ...]:
    """Errors in the power of D, the norm, the angle, the sign and the constant."""
    return (
        substitution("D is not squared", Quantity.CORRELATION, D**2, D, WitnessKind.PROPERTIES),
        substitution("‖v‖² for vᵀv*", Quantity.CORRELATION, D, V, WitnessKind.SAMPLING),
        substitution("sums over rows multiplied", Quantity.CORRELATION, D**2, (S * S_star) ** 2, WitnessKind.ENCLOSURE),
        substitution("half the angle", Quantity.CORRELATION, theta, theta / 2, WitnessKind.SAMPLING),
        scaled("the wrong sign", Quantity.CORRELATION, -1, WitnessKind.SAMPLING),
        scaled("it falls with the squared norm", Quantity.CORRELATION, 1 / rho, WitnessKind.ENCLOSURE),
        scaled("the constant of the other surrogate", Quantity.CORRELATION, 2, WitnessKind.SAMPLING),
        scaled("a factor cosθ", Quantity.CORRELATION, sp.cos(theta), WitnessKind.DERIVATION),
        scaled("the constant is off by 1e-20", Quantity.CORRELATION, 1 + sp.Rational(1, 10**20), WitnessKind.ENCLOSURE),
    )
