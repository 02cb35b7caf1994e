"""Integrals over a plane in balls, and the cells of arrangements of lines, against independent computations."""

import math
from fractions import Fraction

import numpy as np
import pytest

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.cells import cells
from ste_theory.classification.data import Annulus
from ste_theory.classification.network import hinge, outputs, strongest_rival
from ste_theory.classification.plane import averages
from ste_theory.classification.second_layer import SecondLayer
from ste_theory.model.errors import InvalidInput

HALF, ONE, ZERO = Fraction(1, 2), Fraction(1), Fraction(0)


@pytest.mark.parametrize("bits", [1, 2])
@pytest.mark.parametrize("seed", [1, 2])
def test_integrals_contain_what_a_simulation_finds(bits: int, seed: int) -> None:
    """Within 5 standard errors and the radius. Would have caught: a jump at the wrong radius, a missing Jacobian, ξ
    taken for y."""
    rng = np.random.default_rng(seed)
    rows = [(Fraction(int(a), 4), Fraction(int(b), 4)) for a, b in rng.integers(-12, 13, (4, 2))]
    rows.append(rows[0])  # equal rows jump together
    second = SecondLayer(np.array([[0.5, 0, 0.25, 0, 0.5], [0, 0.75, 0, 0.5, 0]]))
    exact = [[Fraction(float(v)) for v in row] for row in second.matrix]
    found = averages(rows, exact, 1, bits, inner=HALF, outer=ONE)
    count = 200_000
    x = Annulus(0.5, 1.0).sample(2, count, rng)
    y = np.ones(count, dtype=np.intp)
    hidden = x @ np.array([[float(a), float(b)] for a, b in rows]).T
    o = outputs(hidden, second, QuantizedReLU(bits))
    loss = hinge(o, y)
    rival = strongest_rival(o, y)[1]
    weight = second.matrix[y] - second.matrix[rival]

    def compare(ball: object, values: np.ndarray) -> None:
        slack = 5 * values.std() / math.sqrt(count)
        assert abs(float(ball.mid()) - values.mean()) <= slack + float(ball.rad())  # type: ignore[attr-defined]
        assert float(ball.rad()) < 1e-3  # type: ignore[attr-defined]

    compare(found.loss, loss)
    for j in range(len(rows)):
        active = (loss > 0) & (hidden[:, j] > 0)
        compare(found.active[j], active.astype(float))
        for axis in range(2):
            compare(found.push[j][axis], active * x[:, axis])
            compare(found.signed[j][axis], weight[:, j] * active * x[:, axis])


def test_the_whole_annulus_by_hand() -> None:
    """W = 0: the loss is 1 everywhere and no neuron is active. One row: half of the mass, mean (2/π)·(7/9)·½ along it.
    Would have caught: a density that is not normalized."""
    second = [[HALF, ZERO], [ZERO, HALF]]
    nothing = averages([(ZERO, ZERO)] * 2, second, 0, 2, inner=HALF, outer=ONE)
    assert nothing.loss.contains(1)
    assert float(nothing.active[0]) == 0
    small = averages([(Fraction(1, 4), ZERO), (ZERO, ZERO)], second, 0, 2, inner=HALF, outer=ONE)
    assert small.active[0].contains(HALF.numerator / HALF.denominator)
    # E[r] = (2/3)(1 − 1/8)/(1 − 1/4) = 7/9, E[cos; cos > 0] = 1/π
    assert abs(float(small.push[0][0]) - 7 / 9 / math.pi) < 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_every_cell_has_a_point(seed: int) -> None:
    """Sign patterns of a fine random sample are all among those of the points. Would have caught: an unbounded cell, a
    cell between parallel lines, a point on a line."""
    rng = np.random.default_rng(seed)
    drawn = [[Fraction(int(v)) for v in rng.integers(-3, 4, 3)] for _ in range(6)]
    lines = [(a, b, c) for a, b, c in drawn]
    lines = [line for line in lines if line[0] or line[1]]
    lines += [(ONE, ZERO, ZERO), (ONE, ZERO, ONE)]
    points = np.array([[float(a) for a in point] for point in cells(lines)])
    normals, levels = (
        np.array([[float(v) for v in line[:2]] for line in lines]),
        np.array([float(line[2]) for line in lines]),
    )

    def patterns(x: np.ndarray) -> set[tuple[bool, ...]]:
        return {tuple(row) for row in (x @ normals.T > levels)}

    sample = np.concatenate([rng.normal(scale=s, size=(20_000, 2)) for s in (0.5, 2, 20)])
    assert patterns(sample) <= patterns(points)
    assert not np.any(np.isclose(points @ normals.T, levels, rtol=0, atol=0))


def test_bad_input_is_refused() -> None:
    """Would have caught: an annulus turned inside out, a line without a direction."""
    with pytest.raises(InvalidInput, match="inner < outer"):
        averages([(ONE, ZERO)], [[ONE], [ZERO]], 0, 2, inner=ONE, outer=HALF)
    with pytest.raises(InvalidInput, match="at least one line"):
        cells([(ZERO, ZERO, ONE)])
