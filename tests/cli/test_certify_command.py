"""``certify``: a file per searched sentence, which the independent checker accepts; one line for everything else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sympy as sp

from ste_theory.claims import registry
from ste_theory.claims.certify import Certified, Progress
from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.proof import Identity, Proof, Search
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.verdict import Level, WitnessKind
from ste_theory.cli.main import main
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import FakeWitness, by_id, claim

x = sp.Symbol("x", real=True)


def sentence(name: str, left: sp.Expr) -> Sentence:
    return Sentence(name, left, Relation.AT_LEAST, sp.S.Zero, "words", (Variable(x, sp.S.Zero, sp.S.One),))


def searching(claim_id: str, *sentences: Sentence, lemmas: tuple[Sentence, ...] = ()) -> Claim:
    how = {one.name: Search("one variable") for one in (*sentences, *lemmas)}
    return replace(
        claim(claim_id),
        statement=Statement((), "words", sentences=sentences),
        proof=lambda: Proof(how | {"by hand": Identity("so")}, lemmas),
    )


@dataclass
class FakeCertifier(FakeWitness):
    """Finds a certificate for every name but those that say otherwise."""

    level: Level | None = None

    def certificates(self, claim: Claim, level: Level, progress: Progress) -> Iterator[Certified]:
        self.level = level
        for one in claim.statement.sentences:
            open_ = "open" in one.name
            yield Certified(one.name, None if open_ else {"schema": one.name}, "boxes ran out" if open_ else "1 box")


def test_lemmas_and_sentences_are_certified_and_the_checker_accepts_the_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Would have caught: a lemma without its file, a certificate of another sentence, one that is not valid."""
    lemma, main_one = sentence("at θ = π", x), sentence("the bound", 1 - x**2)
    one = searching("a.b", main_one, sentence("by hand", x), lemmas=(lemma,))
    one = replace(one, proof=lambda: Proof({"at θ = π": Search(""), "the bound": Search("")}, (lemma,)))
    monkeypatch.setattr(registry, "claims", lambda corpus=(): by_id(one))
    out = tmp_path / "new" / "folder"
    assert main(["certify", "a.b", "--out", str(out)]) == 0
    files = sorted(out.iterdir())
    assert [file.name for file in files] == ["a.b.at-theta-pi.json", "a.b.the-bound.json"]
    printed = capsys.readouterr().out
    assert f"{files[0]}: a.b, at θ = π: 1 box\n" in printed
    (check,) = (line for line in printed.splitlines() if line.startswith("check: "))
    assert main(check.removeprefix("check: ste-theory ").split()) == 0
    valid = capsys.readouterr().out
    assert valid.count(": valid") == 2
    assert "1 - x**2" in valid or "-x**2 + 1" in valid


def test_what_is_false_has_no_certificate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Would have caught: a file for a sentence that the search refutes, or an exit code of 0."""
    one = searching("a.b", sentence("false", x - 1))
    monkeypatch.setattr(registry, "claims", lambda corpus=(): by_id(one))
    assert main(["certify", "a.b", "--out", str(tmp_path)]) == 3
    assert capsys.readouterr().out == "a.b, false: no certificate: refuted\n"
    assert list(tmp_path.iterdir()) == []


def test_an_open_search_is_said_and_the_others_are_written(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: one search that fails taking the others with it, or two names that share a file."""
    one = searching("a.b", sentence("x > 0", x), sentence("x ≥ 0", x), sentence("open", x))
    witness = FakeCertifier(WitnessKind.PROOF)
    install(by_id(one), (witness,))
    ended = command("certify", "a.b", "--out", str(tmp_path), "--level", "quick")
    assert (ended.code, witness.level) == (3, Level.QUICK)
    assert "a.b, open: no certificate: boxes ran out\n" in ended.out
    stored = sorted(json.loads(file.read_text())["schema"] for file in tmp_path.iterdir())
    assert stored == ["x > 0", "x ≥ 0"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.plain"], "a.plain: no sentence is proved by a search, so there is no certificate; these have: b.searched"),
        (["a.plain", "b.searched"], "a.plain: no sentence"),
        (["b.searched", "--out", "{file}"], "{file}: is a file"),
        (["c.none"], "no claim 'c.none'"),
        ([], "Missing argument 'CLAIM...'"),
    ],
)
def test_wrong_usage_is_one_line(
    install: Install, command: Command, tmp_path: Path, arguments: list[str], words: str
) -> None:
    """Would have caught: a traceback, a file written before the error, a claim named without a hint at those meant."""
    install(by_id(claim("a.plain"), searching("b.searched", sentence("one", x))), (FakeCertifier(WitnessKind.PROOF),))
    file = tmp_path / "file"
    file.write_text("")
    ended = command("certify", *(word.replace("{file}", str(file)) for word in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert words.replace("{file}", str(file)) in ended.err
    assert ended.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [file]


def test_a_registry_without_a_certifier(install: Install, command: Command) -> None:
    """Would have caught: an AttributeError for witnesses that cannot search."""
    install(by_id(searching("b.searched", sentence("one", x))), (FakeWitness(WitnessKind.PROOF),))
    ended = command("certify", "b.searched")
    assert (ended.code, ended.err) == (2, "ste-theory: no witness here makes certificates\n")
