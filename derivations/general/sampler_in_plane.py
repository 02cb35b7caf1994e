"""In-plane draws: two of the n coordinates of every row are enough."""

from ste_theory.calculus.derivation import Derivation
from ste_theory.claims.planted import shifted, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.derivations.general import plane_reduction
from ste_theory.derivations.general.plane_reduction import STATEMENT, b_parallel, b_perpendicular
from ste_theory.derivations.general.samplers import QUANTITIES, sampler_claim, statement
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V


def derivation() -> Derivation:
    """The plane reduction does not contain n: it is the same for n = 2, where only a and b are drawn."""
    reduced = plane_reduction.derivation()
    return Derivation(tuple(reduced.part(quantity) for quantity in (*QUANTITIES, Quantity.COARSE_ORTHOGONAL)))


CLAIM = sampler_claim(
    "in-plane",
    "Two of n coordinates are enough",
    statement(
        {quantity: STATEMENT.formula(quantity) for quantity in (*QUANTITIES, Quantity.COARSE_ORTHOGONAL)},
        "The program with n = 2, w = (ρ, 0), w* = ρ*(cosθ, sinθ) has the same expectations as the program with n: "
        "E g_μ of the one, put into the plane span(ŵ, û), is E g_μ of the other.",
    ),
    derivation=derivation,
    planted=(
        substitution("1ᵀv is taken for 1ᵀv*", Quantity.V_GRADIENT, S, S_star, WitnessKind.SAMPLING),
        substitution("the teacher is forgotten", Quantity.V_GRADIENT, S_star, 0, WitnessKind.SAMPLING),
        substitution("‖v‖² is taken for (1ᵀv)²", Quantity.COARSE_RADIAL, S**2, V, WitnessKind.DERIVATION),
        substitution("1ᵀv* is taken for 1ᵀv", Quantity.COARSE_RADIAL, S_star, S, WitnessKind.ENCLOSURE),
        substitution(
            "û and ŵ are exchanged", Quantity.COARSE_TANGENTIAL, b_perpendicular, b_parallel, WitnessKind.ENCLOSURE
        ),
        substitution("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, D, -D, WitnessKind.SAMPLING),
        shifted("a third coordinate counts", Quantity.COARSE_ORTHOGONAL, D / 10, WitnessKind.SAMPLING),
    ),
    proof_uses=("general.plane-reduction",),
)
