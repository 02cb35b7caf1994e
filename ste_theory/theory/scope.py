"""Which problems the formulas cover, and how the others are reduced to them."""

from dataclasses import dataclass

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.double_double import Array


@dataclass(frozen=True, eq=False)
class Reduced:
    """A problem with isotropic input and as many rows of the student as of the teacher, with the same expectations.

    Rows N(0, Σ) are Rx, x ~ N(0, I), R² = Σ: the network with weights w, w* sees x through Rw, Rw*, and a gradient
    with respect to w is R times the one with respect to Rw. Rows that the student lacks are rows with weight 0.
    """

    problem: Problem
    point: Point
    root: Array | None
    m: int

    def v_part(self, v: Array) -> Array:
        """The rows that the student has."""
        return v[: self.m]

    def w_part(self, w: Array) -> Array:
        """R w."""
        return w if self.root is None else self.root @ w


def reduced(problem: Problem, point: Point) -> Reduced:
    """The equivalent problem and point; themselves where nothing is to be reduced. Source: general.non-isotropic."""
    root = problem.input_root
    full = point.padded
    if root is None:
        return Reduced(problem, full, None, point.m)
    if len(root) != point.n:
        raise InvalidInput(f"input_covariance must have shape ({point.n}, {point.n}), got {root.shape}")
    return Reduced(
        problem.isotropic, Point(full.v, _seen(root, full.w), full.v_star, _seen(root, full.w_star)), root, point.m
    )


def _seen(root: Array, w: Vector) -> Vector:
    return root @ w


def require_isotropic(problem: Problem, what: str) -> None:
    """Raise ``InvalidInput`` for a problem with an input covariance."""
    if problem.input_covariance is not None:
        raise InvalidInput(f"input_covariance: {what} is for input N(0, I); pass Σ^(1/2)w and Σ^(1/2)w* instead")


def require_binary(problem: Problem) -> None:
    """Raise ``InvalidInput`` unless student and teacher have the activation σ(x) = 1{x > 0}.

    >>> from ste_theory.model import quantizers, surrogates
    >>> require_binary(Problem(quantizers.sign(), surrogates.relu()))
    Traceback (most recent call last):
    ...
    ste_theory.model.errors.InvalidInput: quantizer sign: one step is described for the binary activation only, so far
    """
    require_isotropic(problem, "one step")
    if not problem.is_binary:
        other = problem.teacher if problem.quantizer.is_binary else problem.quantizer
        raise InvalidInput(f"quantizer {other.name}: one step is described for the binary activation only, so far")
