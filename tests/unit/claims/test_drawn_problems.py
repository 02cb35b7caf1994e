"""Problems that a claim draws from the seed of a run."""

import pytest

from ste_theory.calculus.step_sums import StepSum
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.instance import concrete
from ste_theory.model.symbols import c_0, d, sigma, t

DRAWING = [claim for claim in registry.claims().values() if claim.drawn is not None]


def test_the_claims_about_every_staircase_draw() -> None:
    """Would have caught three fixed instances where any staircase is meant."""
    named = {claim.id for claim in DRAWING}
    assert {"general.population-loss", "general.population-gradient", "general.coarse-gradient"} <= named


@pytest.mark.parametrize("claim", DRAWING, ids=lambda claim: claim.id)
def test_as_many_problems_for_every_seed_and_others_for_another(claim: Claim) -> None:
    """Would have caught a number of comparisons that depends on the seed (the false-alarm rate is split before it is
    known), or problems that depend on nothing."""
    runs = [claim.instances(seed) for seed in range(20)]
    assert {len(run) for run in runs} == {len(runs[0])}
    assert len({run[-1] for run in runs}) == len(runs)
    assert runs[3] == claim.instances(3)
    assert all(problem.quantizer.offset for run in runs for problem in run[len(claim.problems) :])


@pytest.mark.parametrize("claim", DRAWING, ids=lambda claim: claim.id)
def test_no_symbol_of_a_staircase_is_left_in_an_instance(claim: Claim) -> None:
    """Would have caught a sum over steps that is not written out, which has no value in numbers or balls."""
    for problem in claim.instances(1):
        for equation in claim.statement.equations:
            assert not concrete(equation.formula, problem).has(StepSum, c_0, d, t, sigma)
