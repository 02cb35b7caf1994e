"""What the derivations for any staircase share: from the plane reduction to probabilities of half-lines and quadrants.

The steps of σ are symbols: any number of them, any heights and thresholds.
"""

from functools import cache

import sympy as sp

from ste_theory.calculus.definitions import any_staircase
from ste_theory.calculus.derivation import Chain, Part
from ste_theory.calculus.expectation import Phi, indicator, phi, random_atoms
from ste_theory.calculus.rules.algebra import ALGEBRA, SPECIALIZE
from ste_theory.calculus.rules.lines import ANTIDERIVATIVE, DENSITY, RESTRICT
from ste_theory.calculus.rules.orthants import ORTHANT
from ste_theory.calculus.rules.rows import ONE_COORDINATE
from ste_theory.calculus.rules.steps import NESTED, SUPERPOSITION
from ste_theory.calculus.step_sums import gathered
from ste_theory.derivations.general import plane_reduction
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V, V_star, a, b, k, sigma, v, v_star, x

_WEIGHTS = (V, S, D, V_star, S_star, v[k], v_star[k])


def plane_form(quantity: Quantity) -> Chain:
    """The derived plane reduction of ``quantity`` with a staircase of symbolic steps put in, step by step."""
    chain = Chain(quantity, plane_reduction.derivation().part(quantity).result)
    if not chain.expression.has(sigma):
        return chain
    chain.by(SPECIALIZE, "The activation is a staircase.", function=sigma, body=any_staircase)
    return chain.by(SUPERPOSITION, "Step by step.")


def half_lines(chain: Chain) -> Chain:
    """Every E of one or two indicators alone as Φ or L."""
    if chain.applies(NESTED):
        chain.by(NESTED, "Two steps of one activation: the higher threshold decides.")
    if chain.applies(ORTHANT):
        chain.by(ORTHANT, "Student and teacher: two correlated normal variables, two thresholds.")
    if chain.applies(ONE_COORDINATE, only=_is_probability):
        chain.by(ONE_COORDINATE, "The teacher's pre-activation alone is one normal variable.", only=_is_probability)
    chain.by(DENSITY, "Probabilities of half-lines.", only=_is_probability)
    chain.by(RESTRICT, "The indicators restrict the range.")
    return chain.by(ANTIDERIVATIVE, "Φ is the primitive of φ.", primitive=lambda f: Phi(x) if f == phi(x) else None)


def collected(chain: Chain) -> Chain:
    """Multiplied out and collected by the sums over the rows."""
    return chain.by(ALGEBRA, "Collect: the offset moves means only.", transform=tidy)


def tidy(expression: sp.Expr) -> sp.Expr:
    """Multiplied out and collected by the sums over the rows."""
    return gathered(expression, *_WEIGHTS)


@cache
def closed_form(quantity: Quantity) -> Part:
    """f or ∂f/∂v in terms of Φ and L."""
    return collected(half_lines(plane_form(quantity))).done()


def _is_probability(node: sp.Expr) -> bool:
    """E of an indicator of a or of the teacher's pre-activation."""
    return isinstance(node.integrand, indicator) and set(random_atoms(node.integrand)) <= {a, b}
