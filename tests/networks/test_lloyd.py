"""Lloyd's step against the definition: the α that minimizes the mean squared error, found by other means."""

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.lloyd import Cells, fitted_step


def density(x: float) -> float:
    """That of |ξ|."""
    return 2 * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def edges(bits: int, cells: Cells) -> list[float]:
    """Where the cells of the levels 0, 1, …, 2ᵇ − 1 end, for α = 1."""
    inner = [k - 0.5 for k in range(1, 2**bits)]
    return [0.0, *([0.0, *inner[1:]] if cells == "half-wave" else inner), math.inf]


def error(step: float, bits: int, cells: Cells) -> float:
    """E(X − α·q(X))² by the trapezoidal rule on 20 001 points up to 9."""
    x = np.linspace(0, 9, 20_001)
    q = np.clip(np.round(x / step), 1 if cells == "half-wave" else 0, 2**bits - 1)
    return float(np.trapezoid((x - q * step) ** 2 * 2 * np.exp(-x * x / 2) / math.sqrt(2 * math.pi), x))


def slope(step: float, bits: int, cells: Cells) -> float:
    """Half the derivative of the error in α with the cells held, −E[(X − αq)q].

    Of the nearest-level cells it is the whole derivative, the error being continuous across their ends. The half-wave's
    first end lies at 0 for every α, and the others at midpoints too.
    """
    ends = edges(bits, cells)
    return -math.fsum(
        quad(lambda x, q=level: (x - q * step) * q * density(x), low * step, high * step, epsabs=1e-13)[0]
        for level, (low, high) in enumerate(itertools.pairwise(ends))
        if high > low
    )


@pytest.mark.parametrize("bits", [1, 2, 3, 4])
@pytest.mark.parametrize("cells", ["nearest", "half-wave"])
def test_the_step_is_where_the_error_is_least(bits: int, cells: Cells) -> None:
    """Would have caught: a wrong update (one cell too many, E[q] for E[q²]), or a stop before the fixed point.

    The root of the integrated derivative is known to about the integrals' 1e-13 over the second derivative, which is
    about E[q²] ≥ ¼ here, plus brentq's 1e-12. The scan sees another minimum, unless it is deeper by less than the
    trapezoidal rule is wrong: the integrand is continuous, and 20 000 steps of 4.5e-4 give about 1e-7.
    """
    step = fitted_step(bits, cells)
    root = brentq(slope, step / 2, 2 * step, args=(bits, cells), xtol=1e-12, rtol=1e-12)
    assert step == pytest.approx(root, abs=1e-11)
    least = error(step, bits, cells)
    for other in np.geomspace(0.02, 3, 60):
        assert error(float(other), bits, cells) >= least - 1e-6


def test_the_published_steps() -> None:
    """Would have caught: another quantizer than the published ones. 0.538 of the half-wave quantizer (Cai et al. 2017)
    is cut to three digits; 0.6511 and 0.1946 of the authors of the paper were fitted to drawn data: 1 % covers both."""
    assert 0.538 <= fitted_step(2, "half-wave") < 0.539
    assert fitted_step(1) == pytest.approx(1.2221, rel=0.01)
    assert fitted_step(2) == pytest.approx(0.6511, rel=0.01)
    assert fitted_step(4) == pytest.approx(0.1946, rel=0.01)


def test_drawn_data_give_the_same_step() -> None:
    """Would have caught an error that the derivation of the update and of the test share: here nothing is integrated.

    Lloyd's two steps on 100 000 draws. The fitted step is a smooth function of means over the draws; its standard error
    is √(Var[(X − αq)q]/N)/E[(∂error)′]: below 2·√(E[(X − αq)²q²]/N)/E[q²] where the curvature is at least half of E[q²]
    (it is 0.75 of it at two bits). Six of them.
    """
    data = np.abs(np.random.default_rng(7).standard_normal(100_000))
    step, q = 1.0, np.clip(np.round(data), 0, 3)
    for _ in range(40):
        step = float((data @ q) / (q @ q))
        q = np.clip(np.round(data / step), 0, 3)
    residual = (data - step * q) * q
    bound = 6 * 2 * math.sqrt(float((residual**2).mean()) / len(data)) / float((q * q).mean())
    assert bound < 0.01
    assert fitted_step(2) == pytest.approx(step, abs=bound)


@pytest.mark.parametrize("bits", [0, 9, True, 2.0])
def test_bits_out_of_range_are_refused(bits: int) -> None:
    """Would have caught: a quantizer without levels, or a loop that does not end."""
    with pytest.raises(InvalidInput, match="bits must be an integer from 1 to 8"):
        fitted_step(bits)
