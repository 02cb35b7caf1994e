"""LeNet-5 with quantized activations."""

from typing import Any

from ste_theory.model.errors import InvalidInput
from ste_theory.networks import extra
from ste_theory.networks.activation import Activation

SMALLEST = 12  # pixels on a side that leave one pixel before the linear layers


def lenet5(activation: Activation, channels: int, size: int) -> Any:
    """Two 5×5 convolutions (6 and 16 channels), each pooled 2×2, then linear layers of 120, 84 and 10 units.

    The first convolution is padded to keep the size: MNIST's 28×28 pixels, 32×32 in LeCun et al. 1998, leave 5×5 before
    the linear layers. There are 61 706 parameters then, less the 226 biases that batch normalization would cancel.
    Pooling takes the maximum, which keeps b-bit activations b-bit. Every hidden layer is normalized without scale and
    shift, then activated.

    Raises ``InvalidInput`` for fewer than 12 pixels on a side, ``MissingExtra`` without PyTorch.
    """
    if size < SMALLEST:
        raise InvalidInput(f"lenet5 needs images of at least {SMALLEST}×{SMALLEST} pixels, got {size}×{size}")
    nn = extra.training_torch().nn
    left = (size // 2 - 4) // 2
    return nn.Sequential(
        nn.Conv2d(channels, 6, 5, padding=2, bias=False),
        nn.BatchNorm2d(6, affine=False),
        activation.module(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, bias=False),
        nn.BatchNorm2d(16, affine=False),
        activation.module(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * left * left, 120, bias=False),
        nn.BatchNorm1d(120, affine=False),
        activation.module(),
        nn.Linear(120, 84, bias=False),
        nn.BatchNorm1d(84, affine=False),
        activation.module(),
        nn.Linear(84, 10),
    )
