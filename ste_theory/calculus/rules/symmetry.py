"""Rules that say what a sampler may do to the draws: gather terms under one E, average over rotations of the plane."""

import sympy as sp

from ste_theory.calculus.derivation import Check, Grade, Options, Rule
from ste_theory.calculus.expectation import Expectation
from ste_theory.calculus.rules.algebra import whole
from ste_theory.calculus.rules.rows import LINEARITY, expectations
from ste_theory.model.symbols import a, b


def _gather(node: sp.Expr, options: Options) -> sp.Expr | None:
    target: sp.Expr = options["target"]
    return None if target == node else target


# Linearity read from right to left; its verifier decides an equality, in whichever direction it was found.
GATHER = Rule(
    name="one expectation",
    says="E X + c·E Y = E[X + cY]: terms are gathered under one expectation.",
    targets=whole,
    rewrite=_gather,
    verify=LINEARITY.verify,
    whole=LINEARITY.whole,
)


def _turned(integrand: sp.Expr, turn: tuple[sp.Expr, sp.Expr]) -> sp.Expr:
    return integrand.subs({a: turn[0], b: turn[1]}, simultaneous=True)


def _symmetrize(node: sp.Expr, options: Options) -> sp.Expr | None:
    turns = options["turns"]
    if not set(node.normals) <= {a, b}:
        return None
    return Expectation(sp.Add(*(_turned(node.integrand, turn) for turn in turns)) / len(turns))


def _verify_symmetrize(node: sp.Expr, new: sp.Expr, options: Options) -> Check:
    """Each turn must be an orthogonal matrix, which leaves the law of (a, b) as it is; then the new integrand is the
    mean of the old one at the turned places, looked at through placeholders that the integrand does not contain."""
    turns = options["turns"]
    if not isinstance(new, Expectation) or not set(node.normals) <= {a, b}:
        return Check(Grade.WRONG, "not an expectation over the plane")
    x, y = sp.Dummy("x", real=True), sp.Dummy("y", real=True)
    total = sp.S.Zero
    for turn in turns:
        matrix = sp.Matrix([[sp.diff(place, a), sp.diff(place, b)] for place in turn])
        rest = [sp.expand(p - row[0] * a - row[1] * b) for p, row in zip(turn, matrix.tolist(), strict=True)]
        if any(rest) or matrix.has(a, b) or sp.simplify(matrix * matrix.T) != sp.eye(2):
            return Check(Grade.WRONG, "a turn is not an orthogonal matrix")
        placed = node.integrand.xreplace({a: x, b: y})
        total += placed.xreplace({x: turn[0], y: turn[1]})
    same = sp.expand(len(turns) * new.integrand - total) == 0
    return Check(
        Grade.EXACT if same else Grade.WRONG, "the mean over orthogonal turns of two independent normal variables"
    )


SYMMETRIZE = Rule(
    name="symmetric draws",
    says="E h(a, b) = E of the mean of h over rotations and reflections of (a, b), which all have the same law.",
    targets=expectations,
    rewrite=_symmetrize,
    verify=_verify_symmetrize,
)
