"""The quantized activation of real networks: a b-bit staircase forward, a surrogate derivative backward (PyTorch)."""

import functools
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ste_theory.model.errors import InvalidInput, SteTheoryError
from ste_theory.model.surrogates import Surrogate, clipped_relu, get, identity, names, parse, relu
from ste_theory.networks import extra
from ste_theory.networks.lloyd import fitted_step

_WORD = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*", re.ASCII)
FAMILY = ("identity", "relu", "clipped_relu")


@dataclass(frozen=True)
class Activation:
    """σ(x) = α·min(⌈x/α⌉, 2ᵇ − 1) for x > 0, else 0; its backward pass multiplies by μ′(x).

    ``surrogate`` is ``identity``, ``relu``, ``clipped_relu`` (μ′ = 1{0 < x < (2ᵇ − 1)α}: it ends where σ does), a
    name of the catalogue, or a formula in x. α is Lloyd's step for a half-Gaussian, rounded to float32, the type that
    networks compute in. The staircase jumps at 0, α, 2α, … like the papers', while Lloyd's cells are centred on the
    levels: so does the code that the authors published with a later paper, whose steps 0.6511 (two bits) and 0.1946
    (four), fitted to drawn data, are ours to that accuracy.

    Raises ``InvalidInput`` for bits outside 1 to 8 and for texts that are neither name nor formula.

    >>> Activation(2, "relu").levels
    3
    """

    bits: int
    surrogate: str = "relu"
    step: float = field(init=False)
    derivative: Surrogate = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "step", float(np.float32(fitted_step(self.bits))))
        object.__setattr__(self, "derivative", self._derivative())

    @property
    def levels(self) -> int:
        """2ᵇ − 1, the number of levels above 0."""
        return int(2**self.bits - 1)

    @property
    def top(self) -> float:
        """(2ᵇ − 1)α in float32: the largest value and the end of the clipped ReLU's window."""
        return float(np.float32(self.levels) * np.float32(self.step))

    def _derivative(self) -> Surrogate:
        match self.surrogate:
            case "identity":
                return identity()
            case "relu":
                return relu()
            case "clipped_relu":
                return clipped_relu(self.top)
        # A word that is no variable is a name, so that a misspelt one is answered with its neighbours.
        word = _WORD.fullmatch(self.surrogate) and self.surrogate not in ("x", "pi")
        try:
            return get(self.surrogate) if word or self.surrogate in names() else parse(self.surrogate)
        except SteTheoryError as error:
            raise InvalidInput(f"surrogate {self.surrogate!r}: {error}") from None

    def module(self) -> Any:
        """A ``torch.nn.Module`` that applies it, without parameters. Raises ``MissingExtra`` without PyTorch."""
        return _classes().module(self)


@dataclass(frozen=True)
class _Classes:
    module: Any


@functools.cache
def _classes() -> _Classes:
    """Classes that need torch to be defined, made when it is first needed."""
    torch: Any = extra.training_torch()
    function: Any = torch.autograd.Function
    module: Any = torch.nn.Module

    class Quantize(function):
        """σ forward, μ′ backward."""

        @staticmethod
        def forward(ctx: Any, x: Any, activation: Activation) -> Any:
            ctx.save_for_backward(x)
            ctx.activation = activation
            return torch.ceil(x / activation.step).clamp_(0, activation.levels).mul_(activation.step)

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            (x,) = ctx.saved_tensors
            return surrogate_gradient(ctx.activation, x, gradient), None

    class QuantizedActivation(module):
        """The module of an ``Activation``."""

        def __init__(self, activation: Activation) -> None:
            super().__init__()
            self.activation = activation

        def forward(self, x: Any) -> Any:
            return Quantize.apply(x, self.activation)

        def extra_repr(self) -> str:
            return f"bits={self.activation.bits}, surrogate={self.activation.surrogate}"

    return _Classes(QuantizedActivation)


def surrogate_gradient(activation: Activation, x: Any, gradient: Any) -> Any:
    """gradient · μ′(x) for tensors of one shape.

    The family of the paper is written out for speed; everything else is the surrogate's own NumPy function.
    """
    if activation.surrogate == "identity":
        return gradient
    if activation.surrogate == "relu":
        return gradient * (x > 0)
    if activation.surrogate == "clipped_relu":
        return gradient * ((x > 0) & (x < activation.top))
    torch = extra.training_torch()
    return gradient * torch.from_numpy(np.ascontiguousarray(activation.derivative(x.detach().cpu().numpy())))
