"""ResNet-20 for small images, with quantized activations."""

import functools
from typing import Any

from ste_theory.model.errors import InvalidInput
from ste_theory.networks import extra
from ste_theory.networks.activation import Activation

WIDTHS, BLOCKS = (16, 32, 64), 3


def resnet20(activation: Activation, channels: int, size: int) -> Any:
    """A 3×3 convolution, three stages of three residual blocks with 16, 32, 64 channels, the mean, 10 linear units.

    The network for CIFAR-10 of He et al. 2016 with the shortcut that has no parameters (every second pixel, zeros for
    the new channels): 0.27 million parameters; 268 346 for three input channels without the scales and shifts of batch
    normalization. Every convolution is normalized without scale and shift; the last activation of a block comes after
    the shortcut is added.

    Raises ``InvalidInput`` for images without a pixel, ``MissingExtra`` without PyTorch.
    """
    if size < 1:
        raise InvalidInput(f"resnet20 needs images of at least 1×1 pixel, got {size}×{size}")
    nn, block = extra.training_torch().nn, _block()
    layers = [
        nn.Conv2d(channels, WIDTHS[0], 3, padding=1, bias=False),
        nn.BatchNorm2d(WIDTHS[0], affine=False),
        activation.module(),
    ]
    width = WIDTHS[0]
    for wider in WIDTHS:
        for _ in range(BLOCKS):
            layers.append(block(activation, width, wider))
            width = wider
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))


@functools.cache
def _block() -> Any:
    nn: Any = extra.training_torch().nn
    module: Any = nn.Module

    class ResidualBlock(module):
        """Two normalized convolutions beside a shortcut; the first halves the image where the width grows."""

        def __init__(self, activation: Activation, width: int, wider: int) -> None:
            super().__init__()
            self.added, stride = wider - width, 2 if wider > width else 1
            self.inner = nn.Sequential(
                nn.Conv2d(width, wider, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(wider, affine=False),
                activation.module(),
                nn.Conv2d(wider, wider, 3, padding=1, bias=False),
                nn.BatchNorm2d(wider, affine=False),
            )
            self.outer = activation.module()

        def forward(self, x: Any) -> Any:
            shortcut = x
            if self.added:
                shortcut = nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.added))
            return self.outer(self.inner(x) + shortcut)

    return ResidualBlock
