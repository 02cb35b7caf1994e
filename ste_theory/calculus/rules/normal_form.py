"""The normal form that row rules are verified against: everything written out for three rows.

Written without the rules it judges: sums become explicit terms, integrands are expanded into monomials, each monomial
is factored over its independent groups of normal variables, and each group becomes an opaque expectation over plane
coordinates.
"""

from functools import lru_cache

import sympy as sp

from ste_theory.calculus.expectation import Expectation, OthersSum, random_atoms
from ste_theory.model.symbols import D, RowNormal, S, S_star, StandardNormal, V, V_star, k, m, v, v_star

ROWS = 3


@lru_cache(maxsize=512)
def row_normal_form(expression: sp.Expr) -> sp.Expr:
    """The expression at m = 3 as a polynomial in v_1..v_3, v*_1..v*_3 and expectations over single groups of
    normals."""
    return sp.expand(_expand(_written_out(expression.xreplace({k: sp.Integer(1)}))))


def _written_out(expression: sp.Expr) -> sp.Expr:
    """Sums over rows replaced by their terms, outermost first, and named sums by their definitions."""
    if isinstance(expression, sp.Sum):
        index, first, last = expression.limits[0]
        if (first, last) != (1, m):
            raise ValueError(f"a sum over rows runs from 1 to m, not from {first} to {last}")
        return sp.Add(
            *(_written_out(expression.function.xreplace({index: sp.Integer(row)})) for row in range(1, ROWS + 1))
        )
    if isinstance(expression, OthersSum):
        rows = [row for row in range(1, ROWS + 1) if expression.excluded != row]
        if len(rows) != ROWS - 1:
            raise ValueError(f"the excluded row {expression.excluded} is not one of the rows")
        return sp.Add(*(_written_out(expression.summand.xreplace({expression.index: sp.Integer(row)})) for row in rows))
    if expression in _NAMED_SUMS:
        return _NAMED_SUMS[expression]
    if not expression.args or isinstance(expression, (sp.Indexed, RowNormal)):
        return expression
    return expression.func(*(_written_out(argument) for argument in expression.args))


_ALL = [(v[row], v_star[row]) for row in range(1, ROWS + 1)]
_NAMED_SUMS: dict[sp.Expr, sp.Expr] = {
    V: sp.Add(*(x**2 for x, _ in _ALL)),
    S: sp.Add(*(x for x, _ in _ALL)),
    D: sp.Add(*(x * y for x, y in _ALL)),
    S_star: sp.Add(*(y for _, y in _ALL)),
    V_star: sp.Add(*(y**2 for _, y in _ALL)),
    m: sp.Integer(ROWS),
}


def _expand(expression: sp.Expr) -> sp.Expr:
    """Push expectations down to independent groups."""
    if isinstance(expression, Expectation):
        return _mean(expression.integrand)
    if not expression.args or isinstance(expression, sp.Indexed):
        return expression
    return expression.func(*(_expand(argument) for argument in expression.args))


def _mean(integrand: sp.Expr) -> sp.Expr:
    total = sp.S.Zero
    for monomial in sp.Add.make_args(sp.expand(integrand)):
        constant, groups = sp.S.One, list[tuple[set[sp.Expr], sp.Expr]]()
        for factor in sp.Mul.make_args(monomial):
            atoms = set(random_atoms(factor))
            if not atoms:
                constant *= factor
                continue
            connected = [group for group in groups if group[0] & atoms]
            merged = (
                atoms.union(*(group[0] for group in connected)),
                sp.Mul(factor, *(group[1] for group in connected)),
            )
            groups = [group for group in groups if group not in connected] + [merged]
        total += constant * sp.Mul(*(_group_mean(group) for _, group in groups))
    return total


def _group_mean(group: sp.Expr) -> sp.Expr:
    """E over one row's or the plane's variables, named by their axes; a bare coordinate has mean 0 and mean square
    1."""
    atoms = random_atoms(group)
    rows = {atom.args[1] for atom in atoms if isinstance(atom, RowNormal)}
    if len(rows) > 1 or (rows and not all(isinstance(atom, RowNormal) for atom in atoms)):
        raise ValueError(f"one factor mixes rows: {group}")
    plain = group.xreplace({atom: StandardNormal(str(atom.args[0])) for atom in atoms if isinstance(atom, RowNormal)})
    if len(atoms) == 1:
        (axis,) = random_atoms(plain)
        power = {axis: 1, axis**2: 2}.get(plain)
        if power is not None:
            return sp.Integer(power - 1)
    return Expectation(plain)
