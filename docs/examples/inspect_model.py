"""Where does each surrogate of a model work? A binary network with one badly scaled layer."""

from typing import Any

import torch

from ste_theory.networks.inspection import inspect_model


class Sign(torch.autograd.Function):
    """The sign, with the window |x| ≤ 1 in the backward pass."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        """Sign(x)."""
        ctx.save_for_backward(x)
        return torch.sign(x)

    @staticmethod
    def backward(ctx: Any, gradient: Any) -> Any:
        """The gradient where |x| ≤ 1."""
        (x,) = ctx.saved_tensors
        return gradient * (x.abs() <= 1).to(gradient.dtype)


class Network(torch.nn.Module):
    """Two binary layers; the second is scaled by 8, and its units leave the window."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.last = torch.nn.Linear(20, 64), torch.nn.Linear(64, 64), torch.nn.Linear(64, 2)

    def forward(self, x: Any) -> Any:
        """The network's two outputs."""
        hidden = Sign.apply(self.first(x))
        return self.last(Sign.apply(8 * self.second(hidden) + 3))


def main() -> None:
    """Print one line for each surrogate."""
    torch.manual_seed(0)
    for layer in inspect_model(Network(), torch.randn(256, 20)):
        print(layer)  # noqa: T201


if __name__ == "__main__":
    main()
