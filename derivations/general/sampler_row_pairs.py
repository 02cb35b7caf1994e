"""All pairs of rows: Σ_{i≠j} x_i y_j over K independent rows has the expectation K(K − 1)·E x·E y."""

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.derivations.general import plane_reduction
from ste_theory.derivations.general.plane_reduction import STATEMENT, a0, a1, b_parallel, b_perpendicular, s1, s1_star
from ste_theory.derivations.general.samplers import QUANTITIES, sampler_claim, statement
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V, k, v, v_star


def derivation() -> Derivation:
    """Different rows are independent and have the same law: the step of the plane reduction that the pairs rest on."""
    reduced = plane_reduction.derivation()
    return Derivation(tuple(reduced.part(quantity) for quantity in QUANTITIES))


CLAIM = sampler_claim(
    "row-pairs",
    "All pairs of rows instead of one pair",
    statement(
        {quantity: STATEMENT.formula(quantity) for quantity in QUANTITIES},
        "The products a₀s₁ = E[aμ′(ρa)]·E σ(ρa) and a₀s₁* belong to two different rows, a₁, b∥, b⊥, κ to one. So over "
        "K independent rows (Σ_i x_i Σ_j y_j − Σ_i x_i y_i)/(K(K − 1)) is unbiased for the products, K⁻¹Σ_i x_i y_i "
        "for the others.",
        ("K", "number of rows drawn"),
        ("x_i, y_i", "the two factors of a product at row i, such as aμ′(ρa) and σ(ρa)"),
    ),
    derivation=derivation,
    planted=(
        substitution("a row is paired with itself", Quantity.COARSE_RADIAL, a0 * s1, a1, WitnessKind.SAMPLING),
        substitution("the teacher's pairs too", Quantity.COARSE_RADIAL, a0 * s1_star, b_parallel, WitnessKind.SAMPLING),
        substitution(
            "the own row counts among the others", Quantity.COARSE_RADIAL, S**2 - V, S**2, WitnessKind.SAMPLING
        ),
        substitution(
            "the own row of the teacher too", Quantity.COARSE_RADIAL, S * S_star - D, S * S_star, WitnessKind.ENCLOSURE
        ),
        substitution(
            "the overlap is a product", Quantity.COARSE_TANGENTIAL, b_perpendicular, a0 * s1_star, WitnessKind.SAMPLING
        ),
        substitution("the teacher's row is forgotten", Quantity.V_GRADIENT, v_star[k], v[k], WitnessKind.SAMPLING),
        scaled("K² for K(K − 1) at K = 8", Quantity.COARSE_TANGENTIAL, 1 - D / D / 8, WitnessKind.ENCLOSURE),
    ),
    proof_uses=("general.plane-reduction",),
)
