"""Wrong programs: each claim of the classification paper against errors planted in the code that its witnesses run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from ste_theory.checks.model_properties import Counterexample
from ste_theory.checks.realized import exactly
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.trial import Trial
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context
from ste_theory.classification import plane
from ste_theory.classification.exact import Network, Point, Vector, dot, plus
from ste_theory.model.surrogates import Surrogate

IDS = tuple(name for name in registry.claims() if name.startswith("long2021."))
WITNESSES = {witness.kind: witness for witness in registry.witnesses()}
right_result = plane._Sums.result
right_pulls, right_step, right_hidden, right_rival = Network.pulls, Network.step, Network.hidden, Network.rival


def floor(self: Network, h: Fraction) -> int:
    """⌊h⌋ for ⌈h⌉."""
    return min(max(h.numerator // h.denominator, 0), int(2**self.bits) - 1)


def ascent(self: Network, point: Point, surrogate: Surrogate) -> Vector:
    """The coarse gradient for minus the coarse gradient."""
    return tuple(-pull for pull in right_pulls(self, point, surrogate))


def without_hinge(self: Network, point: Point, surrogate: Surrogate) -> Vector:
    """1{ℓ > 0} forgotten."""
    own, other = self.v[point.y], self.v[self.rival(point.x, point.y)]
    slopes = (1 if h > 0 else 0 for h in self.hidden(point.x))
    return tuple(point.p * (a - b) * g for a, b, g in zip(own, other, slopes, strict=True))


def biased(self: Network, x: Vector) -> Vector:
    """⟨w, x⟩ + w_1 + … + w_d: the row is seen by more than its projection."""
    return tuple(h + sum(row) for h, row in zip(right_hidden(self, x), self.w, strict=True))


def decayed(self: Network, data: tuple[Point, ...], surrogate: Surrogate) -> tuple[Vector, ...]:
    """A step with weight decay."""
    step = right_step(self, data, surrogate)
    return tuple(plus(change, row, Fraction(-1, 8)) for change, row in zip(step, self.w, strict=True))


def normalized(self: Network, data: tuple[Point, ...], surrogate: Surrogate) -> tuple[Vector, ...]:
    """Every row divided by its squared length: right in direction, no longer a sum over the classes."""
    step = right_step(self, data, surrogate)
    return tuple(tuple(x / dot(row, row) for x in row) if any(row) else row for row in step)


def weakest(self: Network, x: Vector, y: int) -> int:
    """ξ = argmin, or the class itself: no rival at all."""
    return y


@dataclass(frozen=True)
class Wrong:
    """What is put in the place of what, and the claims whose trials must see it."""

    name: str
    place: type[Network] | object
    attribute: str
    planted: Callable[..., object]
    seen_by: tuple[str, ...]


WRONG = (
    Wrong("floor", Network, "activation", floor, ("one-bit-impossible", "second-layer-sharp", "hypotheses")),
    Wrong("floor", Network, "activation", floor, ("zero-gradient-zero-loss",)),
    Wrong(
        "ascent",
        Network,
        "pulls",
        ascent,
        ("norm-growth", "preconditioning", "summability", "identity-fails", "convergence", "at-an-angle"),
    ),
    Wrong("without 1{ℓ > 0}", Network, "pulls", without_hinge, ("second-layer-sharp", "hypotheses")),
    Wrong("a bias", Network, "hidden", biased, ("decomposition",)),
    Wrong("weight decay", Network, "step", decayed, ("decomposition", "decoupling", "preconditioning")),
    Wrong("normalized rows", Network, "step", normalized, ("decomposition",)),
    Wrong("its own rival", Network, "rival", weakest, ("norm-growth", "second-layer-sharp", "hypotheses")),
)
TRIALS = [(name, wrong) for wrong in WRONG for name in wrong.seen_by]


def run(claim: Claim, cases_each: int = 15) -> None:
    """All trials of a claim, so many cases each; raises ``Counterexample`` for one that contradicts it."""
    for trial in claim.trials:
        _search(claim, trial, cases_each)


def _search(claim: Claim, trial: Trial, count: int) -> None:
    @seed(1)
    @settings(
        max_examples=count,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(trial.cases())
    def search(case: object) -> None:
        exactly(claim, trial, case)

    search()


@pytest.mark.parametrize(("name", "wrong"), TRIALS, ids=[f"{wrong.name}: {name}" for name, wrong in TRIALS])
def test_trials_notice_a_wrong_program(name: str, wrong: Wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: trials that compare a formula with itself and never run the network."""
    monkeypatch.setattr(wrong.place, wrong.attribute, wrong.planted)
    with pytest.raises(Counterexample):
        run(registry.claims()[f"long2021.{name}"])


@pytest.mark.parametrize("name", sorted({name for wrong in WRONG for name in wrong.seen_by}))
def test_the_right_program_passes(name: str) -> None:
    """Would have caught: trials that fail whatever is planted."""
    run(registry.claims()[f"long2021.{name}"], 3)


def test_every_claim_is_shown_a_wrong_program() -> None:
    """Would have caught: a claim that is added without one."""
    assert {f"long2021.{name}" for wrong in WRONG for name in wrong.seen_by} == set(IDS)


def test_decoupling_notices_subspaces_that_are_not_orthogonal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: components that are compared with themselves, so that any geometry would do."""
    claim = registry.claims()["long2021.decoupling"]
    orthogonal, angled = claim.trials
    claim = replace(claim, trials=(replace(orthogonal, cases=angled.cases),))
    with pytest.raises(Counterexample, match="moves the component"):
        run(claim)


def _ascent(found: plane.Averages) -> plane.Averages:
    return replace(found, signed=tuple((-x, -y) for x, y in found.signed))


def _unsigned(found: plane.Averages) -> plane.Averages:
    """v_yj + v_ξj for v_yj − v_ξj: the push of the rivals is outwards."""
    return replace(found, signed=(*found.signed[:-1], (-found.signed[-1][0], -found.signed[-1][1])))


def _heavy(found: plane.Averages) -> plane.Averages:
    """Σ for the mean over 160 points."""
    times = [tuple((160 * x, 160 * y) for x, y in each) for each in (found.push, found.signed)]
    return replace(found, push=times[0], signed=times[1])


def _silent(found: plane.Averages) -> plane.Averages:
    """No mass: bounds by q are 0."""
    return replace(found, active=tuple(0 * x for x in found.active))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("convergence", _ascent),
        ("convergence", _unsigned),
        ("convergence", _heavy),
        ("summability", _heavy),
        ("zero-gradient-zero-loss", _silent),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_enclosures_notice_wrong_integrals(
    name: str, change: Callable[[plane.Averages], plane.Averages], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: bounds so wide that any coarse gradient satisfies them, no case at all that passes."""
    monkeypatch.setattr(plane._Sums, "result", lambda sums: change(right_result(sums)))
    claim = registry.claims()[f"long2021.{name}"]
    result = WITNESSES[WitnessKind.ENCLOSURE].examine(claim, Context(Level.QUICK, 1))
    assert result.outcome is Outcome.FAIL, result.detail
