"""The public functions for staircases in full dimension against the stated formulas, at the reduction of their point.

The stated formulas are integrated numerically; ten times their error estimate is allowed, and with u = 2⁻⁵³ what the
functions promise: 64u of the sum of the terms' absolute values, which 2(1 + m)(1 + σ)²(‖v‖ + ‖v*‖)² bounds (σ: the
largest level). To that come

    E g_μ      a factor max|μ′|, and 2e-13 for 64u: the accuracy of quadrature
    ∂f/∂w      a factor 1/ρ; in the exponent q/(2 sin²θ), q = α² − 2ατ cosθ + τ², a rounding of the terms of q is one of
               (|α| + |τ|)²/(2 sin²θ), and e^{−x} has a slope of at most 1
"""

from collections.abc import Callable

import numpy as np

import ste_theory
from ste_theory.checks.full_points import Array, Case, problem_code
from ste_theory.checks.model_properties import Counterexample
from ste_theory.claims.claim import COARSE_GRADIENT, POPULATION_GRADIENT, Claim
from ste_theory.claims.instance import components_of, value_at
from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.gradient import Gradient
from ste_theory.model.problem import Problem
from ste_theory.model.quantities import Quantity

U, QUADRATURE = 2.0**-53, 2e-13

Check = Callable[[Case], None]


def staircase_functions(claim: Claim, problem: Problem) -> list[tuple[str, Check]]:
    """The comparisons for a claim that states what a public function computes."""
    stated = {equation.quantity for equation in claim.statement.equations}
    found: list[tuple[str, Check]] = []
    if Quantity.LOSS in stated:
        found.append(("public population_loss", _compared(claim, problem, "population_loss", (Quantity.LOSS,))))
    for name, quantities in (
        ("population_gradient", (*POPULATION_GRADIENT, Quantity.V_GRADIENT)),
        ("expected_coarse_gradient", COARSE_GRADIENT[:2]),
    ):
        if stated & set(quantities):
            found.append((f"public {name}", _compared(claim, problem, name, quantities)))
    return found


def _compared(claim: Claim, problem: Problem, name: str, quantities: tuple[Quantity, ...]) -> Check:
    stated = {equation.quantity: equation.formula for equation in claim.statement.equations}

    def holds(case: Case) -> None:
        plane = case.reduction.plane
        if case.reduction.parallel:
            return  # no formula has a value there
        try:
            got = getattr(ste_theory, name)(problem, case.point)
        except UndefinedQuantity:
            angle = min(case.reduction.theta, case.reduction.supplement)
            if angle > np.sqrt(case.point.n) * 4 * U:
                raise Counterexample(
                    f"{name} is undefined at the angle {angle}: {_call(name, problem, case)}"
                ) from None
            return
        for quantity in quantities:
            if quantity not in stated:
                continue
            for component in components_of(quantity, plane):
                expected = value_at(stated[quantity], problem, plane, component)
                value, allowed = _part(got, quantity, component, case), _allowed(quantity, problem, case)
                if not abs(value - expected.number) <= allowed + 10 * expected.error:
                    text = f"{quantity} is {value!r}, stated {expected.number!r}"
                    raise Counterexample(f"{text}: {_call(name, problem, case)}")

    return holds


def _call(name: str, problem: Problem, case: Case) -> str:
    return f"st.{name}({problem_code(problem)}, {case!r})"


def _part(got: object, quantity: Quantity, component: int, case: Case) -> float:
    """The component of what the function returned that the quantity names."""
    if isinstance(got, float):
        return got
    assert isinstance(got, Gradient)
    if quantity is Quantity.V_GRADIENT:
        return float(got.v[component])
    radial = quantity in (Quantity.COARSE_RADIAL, Quantity.GRADIENT_RADIAL)
    axis: Array = np.array([float(x) for x in (case.reduction.w_hat if radial else case.reduction.u_hat)])
    return float(got.w @ axis)


def _allowed(quantity: Quantity, problem: Problem, case: Case) -> float:
    """The tolerance of the module's docstring, the point's dimension apart: its coordinates are summed."""
    quantizer, point = problem.quantizer, case.point
    level = abs(float(quantizer.offset)) + float(sum(quantizer.heights))
    norms = float(np.linalg.norm(point.v) + np.linalg.norm(point.v_star))
    size = 2 * (1 + point.m + point.n) * (1 + level) ** 2 * norms**2
    if quantity in COARSE_GRADIENT:
        height = float(np.abs(problem.surrogate(np.linspace(-50, 50, 10001))).max())
        return (64 * U + QUADRATURE) * size * height
    if quantity in POPULATION_GRADIENT:
        plane, steepest = case.reduction.plane, max(abs(float(t)) for t in quantizer.thresholds)
        sine = np.sin(min(case.reduction.theta, case.reduction.supplement))
        exponent = (steepest / float(plane.rho) + steepest / float(plane.rho_star)) ** 2 / (2 * sine**2)
        return float(64 * U * size / float(plane.rho) * (1 + exponent))
    return 64 * U * size
