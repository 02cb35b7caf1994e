"""A plan from what a witness says it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from ste_theory.claims.claim import Claim
from ste_theory.claims.plan import Requirement, plan
from ste_theory.claims.verdict import Level, WitnessKind
from ste_theory.claims.witness import Context
from ste_theory.model.errors import InvalidInput
from ste_theory.render.plan import render
from tests.unit.claims.fakes import FakeWitness, by_id, claim

NEEDS = (
    Requirement("loss", "here", 1.0, 1000, 2.0, (1,)),
    Requirement("v_gradient", "here", 3.0, 9000, 18.0, (1,)),
    Requirement("loss", "there", 2.0, 4000, 8.0, (2,)),
    Requirement("v_gradient", "there", 0.0, None, None, (2,)),
)


@dataclass
class FakePlanner(FakeWitness):
    """Needs what it is told."""

    power: float = 0.99
    needs: tuple[Requirement, ...] = NEEDS
    asked: list[tuple[float, float]] = field(default_factory=list)

    def plan(self, claim: Claim, detect: float, context: Context) -> tuple[Requirement, ...]:
        self.asked.append((detect, context.false_alarm))
        return self.needs

    def samples(self, claim: Claim, level: Level, seed: int) -> Mapping[tuple[int, ...], int]:
        return {(1,): 500, (2,): 600}


CLAIMS = by_id(claim("a.a"), claim("a.b"), claim("a.c"))


def test_the_false_alarm_rate_is_that_of_a_run_over_all_claims() -> None:
    """Would have caught: a threshold for this claim alone, below that of the run in which the samples are used."""
    planner = FakePlanner(WitnessKind.SAMPLING, count=10, blind_to=("a.c",))
    other = FakeWitness(WitnessKind.PROPERTIES, count=5)
    made = plan(CLAIMS["a.a"], [other, planner], CLAIMS, detect=0.25, seed=3)
    assert made.comparisons == 35
    ((detect, false_alarm),) = planner.asked
    assert detect == 0.25
    assert false_alarm == pytest.approx(1e-6 / 35)
    assert (made.seed, made.level) == (3, Level.STANDARD)


def test_the_quantities_of_a_case_share_a_simulation() -> None:
    """Would have caught: the smallest number of samples of a case, or times added that run at once."""
    made = plan(CLAIMS["a.a"], [FakePlanner(WitnessKind.SAMPLING)], CLAIMS, detect=0.25)
    assert made.per_case == {(1,): 9000, (2,): 4000}
    assert made.seconds == 18.0 + 8.0
    text = render(made)
    assert "unknown: the pilot could not tell" in text
    assert "all cases 26.0 s" in " ".join(text.split())
    assert "25 %" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("detect", [0.0, 1.0, -0.1, 2.0, float("nan"), float("inf")])
def test_an_error_that_cannot_be_planned_for(detect: float) -> None:
    """Would have caught: a division by zero, or samples for an error of more than the whole."""
    with pytest.raises(InvalidInput, match="detect must lie between 0 and 1"):
        plan(CLAIMS["a.a"], [FakePlanner(WitnessKind.SAMPLING)], CLAIMS, detect=detect)


def test_a_claim_that_is_not_simulated_says_what_it_has() -> None:
    """Would have caught: an empty table for a claim that only derivations and balls settle."""
    witnesses = [
        FakeWitness(WitnessKind.DERIVATION),
        FakeWitness(WitnessKind.ENCLOSURE),
        FakePlanner(WitnessKind.SAMPLING, blind_to=("a.a",)),
    ]
    with pytest.raises(InvalidInput, match=r"^a.a states loss: .* its witnesses are derivation, enclosure$"):
        plan(CLAIMS["a.a"], witnesses, CLAIMS, detect=0.1)
    with pytest.raises(InvalidInput, match=r"no problem and point"):
        plan(CLAIMS["a.a"], [FakePlanner(WitnessKind.SAMPLING, needs=())], CLAIMS, detect=0.1)
