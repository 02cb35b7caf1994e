"""Numbers out of a simulation: the value of a quantity, and a sampler's values beside the program's."""

import math
import zlib
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ste_theory.claims.claim import Claim, Equation
from ste_theory.claims.witness import Context, Figure
from ste_theory.model.problem import Point, Straight
from ste_theory.model.quantities import Quantity
from ste_theory.montecarlo.decide import LARGEST_DETECTABLE, Comparison, compare, critical_value
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.frame import orthogonal, plane_frame
from ste_theory.montecarlo.moments import Moments, Sampled

if TYPE_CHECKING:
    from ste_theory.checks.case import Case

LEAST, MOST = 500_000, 60_000_000  # samples of a case
# Replicates of a sampler in its pilot; and how much smaller than the program's its variance of a mean is made.
SAMPLER_PILOT, SHARPER = 2**14, 4
# What a sampler's mean is compared with.
PROGRAM_MEAN = "the program's mean"
# Quantities that a sampler of (A, B, κ) does not have.
UNSEEN = (Quantity.GRADIENT_RADIAL, Quantity.GRADIENT_TANGENTIAL, Quantity.CORRELATION)


def observed(quantity: Quantity, case: "Case", moments: Moments) -> list[Sampled]:
    """A quantity without score in a simulation of its case."""
    if quantity is Quantity.LOSS:
        return [moments.column("loss")]
    if quantity is Quantity.V_GRADIENT:
        return [moments.column(f"v_gradient[{row}]") for row in range(case.point.m)]
    if quantity is Quantity.COARSE_RADIAL:
        return [moments.along("coarse_gradient", case.point.w / np.linalg.norm(case.point.w))]
    if isinstance(case.plane.theta, Straight):  # every direction orthogonal to ŵ is orthogonal to w*
        w_hat = case.point.w / np.linalg.norm(case.point.w)
        return [moments.along("coarse_gradient", orthogonal(w_hat, w_hat))]
    frame = plane_frame(case.point)
    if quantity is Quantity.COARSE_TANGENTIAL:
        return [moments.along("coarse_gradient", frame.u_hat)]
    return [moments.along("coarse_gradient", orthogonal(frame.w_hat, frame.u_hat))]


def product(coarse: Moments, score: Moments, point: Point) -> Sampled:
    """⟨E g_μ, ∂f/∂w⟩ as a product of means from two independent simulations: unbiased; its variance is
    sᵀΣ_c s + cᵀΣ_s c + tr(Σ_cΣ_s), the last term bounded by the product of the traces."""
    frame = plane_frame(point)
    groups = (coarse.layout.groups["coarse_gradient"], score.layout.groups["score"])
    c = np.array([coarse.along("coarse_gradient", direction).value for direction in (frame.w_hat, frame.u_hat)])
    s = score.mean[groups[1]]
    one = coarse.along("coarse_gradient", s[0] * frame.w_hat + s[1] * frame.u_hat).standard_error
    two = score.along("score", c).standard_error
    rest = np.linalg.norm(coarse.standard_error[groups[0]]) * np.linalg.norm(score.standard_error[groups[1]])
    return Sampled(float(c @ s), math.sqrt(one**2 + two**2 + float(rest) ** 2))


def loudness_of(pilot: Moments, group: str) -> float:
    """The norm of an observable's mean against the largest of its standard errors."""
    columns = pilot.layout.groups[group]
    noise = float(np.max(pilot.standard_error[columns]))
    size = float(np.linalg.norm(pilot.mean[columns]))
    if noise == 0:  # constant: perfect, unless it is constantly zero (a student that equals its teacher)
        return math.inf if size > 0 else 0.0
    return size / noise


def noise_of(case: "Case", quantity: Quantity, moments: Moments) -> float:
    """The largest standard error of a quantity's components."""
    return max(sampled.standard_error for sampled in observed(quantity, case, moments))


def against_program(
    claim: Claim, equation: Equation, case: "Case", context: Context, program: Moments, scale: float
) -> list[Comparison]:
    """The sampler that a claim is about against the program: two independent means, whose errors add up.

    The scale is that of the program's own comparisons; what is stated does not enter. Two means with the error that
    one may have see √2 times the error that one sees.
    """
    quantity, name = equation.quantity, claim.sampler
    if name is None or quantity in UNSEEN:
        return []

    def simulate() -> Moments:
        draw = partial(
            estimate_moments,
            case.problem,
            case.point,
            seed=context.seed,
            threads=context.threads,
            sampler=name,
        )
        pilot = draw(samples=SAMPLER_PILOT, stream=(*case.stream, zlib.crc32(name.encode()), 1))
        # So many replicates that the errors of the program stay the larger ones by far.
        shares = [
            noise_of(case, stated.quantity, pilot) / max(noise_of(case, stated.quantity, program), 1e-300)
            for stated in claim.statement.equations
            if case.observes(stated.quantity)
        ]
        needed = int(min(MOST, max(LEAST // 8, SHARPER * max(shares) ** 2 * SAMPLER_PILOT)))
        return draw(samples=needed, stream=(*case.stream, zlib.crc32(name.encode())))

    drawn = context.remember(("sampler", name, case.stream), simulate)
    pairs = zip(observed(quantity, case, drawn), observed(quantity, case, program), strict=True)
    return [
        compare(
            f"{quantity}{f'[{index}]' if quantity is Quantity.V_GRADIENT else ''} by {name} ({case.label})",
            one.value,
            two.value,
            math.hypot(one.standard_error, two.standard_error),
            scale=scale,
            critical=critical_value(context.false_alarm, 1),
            samples=drawn.samples,
            roundings=drawn.roundings,
            largest_detectable=math.sqrt(2) * LARGEST_DETECTABLE,
        )
        for index, (one, two) in enumerate(pairs)
    ]


def against_figures(comparisons: list[Comparison], place: str) -> tuple[Figure, ...]:
    """The comparisons of a sampler with the program; each says that what it is compared with is the program's mean."""
    return tuple(
        Figure(c.label, c.value, c.claimed, c.standard_error, c.pull, c.detectable, place, against=PROGRAM_MEAN)
        for c in comparisons
    )
