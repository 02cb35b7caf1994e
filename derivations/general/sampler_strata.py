"""One point per cell: a sum over a partition of the line, each term the mean of a uniform draw from its cell."""

from functools import cache, partial

import sympy as sp

from ste_theory.calculus.derivation import Chain, Derivation, Part
from ste_theory.calculus.expectation import Expectation, indicator, phi
from ste_theory.calculus.rules.cells import CELLS
from ste_theory.calculus.rules.lines import DENSITY, RESTRICT, SUBSTITUTE
from ste_theory.claims.planted import scaled, substitution
from ste_theory.claims.verdict import WitnessKind
from ste_theory.derivations.general import sampler_one_coordinate
from ste_theory.derivations.general.sampler_one_coordinate import half_line, level, pull, slope
from ste_theory.derivations.general.samplers import LEAKY, QUANTITIES, sampler_claim, statement
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import binary
from ste_theory.model.symbols import D, S, S_star, V, a, k, mu_prime, rho, rho_star, v, v_star, x

# Any places would do; these letters may have any value, and the binary activation jumps at the one between.
CUTS = (-rho, sp.S.Zero, rho_star)
CELL = ((-rho, rho), (sp.S.Zero, rho_star))  # start and length of the two cells that are drawn


def uniform(integrand: sp.Expr, start: sp.Expr, length: sp.Expr) -> sp.Expr:
    """length·∫_0^1 h(start + length·x) φ(start + length·x) dx, the mean of a uniform draw from the cell."""
    place = start + length * x
    return sp.Integral(length * integrand.xreplace({a: place}) * phi(place), (x, 0, 1))


def by_cells(left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """E h for h = ``left`` on a < 0 and ``right`` on a > 0: both tails as they are, one uniform draw in each cell."""
    tails = Expectation(left * indicator(-rho - a)) + Expectation(right * indicator(a - rho_star))
    drawn = [uniform(h, *cell) for h, cell in zip((left, right), CELL, strict=True) if h != 0]
    return (tails if left != 0 else Expectation(right * indicator(a - rho_star))) + sp.Add(*drawn)


own_left, own_right = -pull * D * level, pull * (V - D * level)
OVERLAP = by_cells(sp.S.Zero, level)
PULL = by_cells(pull, pull)
OWN = by_cells(own_left, own_right)
SIDEWAYS = by_cells(mu_prime(rho * a) * slope, mu_prime(rho * a) * slope)
OTHERS = (S**2 - V - S * S_star + D) * half_line
STATED = {
    Quantity.V_GRADIENT: (half_line - half_line**2) * v[k]
    + half_line**2 * S
    - (OVERLAP - half_line**2) * v_star[k]
    - half_line**2 * S_star,
    Quantity.COARSE_RADIAL: OWN + OTHERS * PULL,
    Quantity.COARSE_TANGENTIAL: -D * SIDEWAYS,
}


def _part(quantity: Quantity) -> Part:
    chain = Chain(quantity, sampler_one_coordinate.derivation().part(quantity).result)
    chain.by(
        CELLS,
        "Every cell for itself; the activation is constant in it.",
        variable=a,
        cuts=CUTS,
        only=lambda node: node != half_line,
    )
    chain.by(DENSITY, "A bounded cell as an integral.", only=lambda node: len(_ends(node)) == 2)
    chain.by(RESTRICT, "Over the cell alone.")
    for number, (start, length) in enumerate(CELL):
        if any(integral.limits[0][1] == start for integral in chain.expression.atoms(sp.Integral)):
            chain.by(
                SUBSTITUTE,
                "A uniform draw from the cell." if number == 0 else "And from the other one.",
                scale=length,
                shift=start,
                only=partial(_is_over, start, start + length),
            )
    return chain.done()


def _is_over(start: sp.Expr, end: sp.Expr, node: sp.Expr) -> bool:
    return bool(node.limits[0][1:] == (start, end))


def _ends(node: sp.Expr) -> set[sp.Expr]:
    """The ends of cells that an integrand has: two in a bounded cell, one in a tail."""
    return set() if node == half_line else set(node.atoms(indicator))


@cache
def derivation() -> Derivation:
    """From the integrand of one coordinate."""
    return Derivation(tuple(_part(quantity) for quantity in QUANTITIES))


_RIGHT_TANGENTIAL = uniform(mu_prime(rho * a) * slope, *CELL[1])
CLAIM = sampler_claim(
    "strata",
    "One uniform point per cell of a partition of the line",
    statement(
        STATED,
        "For a point x_i uniform on a cell of length h_i, E[h_i F(x_i)φ(x_i)] is what the cell adds to E F(a); summed "
        "over a partition, one point per cell has the expectation E F. Stated for the cells (−ρ, 0) and (0, ρ*), "
        "whose ends are letters that may have any value, with what lies outside drawn as before; every partition comes "
        "about by cutting cells. For the binary activation, constant on both.",
        ("F", "what is averaged over the draws, a function of a"),
    ),
    derivation=derivation,
    planted=(
        substitution(
            "the density is forgotten",
            Quantity.COARSE_TANGENTIAL,
            _RIGHT_TANGENTIAL,
            _RIGHT_TANGENTIAL.xreplace({phi(rho_star * x): sp.S.One}),
            WitnessKind.ENCLOSURE,
        ),
        substitution(
            "the length is forgotten",
            Quantity.V_GRADIENT,
            uniform(level, *CELL[1]),
            uniform(level, *CELL[1]) / rho_star,
            WitnessKind.ENCLOSURE,
        ),
        substitution(
            "the length of another cell",
            Quantity.COARSE_TANGENTIAL,
            _RIGHT_TANGENTIAL,
            _RIGHT_TANGENTIAL * rho / rho_star,
            WitnessKind.ENCLOSURE,
        ),
        substitution(
            "only the left half of a cell is drawn",
            Quantity.COARSE_RADIAL,
            uniform(pull, *CELL[1]),
            2 * uniform(pull, sp.S.Zero, rho_star / 2),
            WitnessKind.ENCLOSURE,
        ),
        substitution("a cell is left out", Quantity.COARSE_TANGENTIAL, _RIGHT_TANGENTIAL, 0, WitnessKind.SAMPLING),
        substitution("the other rows are forgotten", Quantity.COARSE_RADIAL, OTHERS, 0, WitnessKind.SAMPLING),
        scaled("the tangential sign is wrong", Quantity.COARSE_TANGENTIAL, -1, WitnessKind.DERIVATION),
        substitution("the teacher's row is forgotten", Quantity.V_GRADIENT, v_star[k], v[k], WitnessKind.SAMPLING),
    ),
    proof_uses=("general.plane-reduction", "general.sampler-one-coordinate"),
    problems=(Problem(binary(), LEAKY),),
    words="σ(x) = 1{x > 0}, any μ′ with the expectations below, n ≥ 2, w ≠ 0, w* ≠ 0, 0 < θ < π.",
)
