"""The program: o_i = Σ_j v_ij σ(⟨w_j, x⟩), ℓ = max{0, 1 − o_y + max_{r≠y} o_r}, its coarse gradient in W.

Arrays have any leading axes, so that many networks are looked at together: W (..., k, d), X (N, d), H (..., N, k).
"""

import numpy as np
import numpy.typing as npt

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Labelled
from ste_theory.classification.second_layer import SecondLayer
from ste_theory.classification.subspaces import Array
from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Surrogate

Labels = npt.NDArray[np.intp]


def preactivations(w: Array, x: Array) -> Array:
    """H (..., N, k) = X Wᵀ."""
    return x @ np.swapaxes(w, -1, -2)


def outputs(hidden: Array, second: SecondLayer, quantizer: QuantizedReLU) -> Array:
    """o (..., N, n) from the pre-activations H (..., N, k)."""
    return quantizer(hidden) @ second.matrix.T


def strongest_rival(o: Array, y: Labels) -> tuple[Array, Labels]:
    """(o_ξ, ξ), ξ = argmax_{r≠y} o_r, the first of equal ones; both (..., N)."""
    others = o.copy()
    others[..., np.arange(len(y)), y] = -np.inf
    rival = others.argmax(axis=-1)
    return np.take_along_axis(others, rival[..., None], axis=-1)[..., 0], rival


def margin(o: Array, y: Labels) -> Array:
    """o_y − o_ξ (..., N): correct where it is positive (a tie is not), without loss where it is at least 1."""
    lead: Array = o[..., np.arange(len(y)), y] - strongest_rival(o, y)[0]
    return lead


def hinge(o: Array, y: Labels) -> Array:
    """ℓ = max{0, 1 − o_y + o_ξ} (..., N)."""
    return np.maximum(0.0, 1 - margin(o, y))


def loss(w: Array, data: Labelled, second: SecondLayer, quantizer: QuantizedReLU) -> Array:
    """The mean of ℓ over the data, per network."""
    check_shapes(w, data, second)
    mean: Array = hinge(outputs(preactivations(w, data.x), second, quantizer), data.y) @ data.shares
    return mean


def accuracy(w: Array, data: Labelled, second: SecondLayer, quantizer: QuantizedReLU) -> Array:
    """The share of the data with o_y > o_r for every r ≠ y, per network."""
    check_shapes(w, data, second)
    right = margin(outputs(preactivations(w, data.x), second, quantizer), data.y) > 0
    share: Array = right @ data.shares
    return share


def coarse_gradient(
    w: Array, data: Labelled, second: SecondLayer, quantizer: QuantizedReLU, surrogate: Surrogate
) -> Array:
    """∇̃_j = −mean (v_yj − v_ξj) 1{ℓ > 0} g′(⟨w_j, x⟩) x, shape (..., k, d).

    Raises ``InvalidInput`` where numbers of classes, neurons or dimensions differ.
    """
    check_shapes(w, data, second)
    gradient: Array = -np.swapaxes(_pull(w, data, second, quantizer, surrogate), -1, -2) @ data.x
    return gradient


def class_gradients(
    w: Array, data: Labelled, second: SecondLayer, quantizer: QuantizedReLU, surrogate: Surrogate
) -> Array:
    """What the data of each class contribute to the coarse gradient, shape (n, ..., k, d); the sum is ∇̃."""
    check_shapes(w, data, second)
    pull = _pull(w, data, second, quantizer, surrogate)
    of_class = data.y == np.arange(data.classes)[:, None]
    return np.stack([-np.swapaxes(pull[..., rows, :], -1, -2) @ data.x[rows] for rows in of_class])


def _pull(w: Array, data: Labelled, second: SecondLayer, quantizer: QuantizedReLU, surrogate: Surrogate) -> Array:
    """share·(v_yj − v_ξj)·1{ℓ > 0}·g′(h_j) (..., N, k): with what weight a point enters −∇̃_j."""
    hidden = preactivations(w, data.x)
    o = outputs(hidden, second, quantizer)
    value, rival = strongest_rival(o, data.y)
    active = (1 - o[..., np.arange(len(data.y)), data.y] + value > 0) * data.shares
    weight: Array = second.matrix[data.y] - second.matrix[rival]
    weight *= active[..., None]
    weight *= surrogate(hidden)
    return weight


def check_shapes(w: Array, data: Labelled, second: SecondLayer) -> None:
    """Raise ``InvalidInput`` unless W, data and V fit together."""
    if w.shape[-2] != second.neurons:
        raise InvalidInput(f"W has {w.shape[-2]} neurons, V has {second.neurons}")
    if w.shape[-1] != data.x.shape[1]:
        raise InvalidInput(f"W has the dimension {w.shape[-1]}, the data {data.x.shape[1]}")
    if data.classes != second.classes:
        raise InvalidInput(f"the data have {data.classes} classes, V has {second.classes}")
