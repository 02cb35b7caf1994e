"""What the sampling witness simulates: a problem at a point, in full dimension, and the quantities seen there."""

import zlib
from dataclasses import dataclass

from ste_theory.model.problem import PlanePoint, Point, Problem, Straight
from ste_theory.model.quantities import Quantity

COARSE = (Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL, Quantity.COARSE_ORTHOGONAL)
SCORE = (Quantity.GRADIENT_RADIAL, Quantity.GRADIENT_TANGENTIAL)
OBSERVABLE = (Quantity.LOSS, Quantity.V_GRADIENT, *COARSE, *SCORE, Quantity.CORRELATION)


@dataclass(frozen=True)
class Case:
    """One problem at one point, in full dimension."""

    problem: Problem
    plane: PlanePoint
    point: Point
    score: bool

    def observes(self, quantity: Quantity) -> bool:
        """Whether this case is for the quantity: scores are sampled at two rows, everything else at three."""
        return quantity in OBSERVABLE and (quantity in (*SCORE, Quantity.CORRELATION)) == self.score

    @property
    def label(self) -> str:
        """What is simulated, in words."""
        return f"{self.problem.quantizer.name}/{self.problem.surrogate.name}"

    @property
    def place(self) -> str:
        """What is simulated and where, in a few words."""
        theta = "π" if isinstance(self.plane.theta, Straight) else f"{float(self.plane.theta):g}"
        return f"{self.label} at m = {self.point.m}, θ = {theta}, ‖w‖ = {float(self.plane.rho):g}"

    @property
    def where(self) -> str:
        """The point, all of it."""
        return f"n = {self.point.n}, {self.plane.words}"

    @property
    def stream(self) -> tuple[int, ...]:
        """The random stream of this case: the same whichever claims are selected."""
        return (zlib.crc32(repr((self.problem, self.plane)).encode()),)
