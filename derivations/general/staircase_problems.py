"""Networks at which statements about any staircase and any surrogate are instantiated: one fixed, others drawn."""

from fractions import Fraction
from functools import cache

import numpy as np

from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate, from_formulas, relu

# No symmetry in it: errors in the offset, in the sign of a threshold and in the mean of μ′ all show.
_UNEVEN = Staircase(
    "staircase(-1/2, 1)", (Fraction(-1, 2), Fraction(1)), (Fraction(3, 4), Fraction(3, 2)), Fraction(1, 2)
)
FIXED = (Problem(_UNEVEN, relu()),)
DRAWN = 2


@cache
def drawn(seed: int) -> tuple[Problem, ...]:
    """Problems with one to three steps anywhere and surrogates of different character, from a run's seed."""
    rng = np.random.default_rng([20190107, seed])
    kinds = rng.permutation(len(_SURROGATES))[:DRAWN]
    return tuple(
        Problem(staircase(rng, int(steps)), _SURROGATES[kind](rng))
        for steps, kind in zip(rng.permutation((1, 2, 3))[:DRAWN], kinds, strict=True)
    )


def _number(rng: np.random.Generator, low: int, high: int) -> Fraction:
    """A multiple of ¼ between low/4 and high/4, never 0: an error in any term stays visible."""
    return Fraction(int(rng.choice([value for value in range(low, high + 1) if value])), 4)


def staircase(rng: np.random.Generator, steps: int) -> Staircase:
    """Thresholds between −1½ and 1½, heights between ½ and 2, an offset between −1 and 1."""
    places = sorted(int(place) for place in rng.choice(np.arange(-6, 7), size=steps, replace=False))
    heights = tuple(_number(rng, 2, 8) for _ in places)
    thresholds = tuple(Fraction(place, 4) for place in places)
    name = f"staircase({', '.join(map(str, thresholds))})"
    return Staircase(name, thresholds, heights, _number(rng, -4, 4))


def _window(rng: np.random.Generator) -> Surrogate:
    lower, width = _number(rng, -6, 2), _number(rng, 4, 10)
    return from_formulas(f"window({lower}, {lower + width})", ("0", "1", "0"), (lower, lower + width))


def _leaky(rng: np.random.Generator) -> Surrogate:
    bend, slope = _number(rng, -4, 4), _number(rng, 1, 3)
    return from_formulas(f"leaky({slope}, {bend})", (f"{slope}", "1"), (bend,))


def _bump(rng: np.random.Generator) -> Surrogate:
    centre, narrow = _number(rng, -3, 3), _number(rng, 1, 4)
    return from_formulas(f"bump({centre}, {narrow})", (f"exp(-{narrow}*(x - ({centre}))^2)",))


def _sign_changing(rng: np.random.Generator) -> Surrogate:
    depth, narrow = _number(rng, 1, 4), _number(rng, 1, 4)
    return from_formulas(f"sign_changing({depth}, {narrow})", (f"(1 - {depth}*x^2)*exp(-{narrow}*x^2)",))


def _tent(rng: np.random.Generator) -> Surrogate:
    width = _number(rng, 4, 10)
    formulas = ("0", f"1 + x/({width})", f"1 - x/({width})", "0")
    return from_formulas(f"tent({width})", formulas, (-width, Fraction(0), width))


_SURROGATES = (_window, _leaky, _bump, _sign_changing, _tent)
