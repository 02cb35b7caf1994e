"""Inequalities on whole domains: what the proof search is asked."""

from dataclasses import dataclass

import sympy as sp

from ste_theory.model.errors import InvalidInput

MOST_VARIABLES = 4


@dataclass(frozen=True)
class Variable:
    """A closed range of a symbol: its ends are rational, rational multiples of π, or infinite."""

    symbol: sp.Symbol
    lower: sp.Expr
    upper: sp.Expr

    def __post_init__(self) -> None:
        for name in ("lower", "upper"):
            end = sp.sympify(getattr(self, name))
            object.__setattr__(self, name, end)
            unbounded = end is (sp.oo if name == "upper" else -sp.oo)
            if not (unbounded or end.is_Rational or (end / sp.pi).is_Rational):
                raise InvalidInput(
                    f"the {name} end of {self.symbol} must be rational, rational times pi or infinite, got {end}"
                )
        if not self.lower < self.upper:
            raise InvalidInput(f"the range of {self.symbol} is empty or a point: [{self.lower}, {self.upper}]")

    @property
    def angular(self) -> bool:
        """Whether an end is a multiple of π other than 0 and the other one is too, so that the range is π times one."""
        return bool(self.lower.has(sp.pi) or self.upper.has(sp.pi)) and not self.lower.is_infinite

    def __str__(self) -> str:
        opening, closing = "(" if self.lower.is_infinite else "[", ")" if self.upper.is_infinite else "]"
        return f"{self.symbol} in {opening}{self.lower}, {self.upper}{closing}"


@dataclass(frozen=True)
class Inequality:
    """expression ≥ 0 (``strict``: > 0) for all values in the ranges for which every hypothesis is ≥ 0."""

    expression: sp.Expr
    variables: tuple[Variable, ...]
    strict: bool = False
    hypotheses: tuple[sp.Expr, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.variables) <= MOST_VARIABLES:
            raise InvalidInput(f"an inequality has 1 to {MOST_VARIABLES} variables, got {len(self.variables)}")
        known = {variable.symbol for variable in self.variables}
        if len(known) < len(self.variables):
            raise InvalidInput("two ranges are given for one variable")
        for expression in (self.expression, *self.hypotheses):
            unknown = sp.sympify(expression).free_symbols - known
            if unknown:
                raise InvalidInput(f"no range is given for {', '.join(sorted(map(str, unknown)))}")

    def __str__(self) -> str:
        given = "".join(f", where {sp.sstr(hypothesis)} >= 0" for hypothesis in self.hypotheses)
        ranges = ", ".join(map(str, self.variables))
        return f"{sp.sstr(self.expression)} {'>' if self.strict else '>='} 0 for {ranges}{given}"
