"""The derivation witness and the enclosure: what they do with broken chains, unknown steps and unlucky seeds."""

import importlib
import pkgutil
from dataclasses import replace

import sympy as sp

from ste_theory.calculus import rules
from ste_theory.calculus.derivation import Chain, Derivation, Part, Rule, Step
from ste_theory.calculus.rules import RULES
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim, Equation
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, Witness, WitnessResult
from ste_theory.model.quantities import Quantity

CLAIM = "yin2019.loss"


def witness(kind: WitnessKind) -> Witness:
    """The witness of a kind, from the registry."""
    (found,) = [found for found in registry.witnesses() if found.kind is kind]
    return found


def examined(derivation: Derivation) -> WitnessResult:
    """What the witness says of the loss with another derivation."""
    claim = replace(registry.claims()[CLAIM], derivation=lambda: derivation)
    return witness(WitnessKind.DERIVATION).examine(claim, Context(Level.QUICK, 1))


def loss() -> Part:
    """The derivation of the loss."""
    derivation = registry.claims()[CLAIM].derivation
    assert derivation is not None
    return derivation().part(Quantity.LOSS)


def test_the_chain_must_join() -> None:
    """Would have caught a derivation with a step left out: every step that is there is exact."""
    part = loss()
    assert examined(Derivation((part,))).outcome is Outcome.PASS
    for left_out in range(len(part.steps) - 1):
        steps = part.steps[:left_out] + part.steps[left_out + 1 :]
        result = examined(Derivation((replace(part, steps=steps),)))
        assert result.outcome is Outcome.FAIL
        assert "does not start where" in result.detail
    elsewhere = replace(part, start=part.start + 1)
    assert examined(Derivation((elsewhere,))).outcome is Outcome.FAIL


def test_a_wrong_step_fails_and_an_unknown_one_does_not_pass() -> None:
    """Would have caught a grade below exact that counts as exact."""
    part = loss()
    last = part.steps[-1]
    doubled = Step(last.rule, last.before, 2 * last.after, "", ((last.before, 2 * last.after),), last.options)
    assert examined(Derivation((replace(part, steps=(*part.steps[:-1], doubled)),))).outcome is Outcome.FAIL
    unsure = sp.log(sp.Integer(6)) / (sp.log(sp.Integer(2)) + sp.log(sp.Integer(3)))
    longer = Chain(Quantity.LOSS, part.result).by(RULES["algebra"], "a factor 1", transform=lambda f: f * unsure).done()
    result = examined(Derivation((replace(part, steps=(*part.steps, *longer.steps)),)))
    assert result.outcome is Outcome.INCONCLUSIVE
    assert "unknown" in result.detail


def test_what_is_stated_must_be_derived() -> None:
    """Would have caught a pass over a quantity that the derivation does not mention."""
    claim = registry.claims()[CLAIM]
    both = (*claim.statement.equations, Equation(Quantity.V_GRADIENT, sp.S.Zero))
    wider = replace(claim, statement=replace(claim.statement, equations=both))
    result = witness(WitnessKind.DERIVATION).examine(wider, Context(Level.QUICK, 1))
    assert result.outcome is Outcome.INCONCLUSIVE
    assert "stated but not derived" in result.detail


def test_no_rule_hides_another() -> None:
    """Would have caught two rules of one name, of which the table keeps the last."""
    modules = [
        importlib.import_module(f"{rules.__name__}.{found.name}") for found in pkgutil.iter_modules(rules.__path__)
    ]
    defined = {id(rule) for module in modules for rule in vars(module).values() if isinstance(rule, Rule)}
    assert len(RULES) == len(defined)


def _doubled(claim: Claim) -> Claim:
    first = claim.statement.equations[0].quantity
    return replace(claim, statement=claim.statement.replacing(first, lambda f: 2 * f))


def test_an_enclosure_sees_a_wrong_drift_from_every_seed() -> None:
    """Would have caught a point where both sides are 0: at the spurious minimum so for m = 1 and 1ᵀv* = 0."""
    claim = _doubled(registry.claims()["yin2019.identity-stationarity"])
    for seed in range(40):
        result = witness(WitnessKind.ENCLOSURE).examine(claim, Context(Level.QUICK, seed, shrink=False))
        assert result.outcome is Outcome.FAIL, f"seed {seed}: {result.detail}"
