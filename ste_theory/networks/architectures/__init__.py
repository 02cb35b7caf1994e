"""The networks of the paper's experiments, each for images of any size that it can take."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ste_theory.model.errors import InvalidInput
from ste_theory.networks.activation import Activation
from ste_theory.networks.architectures.lenet5 import lenet5
from ste_theory.networks.architectures.resnet20 import resnet20
from ste_theory.networks.architectures.vgg11 import vgg11

Build = Callable[[Activation, int, int], Any]
ARCHITECTURES: Mapping[str, Build] = MappingProxyType({"lenet5": lenet5, "vgg11": vgg11, "resnet20": resnet20})


def build(name: str, activation: Activation, channels: int, size: int) -> Any:
    """The ``torch.nn.Module`` of that name for images of shape (channels, size, size) in ten classes.

    Raises ``InvalidInput`` for unknown names and for images that are too small.
    """
    if name not in ARCHITECTURES:
        raise InvalidInput(f"network must be one of {', '.join(ARCHITECTURES)}, got {name!r}")
    return ARCHITECTURES[name](activation, channels, size)
