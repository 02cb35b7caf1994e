"""A gradient of the two-linear-layer problem: one vector per layer."""

from dataclasses import dataclass

from ste_theory.model.numbers import Vector, VectorLike, vector


@dataclass(frozen=True, eq=False)
class Gradient:
    """(∂/∂v, ∂/∂w) as read-only float64 vectors of shapes (m,) and (n,).

    Domain: finite entries; anything else raises ``InvalidInput``. Arrays have no single truth value, so gradients
    compare by identity; compare the vectors.

    >>> Gradient(v=[0.5, 0], w=[1, 2, 3])
    Gradient(v=[0.5, 0.0], w=[1.0, 2.0, 3.0])
    """

    v: Vector
    w: Vector

    def __init__(self, v: VectorLike, w: VectorLike) -> None:
        object.__setattr__(self, "v", vector(v, "v"))
        object.__setattr__(self, "w", vector(w, "w"))

    def __repr__(self) -> str:
        return f"Gradient(v={self.v.tolist()}, w={self.w.tolist()})"
