"""A backward pass as a function of one variable: x ↦ dy/dx, in float64 or float32."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput, SteTheoryError
from ste_theory.networks import extra

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Backward:
    """dy/dx of ``code`` at each entry of a vector, run as ``torch.autograd.grad(y.sum(), x)``.

    ``dtype`` is "float64" or "float32"; values come back as float64 either way.
    """

    code: Callable[..., Any]
    dtype: str = "float64"

    def __call__(self, x: npt.ArrayLike) -> Array:
        """The derivative at each entry of ``x``, same shape.

        Raises ``InvalidInput`` where the code fails, is not elementwise in shape or has no backward pass.
        """
        torch = extra.torch()
        points = np.asarray(x, dtype=np.float64)
        inputs = torch.tensor(points.ravel(), dtype=getattr(torch, self.dtype), requires_grad=True)
        try:
            with torch.enable_grad():
                output = tensor_in(self.code(inputs))
                if output.requires_grad:
                    (gradient,) = torch.autograd.grad(output.sum(), inputs, allow_unused=True)
                else:
                    gradient = None
        except SteTheoryError:
            raise
        except Exception as error:
            # Whatever the foreign code raises is its user's to see, in one line.
            text = " ".join(str(error).split())[:200]
            raise InvalidInput(f"{label(self.code)} fails on a vector: {type(error).__name__}: {text}") from error
        if output.shape != inputs.shape:
            shapes = f"{tuple(inputs.shape)} to {tuple(output.shape)}"
            raise InvalidInput(f"{label(self.code)} is not elementwise: it takes a vector of shape {shapes}")
        if gradient is None:
            raise InvalidInput(f"{label(self.code)} has no backward pass: its result does not require a gradient")
        return np.asarray(gradient.detach().to(torch.float64).numpy()).reshape(points.shape)


def tensor_in(output: Any) -> Any:
    """The tensor that a quantizer returns: the result itself, its ``value``, or the first of a tuple."""
    if not isinstance(output, extra.torch().Tensor):
        if hasattr(output, "value"):
            return tensor_in(output.value)
        if isinstance(output, (tuple, list)) and output:
            return tensor_in(output[0])
        raise InvalidInput(f"expected a tensor as result, got {type(output).__name__}")
    return output


def backward_of(code: Callable[..., Any], dtype: str = "float64") -> Backward:
    """The backward pass of a function, or of a module in its evaluation mode.

    A module is copied first, so that the caller's stays as it is; an ``autograd.Function`` is its ``apply``.
    Raises ``InvalidInput`` if ``code`` cannot be called.
    """
    torch = extra.torch()
    if isinstance(code, type) and issubclass(code, torch.autograd.Function):
        return Backward(getattr(code, "apply"), dtype)  # noqa: B009 (no types are published)
    if isinstance(code, torch.nn.Module):
        return Backward(copy.deepcopy(code).eval().to(getattr(torch, dtype)), dtype)
    if not callable(code):
        raise InvalidInput(f"a function, a module or an autograd.Function is needed, got {type(code).__name__}")
    return Backward(code, dtype)


def require_function(backward: Backward, points: Array) -> None:
    """Check that dy/dx at a point is the same alone, in other company and a second time.

    Raises ``InvalidInput`` for random backward passes, and for those that look at the rest of the batch.
    """
    first = backward(points)
    for again in (backward(points), backward(points)):
        if not np.array_equal(first, again, equal_nan=True):
            raise InvalidInput(f"{label(backward.code)} has a random backward pass: two runs differ")
    apart = np.concatenate([backward(points[: len(points) // 3]), backward(points[len(points) // 3 :])])
    # The last digits may depend on the place in a vector register; anything more is another function.
    with np.errstate(invalid="ignore"):
        same = (first == apart) | (np.abs(first - apart) <= 1e-6 * np.abs(first)) | (np.isnan(first) & np.isnan(apart))
    if not same.all():
        where = float(points[~same][0])
        raise InvalidInput(f"{label(backward.code)} is not elementwise: dy/dx at {where:.6g} depends on other entries")


def label(code: Any) -> str:
    """A name for the code, for people: that of the function, or of the module's class."""
    owner = getattr(code, "__self__", None)
    if isinstance(owner, type):
        return owner.__name__
    name = getattr(code, "__qualname__", None) or type(code).__name__
    return str(name).replace("<locals>.", "")


def origin(code: Any) -> str:
    """The library and function that the code says it is from, "snntorch.fast_sigmoid", as far as it says so."""
    owner = getattr(code, "__self__", code)
    if not isinstance(owner, type) and not hasattr(owner, "__qualname__"):
        owner = type(owner)
    library = str(owner.__module__).partition(".")[0]
    return f"{'pytorch' if library == 'torch' else library}.{label(code).partition('.')[0]}"
