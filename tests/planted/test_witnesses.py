"""Every witness on every claim at the level quick: it looks at something, and at exactly what it announced."""

import pytest

from ste_theory.claims import registry
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Context, Witness

IDS = tuple(registry.claims())


@pytest.mark.parametrize("claim_id", IDS)
def test_every_witness_asserts_something_and_none_objects(
    claim_id: str, context: Context, witnesses: dict[WitnessKind, Witness]
) -> None:
    """Would have caught a witness that passes without an assertion, compares more than it announced, or a wrong claim.

    Only the counterexample of a claim documented as false must be there; the planted witness has a test of its own. A
    simulation may be too short to see 2 % at this level, and then says so.
    """
    claim = registry.claims()[claim_id]
    for kind, witness in witnesses.items():
        if kind is WitnessKind.PLANTED or not witness.applies(claim):
            continue
        result = witness.examine(claim, context)
        assert result.kind is kind
        assert result.assertions > 0, f"{kind} asserted nothing"
        if claim.expected is Verdict.REFUTED:
            if kind is WitnessKind.PROOF:
                assert result.outcome is Outcome.FAIL, result.detail
                assert result.certified
                assert result.counterexample
        elif kind is WitnessKind.SAMPLING:
            assert result.assertions == witness.comparisons(claim, Level.QUICK)
            blind = result.outcome is Outcome.INCONCLUSIVE and "only errors above" in result.detail
            assert blind or result.outcome is Outcome.PASS, result.detail
        else:
            assert result.outcome is Outcome.PASS, f"{kind}: {result.detail}"
