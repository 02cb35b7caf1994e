"""Readings of hand-written estimators, whose derivative is known exactly."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import ste_theory as st
from ste_theory.networks.reading import read

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
Slope = Callable[[Any], Any]


@pytest.fixture
def estimator(torch: Any) -> Callable[[Slope], Any]:
    """A function whose derivative at x is ``slope(x)``, by the usual trick."""

    def make(slope: Slope) -> Any:
        return lambda x: (slope(x.detach()) * x) + (torch.sign(x) - slope(x.detach()) * x).detach()

    return make


@pytest.mark.parametrize(("place", "shown"), [("1/3", "1/3"), ("7/10", "7/10"), ("999/1000", "999/1000"), ("5", "5")])
def test_a_jump_is_found_to_the_float(place: str, shown: str, estimator: Callable[[Slope], Any]) -> None:
    """Would have caught a threshold that is off by the grid's step, or not recognised as its rational."""
    end = float(Fraction(place))
    reading = read(estimator(lambda x: (x.abs() <= end).to(x.dtype)))
    assert [str(point.place) for point in reading.breakpoints] == [f"-{shown}", shown]
    right = reading.breakpoints[1]
    assert (right.kind, right.value, right.convention) == ("jump", 1.0, "left")
    assert right.lower == end
    assert right.upper == math.nextafter(end, math.inf)


def test_boundary_conventions_are_told_apart(estimator: Callable[[Slope], Any]) -> None:
    """Would have caught |x| ≤ 1 and |x| < 1 called the same."""
    closed = read(estimator(lambda x: (x.abs() <= 1).to(x.dtype)))
    open_ = read(estimator(lambda x: (x.abs() < 1).to(x.dtype)))
    assert closed.entry is not None
    assert open_.entry is not None
    assert closed.surrogate is not None
    assert open_.surrogate is not None
    assert closed.surrogate.at_breakpoints == (Fraction(1), Fraction(1))
    assert open_.surrogate.at_breakpoints == (Fraction(0), Fraction(0))
    assert (str(closed.entry), str(open_.entry)) == ("bnn.hard_tanh", "xnornet.sign")
    hardtanh = next(match for match in open_.matches if match.entry.name == "bnn.hard_tanh")
    assert hardtanh.at_breakpoints == (
        "at x = -1 the code gives 0, bnn.hard_tanh 1",
        "at x = 1 the code gives 0, bnn.hard_tanh 1",
    )


def test_an_irrational_threshold_is_kept_as_the_float(estimator: Callable[[Slope], Any]) -> None:
    """Would have caught √2 replaced by a rational near it."""
    end = math.sqrt(2)
    reading = read(estimator(lambda x: (x < end).to(x.dtype)))
    (point,) = reading.breakpoints
    assert not point.identified
    assert point.place == Fraction(end)
    assert (point.lower, point.upper) == (math.nextafter(end, 0), end)


@pytest.mark.parametrize(
    "slope",
    [
        lambda x: (1 - x.abs()).clamp(min=0) * 3,
        lambda x: (2 - x * x / 3) * (x.abs() < 2),
        lambda x: (x.abs() < 0.5) * 0.75 + 0.25,
        lambda x: 0.731 / (1 + (0.913 * x) ** 2),
        lambda x: (x.abs() * 2 + 1) ** -1.5,
        lambda x: (x.clamp(-1, 1) ** 2 - 1) ** 2,
    ],
)
def test_the_surrogate_is_the_code(slope: Slope, torch: Any, estimator: Callable[[Slope], Any]) -> None:
    """Would have caught a formula that fits the points it was made from and nothing else."""
    surrogate = st.surrogates.from_torch(estimator(slope))
    x = np.random.default_rng(1).uniform(-10, 10, 5000)
    expected = slope(torch.tensor(x)).numpy()
    assert np.max(np.abs(surrogate(x) - expected)) <= 2e-12 * np.max(np.abs(expected))


@pytest.mark.parametrize("slope", [lambda x: (x * x * x).sin() ** 2 * (-x.abs()).exp(), lambda x: (-(x**4)).exp()])
def test_nothing_is_interpolated(slope: Slope, estimator: Callable[[Slope], Any]) -> None:
    """Would have caught an approximation passed off as a surrogate."""
    reading = read(estimator(slope))
    assert reading.surrogate is None
    assert reading.entry is None
    assert "nothing is interpolated" in reading.reason
    with pytest.raises(st.InvalidInput, match="nothing is interpolated"):
        st.surrogates.from_torch(estimator(slope))


def test_another_function_outside_the_range_is_reported(estimator: Callable[[Slope], Any]) -> None:
    """Would have caught a window wider than the range that is read as the identity without a word."""
    reading = read(estimator(lambda x: (x.abs() < 20).to(x.dtype)))
    assert any("outside the range" in text for text in reading.differences)
    wider = read(estimator(lambda x: (x.abs() < 20).to(x.dtype)), range=(-32, 32))
    assert [int(point.place) for point in wider.breakpoints] == [-20, 20]
    assert not any("outside the range" in text for text in wider.differences)


def test_float32_that_is_another_function_is_reported(torch: Any) -> None:
    """Would have caught a comparison of float32 with itself."""

    def code(x: Any) -> Any:
        return x * (1.0 if x.dtype == torch.float64 else 1.001)

    assert any(text.startswith("float32 differs") for text in read(code).differences)
    assert read(lambda x: x * 1.0).differences == ()


def test_modules_are_left_as_they_are(torch: Any) -> None:
    """Would have caught a module turned to float64 or to evaluation mode by being read."""
    module = torch.nn.Sequential(torch.nn.BatchNorm1d(3), torch.nn.Hardtanh())
    activation = torch.nn.Sequential(torch.nn.Hardtanh(-2.0, 2.0), torch.nn.PReLU(init=0.25))
    assert activation.training
    reading = read(activation)
    assert activation.training
    assert activation[1].weight.dtype == torch.float32
    assert reading.surrogate is not None
    assert reading.surrogate([-1.0, 1.0, 3.0]).tolist() == [0.25, 1.0, 0.0]
    with pytest.raises(st.InvalidInput, match="fails on a vector"):
        read(module)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (lambda x: x.detach(), "has no backward pass"),
        (lambda x: x.softmax(0), "is not elementwise"),
        (lambda x: x.sum(), "is not elementwise"),
        (lambda x: x.sqrt(), "not finite at x"),
        (lambda _: 3, "expected a tensor"),
        (3, "a function, a module or an autograd.Function is needed"),
    ],
)
def test_what_is_no_surrogate_is_refused_in_one_line(code: Any, words: str, torch: Any) -> None:
    """Would have caught a traceback out of foreign code, or a nonsense surrogate."""
    with pytest.raises(st.InvalidInput, match=words) as caught:
        read(code)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("range_", [(1, 2), (-1, float("inf")), (2, -2)])
def test_a_senseless_range_is_refused(range_: tuple[float, float], torch: Any) -> None:
    """Would have caught an empty grid."""
    with pytest.raises(st.InvalidInput, match="range must be two finite numbers around 0"):
        read(lambda x: x, range=range_)
