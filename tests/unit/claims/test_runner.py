"""Running witnesses: order, time, interruption, broken witnesses, error rates."""

import math

import pytest

from ste_theory.claims.runner import root_seed, run
from ste_theory.claims.verdict import Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult
from ste_theory.model.errors import InvalidInput, UnknownName
from tests.unit.claims.fakes import FAIL, INCONCLUSIVE, FakeWitness, all_witnesses, by_id, claim, result

TWO = by_id(claim("a.top", rests_on=["b.base"]), claim("b.base"))


def test_everything_passes() -> None:
    """Would have caught: a run that never confirms, or leaves out what a selected claim rests on."""
    report = run(TWO, all_witnesses(), selected=["a.top"], seed=1, level=Level.QUICK)
    assert [(c.id, c.verdict, c.effective_verdict, c.requested) for c in report.claims] == [
        ("b.base", Verdict.CONFIRMED, Verdict.CONFIRMED, False),
        ("a.top", Verdict.CONFIRMED, Verdict.CONFIRMED, True),
    ]
    assert (report.exit_code, report.interrupted, report.missing, report.seed) == (0, False, (), 1)
    assert [r.kind for r in report.claims[0].witnesses] == list(WitnessKind)


def test_failure_below_reaches_the_claim_above() -> None:
    """Would have caught: verdicts computed per claim and never combined."""
    report = run(TWO, all_witnesses(sampling={"b.base": result(WitnessKind.SAMPLING, FAIL)}), seed=1)
    top = report.claim("a.top")
    assert (top.verdict, top.effective_verdict, top.weakest_foundation) == (
        Verdict.CONFIRMED,
        Verdict.DISPUTED,
        "b.base",
    )
    assert report.exit_code == 1


def test_interruption_keeps_what_is_finished() -> None:
    """Would have caught: Ctrl-C loses the finished claims, or keeps a half-examined one as if it were whole."""
    report = run(TWO, all_witnesses(sampling={"a.top": KeyboardInterrupt()}), seed=1)
    assert [c.id for c in report.claims] == ["b.base"]
    assert (report.interrupted, report.missing, report.exit_code) == (True, ("a.top",), 130)
    assert report.claims[0].verdict is Verdict.CONFIRMED


def test_a_broken_witness_does_not_end_the_run() -> None:
    """Would have caught: a defect in one witness loses an hour of the others' work, or passes unseen."""
    report = run(TWO, all_witnesses(proof={}, enclosure={"b.base": ZeroDivisionError("1/0\nat line 3")}), seed=1)
    broken = report.claim("b.base").witness(WitnessKind.ENCLOSURE)
    assert broken is not None
    assert broken.outcome is INCONCLUSIVE
    assert "ZeroDivisionError: 1/0 at line 3" in broken.detail
    assert report.claim("a.top").witness(WitnessKind.ENCLOSURE) is not None
    assert report.exit_code == 3


def test_a_pass_without_an_assertion_is_no_pass() -> None:
    """Would have caught: a witness that compared nothing and said yes."""
    empty = WitnessResult(WitnessKind.PROPERTIES, Outcome.PASS, "no property", assertions=0)
    report = run(TWO, all_witnesses(properties={"b.base": empty}), selected=["b.base"], seed=1)
    found = report.claims[0].witness(WitnessKind.PROPERTIES)
    assert found is not None
    assert found.outcome is INCONCLUSIVE
    assert report.claims[0].verdict is Verdict.INCONCLUSIVE


def test_a_witness_that_does_not_apply_is_not_run() -> None:
    """Would have caught: a claim confirmed without a required witness, or a witness asked about what it cannot see."""
    blind = FakeWitness(WitnessKind.SAMPLING, blind_to=("b.base",), count=7)
    others = [witness for witness in all_witnesses() if witness.kind is not WitnessKind.SAMPLING]
    report = run(TWO, [*others, blind], selected=["b.base"], seed=1)
    assert blind.examined == []
    assert report.claims[0].verdict is Verdict.NOT_RUN
    assert report.exit_code == 3


def test_the_false_alarm_rate_is_split_over_all_comparisons_of_the_run() -> None:
    """Would have caught: a rate per claim or per comparison of 1e-6, so that long runs raise false alarms."""
    rates = []

    def note(_: object, context: Context) -> WitnessResult:
        rates.append(context.false_alarm)
        return result(WitnessKind.SAMPLING)

    witness = FakeWitness(WitnessKind.SAMPLING, {"a.top": note, "b.base": note}, count=5)
    deaf = FakeWitness(WitnessKind.PROPERTIES, count=15, blind_to=("a.top",))
    run(TWO, [witness, deaf], seed=1)
    assert len(rates) == 2
    assert all(math.isclose(rate, 1e-6 / (5 + 5 + 15)) for rate in rates)


def test_only_the_kinds_asked_for_run() -> None:
    """Would have caught: a selection of witnesses that is ignored."""
    witnesses = all_witnesses()
    report = run(TWO, witnesses, seed=1, kinds=[WitnessKind.PROOF])
    assert [bool(w.examined) for w in witnesses] == [w.kind is WitnessKind.PROOF for w in witnesses]
    assert all(c.verdict is Verdict.NOT_RUN for c in report.claims)


def test_progress_names_claim_and_witness() -> None:
    """Would have caught: progress that shows the last claim's name for every witness (a late-binding closure)."""
    seen: list[str] = []

    def talk(_: object, context: Context) -> WitnessResult:
        context.progress("half")
        return result(WitnessKind.SAMPLING)

    run(TWO, [FakeWitness(WitnessKind.SAMPLING, {"b.base": talk, "a.top": talk})], seed=1, progress=seen.append)
    assert seen == [
        "counting the comparisons",
        "1/2 b.base: sampling",
        "1/2 b.base: sampling half",
        "2/2 a.top: sampling",
        "2/2 a.top: sampling half",
    ]


def test_a_run_over_nothing_is_an_error() -> None:
    """Would have caught: an empty registry that verifies with exit code 0."""
    with pytest.raises(InvalidInput, match="no claims"):
        run({}, all_witnesses(), seed=1)
    with pytest.raises(UnknownName):
        run(TWO, all_witnesses(), selected=["a.typo"], seed=1)


@pytest.mark.parametrize("seed", [-1, 2**64, True, 1.0, "7"])
def test_a_bad_seed_is_refused(seed: object) -> None:
    """Would have caught: a seed that NumPy would refuse an hour later, or True taken for 1."""
    with pytest.raises(InvalidInput, match="seed must be an integer"):
        root_seed(seed)  # type: ignore[arg-type]


def test_a_drawn_seed_is_small_enough_to_retype_and_drawn_again_each_time() -> None:
    """Would have caught: a constant in place of a drawn seed (8 equal draws have probability 2**-224)."""
    seeds = {root_seed(None) for _ in range(8)}
    assert len(seeds) > 1
    assert all(0 <= seed < 2**32 for seed in seeds)


def test_the_place_of_a_run_is_where_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: the commit read at the end, after somebody committed during an hour's run."""
    seen = ["as it began"]
    monkeypatch.setattr("ste_theory.claims.runner.environment", lambda: {"commit": seen[-1]})

    def later(_: str) -> None:
        seen.append("as it ended")

    report = run(TWO, all_witnesses(), seed=1, progress=later)
    assert seen[-1] == "as it ended"
    assert report.environment == {"commit": "as it began"}
