"""Subspaces, densities, the second layer and the program of the classification paper."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Annulus, Labelled, Population, grid, paper_grid
from ste_theory.classification.descent import Method, descend, start
from ste_theory.classification.network import accuracy, class_gradients, coarse_gradient, loss
from ste_theory.classification.second_layer import SecondLayer, blocks
from ste_theory.classification.subspaces import Subspaces, at_angle, at_random, coordinate, rotated, spanned
from ste_theory.model import surrogates
from ste_theory.model.errors import InvalidInput


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: spanned([[[1], [0]], [[1], [0]]]), "classes 1 and 2 overlap"),
        (lambda: spanned([np.eye(3)[:, :2], np.eye(3)[:, 1:]]), "classes 1 and 2 overlap"),
        (lambda: spanned([[[1], [0]], [[0], [1]], [[1], [1]]]), "linearly independent' fails"),
        (lambda: at_angle(0), "meet in 0 only' fails"),
        (lambda: coordinate((2, 2), ambient=3), "linearly independent' fails"),
        (lambda: blocks(3, 2), "assumption 'every class has a neuron' fails: 2 neurons for 3 classes"),
        (lambda: SecondLayer(np.array([[0.5], [0.5]])).checked(), "every class has a neuron' fails"),
        (lambda: SecondLayer(np.array([[0.5, 0.5], [0, 0]])).checked(), "class 2 has none"),
        (lambda: SecondLayer(np.array([[0.5, 0.5], [0, 0.5]])).checked(), "neuron 2 serves two classes"),
        (lambda: SecondLayer(np.array([[0.5, 0], [0, 1]])).checked(), "'v_ij < 1' fails: v_2,2 = 1"),
        (lambda: SecondLayer(np.array([[0.5, 0, 0], [0, 0.5, -1]])).checked(), "'V ≥ 0' fails: v_2,3 = -1"),
        (lambda: Labelled(np.ones((2, 2)), np.array([0, 2])), "'no class is empty' fails: no point of class 2"),
        (lambda: Labelled(np.ones((2, 2)), np.array([0, 0])), "'no class is empty' fails: no point of class 2"),
        (lambda: Population(at_angle(90), weights=(1.0, 0.0)), "'no class is empty' fails: class 2"),
        (lambda: Annulus(0, 1), "'m < |x| < M' fails"),
        (lambda: grid(coordinate((1, 2))), "the grid is for planes"),
        (lambda: QuantizedReLU(0), "bits must be"),
    ],
)
def test_bad_input_names_the_assumption_that_fails_in_one_line(make: Callable[[], object], says: str) -> None:
    """Would have caught: a model of data or weights to which no statement applies, or a message that hides why."""
    with pytest.raises(InvalidInput) as caught:
        make()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("degrees", [15, 45, 90])
def test_angle_of_the_paper_geometry(degrees: float) -> None:
    """Would have caught: sine and cosine exchanged in the basis, a largest angle in place of the smallest."""
    planes = at_angle(degrees)
    assert planes.angle(0, 1) == pytest.approx(degrees, abs=1e-9)
    assert planes.orthogonal == (degrees == 90)


@pytest.mark.parametrize("make", [rotated, at_random])
def test_random_subspaces(make: Callable[..., Subspaces]) -> None:
    """Would have caught: a generator that ignores its seed, or whose subspaces lose their dimensions."""
    found = make((1, 2, 3), ambient=8, seed=4)
    assert found.dimensions == (1, 2, 3)
    assert found.orthogonal == (make is rotated)
    assert np.array_equal(found.bases[2], make((1, 2, 3), ambient=8, seed=4).bases[2])
    assert not np.array_equal(found.bases[2], make((1, 2, 3), ambient=8, seed=5).bases[2])


@pytest.mark.parametrize("seed", range(3))
def test_the_preconditioner_decouples_subspaces_at_any_angle(seed: int) -> None:
    """P_i T x = x and P_r T x = 0 for x ∈ V_i. Would have caught: an inverse of one projection in place of the sum."""
    planes = at_random((2, 1, 2), ambient=6, seed=seed)
    for i, basis in enumerate(planes.bases):
        turned = basis.T @ planes.preconditioner
        for r in range(3):
            expected = np.eye(basis.shape[1]) if r == i else 0
            assert np.allclose(planes.projected(r, turned), expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("dimension", [1, 2, 3, 5])
@pytest.mark.parametrize("power", [0.0, -2.0, 1.5])
def test_annulus_density(dimension: int, power: float) -> None:
    """The sampled share of a slab and of the inner half agree with the density within 5 standard errors, and the slab
    constant bounds the share. Would have caught: a wrong normalization or a radius drawn uniformly."""
    annulus, count = Annulus(0.5, 2.0, power), 40_000
    x = annulus.sample(dimension, count, np.random.default_rng(1))
    radii = np.linalg.norm(x, axis=1)
    assert radii.min() >= 0.5
    assert radii.max() <= 2.0
    exponent = dimension + power
    expected = math.log(2) / math.log(4) if exponent == 0 else (1 - 0.5**exponent) / (2**exponent - 0.5**exponent)
    share = float((radii < 1).mean())
    assert abs(share - expected) < 5 * math.sqrt(expected * (1 - expected) / count)
    slab = float(((x[:, 0] > 0) & (x[:, 0] < 0.7)).mean())
    assert slab - 5 * 0.5 / math.sqrt(count) < annulus.slab(dimension) * 0.7
    low, high = annulus.bounds(dimension)
    volume = (2.0**dimension - 0.5**dimension) * math.pi ** (dimension / 2) / math.gamma(dimension / 2 + 1)
    rounding = 1e-14 / volume  # the ends agree exactly for a constant density
    assert low - rounding <= 1 / volume <= high + rounding


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_the_quantized_relu_is_the_staircase(bits: int) -> None:
    """Would have caught: a floor for a ceiling, the wrong number of levels, the other value at a jump."""
    x = np.concatenate([np.arange(-3, 2**bits + 3), np.random.default_rng(1).uniform(-3, 2**bits + 3, 200)])
    quantizer = QuantizedReLU(bits)
    assert np.array_equal(quantizer(x), quantizer.staircase(x))
    assert float(quantizer(0.5)) == 1.0


def test_the_program_by_hand() -> None:
    """Two points, two neurons, all numbers by hand. Would have caught: a sign, a missing mean, v_ξ for v_y."""
    data = Labelled(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0, 1]))
    w = np.array([[1.5, 0.0], [1.0, -1.0]])
    second, quantizer = SecondLayer(np.array([[0.5, 0], [0, 0.25]])), QuantizedReLU(2)
    # h: point 1 gives (1.5, 1), o = (2·½, 1·¼); point 2 gives (0, −2), o = (0, 0).
    assert loss(w, data, second, quantizer) == pytest.approx((0.25 + 1) / 2)
    assert accuracy(w, data, second, quantizer) == 0.5
    expected = -np.array([[0.5 * 1 / 2, 0], [-0.25 * 1 / 2, 0]])  # point 2 activates nobody under ReLU
    assert np.array_equal(coarse_gradient(w, data, second, quantizer, surrogates.relu()), expected)
    through = coarse_gradient(w, data, second, quantizer, surrogates.identity())
    assert np.array_equal(through, -np.array([[0.25, -0.5], [-0.125, 0.25]]))


def test_class_gradients_add_up_and_stay_in_their_subspaces() -> None:
    """Would have caught: a class whose step leaves its subspace, or a part that is counted twice."""
    planes = at_random((2, 2, 2), ambient=7, seed=2)
    data = Population(planes, weights=(0.5, 0.25, 0.25)).sample(30, seed=3)
    w = start(4, 6, 7, seed=5)
    second, quantizer, relu = blocks(3, 6), QuantizedReLU(2), surrogates.relu()
    parts = class_gradients(w, data, second, quantizer, relu)
    assert np.allclose(parts.sum(axis=0), coarse_gradient(w, data, second, quantizer, relu), rtol=0, atol=1e-14)
    assert np.abs(parts).max() > 1e-3
    for part, basis in zip(parts, planes.bases, strict=True):
        assert np.allclose(part @ basis @ basis.T, part, rtol=0, atol=1e-13)


@pytest.mark.parametrize("method", [Method(), Method(noise=0.01), Method(batch=16)], ids=["all", "noise", "batch"])
def test_many_runs_are_the_runs_one_by_one(method: Method) -> None:
    """Would have caught: runs that mix, a run that is put aside too early, streams that depend on the others."""
    data, second, quantizer = paper_grid(60), blocks(2, 12), QuantizedReLU(2)
    w = start(3, 12, 4, seed=7)
    together = descend(w, data, second, quantizer, surrogates.relu(), cap=400, seed=7, method=method)
    for number in range(3):
        current, done = w[number], 400
        stream = np.random.SeedSequence([7, 1]).spawn(3)[number]
        rng = np.random.default_rng(stream)
        for t in range(401):
            if loss(current, data, second, quantizer) == 0 or t == 400:
                done = t
                break
            seen = data
            if method.batch:
                chosen = rng.choice(160, size=method.batch, p=data.shares)
                part = [float(np.bincount(chosen, minlength=160)[i]) / method.batch for i in range(160)]
                kept = np.asarray(part)
                seen = Labelled(data.x, data.y, np.where(kept > 0, kept, 1e-300))
            step = -coarse_gradient(current, seen, second, quantizer, surrogates.relu())
            if method.noise:
                step = step + method.noise * rng.standard_normal(step.shape)
            current = current + step
        assert together.iterations[number] == done
        assert np.allclose(together.weights[number], current, rtol=0, atol=1e-9)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("name", ["relu", "identity", "long2021.reverse_exponential", "long2021.log_tailed"])
def test_a_step_is_the_coarse_gradient(classes: int, name: str) -> None:
    """Two classes have one rival and a path of their own. Would have caught: a sign, a row of V with the wrong class,
    entries of a formula left out where the loss is positive.
    """
    data = Population(at_random((2,) * classes, seed=2)).sample(50, seed=3)
    rng = np.random.default_rng(4)
    second = SecondLayer(np.abs(rng.normal(size=(classes, 9))))
    quantizer, surrogate = QuantizedReLU(2), surrogates.get(name) if "." in name else getattr(surrogates, name)()
    w = 2 * start(5, 9, 2 * classes, seed=5)
    before = loss(w, data, second, quantizer)
    assert np.min(before) > 0
    after = descend(w, data, second, quantizer, surrogate, cap=1, seed=6, method=Method(step=0.5)).weights
    expected = w - 0.5 * coarse_gradient(w, data, second, quantizer, surrogate)
    assert np.abs(expected - w).max() > 1e-3
    # Weights below 8: 1e-14 is five roundings of them and those of sums of 100 terms whose sizes add up to less than 2.
    assert np.max(np.abs(w)) < 8
    assert np.allclose(after, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("v", ["0.6 0.2 0.8 0.8 0.8 0; 0.5 0.9 0.5 0.4 0.6 0.7", "0.1 0.7 0.2 0 0 0; 0 0 0 0.5 0 0.9"])
def test_runs_end_where_the_loss_is_zero(v: str) -> None:
    """Margins that are 1 but for rounding. Would have caught: two ways of rounding o_y − o_ξ."""
    second = SecondLayer(np.array([[float(x) for x in row.split()] for row in v.split(";")]))
    data, quantizer = Labelled(np.eye(2), np.array([0, 1])), QuantizedReLU(2)
    w = np.random.default_rng(8).integers(-2, 4, size=(4000, 6, 2)).astype(np.float64)
    found = descend(w, data, second, quantizer, surrogates.relu(), cap=0, seed=1)
    assert np.array_equal(found.reached, found.loss == 0)
    assert found.reached.any()


def test_weights_are_exact_where_the_claims_use_them() -> None:
    """Would have caught: a second layer in which one half is not one half."""
    assert Fraction(blocks(2, 4).matrix[0, 0]) == Fraction(1, 2)
