"""Backward error of the float functions against 60-digit evaluation of the derived expressions.

1,200 points (10,000 in the slow form): m in 1..16, n in 1..32, weights and teachers over six decades, angles from 1e-16
to 1e-12 of 0 and π, points near the minima. The reference starts from the exact float inputs (integers times a power of
two, no rounding), takes θ from Gram's determinant and the printed formulas of Lemmas 1, 2, 4, 7 and the clipped ReLU's
integrals in closed form; at every point these agree to 40 digits with the expressions that the derivations end in.

An error is measured against the sum of the absolute values of the terms that vanish by themselves at the degenerate
points, at the exact θ: no allowance is made for the conditioning of θ, because θ is relatively accurate. With u = 2⁻⁵³
a chain of k roundings errs by at most k·u of that sum; ``ROUNDINGS`` counts them, and every limit lies below 1e-13.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import mpmath
import numpy as np
import numpy.typing as npt
import pytest
import sympy as sp
from scipy.special import erf, erfc

from ste_theory.calculus.expectation import unfold
from ste_theory.claims import registry
from ste_theory.model import surrogates
from ste_theory.model import symbols as y
from ste_theory.model.quantities import Quantity
from ste_theory.theory import batch
from ste_theory.theory.coarse_gradient import components
from ste_theory.theory.correlation import correlation_values
from ste_theory.theory.gradient import v_gradient_values, w_gradient_values
from ste_theory.theory.loss import loss_values

Array = npt.NDArray[np.float64]
U = 2.0**-53
GROUPS, ALL_GROUPS, PER_GROUP = 60, 500, 20
CLIP = 0.3
SURROGATES = {
    "identity": surrogates.identity(),
    "relu": surrogates.relu(),
    "clipped": surrogates.clipped_relu(CLIP),
}
# Roundings on the longest path, as (constant, per m, per n). θ: 2 roots, 2 products, 3 roundings of pairs, atan2 (2) =
# 12; sums of m squares; erf, erfc, erfcx and exp count 4 each, a sum over 32 nodes in numpy's pairwise order 12; a
# component along ŵ or û adds a normalization (6 + n: the correction of û along ŵ is a plain sum of n products).
ROUNDINGS = {
    "loss": (24, 1, 0),
    "v_gradient": (24, 0, 0),
    "w_gradient": (24, 0, 1),
    "coarse": (60, 0, 1),
    "correlation": (60, 0, 0),
}


def limit(quantity: str, m: int, n: int) -> float:
    constant, per_m, per_n = ROUNDINGS[quantity]
    return (constant + per_m * m + per_n * n) * U


def draw_group(rng: np.random.Generator) -> batch.Points:
    """Points of one shape: each row draws its own way to be difficult."""
    m, n, k = int(rng.integers(1, 17)), int(rng.integers(1, 33)), PER_GROUP

    def weights(size: int) -> Array:
        spread = rng.choice([0.0, 3.0], size=(k, 1))  # entries of one size, or each over six decades
        scale = np.exp(math.log(10) * (rng.uniform(-3, 3, (k, 1)) + spread * rng.uniform(-1, 1, (k, size))))
        return np.asarray(scale * rng.normal(size=(k, size)))

    v, w, v_star, w_star = weights(m), weights(n), weights(m), weights(n)
    for i in range(k):
        small, tiny = 10 ** rng.uniform(-16, -12), 10 ** rng.uniform(-16, -3)
        match rng.integers(4):
            case 0:  # within 1e-12 of 0 or π
                length = math.hypot(*w[i])
                w_star[i] = (
                    rng.choice([-1, 1]) * 10 ** rng.uniform(-3, 3) * (w[i] + small * length * rng.normal(size=n))
                )
            case 1:  # at 90° to within 1e-12
                w_star[i] -= (1 + small) * (w_star[i] @ w[i]) / (w[i] @ w[i]) * w[i]
        if not w_star[i].any():
            w_star[i] = w[i]
        match rng.integers(4):
            case 0:  # near v = v*, the minimum at θ = 0
                v[i] = v_star[i] * (1 + tiny * rng.normal(size=m))
            case 1:  # near v = B⁻¹(11ᵀ − I)v*, the minimum at θ = π
                total = v_star[i].sum()
                v[i] = (-v_star[i] + 2 * total / (m + 1)) * (1 + tiny * rng.normal(size=m))
            case 2:  # near v = −v*, the opposite point
                v[i] = -v_star[i] * (1 + tiny * rng.normal(size=m))
    return batch.points(v, w, v_star, w_star)


def integers(*rows: Array) -> tuple[int, list[list[int]]]:
    """(e, integers) with row = integers·2^−e, exactly."""
    exponent = 53 - min(math.frexp(x)[1] for row in rows for x in row if x != 0)
    return exponent, [[int(math.ldexp(x, exponent)) for x in row] for row in rows]


@dataclass
class Reference:
    """One point at 60 digits: the exact sums, θ, and each quantity with its scale."""

    values: dict[str, list[mpmath.mpf]]
    scales: dict[str, list[mpmath.mpf]]


@cache
def derived(claim: str, quantity: Quantity) -> Callable[..., mpmath.mpf]:
    """The last expression of a claim's derivation as a function of (ρ, θ, V, S, D, V*, S*, v_k, v*_k) in mpmath."""
    result = registry.claims()[claim].derivation().part(quantity).result  # type: ignore[misc]
    letters = (y.rho, y.theta, y.V, y.S, y.D, y.V_star, y.S_star, y.v[y.k], y.v_star[y.k])
    names = {letter: sp.Dummy(f"x{number}") for number, letter in enumerate(letters)}
    function: Callable[..., mpmath.mpf] = sp.lambdify(list(names.values()), unfold(result).xreplace(names), "mpmath")
    return function


CLAIMS = {"identity": "yin2019.identity", "relu": "yin2019.relu", "clipped": "yin2019.clipped-relu-closed-form"}


def agree(stated: mpmath.mpf, claim: str, quantity: Quantity, scale: mpmath.mpf, *at: mpmath.mpf) -> None:
    """The derived expression gives the same number, to 40 of 60 digits (tiny angles cost some)."""
    number = derived(claim, quantity)(*at)
    assert abs(number - stated) <= mpmath.mpf(10) ** -40 * scale, (claim, quantity, number, stated, at)


def reference(v: Array, w: Array, v_star: Array, w_star: Array) -> Reference:
    mpf, pi = mpmath.mpf, mpmath.pi
    ev, (x, x_star) = integers(v, v_star)
    ew, (p, q) = integers(w, w_star)
    unit_v, unit_w = mpf(2) ** -ev, mpf(2) ** -ew

    def product(a: list[int], b: list[int]) -> int:
        return sum(i * j for i, j in zip(a, b, strict=True))

    V, D, T = (mpf(product(a, b)) * unit_v**2 for a, b in ((x, x), (x, x_star), (x_star, x_star)))
    S, S_star = sum(x) * unit_v, sum(x_star) * unit_v
    pp, pq, qq = product(p, p), product(p, q), product(q, q)
    gram = pp * qq - pq * pq
    theta = mpmath.atan2(mpmath.sqrt(gram), pq)
    rest = [j * pp - i * pq for i, j in zip(p, q, strict=True)]  # ρ²·(w* − its part along w), in integers
    root, root_star = mpmath.sqrt(pp), mpmath.sqrt(qq)
    rho = root * unit_w
    length = mpmath.sqrt(product(rest, rest)) or mpf(1)
    s, c = mpmath.sqrt(gram) / (root * root_star), mpf(pq) / (root * root_star)
    near = pq >= 0
    vs, ts = [i * unit_v for i in x], [i * unit_v for i in x_star]
    angle, sign = (theta, 1) if near else (pi - theta, -1)
    distance = V + T - 2 * sign * D

    values: dict[str, list[mpmath.mpf]] = {}
    scales: dict[str, list[mpmath.mpf]] = {}
    values["loss"] = [(V + S**2 - 2 * ((1 - 2 * theta / pi) * D + S * S_star) + T + S_star**2) / 8]
    scales["loss"] = values["loss"]
    values["v_gradient"] = [(a + S) / 4 - ((1 - 2 * theta / pi) * b + S_star) / 4 for a, b in zip(vs, ts, strict=True)]
    scales["v_gradient"] = [
        (abs(a - sign * b) + abs(S - S_star)) / 4 + angle * abs(b) / (2 * pi) for a, b in zip(vs, ts, strict=True)
    ]
    values["w_gradient"] = [-D / (2 * pi * rho) * i / length for i in rest]
    scales["w_gradient"] = [abs(D) / (2 * pi * rho)] * len(p)

    k, root2pi = mpf(CLIP) / rho, mpmath.sqrt(2 * pi)
    gauss = mpmath.exp(-k * k / 2)
    toward = V - sign * D
    for name in SURROGATES:
        if name == "identity":  # Lemma 7: (V ŵ − D ŵ*)/√(2π)
            radial, M, K, a0 = (V - D * c) / root2pi, mpf(1), 2 / root2pi, mpf(0)
        elif name == "relu":  # Lemma 4, with ŵ + ŵ* = 2cos(θ/2)(cos(θ/2) ŵ + sin(θ/2) û)
            h = V + S**2 - S * S_star + D
            radial, M, K, a0 = (h / 2 - D * (1 + c) / 2) / root2pi, mpf(1) / 2, 1 / root2pi, 1 / root2pi
        else:  # G1 with a₀ = a₁ = φ(0) − φ(k), b∥ = φ(0)/2 − φ(k)Φ(kc/s) + cφ(0)(Φ(k/s) − ½), M = Φ(k/s) − ½
            K = a0 = (1 - gauss) / root2pi
            M = mpmath.erf(k / s / mpmath.sqrt(2)) / 2 if s else mpf(1) / 2
            Phi = mpmath.erfc(-k * c / s / mpmath.sqrt(2)) / 2 if s else mpf(1 if c > 0 else 0)
            b_parallel = (mpf(1) / 2 - gauss * Phi + c * M) / root2pi
            radial = (V + S**2) * a0 / 2 - D * b_parallel - (S * S_star - D) * a0 / 2
        tangential = -D * s * M / root2pi
        values[name] = [radial * i / root + tangential * j / length for i, j in zip(p, rest, strict=True)]
        # The terms of A that vanish by themselves: (V ∓ D)K/2, S(S − S*)a₀/2 and what is left, ±D·E|a|μ′erfc(…)/2.
        left = radial - toward * K / 2 - S * (S - S_star) * a0 / 2
        scale = toward * K / 2 + abs(S * (S - S_star)) * a0 / 2 + abs(left) + abs(tangential)
        scales[name] = [scale + abs(toward) * K / 2 - toward * K / 2] * len(p)
        values[f"correlation {name}"] = scales[f"correlation {name}"] = [D**2 * s * M / (root2pi**3 * rho)]
        scaled = rho / mpf(CLIP) if name == "clipped" else rho  # a clip at 0.3 is a clip at 1 for w/0.3
        at = (scaled, theta, V, S, D, T, S_star, vs[0], ts[0])
        size = (V + S**2 + abs(S * S_star) + abs(D)) / (s if s else 1)
        if s:  # at θ = 0 and π the derived forms are 0/0; the float functions take the limit
            agree(radial, CLAIMS[name], Quantity.COARSE_RADIAL, size, *at)
            agree(tangential, CLAIMS[name], Quantity.COARSE_TANGENTIAL, size, *at)
    assert distance >= 0
    at = (rho, theta, V, S, D, T, S_star, vs[0], ts[0])
    agree(values["loss"][0], "yin2019.loss", Quantity.LOSS, V + S**2 + T + S_star**2, *at)
    agree(
        values["v_gradient"][0],
        "yin2019.gradient",
        Quantity.V_GRADIENT,
        abs(vs[0]) + abs(ts[0]) + abs(S) + abs(S_star),
        *at,
    )
    agree(-D / (2 * pi * rho), "yin2019.gradient", Quantity.GRADIENT_TANGENTIAL, abs(D) / rho, *at)
    if s:
        agree(values["correlation relu"][0], "yin2019.relu-correlation", Quantity.CORRELATION, D**2 / rho, *at)
        agree(values["correlation identity"][0], "yin2019.identity-correlation", Quantity.CORRELATION, D**2 / rho, *at)
    return Reference(values, scales)


def computed(at: batch.Points) -> dict[str, Array]:
    scalars = at.invariants
    result = {
        "loss": loss_values(scalars)[:, None],
        "v_gradient": v_gradient_values(scalars, at.v, at.v_star),
        "w_gradient": w_gradient_values(replace(scalars, parallel=np.zeros(len(at.v), dtype=bool))),
    }
    for name, surrogate in SURROGATES.items():
        parts = components(surrogate, scalars)
        result[name] = parts.vectors(scalars)
        result[f"correlation {name}"] = correlation_values(scalars, parts.moments)[:, None]
    return result


def kind(name: str) -> str:
    return "coarse" if name in SURROGATES else name.split()[0]


@dataclass
class Sample:
    groups: list[batch.Points]
    references: list[list[Reference]]


# One worker computes the references.
pytestmark = pytest.mark.xdist_group("accuracy")


@cache
def sample(count: int) -> Sample:
    """The first groups of points."""
    rng = np.random.default_rng(20190501)
    groups = [draw_group(rng) for _ in range(count)]
    with mpmath.workdps(60):
        references = [[reference(*row) for row in zip(g.v, g.w, g.v_star, g.w_star, strict=True)] for g in groups]
    return Sample(groups, references)


def backward_errors(got: Array, points: list[Reference], name: str) -> Array:
    """|computed − exact| over the scale, shape (k,): the largest entry of each point; 0/0 is 0, x/0 infinite."""
    with mpmath.workdps(60):
        return np.array(
            [
                max(
                    float(abs(mpmath.mpf(float(a)) - b) / c) if c else (0.0 if a == b else math.inf)
                    for a, b, c in zip(row, ref.values[name], ref.scales[name], strict=True)
                )
                for row, ref in zip(got, points, strict=True)
            ]
        )


@pytest.mark.parametrize(
    "groups",
    [GROUPS, pytest.param(ALL_GROUPS, marks=pytest.mark.slow)],
    ids=lambda groups: f"{groups * PER_GROUP} points",
)
def test_backward_errors(groups: int, record_property: Callable[[str, object], None]) -> None:
    """Would have caught: a wrong factor or sign anywhere, and any loss of digits at θ → 0, π or 90°, near v*, at −v*,
    near the spurious minima, for ρ ≫ clip or ρ ≪ clip. The largest errors are recorded with the test's result.
    """
    worst: dict[str, float] = {}
    drawn = sample(groups)
    for at, points in zip(drawn.groups, drawn.references, strict=True):
        for name, got in computed(at).items():
            errors = backward_errors(got, points, name)
            worst[name] = max(worst.get(name, 0.0), float(errors.max()))
            i = int(np.argmax(errors))
            allowed = limit(kind(name), at.v.shape[1], at.w.shape[1])
            assert allowed < 1e-13
            assert errors[i] <= allowed, (
                f"{name}: backward error {errors[i]:.3g} > {allowed:.3g} at Point({at.v[i].tolist()}, "
                f"{at.w[i].tolist()}, {at.v_star[i].tolist()}, {at.w_star[i].tolist()})"
            )
    record_property("largest backward errors", str(worst))
    print({name: f"{error:.2g}" for name, error in worst.items()})  # noqa: T201


def naive_arccos(at: batch.Points) -> dict[str, Array]:
    scalars = at.invariants
    theta = np.arccos(scalars.cosine)
    return {"loss": loss_values(replace(scalars, theta=theta, supplement=np.pi - theta))[:, None]}


def half_angles_of_rounded_directions(at: batch.Points) -> dict[str, Array]:
    a = at.w / np.linalg.norm(at.w, axis=1, keepdims=True)
    b = at.w_star / np.linalg.norm(at.w_star, axis=1, keepdims=True)
    theta = 2 * np.arctan2(np.linalg.norm(a - b, axis=1), np.linalg.norm(a + b, axis=1))
    return {"loss": loss_values(replace(at.invariants, theta=theta, supplement=np.pi - theta))[:, None]}


def printed_loss(at: batch.Points) -> dict[str, Array]:
    x = at.invariants
    mixed = (1 - 2 * x.theta / np.pi) * x.D + x.S * x.S_star
    return {"loss": ((x.V + x.S**2 - 2 * mixed + x.V_star + x.S_star**2) / 8)[:, None]}


def printed_lemma_7(at: batch.Points) -> dict[str, Array]:
    x = at.invariants
    ahead = at.w_star / x.rho_star[:, None]
    return {"identity": (x.V[:, None] * x.w_hat - x.D[:, None] * ahead) / math.sqrt(2 * math.pi)}


def single_precision_frame(at: batch.Points) -> dict[str, Array]:
    x = at.invariants
    rest = at.w_star - np.sum(x.w_hat * at.w_star, axis=1, keepdims=True) * x.w_hat
    u_hat = rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-300)
    return {"w_gradient": w_gradient_values(replace(x, u_hat=u_hat, parallel=np.zeros(len(x.rho), dtype=bool)))}


def window_by_its_antiderivative(at: batch.Points) -> dict[str, Array]:
    x = at.invariants
    of = components(SURROGATES["clipped"], x)
    k, kappa = CLIP / x.rho, np.abs(x.cosine)
    # s²L = φ(0)(1 − κ erf(b)) − φ(k) erfc(κb), b = k/(s√2)
    b = k / (np.maximum(x.sine, 1e-300) * math.sqrt(2))
    left = (1 - kappa * erf(b) - np.exp(-k * k / 2) * erfc(kappa * b)) / math.sqrt(2 * math.pi)
    near = x.cosine >= 0
    change = (left - x.sine**2 * of.moments.L) * x.D / 2
    return {"clipped": replace(of, radial=of.radial + np.where(near, change, -change)).vectors(x)}


PLANTED = (
    naive_arccos,
    half_angles_of_rounded_directions,
    printed_loss,
    printed_lemma_7,
    single_precision_frame,
    window_by_its_antiderivative,
)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.__name__)
def test_the_obvious_formulas_fail_the_same_test(planted: Callable[[batch.Points], dict[str, Array]]) -> None:
    """Planted errors: correct formulas evaluated carelessly. Would have caught: an accuracy test too weak to notice."""
    failures, drawn = 0, sample(GROUPS)
    for at, points in zip(drawn.groups, drawn.references, strict=True):
        with np.errstate(all="ignore"):
            results = planted(at)
        for name, got in results.items():
            failures += int(np.sum(backward_errors(got, points, name) > 1e-13))
    assert failures > 0
