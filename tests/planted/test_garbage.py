"""Nothing is fed its answer: where a statement is replaced by garbage its derivation stays, and it is refuted."""

import subprocess
import sys
from dataclasses import replace

import pytest
import sympy as sp

from ste_theory.calculus import definitions
from ste_theory.calculus.derivation import Derivation
from ste_theory.calculus.expectation import Expectation
from ste_theory.calculus.rules.derivatives import DirectionalDerivative
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim, Equation
from ste_theory.claims.runner import run
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Context, Witness
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import S, a, e_hat, theta, u_hat, w_hat

IDS = tuple(claim_id for claim_id, claim in registry.claims().items() if claim.derivation is not None)
GARBAGE = 17 * S + theta


def garbled(claim: Claim) -> Claim:
    """The claim with every formula replaced by 17S + θ."""
    equations = tuple(Equation(equation.quantity, GARBAGE) for equation in claim.statement.equations)
    return replace(claim, statement=replace(claim.statement, equations=equations, vectors=()))


def derivation_of(claim: Claim) -> Derivation:
    """The claim's derivation; every claim that states an equation has one."""
    assert claim.derivation is not None, claim.id
    return claim.derivation()


# Run in an interpreter of its own: statements, and the formulas that modules keep for them, become garbage before any
# derivation runs, so neither could have been used.
_SCRIPT = """
import sys
import sympy as sp
from dataclasses import replace
from ste_theory.claims import registry
from ste_theory.claims.claim import Equation
from ste_theory.model.symbols import S, theta

for claim_id, claim in registry.claims().items():
    garbage = tuple(Equation(eq.quantity, 17 * S + theta) for eq in claim.statement.equations)
    object.__setattr__(claim.statement, "equations", garbage)
    module = sys.modules["ste_theory.derivations." + claim_id.replace("-", "_")]
    for name in ("FORMULA", "VECTOR", "ALONG_V", "P_0", "P", "Q", "h"):
        if hasattr(module, name):
            setattr(module, name, 17 * S + theta)
for claim_id, claim in registry.claims().items():
    for part in claim.derivation().parts if claim.derivation is not None else ():
        print(claim_id, part.quantity, sp.srepr(part.result), sep="\\t")
"""


def test_derivations_end_in_the_same_expressions_whatever_is_stated() -> None:
    """Would have caught a derivation that reads its claim's formula instead of deriving it."""
    finished = subprocess.run([sys.executable, "-P", "-c", _SCRIPT], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    blind = {tuple(line.split("\t")[:2]): line.split("\t")[2] for line in finished.stdout.splitlines()}
    seen = {
        (claim_id, str(part.quantity)): sp.srepr(part.result)
        for claim_id in IDS
        for part in derivation_of(registry.claims()[claim_id]).parts
    }
    assert len(seen) > len(IDS)
    assert blind == seen


def _definitions() -> set[sp.Expr]:
    plane = {
        mean
        for equation in registry.claims()["general.plane-reduction"].statement.equations
        for mean in equation.formula.atoms(Expectation)
    }
    gradients = {definitions.coarse_gradient(direction) for direction in (w_hat, u_hat, e_hat)}
    return {definitions.population_loss, definitions.v_gradient, *gradients, *plane}


def _foundations(claim_id: str) -> set[sp.Expr]:
    """What the claims that a claim rests on derive, and all those rest on."""
    found: set[sp.Expr] = set()
    for below in registry.claims()[claim_id].proof_uses:
        found |= {part.result for part in derivation_of(registry.claims()[below]).parts} | _foundations(below)
    return found


@pytest.mark.parametrize("claim_id", IDS)
def test_a_derivation_starts_at_a_definition_or_at_what_it_rests_on(claim_id: str) -> None:
    """Would have caught a derivation that starts at its answer, or at a result of a claim it does not rest on."""
    claim = registry.claims()[claim_id]
    known = _definitions() | _foundations(claim_id)
    for part in derivation_of(claim).parts:
        start = part.start
        if part.quantity is Quantity.CORRELATION:
            factors = {factor for term in sp.Add.make_args(start) for factor in sp.Mul.make_args(term)}
            pieces = {factor for result in known for factor in sp.Mul.make_args(result)} | known
            assert factors <= pieces | {sp.S.NegativeOne}, part.quantity
        elif isinstance(start, DirectionalDerivative):
            assert start.function in known, part.quantity
        elif part.quantity in (Quantity.SURROGATE_MEAN, Quantity.RADIAL_OVERLAP, Quantity.TANGENTIAL_OVERLAP):
            assert isinstance(start, Expectation), part.quantity
            assert not start.has(sp.Integral)
            assert start.has(a)
        else:
            assert start in known, part.quantity


@pytest.mark.parametrize("claim_id", IDS)
def test_garbage_fails_the_derivation_and_is_refuted_by_balls(
    claim_id: str, context: Context, witnesses: dict[WitnessKind, Witness]
) -> None:
    """Would have caught a witness that compares the statement with itself, or passes whatever is stated."""
    claim = garbled(registry.claims()[claim_id])
    derived = witnesses[WitnessKind.DERIVATION].examine(claim, context)
    assert derived.outcome is Outcome.FAIL, derived.detail
    enclosed = witnesses[WitnessKind.ENCLOSURE].examine(claim, context)
    assert enclosed.outcome is Outcome.FAIL, enclosed.detail
    assert enclosed.certified
    assert enclosed.counterexample


@pytest.mark.parametrize("claim_id", [pytest.param("yin2019.loss", marks=pytest.mark.slow), "yin2019.identity"])
def test_a_run_refutes_garbage(claim_id: str) -> None:
    """Would have caught a runner or a verdict rule that loses a certified failure on the way to the verdict."""
    claims = {**registry.claims(), claim_id: garbled(registry.claims()[claim_id])}
    kinds = (WitnessKind.DERIVATION, WitnessKind.ENCLOSURE, WitnessKind.SAMPLING, WitnessKind.PROPERTIES)
    report = run(claims, registry.witnesses(), selected=[claim_id], level=Level.QUICK, seed=7, kinds=kinds)
    (found,) = [found for found in report.claims if found.id == claim_id]
    assert found.verdict is Verdict.REFUTED
    assert {result.kind: result.outcome for result in found.witnesses} == dict.fromkeys(kinds, Outcome.FAIL)
