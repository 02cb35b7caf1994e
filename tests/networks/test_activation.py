"""The quantized activation: a staircase forward, exactly the surrogate backward."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.networks.activation import FAMILY, Activation

NAMES = (*FAMILY, *surrogates.names(), "Piecewise((0, x <= -1), (1 - x^2/4, x < 2), (0, True))")


@pytest.mark.torch
@pytest.mark.parametrize("name", NAMES)
def test_the_backward_pass_is_the_surrogate_exactly(torch: Any, name: str) -> None:
    """Would have caught: a window with the wrong end, a value at a breakpoint, a gradient that is not multiplied.

    Equality to the last bit: one multiplication by the surrogate's own float32 values, breakpoints included.
    """
    activation = Activation(2, name)
    breakpoints = [float(end) for end in activation.derivative.breakpoints]
    draw = np.random.default_rng(3)
    inputs = np.concatenate([draw.normal(0, 2, 999), breakpoints, [0.0, activation.top]]).astype(np.float32)
    upstream = draw.normal(size=inputs.shape).astype(np.float32)
    x = torch.tensor(inputs, requires_grad=True)
    activation.module()(x).backward(torch.tensor(upstream))
    expected = upstream * activation.derivative(inputs)
    assert x.grad.dtype == torch.float32
    assert np.array_equal(x.grad.numpy(), expected, equal_nan=True)


def test_the_clipped_relu_ends_where_the_staircase_does() -> None:
    """Would have caught: a window that ends at 1 whatever the bits: at two bits it is (0, 3α)."""
    activation = Activation(2, "clipped_relu")
    assert activation.derivative.breakpoints == (Fraction(0), Fraction(activation.top))
    assert activation.top == pytest.approx(3 * activation.step, rel=1e-7)
    inside, outside = np.float32(activation.top - 1e-3), np.float32(activation.top + 1e-3)
    assert activation.derivative([inside, outside]).tolist() == [1, 0]


@pytest.mark.torch
@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_the_forward_pass_is_the_staircase(torch: Any, bits: int) -> None:
    """Would have caught: rounding for ⌈⌉, a level too many or too few, a value at or below 0 that is not 0.

    Draws are kept 1e-6 away from the thresholds, where float32's quotient may fall on the other side.
    """
    activation = Activation(bits)
    staircase = quantizers.uniform_relu(bits, step=Fraction(activation.step))
    inputs = np.random.default_rng(4).normal(0, 1.5, 20_000).astype(np.float32)
    away = np.abs(inputs / activation.step - np.round(inputs / activation.step)) > 1e-6
    inputs = np.concatenate([inputs[away], np.array([0.0, -1e-30, 1e-30, 1e30, -1e30], dtype=np.float32)])
    values = activation.module()(torch.tensor(inputs)).numpy()
    assert np.allclose(values, staircase(inputs.astype(np.float64)), rtol=2e-7, atol=0)
    assert len(np.unique(values)) == 2**bits


@pytest.mark.torch
def test_numbers_that_are_none_stay_visible(torch: Any) -> None:
    """Would have caught: a NaN that becomes a level, so that a run that diverged looks like one that did not."""
    values = Activation(2).module()(torch.tensor([float("nan"), float("inf")]))
    assert values.isnan().tolist() == [True, False]


@pytest.mark.parametrize(
    ("bits", "name", "message"), [(2, "relou", "relu"), (2, "y", "surrogate 'y'"), (0, "relu", "bits")]
)
def test_what_is_no_activation_is_refused(bits: int, name: str, message: str) -> None:
    """Would have caught: a misspelt surrogate found out after an hour of training."""
    with pytest.raises(InvalidInput, match=message):
        Activation(bits, name)
