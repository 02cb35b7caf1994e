"""The rules of the calculus: each rewrites and, by other means, verifies. One file per kind of mathematics.

rows         independent, identically distributed rows of Z: from R^{m×n} to the plane
polar        homogeneous integrands in polar coordinates
lines        integrals over a coordinate: densities, inner integration, substitution, antiderivatives
half_lines   indicators and scales, a line cut at 0
cells        a coordinate's line cut into cells
steps        staircases of any number of steps, two steps at once, one step
orthants     the probability of a quadrant: its derivatives, its value at the origin
derivatives  directional derivatives of functions of (ρ, θ)
symmetry     draws of equal distribution, several expectations as one
points       special points of the landscape: v in span(v*, 1), θ = π
algebra      equal closed forms, specialization of undefined functions
"""

from collections.abc import Mapping

from ste_theory.calculus.derivation import Rule
from ste_theory.calculus.rules import (
    algebra,
    cells,
    derivatives,
    half_lines,
    lines,
    orthants,
    points,
    polar,
    rows,
    steps,
    symmetry,
)

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for module in (rows, polar, lines, half_lines, cells, steps, orthants, symmetry, derivatives, points, algebra)
    for rule in vars(module).values()
    if isinstance(rule, Rule)
}
