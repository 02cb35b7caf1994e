"""Statements that are not equations of one quantity: "for all ... : left ≥ right", formal enough to be decided.

The letters of the model (V, S, D, V*, S*, m, ρ, θ) in a sentence range over all networks of the claim's domain, so that
their values always belong to real vectors v, v*; every other letter is a variable of the sentence with a range of its
own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import sympy as sp

from ste_theory.claims.printing import latex
from ste_theory.model.errors import InvalidInput
from ste_theory.model.symbols import D, S, S_star, V, V_star, m, rho, rho_star, theta

MODEL = frozenset({V, S, D, V_star, S_star, m, rho, rho_star, theta})


class Relation(StrEnum):
    """How the two sides of a sentence compare."""

    EQUAL = "="
    AT_LEAST = "≥"
    ABOVE = ">"

    @property
    def latex(self) -> str:
        """The sign in LaTeX."""
        return {"=": "=", "≥": r"\ge", ">": ">"}[self.value]


@dataclass(frozen=True)
class Variable:
    """A letter and its closed range; the ends may use letters introduced before it, ``-oo`` and ``oo`` are no ends."""

    symbol: sp.Symbol
    lower: sp.Expr
    upper: sp.Expr = sp.oo

    @property
    def latex(self) -> str:
        """The range in LaTeX."""
        left = r"(-\infty" if self.lower is -sp.oo else f"[{latex(self.lower)}"
        right = r"\infty)" if self.upper is sp.oo else f"{latex(self.upper)}]"
        return rf"{latex(self.symbol)} \in {left}, {right}"


@dataclass(frozen=True)
class Hypothesis:
    """``expression ≥ 0`` (``strict``: > 0) is assumed."""

    expression: sp.Expr
    strict: bool = False

    @property
    def relation(self) -> Relation:
        """``>`` or ``≥``."""
        return Relation.ABOVE if self.strict else Relation.AT_LEAST


@dataclass(frozen=True)
class Sentence:
    """For all ``variables`` and all networks that satisfy the hypotheses: left REL right, θ ∈ [0, π] included.

    An equation is meant where both sides are defined; a drawn place where they are not is counted against it.

    ``constants`` are what the sentence says to exist before everything else: "there is A such that for all ...".
    ``words`` say the same for people. ``drawable`` is false where the hypotheses contain an equation, which no drawn
    point satisfies: then nothing is searched at drawn points, rather than nothing found at none.
    """

    name: str
    left: sp.Expr
    relation: Relation
    right: sp.Expr
    words: str
    variables: tuple[Variable, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    constants: tuple[Variable, ...] = ()
    drawable: bool = True

    def __post_init__(self) -> None:
        known = set(MODEL)
        for variable in (*self.constants, *self.variables):
            if variable.symbol in known:
                raise InvalidInput(f"sentence {self.name!r}: {variable.symbol} has two meanings")
            free = (variable.lower.free_symbols | variable.upper.free_symbols) - known
            if free:
                raise InvalidInput(f"sentence {self.name!r}: the range of {variable.symbol} uses {_list(free)}")
            known.add(variable.symbol)
        for variable in (*self.constants, *self.variables):
            self._check_assumptions(variable)
        used = self.difference.free_symbols.union(*(h.expression.free_symbols for h in self.hypotheses))
        if used - known:
            raise InvalidInput(f"sentence {self.name!r}: no range for {_list(used - known)}")

    def _check_assumptions(self, variable: Variable) -> None:
        """What SymPy assumes of a letter must follow from its range and the hypotheses: proofs read signs off it."""
        symbol, where = variable.symbol, f"sentence {self.name!r}: {variable.symbol}"
        if not symbol.is_real or symbol.is_integer:
            raise InvalidInput(f"{where} must be a real letter that is not assumed an integer")
        if symbol.is_nonnegative and not variable.lower.is_nonnegative:
            raise InvalidInput(f"{where} is assumed not negative, its range does not say so")
        strict = Hypothesis(symbol, strict=True) in self.hypotheses
        if symbol.is_positive and not (strict or variable.lower.is_positive):
            raise InvalidInput(f"{where} is assumed positive: give a positive lower end or the hypothesis {symbol} > 0")

    @property
    def difference(self) -> sp.Expr:
        """left − right."""
        return self.left - self.right

    @property
    def needs_network(self) -> bool:
        """Whether a letter of the model occurs."""
        ranges = [end for variable in (*self.constants, *self.variables) for end in (variable.lower, variable.upper)]
        expressions = [self.left, self.right, *(h.expression for h in self.hypotheses), *ranges]
        return any(expression.free_symbols & MODEL for expression in expressions)

    @property
    def latex(self) -> str:
        """The sentence in LaTeX, printed from the expressions that the witnesses decide."""
        quantified = ", ".join(variable.latex for variable in self.variables)
        existing = ", ".join(variable.latex for variable in self.constants)
        assumed = ", ".join(f"{latex(h.expression)} {h.relation.latex} 0" for h in self.hypotheses)
        parts = [
            rf"\exists\, {existing}:" if existing else "",
            rf"\forall\, {quantified}:" if quantified else "",
            rf"{assumed} \Rightarrow" if assumed else "",
            f"{latex(self.left)} {self.relation.latex} {latex(self.right)}",
        ]
        return r" \; ".join(part for part in parts if part)

    def substituted(self, values: Mapping[sp.Expr, sp.Expr]) -> "Sentence":
        """The sentence with letters replaced in both sides and in the hypotheses; how errors are planted."""
        return replace(
            self,
            left=self.left.subs(values, simultaneous=True),
            right=self.right.subs(values, simultaneous=True),
            hypotheses=tuple(
                replace(h, expression=h.expression.subs(values, simultaneous=True)) for h in self.hypotheses
            ),
        )


def _list(symbols: set[sp.Basic]) -> str:
    return ", ".join(sorted(str(symbol) for symbol in symbols))
