"""Sabotage of every rule at every place where a derivation uses it: no wrong replacement may be graded exact."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import pytest
import sympy as sp

from ste_theory.calculus.definitions import e_axis
from ste_theory.calculus.derivation import Chain, Check, Grade, Options, Rule, Step
from ste_theory.calculus.equality import exactly_equal
from ste_theory.calculus.expectation import Expectation, OthersSum, indicator
from ste_theory.calculus.rules import RULES
from ste_theory.claims import registry
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import (
    D,
    RowNormal,
    S,
    S_star,
    StandardNormal,
    V,
    V_star,
    a,
    b,
    k,
    rho,
    rho_star,
    theta,
    xi,
)

Mutant = tuple[str, sp.Expr]


@dataclass(frozen=True)
class Use:
    """One node that a step of a derivation rewrites."""

    claim_id: str
    quantity: Quantity
    step: Step
    node: sp.Expr
    new: sp.Expr

    def recheck(self, node: sp.Expr, new: sp.Expr) -> Check:
        """The step's own verifier, shown another pair."""
        return Step(self.step.rule, node, new, "", ((node, new),), self.step.options).recheck()

    def __str__(self) -> str:
        return f"{self.claim_id}, {self.quantity}: {sp.sstr(self.node)[:80]} -> {sp.sstr(self.new)[:80]}"


@cache
def uses() -> dict[str, tuple[Use, ...]]:
    """Every use of every rule by name; what several claims share is listed once."""
    found: dict[str, dict[tuple[sp.Expr, sp.Expr], Use]] = {}
    for claim in registry.claims().values():
        for part in claim.derivation().parts if claim.derivation is not None else ():
            for step in part.steps:
                sites = found.setdefault(step.rule.name, {})
                for node, new in step.rewrites:
                    sites.setdefault((node, new), Use(claim.id, part.quantity, step, node, new))
    return {name: tuple(sites.values()) for name, sites in found.items()}


def mutants(new: sp.Expr) -> Iterator[Mutant]:
    """Wrong versions of a replacement: signs, factors, terms, functions, limits, coordinates, letters."""
    yield "negated", -new
    yield "twice as large", 2 * new
    yield "off by 1e-20", new * (1 + sp.Rational(1, 10**20))
    yield "a term too many", new + D
    if isinstance(new, sp.Add):
        for number, term in enumerate(new.args[:2], 1):
            yield f"term {number} dropped", new - term
        yield "the last term negated", new - 2 * new.args[-1]
    yield "sine and cosine exchanged", _exchanged(new)
    for integral in sorted(new.atoms(sp.Integral), key=sp.default_sort_key)[:1]:
        yield from ((name, new.xreplace({integral: wrong})) for name, wrong in _wrong_integrals(integral))
    for mean in sorted(new.atoms(Expectation), key=sp.default_sort_key)[:1]:
        turned = Expectation(mean.integrand.xreplace({a: b, b: a}))
        yield "a and b exchanged", new.xreplace({mean: turned})
        yield "an expectation dropped", new.xreplace({mean: sp.S.One})
    for step in sorted(new.atoms(indicator), key=sp.default_sort_key)[:1]:
        yield "the other side", new.xreplace({step: indicator(-step.args[0])})
    for one, other in ((S, S_star), (D, V), (V_star, V), (rho, rho_star), (theta, theta / 2)):
        if new.has(one):
            yield f"{other} for {one}", new.xreplace({one: other})


def _exchanged(expression: sp.Expr) -> sp.Expr:
    aside = sp.Function("aside")
    return expression.replace(sp.cos, aside).replace(sp.sin, sp.cos).replace(aside, sp.sin)


def _wrong_integrals(integral: sp.Integral) -> Iterator[Mutant]:
    variable, lower, upper = integral.limits[0]
    near = sp.Integer(-3) if lower == -sp.oo else lower + 1
    far = sp.Integer(3) if upper == sp.oo else upper + 1
    yield "limits exchanged", sp.Integral(integral.function, (variable, upper, lower))
    yield "a wrong lower limit", sp.Integral(integral.function, (variable, near, upper))
    yield "a wrong upper limit", sp.Integral(integral.function, (variable, lower, far))
    yield "a wrong integrand", sp.Integral(integral.function + variable, (variable, lower, upper))


def equivalent(new: sp.Expr, mutant: sp.Expr) -> bool:
    """Whether a mutant equals the replacement after all, by an argument the verifiers do not use.

    An integrand that is odd in a coordinate has mean 0 (the normal distribution is symmetric); neither the name of a
    variable nor of a row matters.
    """
    return exactly_equal(new, mutant) is True or _symmetrized(new) == _symmetrized(mutant)


def _symmetrized(expression: sp.Expr) -> sp.Expr:
    if isinstance(expression, Expectation):
        if any(_parity(expression.integrand, axis) == -1 for axis in (e_axis, *expression.normals)):
            return sp.S.Zero
        if len(expression.normals) == 1 and isinstance(expression.normals[0], StandardNormal):
            return Expectation(expression.integrand.xreplace({expression.normals[0]: xi}))
        rows = {atom.args[1] for atom in expression.normals if isinstance(atom, RowNormal)}
        return expression.xreplace(dict.fromkeys(rows, k)) if len(rows) == 1 else expression
    if isinstance(expression, (sp.Sum, OthersSum)):
        body = _symmetrized(expression.args[0])
        return sp.S.Zero if body == 0 else expression.func(body, *expression.args[1:])
    if not expression.args or isinstance(expression, sp.Indexed):
        return expression
    return expression.func(*(_symmetrized(argument) for argument in expression.args))


def _parity(expression: sp.Basic, axis: sp.Symbol) -> int | None:
    """+1 for even, −1 for odd under the reflection of a coordinate (of every row), ``None`` for neither."""
    if expression == axis or (isinstance(expression, RowNormal) and expression.args[0] == axis):
        return -1
    if not expression.args or isinstance(expression, (RowNormal, sp.Indexed)):
        return 1
    if isinstance(expression, (sp.Sum, OthersSum)):
        return _parity(expression.args[0], axis)
    parities = [_parity(argument, axis) for argument in expression.args]
    if isinstance(expression, sp.Mul):
        odd = sum(parity == -1 for parity in parities)
        return None if None in parities else (-1) ** odd
    if isinstance(expression, sp.Add) and len(set(parities)) == 1:
        return parities[0]
    return 1 if set(parities) == {1} else None


def test_every_rule_is_used() -> None:
    """Would have caught dead code: a rule that no derivation uses is verified by nothing below."""
    assert set(uses()) == set(RULES)


def spread(sites: tuple[Use, ...], most: int | None) -> list[Use]:
    """At most so many uses, the first, the last and some between."""
    if most is None or len(sites) <= most:
        return list(sites)
    return [sites[round(place * (len(sites) - 1) / (most - 1))] for place in range(most)]


# Three uses of each rule; `make test-slow` takes all. The two tests after this one look at all, with one error each.
@pytest.mark.parametrize("most", [3, pytest.param(None, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", sorted(RULES))
def test_no_wrong_replacement_is_exact(name: str, most: int | None) -> None:
    """Would have caught a verifier that accepts a wrong sign, factor, term, function or limit, or breaks on one."""
    tried, slipped = 0, []
    for use in spread(uses()[name], most):
        assert use.recheck(use.node, use.new).grade is Grade.EXACT, str(use)
        for what, mutant in mutants(use.new):
            if mutant == use.new:
                continue
            tried += 1
            if use.recheck(use.node, mutant).grade > Grade.UNKNOWN and not equivalent(use.new, mutant):
                slipped.append(f"{what}: {use}")
    assert not slipped, "\n".join(slipped)
    assert tried >= 3, "a sabotage that was never tried proves nothing"


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_sabotaged_rule_is_noticed_in_its_step(name: str) -> None:
    """Would have caught a step that trusts the rule which produced it: the rule itself has the wrong sign here."""
    noticed, silent = 0, []
    rule = RULES[name]

    def negated(node: sp.Expr, options: Options) -> sp.Expr | None:
        right = rule.rewrite(node, options)
        return None if right is None else -right

    sabotaged: Rule = replace(rule, rewrite=negated)
    for step in {id(use.step): use.step for use in uses()[name]}.values():
        nodes = {node for node, _ in step.rewrites}
        chain = Chain(Quantity.LOSS, step.before)
        if not chain.applies(sabotaged, only=nodes.__contains__, **step.options):
            continue  # the replacement is 0, which has no sign
        (wrong,) = chain.by(sabotaged, "", only=nodes.__contains__, **step.options).done().steps
        if all(equivalent(right, -right) for _, right in step.rewrites):
            continue
        if wrong.recheck().grade > Grade.UNKNOWN:
            silent.append(sp.sstr(step.before)[:120])
        noticed += 1
    assert not silent, "\n".join(silent)
    if name != "independent coordinates":  # all its replacements are 0
        assert noticed


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rewrite_recorded_for_the_wrong_node_is_noticed(name: str) -> None:
    """Would have caught a verifier that looks at the replacement alone: each use is shown its neighbour's."""
    sites = uses()[name]
    for one, other in pairwise((*sites, sites[0])):
        if one.new == other.new or one.node == other.node or equivalent(one.new, other.new):
            continue
        assert one.recheck(one.node, other.new).grade < Grade.AT_POINTS, f"{one}\n{other}"


def test_the_right_hand_side_must_follow_from_the_rewrites() -> None:
    """Would have caught a step of correct rewrites that prints another right-hand side, or rewrites nothing."""
    for sites in uses().values():
        step = sites[0].step
        assert replace(step, after=step.after + 1).recheck().grade is Grade.WRONG
        assert replace(step, rewrites=()).recheck().grade is Grade.WRONG
