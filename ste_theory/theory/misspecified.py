"""The minimizer of the population loss for a teacher with rows that the student lacks, and the coarse gradient there.

A student of m rows against a teacher of m + r rows is a network of m + r rows with the student's last r weights held at
0. With T the sum of the extra weights the minimizer has θ = 0, v = v* + T/(m+1)·1 if 1ᵀv*(1ᵀv* + T) ≥ 0, else θ = π,
v = −v* + (2·1ᵀv* + T)/(m+1)·1; there E g_μ = −M₋(‖v‖² ∓ vᵀv*)ŵ, M₋ = E[aμ′(ρa)1{a<0}].
"""

from collections.abc import Sequence

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import VectorLike, vector
from ste_theory.model.problem import Point
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.moments import first
from ste_theory.theory.pieces import half_pieces


def negative_side(surrogate: Surrogate, rho: float) -> float:
    """M₋(ρ) = E[aμ′(ρa)1{a<0}], a ~ N(0, 1): what a surrogate lets through where the activation is off.

    Domain: ρ > 0 and finite. Guarantee: as ``response``. Source: general.misspecified, general.stationarity.

    >>> from ste_theory.model import surrogates
    >>> negative_side(surrogates.identity(), 2.0), negative_side(surrogates.relu(), 2.0)
    (-0.3989422804014327, 0.0)
    """
    if not (np.isfinite(rho) and rho > 0):
        raise InvalidInput(f"rho must be positive and finite, got {rho!r}")
    at = np.array([float(rho)])
    return 0.0 - sum(float(first(piece, at)[0]) for piece in half_pieces(surrogate) if piece.sign < 0)


def good_minimum(v_star: VectorLike, extra: VectorLike, w_star: VectorLike, *, norm: float = 1.0) -> Point:
    """A minimizer of the population loss (binary activation) with ‖w‖ = ``norm``, on which the loss does not depend.

    ``v_star`` are the teacher's weights of the rows that the student has, ``extra`` those of the others. The point has
    all rows; the student's last ones have weight 0 and are to be left there.
    Raises ``InvalidInput`` for a norm that is not positive and for what ``Point`` refuses.
    Source: general.misspecified.

    >>> good_minimum([1, 1], [1], [0, 2]).v.round(4).tolist()
    [1.3333, 1.3333, 0.0]
    """
    shared, others, direction = vector(v_star, "v_star"), vector(extra, "extra"), vector(w_star, "w_star")
    if not (np.isfinite(norm) and norm > 0):
        raise InvalidInput(f"norm must be positive and finite, got {norm!r}")
    rows, total, offset = shared.size, float(shared.sum()), float(others.sum())
    along = total * (total + offset) >= 0
    student = shared + offset / (rows + 1) if along else (2 * total + offset) / (rows + 1) - shared
    length = float(np.linalg.norm(direction))
    w = direction * ((norm if along else -norm) / length) if length else direction
    zeros = np.zeros(others.size)
    return Point(np.concatenate([student, zeros]), w, np.concatenate([shared, others]), direction)


def drift(surrogate: Surrogate, minimum: Point) -> float:
    """⟨E g_μ, ŵ⟩ at a ``good_minimum``; positive: ‖w‖ shrinks until w flips, negative: ‖w‖ grows, 0: the point rests.

    Source: general.misspecified.

    >>> from ste_theory.model import surrogates
    >>> point = good_minimum([1, 1], [1], [1, 0])
    >>> [round(drift(s(), point), 4) for s in (surrogates.identity, surrogates.relu, surrogates.clipped_relu)]
    [0.3546, 0.0, 0.0]
    """
    v, v_star = minimum.v, minimum.v_star
    side = 1.0 if float(minimum.w @ minimum.w_star) >= 0 else -1.0
    return 0.0 - negative_side(surrogate, float(np.linalg.norm(minimum.w))) * float(v @ (v - side * v_star))


def ranked(surrogates: Sequence[Surrogate], minimum: Point) -> tuple[tuple[Surrogate, float], ...]:
    """The surrogates with their drift at the minimum, those that stay nearest first; ties keep their order."""
    found = [(surrogate, drift(surrogate, minimum)) for surrogate in surrogates]
    return tuple(sorted(found, key=lambda pair: abs(pair[1])))
