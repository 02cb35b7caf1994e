"""VGG-11 for small images, with quantized activations."""

from typing import Any

from ste_theory.model.errors import InvalidInput
from ste_theory.networks import extra
from ste_theory.networks.activation import Activation

# Channels of the 3×3 convolutions; None pools 2×2 (configuration A of Simonyan and Zisserman 2015).
LAYERS = (64, None, 128, None, 256, 256, None, 512, 512, None, 512, 512, None)


def vgg11(activation: Activation, channels: int, size: int) -> Any:
    """Eight 3×3 convolutions of 64 to 512 channels in five pooled blocks, then one linear layer of 10 units.

    One linear layer in place of three, as is usual for CIFAR-10's 32×32 pixels: 9 222 858 parameters there. Every
    convolution is normalized without scale and shift, then activated. Pooling takes the maximum, and stops where one
    pixel is left: smaller images pass the same layers. What is larger than one pixel at the end goes to the linear
    layer whole.

    Raises ``InvalidInput`` for images without a pixel, ``MissingExtra`` without PyTorch.
    """
    if size < 1:
        raise InvalidInput(f"vgg11 needs images of at least 1×1 pixel, got {size}×{size}")
    nn = extra.training_torch().nn
    layers, width, side = [], channels, size
    for entry in LAYERS:
        if entry is not None:
            layers += [
                nn.Conv2d(width, entry, 3, padding=1, bias=False),
                nn.BatchNorm2d(entry, affine=False),
                activation.module(),
            ]
            width = entry
        elif side > 1:
            layers.append(nn.MaxPool2d(2))
            side //= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(width * side * side, 10))
