"""A quantity after so many steps of an iteration, as an expression with a value."""

from typing import Any

import sympy as sp


class Iterated(sp.Expr):
    """``Iterated(name, quantity, letters, step, start, count)``: the quantity after ``count`` steps from the start.

    One step replaces the letters, all at once, by the expressions ``step`` in them; ``start`` gives their exact first
    values. ``name`` is the letter as which it is written. Letters are bound: the expression is a number.

    >>> x = sp.Symbol("x", real=True)
    >>> Iterated(sp.Symbol("x_3"), x, (x,), (x**2 + 1,), (0,), 3).free_symbols
    set()
    """

    is_commutative = True
    is_real = True

    def __new__(cls, name: Any, quantity: Any, letters: Any, step: Any, start: Any, count: Any) -> "Iterated":
        parts = [sp.sympify(name), sp.sympify(quantity), sp.Tuple(*letters), sp.Tuple(*step), sp.Tuple(*start)]
        number = sp.sympify(count)
        lengths = {len(part) for part in parts[2:]}
        if not (isinstance(number, sp.Integer) and number >= 0) or len(lengths) > 1:
            raise ValueError("an iteration needs a step and a start for every letter and a number of steps")
        if (parts[1].free_symbols | parts[3].free_symbols) - parts[2].free_symbols or parts[4].free_symbols:
            raise ValueError("an iteration is about its own letters and starts at numbers")
        made: Iterated = sp.Expr.__new__(cls, *parts, number)
        return made

    @property
    def free_symbols(self) -> set[sp.Basic]:
        """None."""
        return set()

    def _eval_subs(self, old: sp.Basic, new: sp.Basic) -> "Iterated":
        return self  # its letters are bound

    def _latex(self, printer: Any) -> str:
        from ste_theory.notation.letters import letter

        return letter(self.args[0].name).latex

    def _sympystr(self, printer: Any) -> str:
        from ste_theory.notation.letters import letter

        return letter(self.args[0].name).text
