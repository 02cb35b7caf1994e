"""A coordinate's line cut into cells: what a sampler that looks at every cell for itself rests on."""

from itertools import pairwise

import sympy as sp

from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.equality import exactly_equal, visibly_positive
from ste_theory.calculus.expectation import Expectation, indicator
from ste_theory.calculus.rules.rows import expectations


def _switches(expression: sp.Expr, variable: sp.Symbol) -> list[tuple[sp.Expr, sp.Expr]]:
    """The indicators of variable − root and root − variable, with their roots."""
    found = []
    for step in sorted(expression.atoms(indicator), key=sp.default_sort_key):
        argument = step.args[0]
        slope = sp.diff(argument, variable)
        if slope in (1, -1):
            found.append((step, -slope * argument.subs(variable, 0)))
    return found


def _cells(node: sp.Expr, options: Options) -> sp.Expr | None:
    variable, cuts = options["variable"], options["cuts"]
    if variable not in node.normals:
        return None
    total, h = sp.S.Zero, node.integrand
    for lower, upper in zip((-sp.oo, *cuts), (*cuts, sp.oo), strict=True):
        # Steps of the integrand that stand at a cut are constant in the cell.
        inside = {step: step for step, _ in _switches(h, variable)}
        for step, root in _switches(h, variable):
            if root in cuts:
                rising = sp.diff(step.args[0], variable) == 1
                after = lower != -sp.oo and cuts.index(lower) >= cuts.index(root)
                inside[step] = sp.Integer(after == rising)
        part = h.xreplace(inside)
        part *= sp.S.One if lower == -sp.oo else indicator(variable - lower)
        part *= sp.S.One if upper == sp.oo else indicator(upper - variable)
        total += Expectation(part) if part != 0 else sp.S.Zero
    return total


def _verify_cells(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """In every cell, looked at in one of its places, the new integrands must add up to the old one: indicators that
    switch at cuts only are constant there."""
    variable, cuts = options["variable"], options["cuts"]
    parts = [part.integrand for part in sp.Add.make_args(new) if isinstance(part, Expectation)]
    if sp.Add(*(Expectation(part) for part in parts)) != new:
        return Check(Grade.WRONG, "not a sum of expectations")
    if not all(visibly_positive(upper - lower) for lower, upper in pairwise(cuts)):
        return Check(Grade.UNKNOWN, "the cuts are not visibly in order")
    middles = [(lower + upper) / 2 for lower, upper in pairwise(cuts)]
    for place in (cuts[0] - 1, *middles, cuts[-1] + 1):
        values: dict[sp.Expr, sp.Expr] = {}
        for step, root in _switches(sp.Add(node.integrand, *parts), variable):
            if all(exactly_equal(root, cut) is not True for cut in cuts):
                continue
            size = step.args[0].subs(variable, place)
            if not (visibly_positive(size) or visibly_positive(-size)):
                return Check(Grade.UNKNOWN, "the sign of an indicator's argument is not visible in a cell")
            values[step] = sp.Integer(visibly_positive(size))
        total = sum((part.xreplace(values) for part in parts), sp.S.Zero)
        if sp.expand(total - node.integrand.xreplace(values)) != 0:
            return Check(Grade.WRONG, "the integrands do not add up in one of the cells")
    return Check(Grade.EXACT, "the integrands add up in every cell between two cuts")


CELLS = Rule(
    name="cells",
    says="E h(a) = Σ_c E[h(a)1{a ∈ c}] over the cells c of a partition of the line.",
    targets=expectations,
    rewrite=_cells,
    verify=_verify_cells,
)
