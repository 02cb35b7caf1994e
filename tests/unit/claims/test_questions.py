"""``st.verify``, ``st.derive``, replaying, and the public names."""

import ast
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

import ste_theory as st
from ste_theory.calculus.derivation import Derivation
from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.claims.replay import replay
from ste_theory.claims.runner import run
from ste_theory.claims.verdict import RANDOMIZED, Level, Outcome, Verdict, WitnessKind
from ste_theory.claims.witness import Context, Figure, WitnessResult
from tests.unit.claims.fakes import FAIL, INCONCLUSIVE, FakeWitness, all_witnesses, by_id, claim, result

CLAIMS = by_id(
    claim("a.top", rests_on=["b.base"]), claim("b.base", derivation=lambda: Derivation(())), claim("b.other")
)


@pytest.fixture(autouse=True)
def fake_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    def claims(corpus: Sequence[Path] = ()) -> Mapping[str, Claim]:
        return CLAIMS

    monkeypatch.setattr(registry, "claims", claims)
    monkeypatch.setattr(registry, "witnesses", all_witnesses)


def test_verify_takes_nothing_a_word_or_several() -> None:
    """Would have caught: a single id read letter by letter, or None read as no claim."""
    assert [c.id for c in st.verify(level="quick", seed=1).claims] == ["b.base", "a.top", "b.other"]
    assert [c.id for c in st.verify("a.top", seed=1).claims] == ["b.base", "a.top"]
    assert [c.id for c in st.verify(["b"], seed=1).claims] == ["b.base", "b.other"]
    report = st.verify()
    assert (report.level, report.exit_code) == (Level.STANDARD, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"level": "quickest"}, "level must be one of quick, standard, full, got 'quickest'"),
        ({"seed": -1}, "seed must be"),
        ({"threads": 0}, "threads must be"),
        ({"claims": "a.typo"}, "no claim 'a.typo'"),
    ],
)
def test_verify_refuses_what_makes_no_sense(arguments: dict[str, object], message: str) -> None:
    """Would have caught: an argument that fails inside a witness and looks like its defect."""
    with pytest.raises(st.SteTheoryError, match=message):
        st.verify(**arguments)  # type: ignore[arg-type]


def test_derive() -> None:
    """Would have caught: None returned for a claim without derivation, or a prefix taken for its first claim."""
    assert st.derive("b.base") == Derivation(())
    with pytest.raises(st.InvalidInput, match=r"a.top has no derivation"):
        st.derive("a.top")
    with pytest.raises(st.UnknownName, match="'b' is the prefix of 2 claims"):
        st.derive("b")
    with pytest.raises(st.UnknownName, match=r"did you mean b.base"):
        st.derive("b.bse")


def draw(found: Claim, context: Context) -> WitnessResult:
    """A figure that depends on seed, level and claim alone, as every witness's must."""
    rng = np.random.default_rng([context.seed, list(Level).index(context.level), len(found.id)])
    value = context.remember(("draw", found.id), lambda: float(rng.standard_normal()))
    return result(WitnessKind.SAMPLING, figures=(Figure("f", value, 0.0, 1.0, value),))


def test_replay_gives_the_figures_of_the_run() -> None:
    """Would have caught: a replay whose seed depends on the claims around it, or on the order."""
    witness = FakeWitness(WitnessKind.SAMPLING, {"a.top": draw, "b.base": draw, "b.other": draw}, count=3)
    for seed in (0, 1, 2**64 - 1):
        report = run(CLAIMS, [witness], seed=seed, level=Level.FULL)
        for name in CLAIMS:
            again = replay(CLAIMS[name], [witness], seed=seed, level=Level.FULL)
            assert again.results[0].figures == report.claim(name).witnesses[0].figures
    other = replay(CLAIMS["b.base"], [witness], seed=5, level=Level.FULL)
    assert other.results[0].figures != replay(CLAIMS["b.base"], [witness], seed=6, level=Level.FULL).results[0].figures


def test_replay_runs_that_claims_randomized_witnesses_and_no_other() -> None:
    """Would have caught: foundations run again, or derivations, which have no seed."""
    witnesses = all_witnesses()
    again = replay(CLAIMS["a.top"], witnesses, seed=1, level=Level.QUICK)
    assert [found.kind for found in again.results] == list(RANDOMIZED)
    assert {name for witness in witnesses for name in witness.examined} == {"a.top"}


@pytest.mark.parametrize(
    ("outcome", "code"), [(Outcome.PASS, 0), (FAIL, 1), (INCONCLUSIVE, 3), (Outcome.NOT_SELECTED, 3)]
)
def test_exit_code_of_a_replay(outcome: Outcome, code: int) -> None:
    """Would have caught: a replayed failure that exits with 0, or success where nobody looked."""
    witness = FakeWitness(WitnessKind.SAMPLING, {"a.top": result(WitnessKind.SAMPLING, outcome)})
    assert replay(CLAIMS["a.top"], [witness], seed=1, level=Level.QUICK).exit_code == code


def test_every_public_name_is_there_or_says_that_it_is_planned() -> None:
    """Would have caught: a misspelt place in the table of public names."""
    for name in dir(st):
        try:
            assert getattr(st, name) is not None
        except AttributeError as error:
            assert "is planned" in str(error)  # noqa: PT017  (either way is right)
    assert st.quantizers.binary().name == "binary"
    assert st.Problem.__name__ == "Problem"
    assert issubclass(st.UndefinedQuantity, ValueError)
    assert st.verify("b.base", seed=1).claims[0].verdict is Verdict.CONFIRMED
    with pytest.raises(AttributeError, match="has no attribute 'typo'"):
        st.typo  # noqa: B018


def test_the_names_for_type_checkers_are_the_names_at_run_time() -> None:
    """Would have caught: a name that mypy resolves to something else than Python does."""
    tree = ast.parse(Path(st.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        (alias,) = node.names
        assert alias.name == alias.asname
        assert node.module is not None
        home = importlib.import_module(node.module)
        expected = getattr(home, alias.name, None) or importlib.import_module(f"{node.module}.{alias.name}")
        assert getattr(st, alias.name) is expected
