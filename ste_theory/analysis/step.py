"""The largest step for which one step of coarse gradient descent provably lowers the loss (G7, binary quantizer).

At v = v*, θ = π/2, ‖w‖ = ρ, ‖w*‖ = 1 the conditions are η|A| ≤ ρ/2, 2η|D|M ≤ √(2π)ρ, η[(m+1)/8 + ‖v*‖/2π] ≤ 1 and
η‖v*‖M/((2π)^{3/2}ρ) ≤ C with C = arctan(1/3)/π and M = M(ρ) ≥ 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ste_theory.model.errors import SteTheoryError
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import Surrogate

DESCENT = math.atan(1 / 3) / math.pi


@dataclass(frozen=True)
class Step:
    """The largest η, computed in floats from the proven inequality, and the condition that binds."""

    size: float
    binds: str
    rho: str
    v_star: tuple[str, ...]


def largest_step(surrogate: Surrogate, rho: Fraction, v_star: Sequence[Fraction]) -> Step | None:
    """The largest step at (ρ, v*); None where M(ρ) < 0 or the moments are not computed."""
    from ste_theory.theory.coarse_gradient import expected_coarse_gradient
    from ste_theory.theory.response import response

    v = [float(x) for x in v_star]
    scale = float(rho)
    try:
        gain = float(response(surrogate, scale))
        point = Point(v, [scale, 0.0], v, [0.0, 1.0])
        radial = float(expected_coarse_gradient(Problem(binary(), surrogate), point).w[0])
    except SteTheoryError:
        return None
    if gain < 0 or not math.isfinite(gain) or not math.isfinite(radial):
        return None
    size = math.sqrt(sum(x * x for x in v))
    limits = [
        (1 / ((len(v) + 1) / 8 + size / (2 * math.pi)), "the second layer's curvature"),
        (_over(scale, 2 * abs(radial)), "‖w‖ must not change by more than half in one step"),
        (_over(math.sqrt(2 * math.pi) * scale, 2 * size * size * gain), "w must not turn past the teacher"),
        (_over(DESCENT * (2 * math.pi) ** 1.5 * scale, size * gain), "the turn of w against the step of v"),
    ]
    least, binds = min(limits)
    return Step(least, binds, str(rho), tuple(map(str, v_star)))


def _over(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0 else math.inf
