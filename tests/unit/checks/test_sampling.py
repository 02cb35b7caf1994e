"""The sampling witness: the same figures however it is run, and exactly the comparisons that are announced."""

import inspect
from dataclasses import replace

import pytest

from ste_theory.claims import registry
from ste_theory.claims.runner import run
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, Figure, Witness
from ste_theory.model.quantities import Quantity

IDS = tuple(claim_id for claim_id, claim in registry.claims().items() if claim.statement.equations)
KINDS = (WitnessKind.SAMPLING, WitnessKind.ENCLOSURE)


def sampling() -> Witness:
    """The sampling witness, from the registry."""
    (found,) = [witness for witness in registry.witnesses() if witness.kind is WitnessKind.SAMPLING]
    return found


# The counts follow from the level, from how many problems there are (one, three, six), from where they are looked at
# (at spurious minima too), and from whether the claim is about a sampler.
FULL = (
    "yin2019.relu",
    "yin2019.identity-stationarity",
    "general.population-loss",
    "general.correlation",
    "general.sampler-in-plane",
)


@pytest.mark.parametrize(
    ("claim_id", "level"),
    [
        *((claim_id, Level.STANDARD) for claim_id in IDS),
        *(pytest.param(i, Level.FULL, marks=() if i in FULL else pytest.mark.slow) for i in IDS),
    ],
)
def test_as_many_comparisons_as_announced(claim_id: str, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught a comparison that the run's false-alarm rate does not count, or a counted one never made.

    (At the level quick the same is asserted where every witness is run.) What is compared does not depend on the
    number of samples.
    """
    module = inspect.getmodule(type(sampling()))
    monkeypatch.setattr(module, "_samples", lambda case, level: 2_000)
    claim = registry.claims()[claim_id]
    result = sampling().examine(claim, Context(level, 5))
    assert result.assertions == sampling().comparisons(claim, level) == len(result.figures) > 0


@pytest.mark.slow
def test_threads_change_no_figure() -> None:
    """Would have caught a random stream or a sum that depends on how many threads share the work."""
    for claim_id in ("yin2019.identity", "yin2019.relu-correlation"):
        claim = registry.claims()[claim_id]
        one, two = (sampling().examine(claim, Context(Level.QUICK, 11, threads=threads)) for threads in (1, 2))
        assert one.figures == two.figures
        assert len(one.figures) > 0


def test_another_seed_changes_every_figure() -> None:
    """Would have caught figures that are not drawn from the run's seed at all."""
    claim = registry.claims()["yin2019.loss"]
    one, two = (sampling().examine(claim, Context(Level.QUICK, seed)).figures for seed in (11, 12))
    assert [figure.claimed for figure in one] == [figure.claimed for figure in two]
    assert all(first.value != second.value for first, second in zip(one, two, strict=True))


def test_worker_processes_change_no_figure() -> None:
    """Would have caught state that a worker process lacks or inherits: ball precision, caches, a seed of its own."""
    selected = ["yin2019.loss"]

    def figures(jobs: int) -> dict[tuple[str, WitnessKind], tuple[Figure, ...]]:
        report = run(
            registry.claims(),
            registry.witnesses(),
            selected=selected,
            level=Level.QUICK,
            seed=3,
            jobs=jobs,
            kinds=KINDS,
        )
        return {(claim.id, result.kind): result.figures for claim in report.claims for result in claim.witnesses}

    alone = figures(1)
    assert alone == figures(2)
    assert set(alone) == {(name, kind) for name in (*selected, "general.plane-reduction") for kind in KINDS}
    assert all(alone.values())


def test_a_wrong_formula_fails_and_says_by_how_much() -> None:
    """Would have caught a comparison of the sampled value with itself."""
    claim = registry.claims()["yin2019.loss"]
    statement = claim.statement.replacing(Quantity.LOSS, lambda f: f * 1.05)
    result = sampling().examine(replace(claim, statement=statement), Context(Level.QUICK, 3))
    assert result.outcome is Outcome.FAIL
    assert not result.certified, "sampling never refutes"
    assert "pull" in result.detail


def test_too_few_samples_are_inconclusive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught a pass that could not have seen an error of 2 %."""
    module = inspect.getmodule(type(sampling()))
    monkeypatch.setattr(module, "_samples", lambda case, level: 2_000)
    result = sampling().examine(registry.claims()["yin2019.loss"], Context(Level.QUICK, 3))
    assert result.outcome is Outcome.INCONCLUSIVE
    assert "only errors above" in result.detail
