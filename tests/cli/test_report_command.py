"""``verify --report`` and ``report``: results written once, the page from them alone, other files refused in a line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ste_theory.claims import registry
from ste_theory.cli import report as module
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import all_witnesses

ID = "yin2019.origin"


@pytest.fixture
def results(install: Install, command: Command, tmp_path: Path) -> Path:
    """The results of a run of one claim of ours, with witnesses that pass."""
    install({ID: replace(registry.claims()[ID], proof_uses=(), statement_uses=())}, all_witnesses())
    ended = command("verify", "--seed", "5", "--report", str(tmp_path / "out"))
    assert (ended.code, ended.err) == (1, "")  # confirmed, although it is documented as false
    return tmp_path / "out" / "results.json"


def test_a_run_writes_results_and_a_page(results: Path) -> None:
    """Would have caught: a page without its numbers, or one that differs from what the results say."""
    page = results.with_name("index.html").read_text(encoding="utf-8")
    content = json.loads(results.read_text(encoding="utf-8"))
    assert sorted(file.name for file in results.parent.iterdir()) == ["index.html", "results.json"]
    assert (content["seed"], list(content["pages"])) == (5, [ID])
    assert page.startswith("<!DOCTYPE html>")
    assert "Not as documented" in page
    # Why, in the box on the front and on the page of the claim: every witness passes, so it is not refuted.
    assert page.count("(documented: REFUTED): every required witness passes") == 2
    assert f"ste-theory verify {ID} --seed 5 --level standard" in page


def test_the_page_is_made_again_from_the_results_alone(
    results: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: a renderer that runs a witness or derives anything, or a page that changes."""
    page = results.with_name("index.html")
    first = page.read_text(encoding="utf-8")
    page.unlink()
    monkeypatch.setattr("ste_theory.claims.presentation.shown_document", None)
    monkeypatch.setattr("ste_theory.claims.runner.examine", None)
    ended = command("report", str(results))
    assert (ended.code, ended.out, ended.err) == (0, f"{page}\n", "")
    assert page.read_text(encoding="utf-8") == first
    other = results.with_name("other.html")
    assert command("report", str(results), "--out", str(other)).code == 0
    assert other.read_text(encoding="utf-8") == first


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text[: len(text) // 2], "not JSON"),
        (lambda text: text.replace("report/2", "report/1"), "this version reads"),
        (lambda text: text.replace('"seed":5', '"seed":6'), "changed or cut"),
        (lambda text: json.dumps({**json.loads(text), "claims": []}), "changed or cut"),
        (lambda text: "[]", "not a report"),
        (lambda text: "", "not JSON"),
    ],
)
def test_other_files_are_refused_in_a_line(results: Path, command: Command, damage, message: str) -> None:  # type: ignore[no-untyped-def]
    """Would have caught: a page made of half a file, or a traceback."""
    page = results.with_name("index.html")
    before = page.read_bytes()
    results.write_text(damage(results.read_text(encoding="utf-8")), encoding="utf-8")
    ended = command("report", str(results))
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert message in ended.err
    assert str(results) in ended.err
    assert page.read_bytes() == before


def test_results_without_pages_or_of_other_claims(
    results: Path, install: Install, command: Command, tmp_path: Path
) -> None:
    """Would have caught: the verdict of one statement printed under another."""
    plain = tmp_path / "plain.json"
    command("verify", "--seed", "5", "--json", str(plain))
    assert "without pages" in command("report", str(plain)).err
    claim = registry.claims()[ID]
    changed = replace(claim.statement, sentences=tuple(replace(s, left=s.left + 1) for s in claim.statement.sentences))
    install({ID: replace(claim, statement=changed)}, all_witnesses())
    ended = command("report", str(results))
    assert ended.code == 2
    assert f"{ID} states something else there" in ended.err
    install({}, all_witnesses())
    assert "--corpus" in command("report", str(results)).err


def test_a_folder_that_cannot_be_written_is_known_before_the_run(
    install: Install, command: Command, tmp_path: Path
) -> None:
    """Would have caught: two minutes of work lost because a file stands where the folder should be."""
    witnesses = all_witnesses()
    install({ID: registry.claims()[ID]}, witnesses)
    (tmp_path / "file").write_text("")
    ended = command("verify", "--report", str(tmp_path / "file"))
    assert ended.code == 2
    assert not any(witness.examined for witness in witnesses)
    assert module.RESULTS == "results.json"


def test_the_command_on_the_page_repeats_the_run_that_was_made(
    install: Install, command: Command, tmp_path: Path
) -> None:
    """Would have caught: "Again" that runs all claims for a report of one, or names all of them for a report of all."""
    claim = replace(registry.claims()[ID], proof_uses=(), statement_uses=())
    other = replace(claim, id="yin2019.loss")
    install({ID: claim, other.id: other}, all_witnesses())
    for asked, said in (((), "ste-theory verify --level"), ((ID,), f"ste-theory verify {ID} --level")):
        folder = tmp_path / str(len(asked))
        command("verify", *asked, "--seed", "5", "--report", str(folder))
        assert f"Again: <code>{said} standard --seed 5 --report DIR</code>" in (folder / "index.html").read_text()
        (folder / "index.html").unlink()
        command("report", str(folder / "results.json"))
        assert f"Again: <code>{said} standard --seed 5 --report DIR</code>" in (folder / "index.html").read_text()
