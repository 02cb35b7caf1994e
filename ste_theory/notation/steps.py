"""Indicators as people write them: 1{a > 0}, 1{ρa < 1}, and 1{0 < ρa < 1} for a product of two."""

from collections.abc import Callable, Sequence

import sympy as sp

from ste_theory.calculus.expectation import indicator
from ste_theory.notation.formula import Formula, Group, Letter, Row

_ONE = Letter(r"\mathbf{1}", "1")
_BELOW, _ABOVE = Letter(" < ", " < "), Letter(" > ", " > ")

Write = Callable[[sp.Basic], Formula]


def merged_indicators(steps: Sequence[indicator], write: Write) -> list[Formula]:
    """One formula per quantity that the indicators bound, in a fixed order."""
    groups: dict[sp.Expr, list[indicator]] = {}
    for step in sorted(steps, key=lambda step: (len(_bound(step)[0].args), sp.default_sort_key(step))):
        groups.setdefault(_bound(step)[0], []).append(step)
    return [switch(group, write) for group in groups.values()]


def switch(steps: Sequence[indicator], write: Write) -> Formula:
    """1{lower < x < upper} for indicators that bound the same x, one or two of them."""
    quantity = _bound(steps[0])[0]
    lower = [end for _, below, end in map(_bound, steps) if not below]
    upper = [end for _, below, end in map(_bound, steps) if below]
    if len(lower) > 1 or len(upper) > 1:
        return Row(tuple(switch([step], write) for step in steps))
    middle = write(quantity)
    if lower and upper:
        inside = Row((write(lower[0]), _BELOW, middle, _BELOW, write(upper[0])))
    elif lower:
        inside = Row((middle, _ABOVE, write(lower[0])))
    else:
        inside = Row((middle, _BELOW, write(upper[0])))
    return Row((_ONE, Group("{", inside)))


def _bound(step: indicator) -> tuple[sp.Expr, bool, sp.Expr]:
    """(x, whether it is bounded above, the bound): αx + β > 0 with a rational β."""
    number, rest = step.args[0].as_coeff_Add()
    if rest.could_extract_minus_sign():
        return -rest, True, number
    return rest, False, -number
