"""Every planted error is caught by the witness named for it; no mutant is called equivalent without proof."""

from dataclasses import replace

import pytest

from ste_theory.calculus.equality import exactly_equal
from ste_theory.claims import registry
from ste_theory.claims.claim import PlantedError
from ste_theory.claims.planted import systematic
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Context, Witness, WitnessResult

IDS = tuple(registry.claims())


def table(result: WitnessResult) -> str:
    """Errors against witnesses, for people."""
    rows = [
        f"{'caught' if catch.caught else 'MISSED'}  {catch.name}: must be seen by {catch.expected}; "
        + ", ".join(f"{kind} {outcome}" for kind, outcome in catch.outcomes)
        for catch in result.catches
    ]
    return "\n".join([result.detail, *rows])


def changed(claim_id: str, error: PlantedError) -> list[bool | None]:
    """Whether each formula of the mutated statement equals the original, exactly."""
    statement = registry.claims()[claim_id].statement
    mutated = error.mutate(statement)
    pairs = zip(statement.equations, mutated.equations, strict=True)
    return [exactly_equal(one.formula, two.formula) for one, two in pairs]


@pytest.mark.parametrize("claim_id", IDS)
def test_planted_errors_are_caught_by_the_named_witness(
    claim_id: str, context: Context, witnesses: dict[WitnessKind, Witness]
) -> None:
    """Would have caught a blind witness, an error that was not applied, and a mutant wrongly taken for equivalent."""
    claim = registry.claims()[claim_id]
    result = witnesses[WitnessKind.PLANTED].examine(claim, context)
    assert result.outcome is Outcome.PASS, table(result)
    shown = [catch.name for catch in result.catches]
    for error in claim.planted:
        assert shown.count(error.name) == 1, f"{error.name} was not shown to anybody:\n{table(result)}"
        assert not error.systematic
    for error in () if claim.expected is Verdict.REFUTED else systematic(claim.statement, Level.QUICK):
        if error.name not in shown:
            assert error.name in result.detail, "left out in silence"
            assert all(changed(claim_id, error)), f"{error.name} is called equivalent without an exact proof"


@pytest.mark.parametrize("claim_id", IDS)
def test_there_are_seven_different_errors_for_several_witnesses(claim_id: str) -> None:
    """Would have caught a claim whose errors are few, repeat each other, or exercise one witness only."""
    claim = registry.claims()[claim_id]
    assert len(claim.planted) >= 7
    assert len({error.name for error in claim.planted}) == len(claim.planted)
    if claim.statement.equations:
        assert {error.caught_by for error in claim.planted} >= {WitnessKind.ENCLOSURE, WitnessKind.SAMPLING}
    statements = [error.mutate(claim.statement) for error in claim.planted]
    mutated = [(statement.equations, statement.sentences) for statement in statements]
    assert len(set(mutated)) == len(mutated), "two planted errors are the same"
    for error in claim.planted:
        resaid = error.mutate(claim.statement).sentences != claim.statement.sentences
        assert resaid or not all(changed(claim_id, error)), f"{error.name} does not change the statement"


# Those whose instance has a surrogate of its own; the others are slow tests.
OWN_INSTANCE = ("general.sampler-sobol", "general.sampler-strata")


@pytest.mark.parametrize(
    "letters_of",
    [
        one if one in OWN_INSTANCE else pytest.param(one, marks=pytest.mark.slow)
        for one in IDS
        if registry.claims()[one].derivation is not None and registry.claims()[one].expected is not Verdict.REFUTED
    ],
)
def test_the_derivation_tells_every_two_letters_apart(
    letters_of: str, context: Context, witnesses: dict[WitnessKind, Witness]
) -> None:
    """Would have caught: an instance at which a wrong letter changes nothing, as ρ* for ρ where the surrogate
    changes at 0 alone; only the level full plants all of these.
    """
    claim = registry.claims()[letters_of]
    for error in systematic(claim.statement, Level.FULL):
        if "rho_star in place of" in error.name and not all(changed(letters_of, error)):
            wrong = replace(claim, statement=error.mutate(claim.statement))
            assert witnesses[WitnessKind.DERIVATION].examine(wrong, context).outcome is Outcome.FAIL, error.name
