"""The hunt for a place at which a sentence certainly fails.

The places do not depend on the run, nor on what the hypotheses say: the sentences of one claim and their planted
versions, which differ in little else, are hunted over the same ones, drawn and judged once.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import sympy as sp
from flint import acb, arb

from ste_theory.checks.places import Place, anywhere, sign_of
from ste_theory.claims.claim import Domain
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.rigorous.balls import Truth, is_zero, precision, real
from ste_theory.rigorous.translate import CannotTranslate, translate

HUNT, SEED, BITS = 1000, 20190108, 200
# Grounds are large (some MB); the sentences of one claim need a few.
KEPT = 8


@dataclass(frozen=True)
class Spot:
    """A place, and its letters in balls."""

    place: Place
    balls: dict[sp.Basic, acb]


class Ground:
    """Places drawn in turn, each once, and the signs of hypotheses there, each when it is first asked for."""

    def __init__(self, variables: tuple[Variable, ...], domain: Domain, *, network: bool) -> None:
        self._variables, self._domain, self._network = variables, domain, network
        self._rng = np.random.default_rng(SEED)
        self._spots: list[Spot | Exception | None] = []
        self._signs: dict[Hypothesis, dict[int, bool]] = {}

    def at(self, number: int) -> Spot | None:
        """The place of that number; ``None`` if a range is empty there. Raises what drawing it raised."""
        while len(self._spots) <= number:
            self._spots.append(self._drawn())
        found = self._spots[number]
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        return found

    def _drawn(self) -> Spot | Exception | None:
        """The next place. A failure has drawn numbers too: it keeps its place, or all that follow would shift."""
        try:
            place = anywhere(self._variables, self._domain, self._rng, network=self._network)
            return None if place is None else Spot(place, _in_balls(place))
        except Exception as error:  # noqa: BLE001  (whatever it is, it is raised where the place is asked for)
            return error

    def admits(self, hypotheses: tuple[Hypothesis, ...], number: int, spot: Spot) -> bool:
        """Whether the hypotheses certainly hold at a place."""
        for hypothesis in hypotheses:
            known = self._signs.setdefault(hypothesis, {})
            if number not in known:
                said = _sign(hypothesis.expression, spot, strict=hypothesis.strict)
                known[number] = said is Truth.YES
            if not known[number]:
                return False
        return True


def _in_balls(place: Place) -> dict[sp.Basic, acb]:
    with precision(BITS):
        return {letter: translate(value, {}) for letter, value in place.values.items()}


def _value(expression: sp.Expr, spot: Spot) -> arb:
    with precision(BITS):
        return real(translate(expression, spot.balls))


def _sign(expression: sp.Expr, spot: Spot, *, strict: bool) -> Truth:
    try:
        return sign_of(_value(expression, spot), strict=strict)
    except CannotTranslate:
        return Truth.UNKNOWN


@lru_cache(maxsize=KEPT)
def _ground(variables: tuple[Variable, ...], domain: Domain, network: bool) -> Ground:
    return Ground(variables, domain, network=network)


def hunt(sentence: Sentence, domain: Domain) -> Place | None:
    """The first of a thousand drawn places where all hypotheses certainly hold and the sentence certainly fails."""
    ground = _ground(sentence.variables, domain, sentence.needs_network)
    difference, strict = sentence.difference, sentence.relation is Relation.ABOVE
    for number in range(HUNT):
        spot = ground.at(number)
        if spot is None or not ground.admits(sentence.hypotheses, number, spot):
            continue
        if sentence.relation is Relation.EQUAL:
            said = is_zero(_value(difference, spot))
        else:
            said = _sign(difference, spot, strict=strict)
        if said is Truth.NO:
            return spot.place
    return None
