"""The program a trainer writes: forward through the hard activation, backward through the surrogate derivative.

    h = Zw   h* = Zw*   y = vᵀσ(h)   y* = v*ᵀσ*(h*)   ℓ = ½(y − y*)²      σ* = σ unless the problem says otherwise
    ∂ℓ/∂v = σ(h)(y − y*)              g_μ = Zᵀ(μ′(h) ⊙ v)(y − y*)

One sample gives one row of k = m + n + 1 numbers (∂ℓ/∂v, g_μ, ℓ), with ``score=True`` followed by two more: a
likelihood-ratio estimator of the population gradient in w. It needs no derivative of σ. The rows of (h, h*) are
independent Gaussians with covariance [[ρ², ρρ*c], [ρρ*c, ρ*²]]; hold h, h* fixed and move the density instead. With
a = h/ρ = ⟨Z_i,ŵ⟩ and b = (h*/ρ* − ca)/s = ⟨Z_i,û⟩ the log density of a row is

    log p = −log(2πρρ*s) − ½Q,    Q = x² + (y − cx)²/s²  at x = h/ρ, y = h*/ρ*    (Q = a² + b²)
    ∂Q/∂θ = 2(y − cx)sx/s² − 2c(y − cx)²/s³ = 2ab − 2(c/s)b²       ∂ log p/∂θ = −c/s − ½ ∂Q/∂θ = −(ab + (c/s)(1 − b²))
    ∂Q/∂ρ = −(x/ρ)(2x − 2c(y − cx)/s²) = −(2/ρ)(a² − (c/s)ab)      ∂ log p/∂ρ = −1/ρ − ½ ∂Q/∂ρ = (a² − 1 − (c/s)ab)/ρ

so, summing over the independent rows,

    ∂f/∂θ = −E Σ_i (ℓ − ℓ_{−i} − β_i)(a_i b_i + (c/s)(1 − b_i²))
    ∂f/∂ρ = E Σ_i (ℓ − ℓ_{−i} − β_i)(a_i² − 1 − (c/s) a_i b_i)/ρ

for every constant β_i and for the loss ℓ_{−i} = ½(y − y* − r_i)² without row i, because the expectation of ∂ log p over
row i is zero and both are independent of that row; ℓ − ℓ_{−i} = r_i(y − y*) − ½r_i², r_i = v_iσ(h_i) − v*_iσ*(h*_i).
Leaving out what row i cannot change is what keeps the variance small. A step δ of w along û changes θ by −δ/ρ to first
order; hence ⟨∂f/∂w,ŵ⟩ = ∂f/∂ρ and ⟨∂f/∂w,û⟩ = −(1/ρ)∂f/∂θ. Exists for w ≠ 0 and 0 < θ < π; its variance grows like
1/sin²θ.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.frame import plane_frame

Matrix = npt.NDArray[np.float64]
Baseline = float | tuple[float, ...]


@dataclass(frozen=True)
class Layout:
    """Which column holds what, in this fixed order: ∂ℓ/∂v (m), g_μ (n), ℓ, and the two score columns if ``score``."""

    m: int
    n: int
    score: bool = False

    @property
    def width(self) -> int:
        """Number of columns k."""
        return self.m + self.n + 1 + 2 * self.score

    @property
    def groups(self) -> dict[str, slice]:
        """The columns of each observable, by name."""
        end = self.m + self.n
        groups = {"v_gradient": slice(0, self.m), "coarse_gradient": slice(self.m, end), "loss": slice(end, end + 1)}
        return groups | ({"score": slice(end + 1, end + 3)} if self.score else {})

    @property
    def labels(self) -> tuple[str, ...]:
        """One name per column, such as ``coarse_gradient[3]``.

        >>> Layout(1, 2, score=True).labels
        ('v_gradient[0]', 'coarse_gradient[0]', 'coarse_gradient[1]', 'loss', 'score.radial', 'score.tangential')
        """
        names = (
            [f"v_gradient[{i}]" for i in range(self.m)] + [f"coarse_gradient[{j}]" for j in range(self.n)] + ["loss"]
        )
        return tuple(names + ["score.radial", "score.tangential"] * self.score)


def columns(problem: Problem, point: Point, z: Matrix, *, score: bool = False, baseline: Baseline = 0.0) -> Matrix:
    """One row (∂ℓ/∂v, g_μ, ℓ[, score]) per input Z: the definition, all samples at once.

    ``z`` holds iid N(0, 1) entries: with an input covariance Σ, Z = zΣ^{1/2}. A teacher's extra rows are the last ones.

    Shapes: ``z`` is (B, m, n), m the length of v*, the result (B, k) with the columns of ``Layout``. ``baseline`` holds
    the constants β_i of the score columns, one for all rows or one per row. Simulation uses the same program block by
    block (``blocks.fill_columns``); a test holds the two together.

    Raises ``UndefinedQuantity`` for ``score=True`` at w = 0, θ = 0 or θ = π. w = 0 without score is a point like any
    other: the program runs there, with σ(0) and μ′(0) as the model defines them.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.identity())
    >>> columns(problem, Point([2], [1, 0], [1], [0, 1]), np.array([[[0.5, -3.0]]])).tolist()
    [[2.0, 2.0, -12.0, 2.0]]
    """
    root = problem.input_root
    if root is not None:
        if score:
            raise InvalidInput("input_covariance: the score columns are for input N(0, I)")
        z = z @ root
    h, h_star = z @ point.w, z @ point.w_star
    activation = problem.quantizer(h)
    v = point.padded.v
    rows = activation * v - problem.teacher(h_star) * point.v_star
    residual = rows.sum(axis=1)
    loss = 0.5 * residual**2
    v_gradient = activation[:, : point.m] * residual[:, None]
    coarse_gradient = np.einsum("bi,bij->bj", problem.surrogate(h) * v, z) * residual[:, None]
    parts = [v_gradient, coarse_gradient, loss[:, None]]
    if score:
        frame = plane_frame(point)
        a, b, cotangent = z @ frame.w_hat, z @ frame.u_hat, frame.cosine / frame.sine
        weight = (rows * residual[:, None] - 0.5 * rows**2 - baseline) / frame.rho
        parts.append((weight * (a**2 - 1 - cotangent * a * b)).sum(axis=1)[:, None])
        parts.append((weight * (a * b + cotangent * (1 - b**2))).sum(axis=1)[:, None])
    return np.concatenate(parts, axis=1)
