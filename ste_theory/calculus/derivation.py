"""A derivation is a chain of steps from the definition of a quantity to its closed form.

Each step names its rule and keeps the nodes the rule rewrote. Re-checking a step uses the rule's *verifier*, which
decides from ``before`` and ``after`` alone, by other means than those that produced ``after``, whether the two are
equal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import sympy as sp

from ste_theory.model.errors import SteTheoryError
from ste_theory.model.quantities import Quantity


class DerivationError(SteTheoryError):
    """A rule does not apply where a derivation uses it."""


class Grade(IntEnum):
    """How well a step is established, worst first."""

    WRONG = 0
    UNKNOWN = 1
    AT_POINTS = 2
    EXACT = 3

    @property
    def label(self) -> str:
        """How the grade is shown."""
        return {0: "wrong", 1: "unknown", 2: "checked at points", 3: "exact"}[int(self)]


@dataclass(frozen=True)
class Check:
    """What re-checking found, and by which argument."""

    grade: Grade
    argument: str

    @staticmethod
    def weakest(checks: "list[Check]") -> "Check":
        """The worst of several checks; all of them have to hold."""
        return min(checks, key=lambda check: check.grade)


Options = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """One rule of the calculus: ``rewrite`` produces, ``verify`` decides; they share no code.

    ``targets(expression)`` lists the nodes the rule may rewrite, ``rewrite(node, options)`` returns the replacement
    or ``None`` where it does not apply, ``verify(node, replacement, options)`` decides whether the two are equal.
    """

    name: str
    says: str
    targets: Callable[[sp.Expr], list[sp.Expr]]
    rewrite: Callable[[sp.Expr, Options], sp.Expr | None]
    verify: Callable[[sp.Expr, sp.Expr, Options], Check]
    whole: Callable[[sp.Expr, sp.Expr], Check] | None = None


@dataclass(frozen=True)
class Step:
    """``before = after`` by ``rule``; ``rewrites`` are the nodes it replaced, ``reason`` says why it helps."""

    rule: Rule
    before: sp.Expr
    after: sp.Expr
    reason: str
    rewrites: tuple[tuple[sp.Expr, sp.Expr], ...]
    options: Options = field(default_factory=dict)

    def recheck(self) -> Check:
        """Decide the step again, from its two sides alone."""
        if self.before.xreplace(dict(self.rewrites)) != self.after:
            return Check(Grade.WRONG, "the rewritten nodes do not give the right-hand side")
        if not self.rewrites:
            return Check(Grade.WRONG, "nothing was rewritten")
        for integral in self.before.atoms(sp.Integral) | self.after.atoms(sp.Integral):
            if len(integral.limits) != 1 or len(integral.limits[0]) != 3:
                return Check(Grade.UNKNOWN, "an integral over several variables, or without limits")
        checks = [self.rule.verify(node, new, self.options) for node, new in self.rewrites]
        if self.rule.whole is not None:
            checks.append(self.rule.whole(self.before, self.after))
        return Check.weakest(checks)


@dataclass(frozen=True)
class Part:
    """The derivation of one quantity: its definition, and the steps to its closed form."""

    quantity: Quantity
    start: sp.Expr
    steps: tuple[Step, ...]

    @property
    def result(self) -> sp.Expr:
        """The last expression."""
        return self.steps[-1].after if self.steps else self.start


@dataclass(frozen=True)
class Derivation:
    """The derivations of all quantities that a claim speaks of."""

    parts: tuple[Part, ...]

    def part(self, quantity: Quantity) -> Part:
        """The part for ``quantity``; ``KeyError`` if the derivation has none."""
        for part in self.parts:
            if part.quantity is quantity:
                return part
        raise KeyError(quantity)

    def _repr_latex_(self) -> str:
        """Every part as a chain of equal formulas with the rules behind them, in a notebook."""
        from ste_theory.notation.chains import aligned
        from ste_theory.notation.letters import letter_of_latex
        from ste_theory.notation.printer import formula

        shown = []
        for part in self.parts:
            chain = [(formula(part.start), ""), *((formula(step.after), step.rule.name) for step in part.steps)]
            shown.append(f"$$\n{aligned(letter_of_latex(part.quantity.latex), chain)}\n$$")
        return "\n\n".join(shown)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of all parts, in order."""
        return tuple(step for part in self.parts for step in part.steps)


class Chain:
    """Builds a ``Part``: start from the definition, apply one rule after the other."""

    def __init__(self, quantity: Quantity, start: sp.Expr) -> None:
        self._quantity, self._start, self._steps = quantity, start, list[Step]()

    @property
    def expression(self) -> sp.Expr:
        """The expression reached so far."""
        return self._steps[-1].after if self._steps else self._start

    def applies(self, rule: Rule, *, only: Callable[[sp.Expr], bool] = lambda _: True, **options: Any) -> bool:
        """Whether ``rule`` would rewrite something here."""
        targets = [node for node in rule.targets(self.expression) if only(node)]
        return any(rule.rewrite(node, options) not in (None, node) for node in targets)

    def by(
        self, rule: Rule, reason: str, *, only: Callable[[sp.Expr], bool] = lambda _: True, **options: Any
    ) -> "Chain":
        """Apply ``rule`` to every node it targets (and ``only`` admits). Raises ``DerivationError`` if it applies
        nowhere."""
        before = self.expression
        rewrites: list[tuple[sp.Expr, sp.Expr]] = []
        for node in rule.targets(before):
            if only(node):
                replacement = rule.rewrite(node, options)
                if replacement is not None and replacement != node:
                    rewrites.append((node, replacement))
        if not rewrites:
            raise DerivationError(f"{self._quantity}: the rule {rule.name!r} does not apply to {sp.sstr(before)[:200]}")
        after = before.xreplace(dict(rewrites))
        self._steps.append(Step(rule, before, after, reason, tuple(rewrites), options))
        return self

    def done(self) -> Part:
        """The finished part."""
        return Part(self._quantity, self._start, tuple(self._steps))
