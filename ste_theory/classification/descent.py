"""Coarse gradient descent W ← W − η∇̃ of many networks at once, until the loss is zero or the cap is reached."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Labelled
from ste_theory.classification.network import (
    Labels,
    accuracy,
    check_shapes,
    loss,
    outputs,
    preactivations,
    strongest_rival,
)
from ste_theory.classification.second_layer import SecondLayer
from ste_theory.classification.subspaces import Array
from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import Number
from ste_theory.model.surrogates import Surrogate

# Bytes of one array of pre-activations: so many networks are looked at together that it stays in the cache, and below
# the 128 KiB from which the C library maps and unmaps memory at every step.
CACHED = 130_000


@dataclass(frozen=True)
class Method:
    """How a step is made: its size, on how many drawn points (0: on all), with how much noise in the step.

    ``noise`` is the standard deviation of a normal number added to each entry of ∇̃; ``preconditioner`` (d, d) turns
    every row of the step, see ``Subspaces.preconditioner``.
    """

    step: float = 1.0
    batch: int = 0
    noise: float = 0.0
    preconditioner: Array | None = None

    def __post_init__(self) -> None:
        if not 0 < self.step < np.inf:
            raise InvalidInput(f"the step must be positive, got {self.step}")
        if self.batch < 0 or not 0 <= self.noise < np.inf:
            raise InvalidInput(f"batch and noise must not be negative, got {self.batch} and {self.noise}")


@dataclass(frozen=True)
class Runs:
    """What became of R networks. ``iterations``: steps until the loss was zero on all data; ``cap`` where it never was.

    ``reached``: whether it was. ``longest``: the largest ‖w_j‖ at the end. ``weights``: W at the end (R, k, d).
    """

    reached: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int64]
    loss: Array
    accuracy: Array
    longest: Array
    weights: Array
    cap: int


def start(runs: int, neurons: int, dimension: int, *, seed: int, first: int = 0) -> Array:
    """w ~ N(0, I) for the runs ``first``, ``first + 1``, …: each run has a stream of its own below ``seed``."""
    streams = np.random.SeedSequence(seed).spawn(first + runs)[first:]
    return np.stack([np.random.default_rng(stream).standard_normal((neurons, dimension)) for stream in streams])


def descend(
    w: Array,
    data: Labelled,
    second: SecondLayer,
    quantizer: QuantizedReLU,
    surrogate: Surrogate,
    *,
    cap: int,
    seed: int,
    method: Method = Method(),
    block: int = CACHED,
    watch: Callable[[int, Array, npt.NDArray[np.intp]], None] | None = None,
) -> Runs:
    """All networks W (R, k, d) until zero loss or ``cap`` steps. Runs that are done are put aside.

    The run of one start does not depend on the others started with it, up to rounding in the last bits; batches and
    noise are drawn per run from streams below ``seed``. ``watch(t, W, which)`` sees the runs still going after step t.
    ``block``: bytes of one array, for those who told the C library to keep its memory.
    """
    check_shapes(w, data, second)
    runs = len(w)
    ended = np.array(w, dtype=np.float64)
    iterations = np.full(runs, cap, dtype=np.int64)
    reached = np.zeros(runs, dtype=bool)
    rngs = [np.random.default_rng(stream) for stream in np.random.SeedSequence([seed, 1]).spawn(runs)]
    size = max(1, block // (8 * len(data.y) * second.neurons))
    for first in range(0, runs, size):
        going, current = np.arange(first, min(first + size, runs)), ended[first : first + size].copy()
        for t in range(cap + 1):
            move, done = _move(current, data, second, quantizer, surrogate, method, [rngs[i] for i in going])
            if done.any():
                ended[going[done]] = current[done]
                reached[going[done]], iterations[going[done]] = True, t
                going, current = going[~done], current[~done]
            if not len(going) or t == cap:
                break
            current = current + method.step * move
            if watch is not None:
                watch(t + 1, current, going)
        ended[going] = current
    final_loss = loss(ended, data, second, quantizer)
    final_accuracy = accuracy(ended, data, second, quantizer)
    longest = np.linalg.norm(ended, axis=-1).max(axis=-1)
    return Runs(reached, iterations, final_loss, final_accuracy, longest, ended, cap)


def _move(
    w: Array,
    data: Labelled,
    second: SecondLayer,
    quantizer: QuantizedReLU,
    surrogate: Surrogate,
    method: Method,
    rngs: list[np.random.Generator],
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """The step of the networks whose loss is not zero, and which those with zero loss are (R,)."""
    hidden = preactivations(w, data.x)
    positive, rival = _losing(hidden, data, second, quantizer)
    done = np.logical_not(positive.any(axis=1)).reshape(len(w))
    if done.any():
        keep = ~done
        w, hidden, positive, rival = w[keep], hidden[keep], positive[keep], rival[keep]
        rngs = [rng for rng, kept in zip(rngs, keep, strict=True) if kept]
    if not len(w):
        return w, done
    if method.batch:
        move = _on_batches(w, data, second, quantizer, surrogate, method.batch, rngs)
    else:
        move = _on_all(hidden, positive, rival, data, second, surrogate)
    if method.noise:
        move = move + method.noise * np.stack([rng.standard_normal(move.shape[1:]) for rng in rngs])
    if method.preconditioner is not None:
        move = move @ method.preconditioner
    return move, done


def _losing(
    hidden: Array, data: Labelled, second: SecondLayer, quantizer: QuantizedReLU
) -> tuple[npt.NDArray[np.bool_], Labels]:
    """Where ℓ > 0, and ξ; both (R, N)."""
    o = outputs(hidden, second, quantizer)
    # As ``hinge`` rounds it: a run ends where its loss is zero.
    if second.classes == 2:
        lead = _sides(data) * (o[..., 0] - o[..., 1])
        return lead < 1, np.broadcast_to(1 - data.y, lead.shape)
    value, rival = strongest_rival(o, data.y)
    return o[..., np.arange(len(data.y)), data.y] - value < 1, rival


def _sides(data: Labelled) -> Array:
    """1 for the first of two classes, −1 for the second, (N,)."""
    return np.where(data.y == 0, 1.0, -1.0)


def _on_all(
    hidden: Array,
    positive: npt.NDArray[np.bool_],
    rival: Labels,
    data: Labelled,
    second: SecondLayer,
    surrogate: Surrogate,
) -> Array:
    """−∇̃ on all data (R, k, d)."""
    if second.classes == 2:
        # v_yj − v_ξj is ± the same for all points: the sum over them comes first, its factor last.
        across = second.matrix[0] - second.matrix[1]
        pulling = (positive * (_sides(data) * data.shares))[..., None] * data.x
        return np.asarray((np.swapaxes(_seen(hidden, positive, surrogate), -1, -2) @ pulling) * across[:, None])
    # Row y of V minus row ξ, as a product: gathering the rows takes seven times as long.
    classes = np.eye(second.classes)
    weight = ((classes[data.y] - classes[rival]) * (positive * data.shares)[..., None]) @ second.matrix
    weight *= surrogate(hidden)
    return np.asarray(np.swapaxes(weight, -1, -2) @ data.x)


def _seen(hidden: Array, positive: npt.NDArray[np.bool_], surrogate: Surrogate) -> Array:
    """g′(H) where the loss is positive; elsewhere anything finite: 0 where that saves evaluating a formula."""
    if all(isinstance(piece.formula, Number) for piece in surrogate.pieces):
        return np.asarray(surrogate(hidden))
    seen, rows = np.zeros_like(hidden), np.flatnonzero(positive)
    seen.reshape(-1, hidden.shape[-1])[rows] = surrogate(hidden.reshape(-1, hidden.shape[-1])[rows])
    return seen


def _on_batches(
    w: Array,
    data: Labelled,
    second: SecondLayer,
    quantizer: QuantizedReLU,
    surrogate: Surrogate,
    batch: int,
    rngs: list[np.random.Generator],
) -> Array:
    """The mean step over ``batch`` points per run, drawn by weight with replacement (R, k, d)."""
    chosen = np.stack([rng.choice(len(data.y), size=batch, p=data.shares) for rng in rngs])
    x, y = data.x[chosen], data.y[chosen]
    hidden = x @ np.swapaxes(w, -1, -2)
    o = outputs(hidden, second, quantizer)
    own = np.take_along_axis(o, y[..., None], axis=-1)
    others = o.copy()
    np.put_along_axis(others, y[..., None], -np.inf, axis=-1)
    rival = others.argmax(axis=-1)
    positive = 1 - own[..., 0] + others.max(axis=-1) > 0
    weight = (second.matrix[y] - second.matrix[rival]) * (positive / batch)[..., None] * surrogate(hidden)
    step: Array = np.swapaxes(weight, -1, -2) @ x
    return step
