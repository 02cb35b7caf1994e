"""Exported notebooks run: one per kind of claim, cell by cell, and stop where something else is stated."""

import json
from functools import cache
from typing import Any

import pytest

from ste_theory.checks.facts import NotEstablished
from ste_theory.claims import registry
from ste_theory.exchange import formats

EQUATION, PROOF, REFUTED, AT_A_POINT = (
    "yin2019.identity",
    "yin2019.relu-bound-corrected",
    "yin2019.lipschitz",
    "yin2019.critical-points",
)


# One worker: a notebook is written once and its cells are run once for several tests.
pytestmark = pytest.mark.xdist_group("notebooks")


@cache
def code_of(claim: str) -> list[str]:
    """The code cells of the notebook of a claim."""
    known = registry.claims()
    files = formats.export("notebook", [known[claim]], known, lambda _: None).files
    cells = json.loads(files[f"{claim}.ipynb"])["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@cache
def ran(claim: str) -> dict[str, Any]:
    """What the cells before the verdict leave behind."""
    return run(code_of(claim)[:-1])


def run(code: list[str]) -> dict[str, Any]:
    """What the cells leave behind."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in code:
        exec(compile(cell, "cell", "exec"), names)
    return names


@pytest.mark.parametrize("claim", [EQUATION, PROOF, REFUTED, AT_A_POINT])
def test_every_cell_before_the_verdict_runs(claim: str) -> None:
    """Would have caught: a cell that does not run, an assertion that does not hold. The verdict takes minutes."""
    code = code_of(claim)
    assert "st.verify" in code[-1]
    assert ran(claim)


@pytest.mark.slow
@pytest.mark.parametrize("claim", [one.id for one in registry.claims().values() if one.statement.sentences])
def test_the_sentences_of_every_claim_run(claim: str) -> None:
    """Would have caught: a place without the letters that a range is written in."""
    run(code_of(claim)[:-1])


@pytest.mark.slow
@pytest.mark.parametrize("claim", [EQUATION, PROOF, REFUTED])
def test_a_notebook_runs_whole(claim: str) -> None:
    """Would have caught: a verdict that is not the documented one, in the last cell."""
    found = run(code_of(claim))["found"]
    assert found.verdict == registry.claims()[claim].expected


def test_each_sentence_and_lemma_is_asserted_and_established() -> None:
    """Would have caught: a notebook of a proof that asserts its verdict and no sentence."""
    claim = registry.claims()[PROOF]
    assert claim.proof is not None
    names = [one.name for one in (*claim.proof().lemmas, *claim.statement.sentences)]
    code = code_of(PROOF)
    assert list(ran(PROOF)["established"]) == names
    for name in names:
        (cell,) = [one for one in code if f'established["{name}"] = sentence' in one]
        assert "in exact numbers" in cell
        assert cell.count("assert write(to_tree(") == 2


@pytest.mark.parametrize(
    ("claim", "old", "new"),
    [
        (REFUTED, "'(26*L + 26)^(-1)'", "'(26*L + 27)^(-1)'"),
        (REFUTED, "(Fraction(1, 1),)", "(Fraction(2, 1),)"),
        (AT_A_POINT, "is Truth.NO", "is Truth.YES"),
        (AT_A_POINT, 'str(sentence.relation) == ">"', 'str(sentence.relation) == "≥"'),
    ],
)
def test_another_counterexample_stops_the_notebook(claim: str, old: str, new: str) -> None:
    """Would have caught: a counterexample that is shown and not asserted."""
    code = code_of(claim)[:-1]
    assert any(old in cell for cell in code)
    with pytest.raises(AssertionError):
        run([cell.replace(old, new) for cell in code])


def test_a_sentence_that_is_not_so_stops_the_notebook() -> None:
    """Would have caught: a place at which both sides are printed and nothing is asserted of them."""
    code = code_of(PROOF)[:-1]
    asked, exchanged = "left, right = sides(sentence, values)", "right, left = sides(sentence, values)"
    with pytest.raises(AssertionError):
        run([cell.replace(asked, exchanged) for cell in code])


def test_a_sentence_without_its_lemmas_stops_the_notebook() -> None:
    """Would have caught: a decomposition that is not multiplied out."""
    code = code_of(PROOF)[:-1]
    alone = [cell.replace("sentence, how, established", "sentence, how, {}") for cell in code]
    assert alone != code
    with pytest.raises(NotEstablished):
        run(alone)
