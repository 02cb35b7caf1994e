"""``claims``, ``show``, ``why``, ``replay``, ``env``."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from ste_theory.calculus.derivation import Chain, Check, Derivation, Grade, Rule
from ste_theory.claims.claim import Statement
from ste_theory.claims.proof import Counterexample, Proof
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.verdict import Verdict, WitnessKind
from ste_theory.claims.witness import Context, Figure, WitnessResult
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import V
from ste_theory.render.listing import render
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import FAIL, INCONCLUSIVE, all_witnesses, by_id, claim, result

RULE = Rule("halving", "a = a/2", lambda f: [V], lambda f, _: f / 2, lambda *_: Check(Grade.AT_POINTS, "at 3 points"))


def derive() -> Derivation:
    return Derivation((Chain(Quantity.LOSS, V).by(RULE, "we may").done(),))


CLAIMS = by_id(claim("a.top", rests_on=["b.base"]), claim("b.base", derivation=derive), claim("b.other"))


def test_claims_lists_ids_and_verdicts(install: Install, command: Command) -> None:
    """Would have caught: a claim left out of the list, or a list that runs something."""
    witnesses = all_witnesses()
    install(CLAIMS, witnesses)
    ended = command("claims")
    assert ended.code == 0
    assert [line.split()[:3] for line in ended.out.splitlines()[1:]] == [
        [name, "identity", "CONFIRMED"] for name in CLAIMS
    ]
    assert not any(witness.examined for witness in witnesses)
    assert len(command("claims", "a").out.splitlines()) == 2


def test_show_prints_the_claim_and_its_numbered_steps(install: Install, command: Command) -> None:
    """Would have caught: a section missing, or a grade shown without re-checking."""
    install(CLAIMS, ())
    text = command("show", "b.base").out
    for part in ("The loss is an eighth of V.", "f = V/8", "everywhere", "degenerate cases: none", "Nobody 1900"):
        assert part in text
    for part in ("doubled (must be caught by sampling)", "quick, standard, full: derivation, enclosure", "nothing"):
        assert part in text
    assert "  1. halving: we may\n     = V/2\n     [checked at points: at 3 points]\n" in text
    top = command("show", "a.top").out
    assert "proof uses: b.base" in top
    assert "none: settled by the other witnesses" in top


def test_show_says_that_a_statement_is_false_and_what_corrects_it(install: Install, command: Command) -> None:
    """Would have caught: a false statement printed like a true one, or the way to the true one left out."""
    x = sp.Symbol("x", real=True)
    bound = Sentence("the bound", x, Relation.ABOVE, sp.S.One, "x > 1", (Variable(x, sp.S.Zero),))
    false = replace(
        claim("a.false", expected=Verdict.REFUTED),
        statement=Statement((), "Always.", sentences=(bound,)),
        proof=lambda: Proof({"the bound": Counterexample(((x, sp.Rational(1, 2)),), "half")}),
    )
    install(by_id(false, replace(claim("a.right"), corrects="a.false")), ())
    text = command("show", "a.false").out
    assert "As printed; documented verdict REFUTED\n  false: the bound. Counterexample: x = 1/2 (half)\n" in text
    assert "  corrected by a.right\n" in text
    assert "Refutation\n  the bound\n    [refuted by a counterexample: half]\n      x = 1/2\n" in text
    assert "corrects a.false" in " ".join(command("show", "a.right").out.split())


def test_show_latex_is_the_fragment_of_export(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: two renderings of one claim that differ."""
    install(CLAIMS, ())
    assert command("export", "b.base", "--format", "latex", "--out", str(tmp_path)).code == 0
    assert command("show", "b.base", "--latex").out == (tmp_path / "b.base.tex").read_text()


UNDECIDED = {"enclosure": {"b.base": result(WitnessKind.ENCLOSURE, INCONCLUSIVE, "balls overlap")}}


def test_why_names_the_weakest_claim_and_its_witness(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: the claim blamed for what is below it; a stored report judged otherwise than a run."""
    install(CLAIMS, all_witnesses(**UNDECIDED))
    ended = command("why", "a.top", "--seed", "3")
    assert ended.code == 3
    assert ended.out.splitlines() == [
        "INCONCLUSIVE a.top (documented: CONFIRMED): rests on b.base, which is INCONCLUSIVE",
        "    the proof of a.top (own verdict CONFIRMED) rests on b.base",
        "INCONCLUSIVE b.base, the weakest: Hypothetical b.base",
        "    INCONCLUSIVE enclosure: balls overlap",
        "    again: ste-theory replay b.base --seed 3 --level quick",
        "level quick, seed 3",
    ]
    file = tmp_path / "report.json"
    command("verify", "--seed", "3", "--level", "quick", "--json", str(file))
    install(CLAIMS, ())  # the report alone is read
    assert command("why", "a.top", "--json", str(file)) == ended


def test_why_of_a_confirmed_claim(install: Install, command: Command) -> None:
    """Would have caught: an answer that says nothing where all is well, or counts claims that are not below."""
    install(CLAIMS, all_witnesses())
    ended = command("why", "a.top")
    assert ended.code == 0
    assert "CONFIRMED a.top: every required witness passes" in ended.out
    assert "PASS sampling: looked" in ended.out
    assert "CONFIRMED as well, all that its proof rests on: b.base" in ended.out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("\x00\xff", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("{}", "not a report"),
        ('{"schema": "ste_theory.report/1"}', "damaged"),
    ],
)
def test_why_of_a_damaged_file(install: Install, command: Command, tmp_path: Path, content: str, message: str) -> None:
    """Would have caught: a traceback for a file that is cut off or of another kind."""
    install(CLAIMS, all_witnesses())
    file = tmp_path / "report.json"
    file.write_bytes(content.encode("latin-1"))
    ended = command("why", "a.top", "--json", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert ended.err.count("\n") == 1
    assert str(file) in ended.err


def draw(_: object, context: Context) -> WitnessResult:
    value = (context.seed % 1000) / 1000 + 1
    return result(WitnessKind.SAMPLING, figures=(Figure("f", value, 1.0, 0.01, (value - 1) / 0.01, 0.05),))


def test_replay_prints_the_figures_of_the_run(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: a replay with another seed or level than the one given."""
    install(CLAIMS, all_witnesses(sampling={"a.top": draw}))
    file = tmp_path / "report.json"
    command("verify", "--seed", "123", "--level", "quick", "--json", str(file))
    (stored,) = [c for c in json.loads(file.read_text())["claims"] if c["id"] == "a.top"]
    (figure,) = next(w for w in stored["witnesses"] if w["kind"] == "sampling")["figures"]
    assert figure["value"] == 1.123
    ended = command("replay", "a.top", "--seed", "123", "--level", "quick")
    assert ended.code == 0
    assert ended.out.startswith("a.top, level quick, seed 123\n")
    assert "1.123(10)" in ended.out
    assert "+12.3" in ended.out


def test_replay_exit_codes(install: Install, command: Command) -> None:
    """Would have caught: a replayed failure that exits with 0."""
    answers = {
        "sampling": {"a.top": result(WitnessKind.SAMPLING, FAIL), "b.base": result(WitnessKind.SAMPLING, INCONCLUSIVE)}
    }
    install(CLAIMS, all_witnesses(**answers))
    assert [command("replay", name, "--seed", "1").code for name in CLAIMS] == [1, 3, 0]


def test_env_names_versions(command: Command) -> None:
    """Would have caught: a field that is missing or holds a path."""
    ended = command("env")
    assert ended.code == 0
    names = [line.split()[0] for line in ended.out.splitlines()]
    assert {"ste-theory", "python", "numpy", "sympy", "python-flint", "blas", "machine", "processors"} <= set(names)
    assert "/" not in ended.out


def test_claims_fit_a_terminal_and_stay_one_line_each_elsewhere() -> None:
    """Would have caught: lines that wrap in a terminal of 80 columns, or a list that `grep` cannot read."""
    rows = [(f"some.claim-{n}", "identity", "CONFIRMED", "A source 2019, Lemma 1", "title " * 12) for n in range(3)]
    narrow = render(rows, width=80)
    assert max(map(len, narrow.splitlines())) <= 80
    assert " ".join(narrow.split()).count("(A source 2019, Lemma 1)") == 3
    assert len(render(rows).splitlines()) == 4
    assert render(rows, width=500) == render(rows)
