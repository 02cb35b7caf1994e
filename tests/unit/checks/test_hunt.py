"""The hunt for counterexamples: the same places as one after the other, whatever was asked before."""

from typing import Any

import numpy as np
import pytest
import sympy as sp

from ste_theory.checks import hunt as hunting
from ste_theory.checks.hunt import SEED, Ground, hunt
from ste_theory.checks.places import Place, anywhere, drawn, holds
from ste_theory.claims.claim import Domain
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.model.symbols import D, S, V, theta
from ste_theory.rigorous.balls import Truth

DOMAIN = Domain(words="everything", degenerate="none")
x = sp.Symbol("x", real=True)
RANGE = (Variable(x, sp.Integer(-1), V),)


def sentence(right: sp.Expr, *hypotheses: sp.Expr, relation: Relation = Relation.AT_LEAST) -> Sentence:
    """V ≥ right, or another relation, for x in [−1, V]."""
    return Sentence("asked", V, relation, right, "", RANGE, tuple(Hypothesis(h) for h in hypotheses))


CASES = {
    "rare": sentence(3 * S**2 + x / 10, S - 1, D),
    "another hypothesis": sentence(3 * S**2 + x / 10, D - theta),
    "a true inequality": sentence(x),
    "an equation": sentence(S**2, relation=Relation.EQUAL),
    "strict": sentence(V + x, relation=Relation.ABOVE),
    "no network satisfies it": sentence(V + 1, -1 - V),
}


def one_after_the_other(asked: Sentence, places: int) -> Place | None:
    """What a hunt finds that draws and judges every place anew."""
    rng = np.random.default_rng(SEED)
    for _ in range(places):
        place = drawn(asked, DOMAIN, rng)
        if place is not None and holds(asked, place.values, exact=False) is Truth.NO:
            return place
    return None


def test_what_was_asked_before_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught places that depend on the hypotheses, or signs remembered for another expression."""
    monkeypatch.setattr(hunting, "HUNT", 60)
    found = {name: hunt(asked, DOMAIN) for name, asked in CASES.items()}
    assert {name: hunt(asked, DOMAIN) for name, asked in reversed(CASES.items())} == found
    assert found == {name: one_after_the_other(asked, 60) for name, asked in CASES.items()}
    assert [name for name, place in found.items() if place is None] == ["a true inequality", "no network satisfies it"]


def test_a_place_that_cannot_be_drawn_keeps_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught places that shift by one for whoever asks after a failure, which the first to ask saw alone."""
    honest = Ground(RANGE, DOMAIN, network=True)
    expected = [_values(honest, number) for number in range(6)]
    drawn_so_far = []

    def failing(*arguments: Any, **options: Any) -> Place | None:
        drawn_so_far.append(anywhere(*arguments, **options))
        if len(drawn_so_far) == 3:
            raise ArithmeticError("no such place")
        return drawn_so_far[-1]

    monkeypatch.setattr(hunting, "anywhere", failing)
    ground = Ground(RANGE, DOMAIN, network=True)
    for _ in range(2):
        with pytest.raises(ArithmeticError, match="no such place"):
            ground.at(2)
    assert [_values(ground, number) for number in (0, 1, 3, 4, 5)] == [*expected[:2], *expected[3:]]


def _values(ground: Ground, number: int) -> Any:
    spot = ground.at(number)
    return None if spot is None else spot.place.values
